"""Before the first function runs again: what the last stop left half done."""

import json
import time
from typing import Any

from ministack.services import dynamodb, sqs

from integration.local.aws.reasons import UNCLEAN


def move_queues() -> None:
    """Queues are kept by their address; after a start on another port they would be there and never be found."""
    kept = list(sqs._queues._data.items())
    sqs._queues._data.clear()
    for (account, region, _), queue in kept:
        queue["url"] = sqs._queue_url_for_account(account, queue["name"])
        sqs._queues._data[account, region, queue["url"]] = queue
    sqs._queue_name_to_url.clear()
    sqs._rebuild_queue_name_index()


def release_messages() -> None:
    """Nobody works any more on the messages that were being worked on: all may be taken at once."""
    now = time.time()
    for _, queue in sqs._queues.all_items():
        for message in queue["messages"]:
            message["visible_at"] = min(message["visible_at"], now)


async def pause_sending(table: str) -> None:
    """Sets the global switch, unless a person has; a stack that was never deployed has no table yet."""
    request: dict[str, Any] = {
        "TableName": table,
        "Key": {"pk": {"S": "sending"}, "sk": {"S": "control"}},
        "UpdateExpression": "SET #state = :paused, #reason = :reason",
        "ConditionExpression": "attribute_not_exists(#state) OR #state <> :paused",
        "ExpressionAttributeNames": {"#state": "state", "#reason": "reason"},
        "ExpressionAttributeValues": {":paused": {"S": "paused"}, ":reason": {"S": UNCLEAN}},
    }
    headers = {"x-amz-target": "DynamoDB_20120810.UpdateItem"}
    await dynamodb.handle_request("POST", "/", headers, json.dumps(request).encode(), {})
