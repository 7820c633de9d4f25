"""The public postings of a site, by `skip` and `limit`.

Pages that are counted shift when a posting goes while they are read. So each page begins with the last posting of the
one before: where that is another one, the list has moved and is read again from its beginning.
"""

import html
from collections.abc import Mapping
from urllib.parse import quote

from integration.adapters.ats.calls import Calls
from integration.adapters.ats.lever.api import moment
from integration.adapters.searches.answers import LONGEST_TEXT, Found, prose, records, word, words
from integration.errors import TryAgain
from integration.model import location
from integration.model.ats import AtsJob, JobPlace, Pay
from integration.model.ats_event import plain_stage
from integration.model.pace import Allowance
from integration.model.vocabulary import EmploymentType, SalaryUnit

ALLOWANCE = Allowance(per_minute=60, burst=5)
PER_PAGE = 100
_ATTEMPTS = 3
_REMOTE = {"remote": True, "hybrid": False, "on-site": False, "onsite": False}
_UNITS = {"hour": SalaryUnit.HOUR, "day": SalaryUnit.DAY, "week": SalaryUnit.WEEK, "month": SalaryUnit.MONTH}
_UNITS["year"] = SalaryUnit.YEAR
_COMMITMENTS = (
    ("intern", EmploymentType.INTERN),
    ("volunteer", EmploymentType.VOLUNTEER),
    ("part time", EmploymentType.PART_TIME),
    ("temp", EmploymentType.TEMPORARY),
    ("contract", EmploymentType.CONTRACTOR),
    ("freelance", EmploymentType.CONTRACTOR),
    ("full time", EmploymentType.FULL_TIME),
    ("permanent", EmploymentType.FULL_TIME),
)
"""Parts of the words that customers write; the first that fits."""


class Site:
    """One job site by its name, which is public."""

    def __init__(self, calls: Calls, url: str, name: str) -> None:
        self._calls, self.address = calls, f"{url}/{quote(name, safe='')}"

    def jobs(self) -> list[AtsJob]:
        for _ in range(_ATTEMPTS):
            rows = self._rows()
            if rows is not None:
                return [_job(row) for row in rows if word(row, "text")]
        raise TryAgain("Lever's postings changed each time they were read", seconds=60)

    def _rows(self) -> list[Found] | None:
        """Every posting; None when the list moved."""
        rows: list[Found] = []
        while True:
            page = self._page(max(0, len(rows) - 1))
            if rows:
                if not page or page[0]["id"] != rows[-1]["id"]:
                    return None
                page = page[1:]
            if not page:
                return rows
            rows += page
            if len({row["id"] for row in rows}) < len(rows):
                return None

    def _page(self, skip: int) -> list[Found]:
        params = {"mode": "json", "skip": str(skip), "limit": str(PER_PAGE)}
        page = self._calls.json(self._calls.ask(self.address, allowance=ALLOWANCE, kind="site", params=params))
        if not isinstance(page, list) or any(not isinstance(one, dict) or not word(one, "id") for one in page):
            raise self._calls.unknown_form("the list of postings")
        return page


def _job(found: Found) -> AtsJob:
    opened = moment(found, "createdAt")
    return AtsJob(
        id=word(found, "id"),
        title=word(found, "text"),
        description=_description(found),
        department=word(found, "categories", "department") or word(found, "categories", "team"),
        places=_places(found),
        is_remote=_REMOTE.get(word(found, "workplaceType").casefold()),
        employment_type=_employment(word(found, "categories", "commitment")),
        pay=_pay(found),
        opened_on=opened.date().isoformat() if opened else "",
        url=word(found, "hostedUrl"),
    )


def _description(found: Found) -> str:
    """Text, lists under their headings, closing words: as Lever's own page shows them."""
    parts = [prose(found, "description")]
    for one in records(found, "lists"):
        parts.append(f"<h3>{html.escape(word(one, 'text'))}</h3><ul>{prose(one, 'content')}</ul>")
    return "".join([*parts, prose(found, "additional")])[:LONGEST_TEXT]


def _places(found: Found) -> tuple[JobPlace, ...]:
    names = words(found, "categories", "allLocations") or (word(found, "categories", "location"),)
    places = [_place(name) for name in names if name and "remote" not in name.casefold()]
    country = word(found, "country")
    if country and len(places) == 1 and not places[0].country:
        places = [JobPlace(city=places[0].city, region=places[0].region, country=country)]
    if country and not places:
        places = [JobPlace(country=country)]
    return tuple(dict.fromkeys(places))


def _place(name: str) -> JobPlace:
    read = location.read(name)
    return JobPlace(city=read.city, region=read.region, country=read.country)


def _employment(commitment: str) -> EmploymentType | None:
    plain = plain_stage(commitment)
    return next((kind for part, kind in _COMMITMENTS if part in plain), None)


def _pay(found: Found) -> Pay | None:
    said = found.get("salaryRange")
    if not isinstance(said, Mapping):
        return None
    interval = word(said, "interval").split("-")  # per-year-salary, per-hour-wage
    unit = _UNITS.get(interval[1]) if interval[0] == "per" and len(interval) > 1 else None
    least, most = (_amount(said.get(name)) for name in ("min", "max"))
    currency = word(said, "currency")
    return Pay(currency, unit, least, most) if unit and currency and (least or most) else None


def _amount(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None
