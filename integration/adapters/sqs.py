"""The queues, as one port. Bodies are ASCII JSON: SQS refuses some characters, and JSON escapes them all."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from integration.adapters import aws
from integration.errors import TryAgain
from integration.ports import Message, Queue

LONGEST_DELAY = 900
ENTRIES_PER_BATCH = 10
BYTES_PER_BATCH = 1_048_576
_ROUNDS = 3


class SqsQueues:
    """Queues by name; `urls` are this stage's."""

    def __init__(self, urls: Mapping[Queue, str]) -> None:
        self._urls = urls

    def send(self, queue: Queue, message: Message, *, delay_seconds: int = 0) -> None:
        self.send_many(queue, [message], delay_seconds=delay_seconds)

    def send_text(self, queue: Queue, body: str) -> None:
        self._send_all(queue, [body], 0)

    def send_many(self, queue: Queue, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        self._send_all(queue, (json.dumps(message, separators=(",", ":")) for message in messages), delay_seconds)

    def _send_all(self, queue: Queue, bodies: Iterable[str], delay_seconds: int) -> None:
        if not 0 <= delay_seconds <= LONGEST_DELAY:
            raise ValueError(f"a queue can hold a message back for 0 to {LONGEST_DELAY} s, not {delay_seconds}")
        url = self._urls.get(queue)
        if not url:
            raise LookupError(f"this function has no {queue} queue")
        refused = 0
        for batch in _batches(bodies):
            refused += _send(url, batch, delay_seconds)
        if refused:
            raise TryAgain(f"{refused} messages were refused by the {queue} queue")


class SqsDeliveries:
    """Messages that a queue has handed to this function."""

    def postpone(self, queue_arn: str, receipt: str, seconds: int) -> None:
        region, account, name = queue_arn.split(":")[3:]
        url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"  # names the queue; the client knows where to ask
        with aws.passing_faults("SQS"):
            aws.sqs().change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=seconds)


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for body in bodies:
        if len(body) > BYTES_PER_BATCH:
            raise ValueError(f"a message of {len(body)} bytes does not fit a queue; pass it by file")
        if batch and (len(batch) == ENTRIES_PER_BATCH or size + len(body) > BYTES_PER_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += len(body)
    if batch:
        yield batch


def _send(url: str, bodies: list[str], delay_seconds: int) -> int:
    """Sends one batch; how many of it the queue still refuses after a few rounds."""
    left = dict(enumerate(bodies))
    for attempt in range(_ROUNDS):
        if attempt:
            time.sleep(0.1 * 2**attempt)
        entries: list[Any] = [
            {"Id": str(number), "MessageBody": body, "DelaySeconds": delay_seconds} for number, body in left.items()
        ]
        with aws.passing_faults("SQS"):
            answer = aws.sqs().send_message_batch(QueueUrl=url, Entries=entries)
        left = {int(failed["Id"]): left[int(failed["Id"])] for failed in answer.get("Failed", ())}
        if not left:
            return 0
    return len(left)
