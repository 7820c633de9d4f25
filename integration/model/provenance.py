"""Where each field of a candidate comes from, how far that source is trusted, and when it said so.

It stands as text on the record (Candidate__c.Field_Sources__c), one line for all fields of one source and day:

    Import, 2026-03-02, Import Fair Berlin: talents.csv — City 3f2a, Title 91bc

so a person can read it, it is written in the same call as the values, and it goes when the record goes. The four digits
are a check of the value: where they do not fit any more, somebody changed the field by hand since.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

Value = str | int | float | bool | None

LONGEST_CAUSE = 120
_LINE = re.compile(r"(?P<word>[A-Z][a-z ]+), (?P<on>\d{4}-\d\d-\d\d), (?P<cause>.*) — (?P<fields>[^—]+)")


class Trust(IntEnum):
    """Whose word counts more, from the least to the most."""

    RESUME = 0
    """Read out of a document by a program."""
    SEARCH = 1
    IMPORT = 2
    REFERRAL = 3
    ATS = 4
    RECRUITER = 5
    CANDIDATE = 6

    @property
    def word(self) -> str:
        return _WORDS[self]


_WORDS = {
    Trust.RESUME: "Resume",
    Trust.SEARCH: "Search",
    Trust.IMPORT: "Import",
    Trust.REFERRAL: "Referral",
    Trust.ATS: "Applicant tracking system",
    Trust.RECRUITER: "Recruiter",
    Trust.CANDIDATE: "Candidate",
}
_TRUSTS = {word: trust for trust, word in _WORDS.items()}


@dataclass(frozen=True)
class Source:
    """Who said it, on which day (ISO), and by what: an import's name, a page, a search."""

    trust: Trust
    on: str
    cause: str = ""

    @classmethod
    def of(cls, trust: Trust, at: datetime, cause: str) -> "Source":
        words = " ".join(cause.replace("—", "-").split())
        return cls(trust, at.date().isoformat(), words[:LONGEST_CAUSE].strip())


BY_HAND = Source(Trust.RECRUITER, "", "entered by hand")
"""Of a value that no source of ours wrote, or that was changed since: day unknown."""


@dataclass(frozen=True)
class Fact:
    """The source of one field's value, with the check of the value it gave."""

    source: Source
    check: str


Facts = Mapping[str, Fact]
"""Field of Candidate__c -> where its value comes from."""


def fact(source: Source, value: Value) -> Fact:
    return Fact(source, check_of(value))


def check_of(value: Value) -> str:
    """Four digits that tell a changed value. Of a time the seconds count: Salesforce spells the rest in its own way."""
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return hashlib.sha256((text[:19] if text[10:11] == "T" else text).encode()).hexdigest()[:4]


def read(text: str) -> dict[str, Fact]:
    """The facts of a record's text; a line that cannot be read tells nothing."""
    facts: dict[str, Fact] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None or match["word"] not in _TRUSTS:
            continue
        source = Source(_TRUSTS[match["word"]], match["on"], match["cause"])
        for part in match["fields"].split(", "):
            name, _, check = part.rpartition(" ")
            if name and check:
                facts[_field(name)] = Fact(source, check)
    return facts


def write(facts: Facts) -> str:
    """The text of a record: most trusted and newest first."""
    groups: dict[Source, list[str]] = {}
    for name, one in sorted(facts.items()):
        groups.setdefault(one.source, []).append(f"{_label(name)} {one.check}")
    ordered = sorted(groups.items(), key=lambda group: (group[0].trust, group[0].on, group[0].cause), reverse=True)
    return "\n".join(
        f"{source.trust.word}, {source.on}, {source.cause} — {', '.join(names)}" for source, names in ordered
    )


def source_of(facts: Facts, name: str, value: Value) -> Source:
    """The source of a standing value. One that nobody noted, or that was changed since, was entered by hand."""
    one = facts.get(name)
    return one.source if one is not None and one.check == check_of(value) else BY_HAND


def may_replace(new: Source, standing: Source) -> bool:
    """Whether a value may take the place of another: never the word of one who is trusted less."""
    return new.trust >= standing.trust


def kept(facts: Facts, names: Iterable[str]) -> dict[str, Fact]:
    """The facts of these fields only."""
    wanted = set(names)
    return {name: one for name, one in facts.items() if name in wanted}


def _label(field: str) -> str:
    return field.removesuffix("__c").replace("_", " ")


def _field(label: str) -> str:
    return f"{label.replace(' ', '_')}__c"
