"""What the use-cases need from outside, in the product's own words. `adapters/` implements each port once."""

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

__all__ = [
    "Announcement",
    "Announcer",
    "Clock",
    "Deliveries",
    "DescribedField",
    "Download",
    "Files",
    "Hit",
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
    "Table",
    "Translation",
    "Value",
    "Web",
    "Write",
]
