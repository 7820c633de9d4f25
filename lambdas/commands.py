"""The `commands` queue: one command, one use-case."""

from typing import Any

from integration import commands
from integration.app import current
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    """Idempotency key: the command row's id, from the org's event (by EventBridge) or from the sweep."""
    return each_message(event, _run)


def _run(body: dict[str, Any], message_id: str) -> None:
    app = current()
    prefix = f"{app.config.namespace}__" if app.config.namespace else ""
    said = body["detail"]["payload"] if "detail" in body else {"Command_Id__c": body["command_id"]}
    payload = {name.removeprefix(prefix): value for name, value in said.items()}
    commands.run(app, payload["Command_Id__c"], org_id=payload.get("Org_Id__c", ""))
