"""What the use-cases need from outside, in the product's own words. `adapters/` implements each port once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from integration.model.alignment import Identity
from integration.model.event import Event

Value = str | int | float | bool | None
Record = dict[str, Value]
"""One Salesforce row by API name; parents are flattened (`Pool__r.Name`); dates and times are ISO strings."""

Item = dict[str, Any]
"""One DynamoDB item with `pk` and `sk`; numbers come back as int or float."""

Message = Mapping[str, Any]
"""The JSON body of one queue message."""


class Queue(StrEnum):
    """The queues of serverless.yml; each has a dead-letter queue."""

    COMMANDS = "commands"
    IMPORTS = "imports"
    SEARCHES = "searches"
    CHANGES = "changes"
    REGISTRATIONS = "registrations"
    MAIL = "mail"
    EVENTS = "events"
    POSTINGS = "postings"
    ATS = "ats"
    INBOUND = "inbound"


@dataclass(frozen=True)
class Outcome:
    """What became of one row of a collection or Bulk write, in the order of the rows given."""

    id: str
    success: bool
    created: bool = False
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()
    may_pass: bool = False
    """Refused for now only: somebody else was at the record."""


@dataclass(frozen=True)
class Write:
    """Rows of one object for the org: upserted by an external id, or updated by `Id` where there is no key."""

    object_name: str
    rows: Sequence[Mapping[str, Value]]
    key: str = ""


@dataclass(frozen=True)
class Loaded:
    """How a Bulk job ended for which nobody waited."""

    complete: bool
    """False: it failed or was aborted, so that any row may be unwritten."""
    refused: Sequence[tuple[str, Outcome]] = ()
    """The rows that were refused, by their key (or Id)."""


@dataclass(frozen=True)
class DescribedField:
    """One field of an object, as the org describes it to us."""

    name: str
    label: str
    type: str
    """The platform's word: string, picklist, double, date, datetime, boolean, reference …"""
    filterable: bool
    words: tuple[str, ...] = ()
    """The active words of a picklist."""
    writable: bool = True
    """Whether we may set it on a new record and on one that stands."""
    unique: bool = False


