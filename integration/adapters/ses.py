"""SES as the mailer: one attempt a call, and every answer sorted by what it proves.

Only an answer with a 4xx status, or a connection that was never made, proves that nothing went. A lost reply, a
time-out and a 5xx prove nothing: the mail may have gone (reliability findings 1 and 2).
"""

import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ProxyConnectionError,
)
from botocore.exceptions import ConnectionError as NetworkError
from botocore.parsers import ResponseParserError

from integration.adapters import aws
from integration.model.alignment import Identity
from integration.ports import MailInDoubt, MailRefused, MailSendingPaused, MailThrottled, MailUnanswered

LONGEST_IDLE = 15.0  # seconds; an older connection may be dead without our knowing, and its first mail in doubt

_THROTTLED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "LimitExceededException",
    "RequestExpired",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
_SUCCESS = "SUCCESS"
_UNKNOWN = {"NotFoundException", "BadRequestException"}
_PAUSED = {"AccountSuspendedException", "SendingPausedException"}


class SesMailer:
    """Sends raw messages under one configuration set."""

    def __init__(self, configuration_set: str) -> None:
        self._configuration_set = configuration_set
        self._last_used = time.monotonic()

    def send(self, raw: bytes, *, sender: str, recipient: str, tags: Mapping[str, str]) -> str:
        request: dict[str, Any] = {
            "FromEmailAddress": sender,
            "Destination": {"ToAddresses": [recipient]},
            "Content": {"Raw": {"Data": raw}},
            "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
        }
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        self._drop_idle_connections()
        try:
            message_id = aws.ses().send_email(**request).get("MessageId")
        except ClientError as error:
            raise _meaning(error) from error
        except (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError) as error:
            raise MailThrottled(f"no connection to SES ({type(error).__name__})") from error
        except (HTTPClientError, NetworkError, IncompleteReadError, ResponseParserError) as error:
            raise MailInDoubt(f"no answer from SES ({type(error).__name__})") from error
        if not message_id:
            raise MailInDoubt("half an answer from SES")
        return message_id

    def identity(self, name: str) -> Identity | None:
        self._drop_idle_connections()
        try:
            found = aws.ses().get_email_identity(EmailIdentity=name)
        except ClientError as error:
            if aws.error_code(error) in _UNKNOWN:
                return None
            raise MailUnanswered(aws.error_code(error)) from error
        except (HTTPClientError, NetworkError, IncompleteReadError, ResponseParserError) as error:
            raise MailUnanswered(type(error).__name__) from error
        dkim, bounces = found.get("DkimAttributes", {}), found.get("MailFromAttributes", {})
        return Identity(
            name,
            verified=bool(found.get("VerifiedForSendingStatus")) or found.get("VerificationStatus") == _SUCCESS,
            signs=bool(dkim.get("SigningEnabled")) and dkim.get("Status") == _SUCCESS,
            mail_from=str(bounces.get("MailFromDomain", "")) if bounces.get("MailFromDomainStatus") == _SUCCESS else "",
        )

    def _drop_idle_connections(self) -> None:
        """A function that slept wakes with connections whose end it never heard of."""
        now = time.monotonic()
        if now - self._last_used > LONGEST_IDLE:
            aws.ses().close()
        self._last_used = now


def _meaning(error: ClientError) -> Exception:
    """What an answer of SES proves. The provider's text is left out: it quotes addresses."""
    code = aws.error_code(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == 429 or code in _THROTTLED:
        return MailThrottled(code)
    if code in _PAUSED or status in {401, 403}:  # a role or key without the right refuses every mail alike
        return MailSendingPaused(code)
    if 400 <= status < 500 and status != 408:
        return MailRefused(code)
    return MailInDoubt(code or str(status))
