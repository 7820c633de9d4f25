"""Outcomes of people and the touches before them, read page by page; each outcome is shared on its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from integration.model import attribution
from integration.model.attribution import UNITS, Rule
from integration.model.fold import result_key
from integration.model.vocabulary import Touch
from integration.ports import Record
from integration.records import Application, Candidate, RecruitingCampaign, SourceResult, Touchpoint, parent
from integration.soql import both, compare, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

PAGE = 1_000
"""Outcomes at a time; the touches of their people take one call more."""
_PEOPLE_A_QUERY = 200
COUNTED = (Touch.FIRST_CLICK, Touch.REGISTERED, Touch.REPLIED, Touch.APPLIED, Touch.ATTENDED, Touch.REFERRED)
"""What leads a person on; calls and interviews are ours, and a hire is an outcome."""
_SOURCE = "first source"
FIELDS = (
    SourceResult.ATTRIBUTED_REGISTRATIONS,
    SourceResult.ATTRIBUTED_APPLICATIONS,
    SourceResult.ATTRIBUTED_QUALIFIED,
    SourceResult.ATTRIBUTED_INTERVIEWS,
    SourceResult.ATTRIBUTED_OFFERS,
    SourceResult.ATTRIBUTED_HIRES,
)
_BY_APPLICATION = {
    Application.APPLIED_AT: 1,
    Application.QUALIFIED_AT: 2,
    Application.INTERVIEW_AT: 3,
    Application.OFFER_AT: 4,
    Application.HIRED_AT: 5,
}
"""Field -> the place of its outcome in FIELDS."""
_PERSON = (Candidate.FIRST_SOURCE, Candidate.COLLECTED_AT)


class Stage(StrEnum):
    """What is walked through, in this order."""

    APPLICATIONS = "applications"
    REGISTRATIONS = "registrations"
    DONE = "done"


@dataclass
class Sums:
    """`channel|campaign|requisition|YYYY-MM` -> parts of UNITS by the place in FIELDS."""

    by_key: dict[str, list[int]] = field(default_factory=dict)

    def add(self, key: str, place: int, units: int) -> None:
        self.by_key.setdefault(key, [0] * len(FIELDS))[place] += units

    def rounded(self) -> dict[str, list[float]]:
        """To four places, so that all rows together still sum to the number of outcomes."""
        found = {key: [0.0] * len(FIELDS) for key in self.by_key}
        for place in range(len(FIELDS)):
            parts = {key: units[place] for key, units in self.by_key.items() if units[place]}
            if parts:
                whole = sum(parts.values()) * 10_000 // UNITS
                for key, number in attribution.apportioned(parts, whole).items():
                    found[key][place] = number / 10_000
        return found


@dataclass(frozen=True)
class _Contact:
    touch: attribution.Touch
    channel: str
    campaign: str


@dataclass(frozen=True)
class _Outcome:
    candidate: str
    place: int
    at: datetime
    requisition: str
    source: str
    collected: datetime | None


def count_page(app: App, stage: Stage, after: str, rule: Rule, sums: Sums) -> tuple[str, int]:
    """Adds the shares of the next outcomes; (id of the last record, how many records), blank when there are none."""
    read = _applications if stage is Stage.APPLICATIONS else _registrations
    rows, outcomes = read(app, after)
    contacts = _contacts(app, sorted({one.candidate for one in outcomes}))
    for one in outcomes:
        _share(one, contacts.get(one.candidate, []), rule, sums)
    return (str(rows[-1]["Id"]) if rows else ""), len(rows)


def _share(outcome: _Outcome, contacts: Sequence[_Contact], rule: Rule, sums: Sums) -> None:
    """What nothing in the window led to is credited to no channel, in its own month: nothing is lost from the sum."""
    known = {one.touch.key: one for one in [*_first_source(outcome, contacts), *contacts]}
    shares = attribution.shares((one.touch for one in known.values()), outcome.at, rule)
    for key, units in attribution.in_units(shares).items():
        one = known[key]
        month = f"{one.touch.at:%Y-%m}"
        sums.add(result_key(one.channel, one.campaign, outcome.requisition, month), outcome.place, units)
    if not shares:
        sums.add(result_key("", "", outcome.requisition, f"{outcome.at:%Y-%m}"), outcome.place, UNITS)


def _first_source(outcome: _Outcome, contacts: Sequence[_Contact]) -> Iterator[_Contact]:
    """How a person came to us without a touchpoint, by an import or a search; a touchpoint of that moment says more."""
    at = outcome.collected
    if at and outcome.source and not any(one.touch.at <= at for one in contacts):
        yield _Contact(attribution.Touch(_SOURCE, at), outcome.source, "")


def _applications(app: App, after: str) -> tuple[list[Record], list[_Outcome]]:
    person = {name: parent(Application.CANDIDATE, name) for name in _PERSON}
    fields = [Application.ID, Application.CANDIDATE, Application.REQUISITION, *_BY_APPLICATION, *person.values()]
    where = compare(Application.ID, ">", after) if after else None
    query = select(Application.API_NAME, fields, where=where, order_by=[Application.ID], limit=PAGE)
    rows = app.salesforce.query(query)
    found = [
        _outcome(row, row[Application.CANDIDATE], place, row[moment], row[Application.REQUISITION], person)
        for row in rows
        for moment, place in _BY_APPLICATION.items()
        if row[moment]
    ]
    return rows, found


def _registrations(app: App, after: str) -> tuple[list[Record], list[_Outcome]]:
    person = {name: parent(Touchpoint.CANDIDATE, name) for name in _PERSON}
    fields = [Touchpoint.ID, Touchpoint.CANDIDATE, Touchpoint.REQUISITION, Touchpoint.AT, *person.values()]
    where = equals(Touchpoint.KIND, Touch.REGISTERED.value)
    where = both(where, compare(Touchpoint.ID, ">", after)) if after else where
    query = select(Touchpoint.API_NAME, fields, where=where, order_by=[Touchpoint.ID], limit=PAGE)
    rows = app.salesforce.query(query)
    found = [
        _outcome(row, row[Touchpoint.CANDIDATE], 0, row[Touchpoint.AT], row[Touchpoint.REQUISITION], person)
        for row in rows
        if row[Touchpoint.AT]
    ]
    return rows, found


def _outcome(
    row: Record, candidate: object, place: int, at: object, requisition: object, person: dict[str, str]
) -> _Outcome:
    collected = row[person[Candidate.COLLECTED_AT]]
    return _Outcome(
        str(candidate),
        place,
        datetime.fromisoformat(str(at)),
        str(requisition or ""),
        str(row[person[Candidate.FIRST_SOURCE]] or ""),
        datetime.fromisoformat(str(collected)) if collected else None,
    )


def _contacts(app: App, people: Sequence[str]) -> dict[str, list[_Contact]]:
    """What machines did is no touchpoint: a first click is written when it is settled that a person clicked."""
    channel = parent(Touchpoint.CAMPAIGN, RecruitingCampaign.CHANNEL)
    fields = (Touchpoint.CANDIDATE, Touchpoint.ID, Touchpoint.AT, Touchpoint.CHANNEL, Touchpoint.CAMPAIGN, channel)
    kinds = is_in(Touchpoint.KIND, [kind.value for kind in COUNTED])
    queries = [
        select(
            Touchpoint.API_NAME,
            fields,
            where=both(kinds, is_in(Touchpoint.CANDIDATE, people[start : start + _PEOPLE_A_QUERY])),
        )
        for start in range(0, len(people), _PEOPLE_A_QUERY)
    ]
    found: dict[str, list[_Contact]] = defaultdict(list)
    for rows in app.salesforce.together(queries, whole=True) if queries else []:
        for row in rows:
            if row[Touchpoint.AT]:
                touch = attribution.Touch(str(row[Touchpoint.ID]), datetime.fromisoformat(str(row[Touchpoint.AT])))
                source = str(row[Touchpoint.CHANNEL] or row[channel] or "")
                campaign = str(row[Touchpoint.CAMPAIGN] or "")
                found[str(row[Touchpoint.CANDIDATE])].append(_Contact(touch, source, campaign))
    return found
