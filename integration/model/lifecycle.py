"""How a person stands to the company: one word at a time, which moves there are, and what leads to them.

A move is noted in words on the record (Candidate__c.Lifecycle_History__c), newest first, one line each:

    2026-03-20 10:00 UTC: Applicant to Employee, hired, by the applicant tracking system
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from integration.model.vocabulary import Lifecycle

P, A, E = Lifecycle.PROSPECT, Lifecycle.APPLICANT, Lifecycle.EMPLOYEE
ALUMNI, CONTINGENT, FORMER = Lifecycle.ALUMNI, Lifecycle.CONTINGENT, Lifecycle.FORMER_CONTINGENT

MOVES: Mapping[str, tuple[Lifecycle, ...]] = {
    P: (A, E, ALUMNI, CONTINGENT, FORMER),
    A: (E, ALUMNI, CONTINGENT, FORMER),
    E: (ALUMNI,),
    ALUMNI: (E, CONTINGENT),
    CONTINGENT: (E, FORMER),
    FORMER: (E, CONTINGENT),
}
"""Nobody who worked here becomes an outsider again. The validation rule Lifecycle_Goes_Its_Way says the same."""
LONGEST = 30_000
"""Characters of a history; the field holds a little more."""
_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC: .+? to (?P<after>[^,]+), .+")


class Cause(StrEnum):
    """What leads from one word to another, as the history says it."""

    APPLIED = "applied"
    HIRED = "hired"
    LEFT = "left the company"
    SAID = "stated"
    """By a list or a person, who may say any move that there is."""
    TAKEN_BACK = "taken back"


_LEADS: Mapping[Cause, Mapping[str, Lifecycle]] = {
    Cause.APPLIED: {P: A},
    Cause.HIRED: dict.fromkeys((P, A, ALUMNI, CONTINGENT, FORMER), E),
    Cause.LEFT: {P: ALUMNI, A: ALUMNI, E: ALUMNI, CONTINGENT: FORMER},
}


class IllegalMove(ValueError):
    """A move that there is not; the message names those that there are."""


def of(word: object) -> str:
    """A record without a word is a prospect, as a new one is. An org may have words of its own."""
    return str(word or Lifecycle.PROSPECT)


def led(standing: object, cause: Cause) -> Lifecycle | None:
    """Where an event leads; None when it changes nothing: an employee who applies stays one."""
    return _LEADS[cause].get(of(standing))


def check(standing: object, wanted: object) -> None:
    """Raises IllegalMove unless somebody may say this after that; of an org's own words the org decides."""
    before, after = of(standing), of(wanted)
    if after == before or before not in MOVES or after not in MOVES or after in MOVES[before]:
        return
    raise IllegalMove(
        f"Lifecycle cannot go from {before} to {after}. From {before} it goes to {_listed(MOVES[before])} only."
    )


def noted(history: str, before: object, after: object, cause: Cause, *, at: datetime, by: str) -> str:
    """The history with one more move; what somebody changed meanwhile without a line gets one first."""
    was, is_now = of(before), of(after)
    text, last = history or "", latest(history)
    if last and last != was:
        text = _with(text, at, last, was, "changed meanwhile, seen later")
    if was == is_now:
        return text
    who = " ".join(by.split())[:120]
    return _with(text, at, was, is_now, f"{cause.value}, by {who}" if who else cause.value)


def latest(history: str) -> str:
    """Where the newest line leads; empty without a line."""
    match = _LINE.fullmatch((history or "").split("\n", 1)[0].strip())
    return match["after"] if match else ""


def joined(own: str, other: str) -> str:
    """The history of two records that became one, newest first."""
    lines = dict.fromkeys(line for text in (own, other) for line in (text or "").splitlines() if line.strip())
    return _cut("\n".join(sorted(lines, key=lambda line: line[:16], reverse=True)))


def _with(history: str, at: datetime, before: str, after: str, how: str) -> str:
    line = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {before} to {after}, {how}"
    return _cut(f"{line}\n{history}".strip())


def _cut(text: str) -> str:
    """Whole lines; the oldest go first."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit("\n", 1)[0]


def _listed(words: tuple[Lifecycle, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
