"""What travels through the finding and making of candidates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from integration.model.identity import Address, Name, candidate_key
from integration.model.provenance import Source, Trust
from integration.model.vocabulary import LawfulBasis, TagKind
from integration.ports import Value
from integration.records import Candidate

NOTICE_WITHIN = timedelta(days=30)
"""Whoever did not come by themselves is told within a month that we hold their data."""


@dataclass(frozen=True)
class Person:
    """Somebody who may be a candidate already."""

    cause: str
    """What brought this person, unique and the same in every attempt: a registration's id, an import and line."""
    name: Name
    addresses: tuple[Address, ...]
    """Normalised (parsing.py); the first of each kind becomes primary when there is none."""
    facts: Mapping[str, Value] = field(default_factory=dict)
    """Other fields of Candidate__c by API name; empty values are not written."""
    words: tuple[tuple[TagKind, str], ...] = ()
    """Skills and tags; they are added to those that the candidate has."""


@dataclass(frozen=True)
class Origin:
    """Where people come from; written on those who are new."""

    at: datetime
    """The cause's time (file loaded, form sent), not the attempt's: it is part of a new candidate's key."""
    collected_from: str = ""
    channel: str = ""
    """Channel__c id of first and last source."""
    lawful_basis: str = ""
    notice_due_on: str = ""
    """By when those who did not come themselves are told of it (ISO date)."""
    lifecycle: str = "Prospect"
    trust: Trust = Trust.IMPORT
    """Whose word this is: decides what may replace what (model/provenance.py)."""

    @property
    def source(self) -> Source:
        """What the record says of each field that comes from here."""
        return Source.of(self.trust, self.at, self.collected_from or self.trust.word)

    @property
    def is_own_word(self) -> bool:
        """Whether the people came by themselves: they know of it and need no notice."""
        return self.trust is Trust.CANDIDATE

    def duties(self) -> dict[str, str]:
        """Where from, when, on what basis and by when they are told: everybody who is new carries all of it."""
        told_by = "" if self.is_own_word else self.notice_due_on or (self.at + NOTICE_WITHIN).date().isoformat()
        basis = LawfulBasis.CONSENT if self.is_own_word else LawfulBasis.LEGITIMATE_INTEREST
        return {
            Candidate.COLLECTED_FROM: self.collected_from or self.trust.word,
            Candidate.COLLECTED_AT: self.at.isoformat(timespec="seconds"),
            Candidate.LAWFUL_BASIS: self.lawful_basis or basis.value,
            Candidate.NOTICE_DUE_ON: told_by,
        }

    def key_of(self, person: Person) -> str:
        """The Candidate_Key__c that this person gets when new."""
        return candidate_key(person.cause, self.at)


class State(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REPEATED = "repeated"
    """The same person stood earlier in the same batch."""
    REFUSED = "refused"


@dataclass(frozen=True)
class Found:
    """What became of one person; `id` and `key` are the candidate's, empty when refused."""

    state: State
    id: str = ""
    key: str = ""
    reason: str = ""
    field: str = ""
    code: str = ""
    """Of a refusal: Salesforce's, or one of model/reject.py."""
    tagged: tuple[str, ...] = ()
    """Candidate_Tag__c rows of the person's words, whether they were made now or stood already."""
    conflict: bool = False
    """One of the addresses belongs to somebody else and was left there."""


@dataclass(frozen=True)
class Change:
    """What is about to be written to one candidate: the image that an undo restores."""

    key: str
    id: str
    """Empty for a new candidate."""
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    addresses: tuple[str, ...]
    """Keys of the contact points that will be added."""
