"""Who of the people found is one person, and who is a candidate already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from integration.candidates import Person
from integration.candidates.erased import erased_among
from integration.candidates.matching import known_targets, owner
from integration.matching import Decision, Profile, pairs
from integration.model.vocabulary import SearchSource
from integration.ports import Hit
from integration.prospecting.searches.prospects import Prospect
from integration.records import is_record_id

if TYPE_CHECKING:
    from integration.app import App

_OURS = frozenset({SearchSource.ORG, SearchSource.APPLICANTS})


def without_erased(app: App, prospects: Sequence[Prospect]) -> list[Prospect]:
    """Those who may be listed: of whoever had their data erased nothing is kept, not even a result."""
    people = [Person(str(number), one.name, one.addresses) for number, one in enumerate(prospects)]
    erased = erased_among(app, people)
    return [one for number, one in enumerate(prospects) if number not in erased]


def candidates_of(app: App, prospects: Sequence[Prospect]) -> list[str]:
    """The candidate id of each, empty for who is new."""
    people = [Person(str(number), one.name, one.addresses) for number, one in enumerate(prospects)]
    owners = known_targets(app, people)
    found = []
    for prospect, person in zip(prospects, people, strict=True):
        target = owner(person, owners)
        found.append(_own(prospect) or (target.id if target is not None else ""))
    return found


def same(hits: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """Hits of different sources that are surely one person by all that is said of them; one source knows its people."""
    for pair in pairs([_profile(number, hit) for number, hit in enumerate(hits)]):
        one, other = int(pair.id_a), int(pair.id_b)
        if pair.decision is Decision.MERGE and hits[one].source != hits[other].source:
            yield one, other


def _own(prospect: Prospect) -> str:
    """What our own org found is known by its id."""
    ids = (hit.source_id for hit in prospect.hits if hit.source in _OURS)
    return next((one for one in ids if is_record_id(one)), "")


def _profile(number: int, hit: Hit) -> Profile:
    who = Prospect((hit,)).name
    return Profile(
        id=str(number),
        first_name=who.first,
        last_name=who.last,
        emails=hit.emails,
        phones=hit.phones,
        profiles=hit.profiles,
        city=hit.location.partition(",")[0].strip(),
        country=hit.country,
        employer=hit.employer,
        title=hit.title,
    )
