"""The Job Board API: the public list of open jobs, in one answer."""

import html
from collections.abc import Mapping
from typing import Any

from integration.adapters.ats.calls import Calls
from integration.adapters.searches.answers import number, prose, records, word
from integration.errors import TryAgain
from integration.model import location
from integration.model.ats import AtsJob, JobPlace, Pay
from integration.model.pace import Allowance
from integration.model.vocabulary import SalaryUnit

ALLOWANCE = Allowance(per_minute=60, burst=5)


class Board:
    """One job board; its token is public."""

    def __init__(self, calls: Calls, url: str, token: str) -> None:
        self._calls = calls
        self.address = f"{url}/{token}"

    def jobs(self) -> list[AtsJob]:
        params = {"content": "true", "pay_transparency": "true"}
        answer = self._calls.ask(f"{self.address}/jobs", allowance=ALLOWANCE, kind="board", params=params)
        body = self._calls.json(answer)
        found = body.get("jobs") if isinstance(body, dict) else None
        if not isinstance(found, list) or any(not isinstance(one, dict) for one in found):
            raise self._calls.unknown_form("“jobs”")
        if (total := number(body, "meta", "total")) != len(found):
            raise TryAgain(f"Greenhouse sent {len(found)} of {total} jobs", seconds=60)
        jobs: dict[str, AtsJob] = {}
        for one in found:
            job = _job(one)
            # A prospect post belongs to no job; of several posts of one job the first stands for it.
            if job.id and job.title:
                jobs.setdefault(job.id, job)
        return list(jobs.values())


def _job(found: Mapping[str, Any]) -> AtsJob:
    place = word(found, "location", "name")
    departments = records(found, "departments")
    return AtsJob(
        id=_id(found, "internal_job_id"),
        posting=_id(found, "id"),
        title=word(found, "title"),
        description=unescaped(prose(found, "content")),
        department=word(departments[0], "name") if departments else "",
        places=_places(found, place),
        is_remote=True if "remote" in place.casefold() else None,
        pay=_pay(found),
        opened_on=word(found, "first_published")[:10],
        url=word(found, "absolute_url"),
    )


def unescaped(content: str) -> str:
    """HTML out of the API's text, which is escaped once or twice."""
    text = html.unescape(content)
    return html.unescape(text) if "<" not in text and "&lt;" in text else text


def _places(found: Mapping[str, Any], place: str) -> tuple[JobPlace, ...]:
    """The post's own location; where it says nothing but remote, its offices'."""
    if place and "remote" not in place.casefold():
        return (place_of(place),)
    offices = (word(office, "location") or word(office, "name") for office in records(found, "offices"))
    return tuple(place_of(text) for text in offices if text)


def place_of(text: str) -> JobPlace:
    """A place of the board's free text; what cannot be told apart stands in the city."""
    read = location.read(text)
    return JobPlace(city=read.city, region=read.region, country=read.country)


def _pay(found: Mapping[str, Any]) -> Pay | None:
    for one in records(found, "pay_input_ranges"):
        least, most = number(one, "min_cents") / 100, number(one, "max_cents") / 100
        currency = word(one, "currency_type")
        if currency and (least or most):
            # The range carries no unit; below a thousand it cannot be a year's.
            unit = SalaryUnit.YEAR if max(least, most) >= 1_000 else SalaryUnit.HOUR
            return Pay(currency, unit, least or None, most or None)
    return None


def _id(found: Mapping[str, Any], name: str) -> str:
    return str(number(found, name) or "")
