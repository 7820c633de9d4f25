"""The gate at the one door: whoever had their data erased does not come back by a file, a search or a form.

DynamoDB `people`, partition `erased`, sort key `<time>#<mark>`: a worker reads the whole once, from then on only what
came since, so that a mass import pays one small query for each batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from integration import log
from integration.candidates.people import Found, Person, State
from integration.model.address import fingerprint
from integration.model.tombstone import questions

if TYPE_CHECKING:
    from integration.app import App

PARTITION = "erased"
CODE = "erased"
OVERLAP = timedelta(minutes=15)
"""Clocks of two workers differ, and an item may become visible after a later one."""
_REFUSED = Found(
    State.REFUSED,
    code=CODE,
    reason="This person had their data erased and may not be collected again. Take the row out of the file.",
)


@dataclass
class _Known:
    marks: set[str] = field(default_factory=set)
    until: str = ""


_known: WeakKeyDictionary[App, _Known] = WeakKeyDictionary()


def erased_among(app: App, people: Sequence[Person]) -> dict[int, Found]:
    """The refusals of those who were erased, by their place; they name nobody."""
    known = _read(app)
    if not known:
        return {}
    found = {number: _REFUSED for number, person in enumerate(people) if _is_erased(app, person, known)}
    if found:
        log.event("candidates.erased_refused", count=len(found))
    return found


def remember(app: App, marks: Iterable[str], at: datetime) -> int:
    """Key: the mark. Writes it under the newest salt."""
    wanted = sorted({fingerprint(mark, app.links.salt) for mark in marks})
    for mark in wanted:
        app.people.put({"pk": PARTITION, "sk": f"{at.isoformat(timespec='seconds')}#{mark}"})
    return len(wanted)


def _is_erased(app: App, person: Person, known: set[str]) -> bool:
    salts = (app.links.salt, *app.links.former_salts)
    return any(
        fingerprint(question, salt) in known
        for address in person.addresses
        for question in questions(address, person.name)
        for salt in salts
    )


def _read(app: App) -> set[str]:
    cache = _known.setdefault(app, _Known())
    now = app.clock.now()
    for item in app.people.query(PARTITION, first=cache.until or "0"):
        cache.marks.add(str(item["sk"]).rpartition("#")[2])
    cache.until = (now - OVERLAP).isoformat(timespec="seconds")
    return cache.marks
