"""What is known of a person, as written in whatever file or record it stands in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Profile:
    """Text as people wrote it; the engine reads, folds and mistrusts it. Everything may be missing."""

    id: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    full_name: str = ""
    former_name: str = ""
    """A last name of before: the maiden name."""
    suffix: str = ""
    sex: str = ""
    birth_date: str = ""
    """Any usual notation; a year alone, or year and month, is fine."""
    birth_place: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    """The lines of the address before the town, in any order."""
    street_number: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    employer: str = ""
    title: str = ""


class Decision(StrEnum):
    MERGE = "merge"
    REVIEW = "review"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely two profiles are one person, what to do about it, and why."""

    score: float
    decision: Decision
    reasons: tuple[str, ...] = ()


class Pair(NamedTuple):
    """Two profiles that are, or may be, one person."""

    id_a: str
    id_b: str
    score: float
    decision: Decision
    reasons: tuple[str, ...] = ()
