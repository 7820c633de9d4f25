"""Results per person for one flush: held small, made into rows of the org when they are written."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from integration import soql
from integration.model.ledger import ledger_pk
from integration.model.vocabulary import Touch
from integration.ports import Value, Write
from integration.records import CampaignEnrollment, Candidate, Touchpoint

if TYPE_CHECKING:
    from integration.app import App

UNWRITTEN: dict[str, Any] = {"counts": {"unwritten": 1}, "first_click_at": "", "last_human_at": ""}
"""Stored for somebody whose row the org did not take: the next fold finds another result, and writes it."""
_SIGNALS = ("human_opens", "human_clicks", "bounced", "complained", "unsubscribed", "unwritten")
_KEYS_A_QUERY = 200
"""So that the address of the query stays well below the platform's 16 KB."""
_ROWS_A_LOOK = 2_000
_NAMES = ("sent", "human_opens", "human_clicks", "machine_events")


class Person(NamedTuple):
    """What one person did with one campaign, and where it is kept."""

    campaign: str
    shard: str
    key: str
    id: str
    counts: tuple[int, ...]
    first_click_at: str
    last_human_at: str


class Rows(Sequence[Mapping[str, Value]]):
    """Rows that are made when they are asked for: of a million, one stands in memory at a time."""

    def __init__(self, people: Sequence[Person], make: Callable[[Person], dict[str, Value]]) -> None:
        self._people = people
        self._make = make

    def __len__(self) -> int:
        return len(self._people)

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        return map(self._make, self._people)

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Value]: ...
    @overload
    def __getitem__(self, place: slice) -> list[Mapping[str, Value]]: ...
    def __getitem__(self, place: int | slice) -> Mapping[str, Value] | list[Mapping[str, Value]]:
        if isinstance(place, slice):
            return list(map(self._make, self._people[place]))
        return self._make(self._people[place])


