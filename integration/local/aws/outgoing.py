"""Hands each mail that the local SES accepted to the mailbox, before the sender is answered.

MiniStack has checked signature and role by then. The mailbox decides what the sender hears: it can throttle, refuse,
pause, or take the mail and lose the answer.
"""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from ministack.services import ses, ses_v2

from integration.local.aws.permissions import SEND_EMAIL, sender_of

_IDENTITIES = "/v2/email/identities/"
DROPPED = 599
"""Status of an answer that must not arrive: the launcher closes the connection instead."""
Answer = tuple[int, dict[str, Any], Any]

_REFUSALS: Mapping[str, tuple[str, str, int]] = {
    "throttle": ("TooManyRequestsException", "Maximum sending rate exceeded.", 429),
    "refuse": ("MessageRejected", "Email address is on the suppression list.", 400),
    "paused": ("SendingPausedException", "Email sending for this account is paused.", 400),
    "down": ("InternalServiceErrorException", "The mailbox does not answer.", 500),
}


def hand_to(mailbox: str) -> None:
    """From now on every SendEmail goes to the mailbox at this address."""
    handle = ses_v2.handle_request

    async def handle_and_hand_on(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Answer:
        answered: Answer = await handle(method, path, headers, body, query_params)
        if method == "GET" and path.startswith(_IDENTITIES) and answered[0] == 200:
            return _with_records(answered)
        if method != "POST" or path.rstrip("/") != SEND_EMAIL or answered[0] != 200:
            return answered
        ses._sent_emails_list().clear()  # the mailbox keeps them; here they would only grow
        message_id = json.loads(answered[2])["MessageId"].partition("@")[0] + "-000000"
        outcome = await asyncio.to_thread(told, mailbox, message_id, json.loads(body))
        return _heard(outcome, message_id)

    ses_v2.handle_request = handle_and_hand_on


def _with_records(answered: Answer) -> Answer:
    """Nobody publishes DNS records here: those of an identity's signature count as published."""
    identity = json.loads(answered[2])
    if "DkimAttributes" in identity:
        identity["DkimAttributes"] |= {"SigningEnabled": True, "Status": "SUCCESS"}
    return answered[0], answered[1], json.dumps(identity).encode()


def told(mailbox: str, message_id: str, request: Mapping[str, Any]) -> str:
    """What the mailbox makes of one accepted mail."""
    mail = {
        "message_id": message_id,
        "source": sender_of(request),
        "destination": request.get("Destination", {}).get("ToAddresses", []),
        "raw_base64": request.get("Content", {}).get("Raw", {}).get("Data", ""),
        "tags": {tag["Name"]: tag["Value"] for tag in request.get("EmailTags", [])},
        "configuration_set": request.get("ConfigurationSetName", ""),
    }
    asked = urllib.request.Request(  # noqa: S310  (the address is ours)
        f"{mailbox}/accept", data=json.dumps(mail).encode(), headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            return str(json.load(answer)["outcome"])
    except (OSError, ValueError, KeyError) as error:
        # Nobody listens: it cannot have been taken, so the sender may try again.
        return "throttle" if isinstance(getattr(error, "reason", None), ConnectionRefusedError) else "down"


def _heard(outcome: str, message_id: str) -> Answer:
    if outcome == "accepted":
        return 200, {"Content-Type": "application/json"}, json.dumps({"MessageId": message_id}).encode()
    if outcome == "drop_reply":
        return DROPPED, {}, b""
    refusal: Answer = ses_v2._json_err(*_REFUSALS.get(outcome, _REFUSALS["down"]))
    return refusal
