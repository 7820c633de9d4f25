"""A job as the outside sees it: its rules for search engines and boards, and schema.org's JobPosting.

The rules are Google's for job postings (https://developers.google.com/search/docs/appearance/structured-data/job-posting)
where the boards ask for less.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

EMPLOYMENT_TYPES = (
    "FULL_TIME",
    "PART_TIME",
    "CONTRACTOR",
    "TEMPORARY",
    "INTERN",
    "VOLUNTEER",
    "PER_DIEM",
    "OTHER",
)
SALARY_UNITS = ("HOUR", "DAY", "WEEK", "MONTH", "YEAR")
LONGEST_TITLE = 150

_TAG = re.compile(r"<[^>]*>")
_NOT_WORD = re.compile(r"[^A-Z]+")


@dataclass(frozen=True)
class Place:
    """Where a job is done."""

    id: str
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    """ISO 3166, two letters."""
    street: str = ""

    @property
    def text(self) -> str:
        """`Cork, Munster, IE`; a region that repeats the city is left out."""
        region = "" if self.region == self.city else self.region
        return ", ".join(part for part in (self.city, region, self.country) if part)


@dataclass(frozen=True)
class Job:
    """What a requisition says to the outside. `description` is HTML that was cleaned already."""

    requisition: str
    title: str
    description: str
    company: str
    department: str = ""
    remote: bool = False
    employment_type: str = ""
    salary_min: float | None = None
    salary_max: float | None = None
    salary_currency: str = ""
    salary_unit: str = ""
    posted_on: date | None = None
    valid_through: date | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing to put right. A finding that `blocks` keeps the posting from going out."""

    field: str
    message: str
    blocks: bool = False


def reference_of(posting_id: str) -> str:
    """A posting's public reference: made from its record id once and for all, so that no edit can change it."""
    return "j" + base64.b32encode(hashlib.sha256(posting_id.encode()).digest()[:7]).decode().rstrip("=").lower()


def code_of(record_id: str) -> str:
    """The short link's code of a channel or campaign, made as a posting's reference and never equal to one."""
    return "s" + reference_of(record_id)[1:]


def reference_at(reference: str, place: Place | None) -> str:
    """The reference of one location of a posting, made from the location's own id: adding one changes no other."""
    if place is None:
        return reference
    return reference + "-" + base64.b32encode(hashlib.sha256(place.id.encode()).digest()[:5]).decode().lower()


def plain(text: str) -> str:
    """The words of an HTML text."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def employment_type(word: str) -> str:
    """`Full time`, `full-time` -> `FULL_TIME`; empty when it is none of Google's."""
    code = _NOT_WORD.sub("_", word.strip().upper()).strip("_")
    code = {"CONTRACT": "CONTRACTOR", "INTERNSHIP": "INTERN"}.get(code, code)
    return code if code in EMPLOYMENT_TYPES else ""


def employment_words(word: str) -> str:
    """`FULL_TIME` -> `Full-time`; what is no code stays as it was written."""
    code = employment_type(word)
    words = {"FULL_TIME": "Full-time", "PART_TIME": "Part-time", "PER_DIEM": "Per diem", "OTHER": ""}
    return words.get(code, code.capitalize()) if code else word


def salary_unit(word: str) -> str:
    """`Year`, `per year`, `yearly` -> `YEAR`; empty when unknown."""
    upper = word.upper()
    return next((unit for unit in SALARY_UNITS if unit in upper or (unit == "DAY" and "DAILY" in upper)), "")


def salary_text(job: Job) -> str:
    """`EUR 60,000 to 75,000 a year`, or empty."""
    amounts = [f"{amount:,.2f}".removesuffix(".00") for amount in salary_amounts(job)]
    if not amounts or not job.salary_currency:
        return ""
    unit = salary_unit(job.salary_unit)
    every = f" {'an' if unit == 'HOUR' else 'a'} {unit.lower()}" if unit else ""
    return f"{job.salary_currency} {' to '.join(dict.fromkeys(amounts))}{every}"


def salary_amounts(job: Job) -> list[float]:
    """The least and the most, or the one that is known."""
    return [amount for amount in (job.salary_min, job.salary_max) if amount is not None]


def findings(job: Job, today: date) -> list[Finding]:
    """What keeps a job from going out at all, in words a recruiter can act on; advice stands in `google_jobs`."""
    return [*_title(job), *_description(job), *_places(job), *_salary(job), *_dates(job, today), *_company(job)]


def _title(job: Job) -> Iterator[Finding]:
    if not job.title.strip():
        yield Finding("Title", "The title is empty. Write the job's name, as candidates would search for it.", True)


