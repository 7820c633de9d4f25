"""Mail that SES received: it lies in S3, and the queue holds what SES says of it."""

from typing import Any

from integration.app import current
from integration.replies.receiving import receive
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    return each_message(event, lambda message, _: receive(current(), message))
