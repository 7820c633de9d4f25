"""The public job board: every posting in one answer. It names postings; with a key `job.list` tells their jobs."""

from collections.abc import Mapping
from urllib.parse import quote

from integration.adapters.ats.ashby.api import Api
from integration.adapters.ats.calls import Calls
from integration.adapters.searches.answers import Found, prose, records, word, words
from integration.errors import TryAgain
from integration.model import location
from integration.model.ats import AtsJob, JobPlace, Pay
from integration.model.pace import Allowance
from integration.model.vocabulary import EmploymentType, SalaryUnit

ALLOWANCE = Allowance(per_minute=60, burst=5)
_EMPLOYMENT = {
    "FullTime": EmploymentType.FULL_TIME,
    "PartTime": EmploymentType.PART_TIME,
    "Intern": EmploymentType.INTERN,
    "Contract": EmploymentType.CONTRACTOR,
    "Temporary": EmploymentType.TEMPORARY,
}
_UNITS = {
    "1 HOUR": SalaryUnit.HOUR,
    "1 DAY": SalaryUnit.DAY,
    "1 WEEK": SalaryUnit.WEEK,
    "1 MONTH": SalaryUnit.MONTH,
    "1 YEAR": SalaryUnit.YEAR,
}
_AT_HOME = {"Remote": True, "Hybrid": False, "OnSite": False}


class Board:
    """One job board by its name, which is public."""

    def __init__(self, calls: Calls, url: str, name: str, api: Api | None) -> None:
        self._calls, self._url, self._api = calls, f"{url}/{quote(name, safe='')}", api

    def jobs(self) -> list[AtsJob]:
        params = {"includeCompensation": "true"}
        body = self._calls.json(self._calls.ask(self._url, allowance=ALLOWANCE, kind="board", params=params))
        found = body.get("jobs") if isinstance(body, dict) else None
        if not isinstance(found, list) or any(not isinstance(one, dict) or not word(one, "id") for one in found):
            raise self._calls.unknown_form("“jobs”")
        listed = [one for one in found if one.get("isListed") is not False and word(one, "title")]
        numbers = self._job_numbers() if listed else {}
        jobs: dict[str, AtsJob] = {}
        for one in listed:
            job = _job(one, numbers)
            if job is None:
                raise TryAgain(
                    f"Ashby's board shows “{word(one, 'title')}”, which is in no job that our key may see",
                    seconds=300,
                )
            # Of several postings of one job the first stands for it.
            jobs.setdefault(job.id, job)
        return list(jobs.values())

    def _job_numbers(self) -> dict[str, str] | None:
        """Posting -> the job by which applications name it; None without a key."""
        if self._api is None:
            return None
        pages = self._api.pages("job.list")
        return {
            posting: word(row, "id") for rows, _ in pages for row in rows for posting in words(row, "jobPostingIds")
        }


def _job(found: Found, numbers: Mapping[str, str] | None) -> AtsJob | None:
    posting = word(found, "id")
    number = posting if numbers is None else numbers.get(posting)
    if not number:
        return None
    return AtsJob(
        id=number,
        posting=posting,
        title=word(found, "title"),
        description=prose(found, "descriptionHtml"),
        department=word(found, "department") or word(found, "team"),
        places=_places(found),
        is_remote=_is_remote(found),
        employment_type=_EMPLOYMENT.get(word(found, "employmentType")),
        pay=_pay(found),
        opened_on=word(found, "publishedAt")[:10],
        url=word(found, "jobUrl"),
    )


def _is_remote(found: Found) -> bool | None:
    """`isRemote` is also true of hybrid work, so the type of the workplace goes first."""
    said = found.get("isRemote")
    return _AT_HOME.get(word(found, "workplaceType"), said if isinstance(said, bool) else None)


def _places(found: Found) -> tuple[JobPlace, ...]:
    every = [_place(found), *(_place(one) for one in records(found, "secondaryLocations"))]
    return tuple(dict.fromkeys(one for one in every if one is not None))


def _place(found: Found) -> JobPlace | None:
    """The postal address, which stands one level deeper for the first place than for the others; else the name."""
    address = found.get("address")
    if isinstance(address, dict) and isinstance(address.get("postalAddress"), dict):
        address = address["postalAddress"]
    place = JobPlace(
        city=word(address, "addressLocality"),
        region=word(address, "addressRegion"),
        country=word(address, "addressCountry"),
        street=word(address, "streetAddress"),
        postal_code=word(address, "postalCode"),
    )
    if place != JobPlace():
        return place
    name = word(found, "location")
    if not name or "remote" in name.casefold():
        return None
    read = location.read(name)
    return JobPlace(city=read.city, region=read.region, country=read.country)


def _pay(found: Found) -> Pay | None:
    if found.get("shouldDisplayCompensationOnJobPostings") is False:
        return None
    tiers = records(found, "compensation", "compensationTiers")
    components = [*records(found, "compensation", "summaryComponents")]
    components += [part for tier in tiers for part in records(tier, "components")]
    for one in components:
        unit, currency = _UNITS.get(word(one, "interval")), word(one, "currencyCode")
        least, most = _amount(one, "minValue"), _amount(one, "maxValue")
        if word(one, "compensationType") == "Salary" and unit and currency and (least or most):
            return Pay(currency, unit, least, most)
    return None


def _amount(found: Found, name: str) -> float | None:
    value = found.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None
