"""The Salesforce org."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Value = str | int | float | bool | None

Record = dict[str, Value]
"""One Salesforce row by API name; parents are flattened (`Pool__r.Name`); dates and times are ISO strings."""


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

    def home(self) -> str:
        """The org's own address as sign-in tells it, such as `https://acme.my.salesforce.com`."""

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
        """Queries, five in a composite call; the first page of each, or with `whole` every page."""

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
