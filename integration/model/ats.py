"""What an applicant tracking system (ATS) tells us and is told, the same for every system.

Ids are the system's own, as text; what stands in the org is `ats_id(connection, id)`. Times are UTC. What a system did
not say is empty or None, never a guess.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from integration.model.vocabulary import EmploymentType, SalaryUnit, Stage

MARK_PREFIX = "warmbench-"


@dataclass(frozen=True)
class JobPlace:
    city: str = ""
    region: str = ""
    country: str = ""
    """Two letters, or the country's name as the system wrote it."""
    street: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Pay:
    currency: str
    unit: SalaryUnit
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class AtsJob:
    """One job that is open in the ATS."""

    id: str
    """By which applications name it."""
    title: str
    posting: str = ""
    """By which the public job board names it, where that is another id: applications are sent to it."""
    description: str = ""
    """HTML, unescaped, untrusted."""
    department: str = ""
    company: str = ""
    places: tuple[JobPlace, ...] = ()
    is_remote: bool | None = None
    employment_type: EmploymentType | None = None
    pay: Pay | None = None
    opened_on: str = ""
    """ISO date."""
    valid_through: str = ""
    """ISO date."""
    url: str = ""
    """The job's page at the ATS."""


@dataclass(frozen=True)
class AtsPerson:
    """A candidate of the ATS."""

    id: str
    first: str = ""
    last: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    mark: str = ""
    """Our origin mark, where the system keeps it on the person."""


@dataclass(frozen=True)
class AtsApplication:
    """How one application stands in the ATS now: a state, not an event."""

    id: str
    candidate: str
    job: str
    """Empty for a prospect without a job."""
    stage: Stage
    at: datetime
    """When it came to stand so, or when it was last changed where the system does not say."""
    stage_word: str = ""
    """The system's own word for the stage."""
    applied_at: datetime | None = None
    hired_at: datetime | None = None
    reason: str = ""
    """Why it was rejected, in the system's words."""
    mark: str = ""
    """Our origin mark, where the system keeps it on the application."""
    person: AtsPerson | None = None
    """Where the same answer describes the person; else the port's `people` is asked."""


@dataclass(frozen=True)
class AtsMerge:
    """Two candidates of the ATS are one: `lost` goes on as `kept`."""

    kept: str
    lost: str
    at: datetime


@dataclass(frozen=True)
class AtsAnonymised:
    """The ATS has made a candidate nobody: we erase the person too."""

    candidate: str
    at: datetime


AtsChange = AtsApplication | AtsMerge | AtsAnonymised


@dataclass(frozen=True)
class ChangePage:
    """Some changes, and where to go on when all of them and of the pages before are written."""

    changes: tuple[AtsChange, ...]
    cursor: str = ""
    """Empty: a pull that stops after this page begins again where it began."""
    problems: tuple[str, ...] = ()
    """What of this page could not be read, in plain words; the rest of it counts."""


@dataclass(frozen=True)
class Hint:
    """What a webhook points to. Nothing of it is written: `AtsChanges.look` asks the system again."""

    event: str
    """The system's word, for the log."""
    applications: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    merges: tuple[AtsMerge, ...] = ()
    anonymised: tuple[AtsAnonymised, ...] = ()
    jobs: bool = False
    """Jobs have changed: the list is pulled."""

    @property
    def is_empty(self) -> bool:
        """A ping, or an event that changes nothing here."""
        return not (self.applications or self.candidates or self.merges or self.anonymised or self.jobs)


@dataclass(frozen=True)
class Document:
    name: str
    content_type: str
    data: bytes = field(repr=False)
    url: str = field(default="", repr=False)
    """Where the same bytes can be fetched for some hours, for systems that take an address only."""


@dataclass(frozen=True)
class Agreed:
    """One consent that stands, as it is told to the ATS."""

    purpose: str
    at: str
    """ISO 8601."""
    text_version: str = ""


@dataclass(frozen=True)
class HandOver:
    """One person for the ATS, for a job or as a prospect; sent exactly once for a mark."""

    mark: str
    """Idempotency key and origin: written where the ATS keeps foreign ids, sources or tags (see `mark_of`)."""
    first: str
    last: str
    email: str
    phone: str = ""
    profiles: tuple[str, ...] = ()
    title: str = ""
    employer: str = ""
    location: str = ""
    job: str = ""
    """The ATS's job id; empty: a prospect."""
    posting: str = ""
    """`AtsJob.posting` of that job."""
    candidate: str = ""
    """The ATS's id of the person, when it is known."""
    source: str = ""
    """The channel that brought the person, in words."""
    applied_at: datetime | None = None
    consents: tuple[Agreed, ...] = ()
    resume: Document | None = None
    note: str = ""

    @property
    def consent_words(self) -> str:
        """The consents in one line, for systems without a field for them."""
        return "; ".join(f"{one.purpose} since {one.at[:10]}" for one in self.consents)


@dataclass(frozen=True)
class HandedOver:
    """What the ATS calls what it was given."""

    candidate: str
    application: str = ""
    """Empty where the system does not say; the next pull finds it."""


def mark_of(org: str, cause: str) -> str:
    """The origin mark of one cause (a record's id) in one org: short, stable, telling nothing of the person."""
    return MARK_PREFIX + hashlib.sha256(f"{org}|{cause}".encode()).hexdigest()[:20]


def is_ours(mark: str) -> bool:
    """Whether a foreign id is a mark of ours."""
    return mark.startswith(MARK_PREFIX)


def ats_id(connection: str, number: str) -> str:
    """An id as it stands in `ATS_Id__c`: with the connection's key before it, so that two systems never collide."""
    return f"{connection}:{number}"[:80]


def own_id(connection: str, text: str) -> str:
    """The system's own id of an `ATS_Id__c`; empty when it is another connection's."""
    key, colon, number = text.partition(":")
    return number if colon and key.casefold() == connection.casefold() else ""
