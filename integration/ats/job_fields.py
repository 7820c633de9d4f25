"""A job of an ATS in the fields of a requisition and of its places."""

from __future__ import annotations

from integration.model.ats import AtsJob, JobPlace
from integration.model.countries import COUNTRIES
from integration.ports import Value
from integration.records import JobLocation, JobRequisition

LONGEST_TITLE = 255
LONGEST_DESCRIPTION = 32_000
LONGEST = {
    JobLocation.STREET: 255,
    JobLocation.CITY: 120,
    JobLocation.REGION: 120,
    JobLocation.POSTAL_CODE: 20,
    JobLocation.COUNTRY: 2,
}
_CODES = frozenset(COUNTRIES.values())


def fields(job: AtsJob) -> dict[str, Value]:
    """Field of the requisition -> value; what the ATS does not say is not in it."""
    found: dict[str, Value] = {
        JobRequisition.TITLE: job.title[:LONGEST_TITLE],
        JobRequisition.DESCRIPTION: job.description[:LONGEST_DESCRIPTION],
        JobRequisition.DEPARTMENT: job.department,
        JobRequisition.COMPANY: job.company,
        JobRequisition.REMOTE: job.is_remote,
        JobRequisition.EMPLOYMENT_TYPE: job.employment_type.value if job.employment_type else "",
        JobRequisition.VALID_THROUGH: job.valid_through,
        JobRequisition.OPENED_ON: job.opened_on,
    }
    if job.pay and not (job.pay.least and job.pay.most and job.pay.most < job.pay.least):
        found |= {
            JobRequisition.SALARY_MIN: job.pay.least,
            JobRequisition.SALARY_MAX: job.pay.most,
            JobRequisition.SALARY_CURRENCY: job.pay.currency.upper(),
            JobRequisition.SALARY_UNIT: job.pay.unit.value,
        }
    if job.valid_through and job.opened_on and job.valid_through < job.opened_on:
        del found[JobRequisition.OPENED_ON]
    return {name: value for name, value in found.items() if value not in ("", None)}


def place_values(place: JobPlace) -> dict[str, Value]:
    """Field of the place -> value; a country that is no country we know stays with the region."""
    code = place.country.upper() if place.country.upper() in _CODES else COUNTRIES.get(place.country.casefold(), "")
    region = place.region or ("" if code else place.country)
    found: dict[str, str] = {
        JobLocation.STREET: place.street,
        JobLocation.CITY: place.city,
        JobLocation.REGION: region,
        JobLocation.POSTAL_CODE: place.postal_code,
        JobLocation.COUNTRY: code,
    }
    return {name: value[: LONGEST[name]] for name, value in found.items() if value}
