"""Google's rules for dates, places, salary and the rest of the markup."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from integration.model.posting import EMPLOYMENT_TYPES, SALARY_UNITS, Finding

_WILL_NOT = "Will not show in Google for Jobs because "
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+|https?://[^\s/]+")
_CREDENTIALS = (
    "high school", "associate degree", "bachelor degree", "professional certificate", "postgraduate degree",
)  # fmt: skip


def date_findings(posting: Mapping[str, Any], today: date) -> Iterator[Finding]:
    posted = _moment(posting.get("datePosted"))
    if not posting.get("datePosted"):
        yield Finding("Opened on", f"{_WILL_NOT}it has no date of posting. Enter “Opened on”.", True)
    elif posted is None:
        yield Finding("Opened on", f"{_WILL_NOT}its date of posting is not ISO 8601 (2026-03-31).", True)
    elif posted.date() > today + timedelta(days=1):
        yield Finding("Opened on", f"{_WILL_NOT}its date of posting lies in the future.", True)
    if not posting.get("validThrough"):
        return
    through = _moment(posting["validThrough"])
    if through is None:
        yield Finding("Valid through", f"{_WILL_NOT}“valid through” is not ISO 8601 (2026-03-31).", True)
    elif through.date() < today:
        text = f"it expired on {through.date().isoformat()}. Enter a later day or close the job."
        yield Finding("Valid through", f"{_WILL_NOT}{text}", True)
    elif posted is not None and through < posted:
        yield Finding("Valid through", f"{_WILL_NOT}it expires before it is posted.", True)


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def place_findings(posting: Mapping[str, Any]) -> Iterator[Finding]:
    kind = posting.get("jobLocationType")
    places = _listed(posting.get("jobLocation"))
    allowed = [each for each in _listed(posting.get("applicantLocationRequirements")) if _named(each)]
    if kind not in (None, "TELECOMMUTE"):
        yield Finding("Remote", f"Google does not know the kind of place “{kind}”. Only TELECOMMUTE is one.")
    if not places and kind != "TELECOMMUTE":
        yield Finding("Locations", f"{_WILL_NOT}it has no location. Add one, or tick Remote.", True)
    if not places and kind == "TELECOMMUTE" and not allowed:
        text = "it is remote and names no country in which people may work. Add a location with its country."
        yield Finding("Locations", f"{_WILL_NOT}{text}", True)
    for place in places:
        yield from _address(place.get("address") if isinstance(place, dict) else None)


def _address(address: object) -> Iterator[Finding]:
    if not isinstance(address, dict):
        yield Finding("Locations", f"{_WILL_NOT}a location has no address.", True)
        return
    country = address.get("addressCountry")
    country = country.get("name") if isinstance(country, dict) else country
    name = str(address.get("addressLocality") or "without a city")
    if not country:
        yield Finding("Country", f"{_WILL_NOT}the location {name} has no country. Enter its code, such as IE.", True)
    elif not re.fullmatch(r"[A-Z]{2}", str(country)):
        yield Finding("Country", f"The location {name} has the country “{country}”. Google asks for two letters: IE.")
    if not address.get("addressLocality"):
        yield Finding("City", "A location has no city. Google finds such a job less often: enter the city.")
    if not (address.get("addressRegion") or address.get("postalCode") or address.get("streetAddress")):
        text = f"The location {name} has neither region, postal code nor street. Google asks for all that is known."
        yield Finding("Locations", text)


def salary_findings(posting: Mapping[str, Any]) -> Iterator[Finding]:
    salary = posting.get("baseSalary")
    if not salary:
        yield Finding("Salary", "Google shows no salary, because there is none with amount, currency and unit.")
        return
    value = salary.get("value") if isinstance(salary, dict) else None
    if not isinstance(value, dict):
        yield Finding("Salary", "Google cannot read the salary: it needs a currency and a value with a unit.")
        return
    if not re.fullmatch(r"[A-Z]{3}", str(salary.get("currency") or "")):
        yield Finding("Salary currency", "Google cannot read the salary: the currency is no code of three letters.")
    if value.get("unitText") not in SALARY_UNITS:
        yield Finding("Salary unit", f"Google cannot read the salary: it is per none of {', '.join(SALARY_UNITS)}.")
    amounts = [value[name] for name in ("value", "minValue", "maxValue") if name in value]
    if not amounts or not all(isinstance(each, int | float) and each > 0 for each in amounts):
        yield Finding("Salary", "Google cannot read the salary: an amount is missing or not above zero.")
    elif value.get("minValue", 0) > value.get("maxValue", float("inf")):
        yield Finding("Salary", "Google cannot read the salary: the least is above the most.")


def rest_findings(posting: Mapping[str, Any]) -> Iterator[Finding]:
    company = posting.get("hiringOrganization")
    name = company.get("name") if isinstance(company, dict) else company
    if not str(name or "").strip():
        yield Finding("Company", f"{_WILL_NOT}it names no employer. Enter the company.", True)
    for link in ("sameAs", "logo"):
        address = company.get(link) if isinstance(company, dict) else None
        if address and not (isinstance(address, str) and _WEB.fullmatch(address)):
            yield Finding("Company", f"Google cannot use the employer's {link}: it is no web address.")
    kinds = _listed(posting.get("employmentType"))
    if not kinds:
        yield Finding("Employment type", "No employment type is given. People filter by it: choose one.")
    for kind in kinds:
        if kind not in EMPLOYMENT_TYPES:
            yield Finding("Employment type", f"“{kind}” is no employment type that Google knows.")
    identifier = posting.get("identifier")
    if not (isinstance(identifier, dict) and identifier.get("value")) and not isinstance(identifier, str):
        yield Finding("Identifier", "Google asks for the employer's own number of the job.")
    if "directApply" in posting and not isinstance(posting["directApply"], bool):
        yield Finding("Apply", "Google reads “directApply” only as true or false.")
    if (url := posting.get("url")) and re.search(r"[?&](utm_|wb=|src=|gh_src|source=)", str(url)):
        yield Finding("Address", "The job's address carries tracking. Google asks for the clean one.")
    yield from _beta(posting)


def _beta(posting: Mapping[str, Any]) -> Iterator[Finding]:
    education = posting.get("educationRequirements")
    if isinstance(education, dict) and education.get("credentialCategory") not in _CREDENTIALS:
        yield Finding("Education", f"Google knows only these degrees: {', '.join(_CREDENTIALS)}.")
    experience = posting.get("experienceRequirements")
    months = experience.get("monthsOfExperience") if isinstance(experience, dict) else None
    if isinstance(experience, dict) and not (isinstance(months, int | float) and months > 0):
        yield Finding("Experience", "Google reads experience only as a number of months above zero.")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _named(value: Any) -> bool:
    return bool(value.get("name")) if isinstance(value, dict) else bool(value)
