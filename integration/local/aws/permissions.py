"""IAM as AWS has it, where MiniStack asks a role for something else."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_actions

SEND_EMAIL = "/v2/email/outbound-emails"
_BATCHES = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def as_aws() -> None:
    """Puts corrections around MiniStack's reading of a request; it imports these names anew for every request."""
    action_of = iam_actions.extract_iam_action
    resource_of = iam_actions._ses_v2_resource_arn

    def existing_action(*arguments: Any) -> str | None:
        """A batch call needs the single call's right; AWS knows no other."""
        action: str | None = action_of(*arguments)
        return _BATCHES.get(action, action) if action else None

    def resource_of_sends(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        """A send is checked against the identity of its sender, by MiniStack against none."""
        if method == "POST" and path.rstrip("/") == SEND_EMAIL:
            domain = sender_of(json.loads(body or b"{}")).rpartition("@")[2].rstrip("> ")
            return f"arn:aws:ses:{region}:{account_id}:identity/{domain}"
        return str(resource_of(method, path, body, region, account_id))

    iam_actions.extract_iam_action = existing_action
    iam_actions._ses_v2_resource_arn = resource_of_sends


def sender_of(request: Mapping[str, Any]) -> str:
    """The From address of a SendEmail request."""
    return str(request.get("FromEmailAddress", ""))