class Salesforce(Protocol):
    """The org. Reads and writes raise Rejected, Gone or TryAgain; rows of a `…_many` call fail one by one."""

    @property
    def api_usage(self) -> tuple[int, int] | None:
        """(calls used, calls allowed) of the org's day, as of the last answer; None before the first."""

    def user_id(self) -> str:
        """The 18-character id of the user that we write as, read once."""

    def fields(self, object_name: str) -> list[DescribedField]:
        """The fields of an object that we may see, remembered for five minutes."""

    def query(self, soql: str) -> list[Record]:
        """All rows, every page."""

    def rows(self, soql: str) -> Iterator[Record]:
        """All rows, streamed page by page: for results that may be large."""

    def bulk_rows(self, soql: str) -> Iterator[Record]:
        """All rows by a Bulk 2.0 query, streamed; every value is a string, empty is None."""

    def with_deleted(self, soql: str) -> list[Record]:
        """The same as `query`, with the rows that lie in the recycle bin."""

    def search(self, sosl: str) -> list[Record]:
        """What a search of soql.find gives: at most 2,000 rows."""

    def count(self, soql: str) -> int:
        """The answer of a SELECT COUNT()."""

    def together(self, soqls: Sequence[str], *, whole: bool = False) -> list[list[Record]]:
        """At most five queries in one composite call; the first page of each, or with `whole` every page."""

    def get(self, object_name: str, record_id: str, fields: Sequence[str]) -> Record:
        """Raises Gone when there is no such record."""

    def create(self, object_name: str, values: Mapping[str, Value]) -> str:
        """The new record's id."""

    def update(self, object_name: str, record_id: str, values: Mapping[str, Value]) -> None: ...

    def create_many(self, object_name: str, rows: Sequence[Mapping[str, Value]]) -> list[Outcome]: ...

    def update_many(self, object_name: str, rows: Sequence[Mapping[str, Value]]) -> list[Outcome]:
        """Each row carries its `Id`."""

    def create_together(self, rows: Sequence[tuple[str, Mapping[str, Value]]]) -> list[Outcome]:
        """Rows of several objects, each with its object's name, in as few calls as they fit."""

    def update_together(self, rows: Sequence[tuple[str, Mapping[str, Value]]]) -> list[Outcome]:
        """The same for rows that carry their `Id`."""

    def upsert_many(self, object_name: str, key: str, rows: Sequence[Mapping[str, Value]]) -> Sequence[Outcome]:
        """By external id; collections up to 2,000 rows, Bulk 2.0 above. `Parent__r.Key__c` refers by external id."""

    def save_together(self, writes: Sequence[Write]) -> list[list[Outcome]]:
        """Some rows of several objects, a thousand a call; those of one write have different keys."""

    def upload(self, write: Write) -> list[str]:
        """Bulk 2.0 jobs that hold the rows and are not begun yet; the ids to note before `begin`."""

    def begin(self, job: str) -> None:
        """Lets the org work off a job; nobody waits for it."""

    def loaded(self, job: str, key: str) -> Loaded | None:
        """How a job ended; None while the org is at it. One that was never begun is given up, and so incomplete."""

    def abort(self, job: str) -> None:
        """Gives up a job; one that has ended stays as it is."""

    def delete_many(self, object_name: str, record_ids: Sequence[str]) -> list[Outcome]: ...

    def destroy_many(self, object_name: str, record_ids: Sequence[str]) -> Sequence[Outcome]:
        """Deletes for good, past the recycle bin; a record that is gone already counts as deleted."""

    def read_file(self, version_id: str) -> Iterator[bytes]:
        """The bytes of a ContentVersion, streamed."""

    def attached_file(self, record_id: str) -> tuple[str, str] | None:
        """(version id, file name) of the newest file attached to a record."""

    def attach_file(self, record_id: str, name: str, data: bytes) -> str:
        """Attaches a file to a record; the new ContentVersion's id."""


class Table(Protocol):
    """One DynamoDB table with string keys `pk` and `sk`."""

    def get(self, pk: str, sk: str) -> Item | None: ...

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]: ...

    def put(self, item: Item, *, unless_exists: bool = False) -> bool:
        """False when `unless_exists` was asked and the item was there."""

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: Mapping[str, Any] | None = None) -> bool:
        """Sets attributes (None removes one), creating the item; False when `only_if` did not hold.

        `only_if` maps an attribute to the value it must have, None for "absent", or a set of allowed values, of which
        one may be None; "exists" is spelled `{"pk": pk}`.
        """

    def query(
        self, pk: str, *, prefix: str = "", first: str = "", last: str = "", limit: int | None = None
    ) -> Iterator[Item]:
        """Items of one partition by `sk`, ascending: by prefix, or from `first` to `last` inclusive."""

    def delete(self, pk: str, sk: str) -> None: ...

    def put_many(self, items: Iterable[Item]) -> None:
        """Any number of items, each by itself and over what is there; after a TryAgain some are written."""

    def put_together(self, items: Sequence[tuple["Table", Item]], *, unless_exists: bool = False) -> bool:
        """All items of several tables in one transaction (at most 100), or none."""


class Files(Protocol):
    """One S3 bucket."""

    def read(self, key: str) -> bytes | None: ...

    def stream(self, key: str) -> Iterator[bytes]: ...

    def write(self, key: str, data: bytes, *, content_type: str, unless_exists: bool = False) -> bool: ...

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> None:
        """Visible as a whole or not at all."""

    def keys(self, prefix: str) -> Iterator[str]: ...

    def delete(self, keys: Iterable[str]) -> None: ...

    def link(self, key: str, *, seconds: int, file_name: str = "") -> str:
        """A presigned address for reading."""


