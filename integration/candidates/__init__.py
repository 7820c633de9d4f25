"""Finds or makes candidates. Every door (form, import, search, ATS) goes through `find_or_create`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from integration.candidates.announcing import IDS_PER_MESSAGE, announce
from integration.candidates.erased import erased_among
from integration.candidates.likeness import likely_pairs
from integration.candidates.matching import Reason, Target, assign, known_targets
from integration.candidates.pairs import Suspicion, propose
from integration.candidates.people import Change, Found, Origin, Person, State
from integration.candidates.tagging import Word, tag
from integration.candidates.writing import write
from integration.errors import TryAgain
from integration.ports import Outcome
from integration.records import Candidate

if TYPE_CHECKING:
    from integration.app import App

__all__ = ["IDS_PER_MESSAGE", "Change", "Found", "Origin", "Person", "State", "announce", "find_or_create"]

ATTEMPTS = 4
"""Each further attempt means that another worker made the same person in between."""
SHARING_AT_MOST = 5
"""Pairs made in one call with the holder of one shared address."""


def find_or_create(
    app: App,
    people: Sequence[Person],
    origin: Origin,
    *,
    overwrite: bool = False,
    before_write: Callable[[Sequence[Change]], None] | None = None,
) -> list[Found]:
    """Key: the cause of each person. What became of each, in the order given; one candidate per person, whoever else
    is at it.

    Given values fill empty fields; with `overwrite` they replace standing ones. `before_write` sees what is about to
    change, so that it can be undone. Do-not-contact and pauses are never touched. Changed candidates are announced to
    the pools. Who had their data erased is refused with the code “erased”.
    """
    found = erased_among(app, people)
    pending = {number: person for number, person in enumerate(people) if number not in found}
    suspicions: list[Suspicion] = []
    made: dict[str, str] = {}
    for _ in range(ATTEMPTS if pending else 0):
        targets = assign(pending, known_targets(app, pending.values()), origin, overwrite=overwrite)
        if before_write is not None:
            before_write([target.change() for target in targets])
        refused, late = write(app, targets, source=origin.collected_from)
        for target in targets:
            if target not in late:
                found |= _verdicts(target, refused.get(target), people, origin)
        made |= _made(target for target in targets if target not in late and target not in refused)
        suspicions += _suspicions(target for target in targets if target not in late and target not in refused)
        pending = {number: people[number] for target in late for number in target.people}
        if not pending:
            break
    if pending:
        raise TryAgain("other workers are writing the same candidates")
    suspicions += likely_pairs(app, made, made.values())
    propose(app, suspicions, found_by=origin.collected_from)
    changed = [one.id for one in found.values() if one.state in (State.CREATED, State.UPDATED)]
    found |= _tagged(app, people, found)
    announce(app, changed)
    return [found[number] for number in range(len(people))]


def _tagged(app: App, people: Sequence[Person], found: Mapping[int, Found]) -> dict[int, Found]:
    """Gives each candidate the skills and tags of its people; the first of them is told which rows they are."""
    firsts: dict[str, int] = {}
    wanted: dict[str, list[Word]] = {}
    for number, person in enumerate(people):
        if person.words and (candidate := found[number].id):
            firsts.setdefault(candidate, number)
            wanted.setdefault(candidate, []).extend(person.words)
    rows = tag(app, wanted)
    return {number: replace(found[number], tagged=tuple(rows.get(id, ()))) for id, number in firsts.items()}


def _made(targets: Iterable[Target]) -> dict[str, str]:
    """Id and name key of those who are new."""
    new = [target for target in targets if target.id and not target.current]
    return {target.id: str(target.values.get(Candidate.NAME_KEY) or "") for target in new}


def _suspicions(targets: Iterable[Target]) -> list[Suspicion]:
    """Pairs of candidates who share an address. One that many share is a switchboard and tells nothing."""
    sharing = Counter[tuple[str, Reason]]()
    found = []
    for target in targets:
        for other, reason in target.suspects:
            if target.id and other.id and target.id != other.id:
                sharing[other.id, reason] += 1
                if sharing[other.id, reason] <= SHARING_AT_MOST:
                    found.append(Suspicion(target.id, other.id, reason.score, (reason.words,)))
    return found


def _verdicts(target: Target, refusal: Outcome | None, people: Sequence[Person], origin: Origin) -> dict[int, Found]:
    if refusal is not None:
        field = refusal.fields[0] if refusal.fields else ""
        reason = target.refusal or f"Salesforce refused the row: {refusal.message}"
        verdict = Found(State.REFUSED, reason=reason, field=field, code=refusal.code)
        return dict.fromkeys(target.people, verdict)
    # The one whose cause made the key has created it, also when this is the second attempt to say so.
    makers = [number for number in target.people if origin.key_of(people[number]) == target.key]
    first = makers[0] if makers else target.people[0]
    changed = bool(target.changes() or target.addresses)
    state = State.CREATED if makers else State.UPDATED if changed else State.UNCHANGED
    verdict = Found(state, target.id, target.key, conflict=target.conflict)
    return {number: verdict if number == first else replace(verdict, state=State.REPEATED) for number in target.people}