def _description(job: Job) -> Iterator[Finding]:
    words = plain(job.description)
    if not words:
        yield Finding("Description", "The description is empty. Write duties, requirements and hours.", True)
    elif words.casefold() == job.title.strip().casefold():
        yield Finding("Description", "The description only repeats the title. Write duties and requirements.", True)


def _places(job: Job) -> Iterator[Finding]:
    if not job.places:
        remedy = (
            "Add a location with the country in which people may work."
            if job.remote
            else "Add a location, or tick Remote for a job that is done wholly from home."
        )
        yield Finding("Locations", f"The job has no location. {remedy}", True)
    for place in job.places:
        name = place.text or "without a city"
        if not place.country:
            yield Finding("Country", f"The location {name} has no country. Enter its code, such as IE.", True)
        elif not (len(place.country) == 2 and place.country.isalpha() and place.country.isupper()):
            yield Finding(
                "Country",
                f"The location {name} has the country “{place.country}”. Enter the two-letter code, such as IE.",
                True,
            )
        if not job.remote and not place.city:
            yield Finding("City", f"A location in {place.country or 'no country'} has no city. Enter the city.", True)


def _salary(job: Job) -> Iterator[Finding]:
    amounts = salary_amounts(job)
    if any(amount < 0 for amount in amounts):
        yield Finding("Salary", "The salary is below zero. Correct it.", True)
    if len(amounts) == 2 and amounts[0] > amounts[1]:
        text = f"The least salary ({amounts[0]:,.0f}) is above the most ({amounts[1]:,.0f}). Exchange them."
        yield Finding("Salary", text, True)


def _dates(job: Job, today: date) -> Iterator[Finding]:
    if job.valid_through is not None and job.valid_through < today:
        yield Finding(
            "Valid through",
            f"Valid through {job.valid_through.isoformat()} has passed. Enter a later day or close the job.",
            True,
        )
    if job.posted_on is not None and job.posted_on > today + timedelta(days=1):
        text = f"Opened on {job.posted_on.isoformat()} lies in the future. Enter the true day."
        yield Finding("Opened on", text, True)


def _company(job: Job) -> Iterator[Finding]:
    if not job.company.strip():
        yield Finding("Company", "The company is empty. Enter the employer's name as candidates know it.", True)


def json_ld(job: Job, *, url: str, identifier: str) -> dict[str, Any]:
    """The schema.org JobPosting of a job page. Nothing is guessed: what is unknown is left out."""
    posting: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": job.title.strip(),
        "description": job.description,
        "identifier": {"@type": "PropertyValue", "name": job.company, "value": identifier},
        "hiringOrganization": {"@type": "Organization", "name": job.company},
        "url": url,
        "directApply": True,
    }
    if job.posted_on is not None:
        posting["datePosted"] = job.posted_on.isoformat()
    if job.valid_through is not None:
        posting["validThrough"] = f"{job.valid_through.isoformat()}T23:59:59Z"  # the whole last day counts
    if kind := employment_type(job.employment_type):
        posting["employmentType"] = kind
    if salary := _base_salary(job):
        posting["baseSalary"] = salary
    return posting | _where(job)


def _where(job: Job) -> dict[str, Any]:
    if not job.remote:
        return {"jobLocation": [_location(place) for place in job.places]}
    countries = dict.fromkeys(place.country for place in job.places)
    return {
        "jobLocationType": "TELECOMMUTE",
        "applicantLocationRequirements": [{"@type": "Country", "name": country} for country in countries],
    }


def _location(place: Place) -> dict[str, Any]:
    parts = {
        "streetAddress": place.street,
        "addressLocality": place.city,
        "addressRegion": place.region,
        "postalCode": place.postal_code,
        "addressCountry": place.country,
    }
    address = {"@type": "PostalAddress", **{name: value for name, value in parts.items() if value}}
    return {"@type": "Place", "address": address}


def _base_salary(job: Job) -> dict[str, Any]:
    amounts = salary_amounts(job)
    unit = salary_unit(job.salary_unit)
    if not amounts or not unit or not re.fullmatch(r"[A-Z]{3}", job.salary_currency):
        return {}
    value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": unit}
    if len(set(amounts)) == 1:
        value["value"] = amounts[0]
    else:
        value |= {"minValue": amounts[0], "maxValue": amounts[1]}
    return {"@type": "MonetaryAmount", "currency": job.salary_currency, "value": value}


def script(data: dict[str, Any]) -> str:
    """JSON that is safe inside <script>: no `<`, `>` or `&` stands in it, nor a line break JavaScript knows alone."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
