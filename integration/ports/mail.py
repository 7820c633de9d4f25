"""The mail provider: what it may answer, and what it tells of a mail later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from integration.model.alignment import Identity
from integration.model.event import Event


class MailThrottled(Exception):
    """The provider refused for pace: proven not accepted, may be sent later."""


class MailRefused(Exception):
    """The provider refused this message for good: proven not accepted."""


class MailSendingPaused(Exception):
    """The provider refuses everything from this account or sender: proven not accepted."""


class MailInDoubt(Exception):
    """No answer that proves either way: it may have gone."""


class MailUnanswered(Exception):
    """The provider did not tell what was asked; the reason in one word."""


class Mailer(Protocol):
    def send(self, raw: bytes, *, sender: str, recipient: str, tags: Mapping[str, str]) -> str:
        """One attempt. The provider's message id, or one of the four exceptions above."""

    def identity(self, name: str) -> Identity | None:
        """What the provider knows of an address or domain; None when it does not. Raises MailUnanswered."""


class MailNotifications(Protocol):
    """What the mail provider tells us by webhook."""

    def read(self, body: bytes, now: datetime) -> list[Event]:
        """The events of one signed notification; none for a confirmed subscription. Raises Rejected when forged."""

    def on_bus(self, envelope: Mapping[str, Any]) -> list[Event]:
        """The same from EventBridge, whose rule alone may write to the queue. Raises Rejected for what is no event."""