class People:
    """Those of whom there is something to say, of any number of campaigns."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self.undone: list[str] = []
        """Keys of first clicks that a later verdict gives to a machine."""
        self._clicked: list[Person] = []
        self._engaged: dict[str, Person] = {}

    def __len__(self) -> int:
        return len(self.all)

    def take(self, app: "App", campaign: str, shard: str, found: Mapping[str, Any], former: Mapping[str, Any]) -> None:
        """The people of one shard whose results changed: with a human signal or a problem, now or before."""
        telling = {
            key: now
            for key, now in found["people"].items()
            if now != former.get(key) and (_tells(now) or _tells(former.get(key)))
        }
        ids = _ids(app, campaign, telling.keys(), found["rows"])
        for key, now in telling.items():
            if key in ids:
                counts = tuple(int(now["counts"].get(name, 0)) for name in _NAMES)
                person = Person(campaign, shard, key, ids[key], counts, now["first_click_at"], now["last_human_at"])
                self._take(person, former.get(key) or {})

    def _take(self, person: Person, before: Mapping[str, Any]) -> None:
        self.all.append(person)
        first = before.get("first_click_at", "")
        if person.first_click_at and person.first_click_at != first:
            self._clicked.append(person)
        elif first and not person.first_click_at:
            self.undone.append(click_key(person))
        if person.last_human_at and person.last_human_at != before.get("last_human_at", ""):
            known = self._engaged.get(person.id)  # one row a record, whatever the number of campaigns
            if known is None or known.last_human_at < person.last_human_at:
                self._engaged[person.id] = person

    def forget_older(self, app: "App") -> None:
        """Leaves out whose record knows of a later sign of life already: another campaign may have been told first.

        Of very many nobody is asked: a million events are told in fifteen calls, and few of them come late.
        """
        ids = sorted(self._engaged)
        if not 0 < len(ids) <= _ROWS_A_LOOK:
            return
        fields = [Candidate.ID, Candidate.LAST_ENGAGED_AT]
        wheres = [soql.is_in(Candidate.ID, ids[at : at + _KEYS_A_QUERY]) for at in range(0, len(ids), _KEYS_A_QUERY)]
        pages = app.salesforce.together([soql.select(Candidate.API_NAME, fields, where=one) for one in wheres])
        rows = (row for page in pages for row in page)
        for row in rows:
            known, ours = row[Candidate.LAST_ENGAGED_AT], self._engaged.get(str(row[Candidate.ID]))
            if known and ours and datetime.fromisoformat(str(known)) >= datetime.fromisoformat(ours.last_human_at):
                del self._engaged[ours.id]

    def writes(self) -> list[tuple[Write, Sequence[Person]]]:
        """Rows with those whose they are: results, first clicks, and when they were last heard of."""
        engaged = list(self._engaged.values())
        return [
            (Write(CampaignEnrollment.API_NAME, Rows(self.all, _enrollment), CampaignEnrollment.KEY), self.all),
            (Write(Touchpoint.API_NAME, Rows(self._clicked, _touch), Touchpoint.KEY), self._clicked),
            (Write(Candidate.API_NAME, Rows(engaged, _last_engaged)), engaged),
        ]


def click_key(person: Person) -> str:
    """Touchpoint__c.Key__c of a first click."""
    return f"click|{person.campaign}|{person.id}"


def candidate_ids(app: "App", keys: Sequence[str]) -> dict[str, str]:
    """Candidate key -> record id, for those that still exist."""
    found = {}
    for start in range(0, len(keys), _KEYS_A_QUERY):
        where = soql.is_in(Candidate.CANDIDATE_KEY, keys[start : start + _KEYS_A_QUERY])
        rows = app.salesforce.query(
            soql.select(Candidate.API_NAME, [Candidate.ID, Candidate.CANDIDATE_KEY], where=where)
        )
        found.update({str(row[Candidate.CANDIDATE_KEY]): str(row[Candidate.ID]) for row in rows})
    return found


def _ids(app: "App", campaign: str, keys: Collection[str], mails: Sequence[str]) -> dict[str, str]:
    """Record ids as the ledger noted them when it mailed; the org is asked only for those that it does not know."""
    found: dict[str, str] = {}
    parts = (mail.split("|") for mail in mails)
    places = [(ledger_pk(campaign, step, version, key), key) for key, step, version in parts if key in keys]
    for start in range(0, len(places), _ROWS_A_LOOK):
        for (_, key), row in app.sends.get_many(places[start : start + _ROWS_A_LOOK]).items():
            if row.get("candidate_id"):
                found[key] = str(row["candidate_id"])
    return found | candidate_ids(app, [key for key in keys if key not in found])


def _tells(person: Mapping[str, Any] | None) -> bool:
    return person is not None and any(person["counts"].get(name) for name in _SIGNALS)


def _enrollment(person: Person) -> dict[str, Value]:
    sent, opens, clicks, machine = person.counts
    return {
        CampaignEnrollment.KEY: f"{person.campaign}|{person.id}",
        CampaignEnrollment.CAMPAIGN: person.campaign,
        CampaignEnrollment.CANDIDATE: person.id,
        CampaignEnrollment.SENT: sent,
        CampaignEnrollment.HUMAN_OPENS: opens,
        CampaignEnrollment.HUMAN_CLICKS: clicks,
        CampaignEnrollment.MACHINE_EVENTS: machine,
    }


def _touch(person: Person) -> dict[str, Value]:
    return {
        Touchpoint.KEY: click_key(person),
        Touchpoint.CANDIDATE: person.id,
        Touchpoint.KIND: Touch.FIRST_CLICK,
        Touchpoint.AT: person.first_click_at,
        Touchpoint.CAMPAIGN: person.campaign,
    }


def _last_engaged(person: Person) -> dict[str, Value]:
    return {Candidate.ID: person.id, Candidate.LAST_ENGAGED_AT: person.last_human_at}