class Queues(Protocol):
    def send(self, queue: Queue, message: Message, *, delay_seconds: int = 0) -> None: ...

    def send_text(self, queue: Queue, body: str) -> None:
        """`send` of a message that is JSON already, in ASCII."""

    def send_many(self, queue: Queue, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        """In batches; raises TryAgain when one was refused, after the others were taken."""


class Deliveries(Protocol):
    """Messages that a queue has handed to this function."""

    def postpone(self, queue_arn: str, receipt: str, seconds: int) -> None:
        """The message comes back after so many seconds instead of after the queue's own time."""


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


class LinkCheck(Protocol):
    def fault(self, url: str) -> str:
        """Why nobody can open an address of the web, completing “the link … ”; blank when it opens.

        Never asks a server inside a private network.
        """


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


class Secrets(Protocol):
    def secret(self, name: str) -> dict[str, str]:
        """A JSON secret of Secrets Manager, cached for five minutes."""

    def parameter(self, name: str, *, max_age_seconds: float = 300) -> str:
        """An SSM parameter, decrypted, at most `max_age_seconds` old."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present in UTC, with the stage's offset."""

    def sleep(self, seconds: float) -> None:
        """Returns when so much of its time is over."""


@dataclass(frozen=True)
class Hit:
    """One person whom a source found: only what the source said, never a guess. What it did not say is empty."""

    source: str
    """The source's name in the picklist of `Prospect_Search__c.Sources__c`."""
    source_id: str
    """The source's own stable id of the person: the same person found twice has the same id."""
    url: str = ""
    """Where a recruiter can look at it."""
    full_name: str = ""
    first: str = ""
    last: str = ""
    title: str = ""
    employer: str = ""
    location: str = ""
    """As the source wrote it."""
    country: str = ""
    """The two-letter code, where the source gave one."""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    """Addresses of the person's pages on networks, the one in `url` included when it is such a page."""
    skills: tuple[str, ...] = ()
    text: str = ""
    """Everything else that can be searched: biography, publications, a résumé's text."""
    seen_at: str = ""
    """When the source was asked, in ISO 8601."""


@dataclass(frozen=True)
class Translation:
    """A Boolean query in the words of one source."""

    source: str
    query: str
    """What a recruiter is shown as sent, and what goes into the source's search box where it has one."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What else the request carries, by the source's own names."""
    losses: tuple[str, ...] = ()
    """What the source cannot express, in plain words; the results are filtered again for these."""
    is_exact: bool = True


@dataclass(frozen=True)
class Download:
    """A file of the web that is being read."""

    etag: str
    content_type: str
    pieces: Iterator[bytes]


class Web(Protocol):
    """Files at addresses that people give: never inside a private network, never against a robots.txt."""

    @property
    def directory(self) -> str:
        """The address of the operator's own directory; empty where there is none."""

    def read(self, url: str, *, most: int, etag: str = "") -> AbstractContextManager[Download | None]:
        """The file, streamed, or None when it is still the one of `etag`. Raises Rejected or TryAgain."""


@dataclass(frozen=True)
class Announcement:
    """A job that opened, changed or closed, as others are told of it."""

    page: str
    """Its address without tracking."""
    link: str
    """Its tracked address."""
    title: str
    text: str
    """What a post says, without the link."""
    summary: str = ""
    is_closed: bool = False


class Announcer(Protocol):
    """A place that is told of jobs, one at a time."""

    @property
    def a_day(self) -> int:
        """How many it takes in a day."""

    @property
    def proof(self) -> str:
        """A key that the place wants to find on our site; empty for most."""

    def tell(self, announcement: Announcement) -> str:
        """One attempt; the place's id of what was posted, or empty. Raises TryAgain or Rejected."""


class PublicSite(Protocol):
    """Our own site as the public reads it."""

    def get(self, address: str) -> tuple[int, bytes]:
        """(status, body). Raises TryAgain when the site does not answer."""


class ProspectSource(Protocol):
    """One place to look for people."""

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        """At most `limit` people in the source's order, fetched page by page as they are taken.

        Raises Rejected for a query that the source refuses and TryAgain, with its seconds, for a spent quota or rate;
        what was yielded before stays found.
        """

    @property
    def notes(self) -> Sequence[str]:
        """What a recruiter should know of the search, complete when it has ended: caps met, parts missing, spend."""
