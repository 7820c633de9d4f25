"""What the use-cases need from outside, in the product's own words. `adapters/` implements each port once."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from integration.ports.mail import (
    Mailer,
    MailInDoubt,
    MailNotifications,
    MailRefused,
    MailSendingPaused,
    MailThrottled,
    MailUnanswered,
)
from integration.ports.org import DescribedField, Loaded, Outcome, Record, Salesforce, Value, Write
from integration.ports.outside import (
    Announcement,
    Announcer,
    Download,
    Hit,
    LinkCheck,
    ProspectSource,
    PublicSite,
    Translation,
    Web,
)
from integration.ports.stores import Clock, Deliveries, Files, Item, Message, Queue, Queues, Secrets, Table

if TYPE_CHECKING:
    from integration.ports.ats import Ats, AtsChanges, AtsHints, AtsIntake, AtsJobs, InDoubt, StaleCursor

__all__ = [
    "Announcement",
    "Announcer",
    "Ats",
    "AtsChanges",
    "AtsHints",
    "AtsIntake",
    "AtsJobs",
    "Clock",
    "Deliveries",
    "DescribedField",
    "Download",
    "Files",
    "Hit",
    "InDoubt",
    "Item",
    "LinkCheck",
    "Loaded",
    "MailInDoubt",
    "MailNotifications",
    "MailRefused",
    "MailSendingPaused",
    "MailThrottled",
    "MailUnanswered",
    "Mailer",
    "Message",
    "Outcome",
    "ProspectSource",
    "PublicSite",
    "Queue",
    "Queues",
    "Record",
    "Salesforce",
    "Secrets",
    "StaleCursor",
    "Table",
    "Translation",
    "Value",
    "Web",
    "Write",
]


def __getattr__(name: str) -> Any:
    """The words of an ATS are many, and the tracker, which must start at once, needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("integration.ports.ats"), name)
