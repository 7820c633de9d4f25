"""People Data Labs: person search (API v5). Every person in an answer is charged.

So a month has a hard cap, taken before a page is asked for; an answer that was paid for is kept for the day, so that a
search which runs again after a fault pays nothing twice; and the recruiter is told what was spent.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from integration.adapters.searches.answers import Found, envelope, items, number, prose, records, web, word, words
from integration.adapters.searches.edge import Answer, Edge
from integration.adapters.searches.turns import Unasked
from integration.errors import Rejected
from integration.model.countries import COUNTRIES
from integration.model.pace import Allowance
from integration.model.vocabulary import SearchSource
from integration.ports import Files, Hit, Translation

ENDPOINT = "https://api.peopledatalabs.com/v5"
KEPT = "sources/paid"
_PAGE = 100
_ALLOWED = Allowance(9)


class PeopleDataLabs:
    """ports.ProspectSource. `monthly_cap` is the most people that may be paid for in a calendar month."""

    def __init__(
        self, edge: Edge, kept: Files, *, endpoint: str = ENDPOINT, key: str = "", monthly_cap: int = 0
    ) -> None:
        self._edge, self._kept, self._endpoint = edge, kept, endpoint.rstrip("/")
        self._key, self._cap = key, monthly_cap
        self._paid = 0
        self._total_note = ""

    @property
    def notes(self) -> list[str]:
        month = self._edge.clock.now().strftime("%Y-%m")
        used = self._edge.turns.used(month)
        spent = f"People Data Labs charged {self._paid:,} people for this search; {used:,} of {self._cap:,} this month."
        return [note for note in (self._total_note, spent) if note]

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        if not self._key:
            raise Rejected(
                "People Data Labs needs a key. Ask the operator to put “people_data_labs” into the service's secret "
                "for searches, or leave this source out.",
                field="source",
            )
        wanted, token, found = _request(translation.query), "", 0
        while found < limit:
            size = min(_PAGE, limit - found)
            body = self._page({**wanted, "size": size, **({"scroll_token": token} if token else {})})
            listed = items("People Data Labs", body, "data")
            total = number(body, "total")
            if total > limit:
                self._total_note = f"People Data Labs has {total:,} people; the first {limit:,} were asked for."
            now = self._edge.clock.now().isoformat()
            for each in listed[:size]:
                if word(each, "id"):
                    yield hit_of(each, now)
                    found += 1
            following = body.get("scroll_token")
            if not isinstance(following, str) or not following or following == token or len(listed) < size:
                return
            token = following

    def _page(self, request: dict[str, Any]) -> Found:
        """One page, from what was paid for today or from the source."""
        now = self._edge.clock.now()
        digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        place = f"{KEPT}/{now.date()}/{digest}.json"
        kept = self._kept.read(place)
        if kept is not None:
            return envelope("People Data Labs", Answer(200, body=kept), key="")
        answer = self._paid_for(request, now)
        if answer.status == 404:  # what it says for nobody
            return {"data": []}
        body = envelope("People Data Labs", answer, key="people_data_labs")
        self._kept.write(place, answer.body, content_type="application/json")
        return body

    def _paid_for(self, request: dict[str, Any], now: datetime) -> Answer:
        month = now.strftime("%Y-%m")
        granted = self._edge.turns.spend(month, request["size"], self._cap)
        if not granted:
            raise Rejected(
                f"The {self._cap:,} people of People Data Labs that may be paid for this month are used up. Ask the "
                "operator to raise the cap, or wait for the next month.",
                field="source",
            )
        try:
            answer = self._edge.ask(
                f"{self._endpoint}/person/search",
                allowance=_ALLOWED,
                headers={"X-Api-Key": self._key},
                body={**request, "size": granted},
            )
        except Unasked:
            self._edge.turns.give_back(month, granted)
            raise  # any other fault may have been charged and stays counted
        charged = min(granted, _charged(answer))
        self._paid += charged
        self._edge.turns.give_back(month, granted - charged)
        return answer


def _request(query: str) -> dict[str, Any]:
    """A query in Elasticsearch's JSON, or a statement of SQL."""
    if query.lstrip()[:6].upper() == "SELECT":
        return {"sql": query.strip()}
    try:
        parsed = json.loads(query)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise Rejected("The query for People Data Labs is neither JSON nor SQL. Change the query.", field="query")
    return {"query": parsed.get("query", parsed)}


def _charged(answer: Answer) -> int:
    """People in the answer; an unreadable one counts in full, since it may have been charged."""
    if answer.status != 200:
        return 0
    try:
        return len(answer.json()["data"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return _PAGE


def hit_of(person: Found, seen_at: str) -> Hit:
    """One person. On small plans contact fields are only true or false: those are no addresses and are left out."""
    emails = (word(person, "work_email"), *words(person, "personal_emails"))
    emails += tuple(word(each, "address") for each in records(person, "emails"))
    phones = (word(person, "mobile_phone"), *words(person, "phone_numbers"))
    networks = [word(person, f"{name}_url") for name in ("linkedin", "github", "twitter", "facebook")]
    profiles = web(*(each if "://" in each else f"https://{each}" for each in networks if each))
    schools = [word(each, "school", "name").title() for each in records(person, "education")]
    return Hit(
        source=SearchSource.PEOPLE_DATA_LABS,
        source_id=word(person, "id"),
        url=next(iter(profiles), ""),
        full_name=word(person, "full_name").title(),
        first=word(person, "first_name").title(),
        last=word(person, "last_name").title(),
        title=word(person, "job_title"),
        employer=word(person, "job_company_name"),
        location=word(person, "location_name"),
        country=COUNTRIES.get(word(person, "location_country").casefold(), ""),
        emails=tuple(dict.fromkeys(each for each in emails if "@" in each)),
        phones=tuple(dict.fromkeys(each for each in phones if each)),
        profiles=profiles,
        skills=words(person, "skills"),
        text="\n".join(part for part in (prose(person, "summary"), word(person, "industry"), *schools) if part),
        seen_at=seen_at,
    )
