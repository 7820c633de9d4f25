"""Registrations, confirmations, applications and wishes from the registrations queue."""

from typing import Any

from integration.app import current
from integration.registration.worker import receive
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    return each_message(event, lambda message, _: receive(current(), message))
