"""Jobs as entries of feeds: one for each place, with what only the channel knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integration.model.feed import Entry, literal
from integration.model.posting import (
    Job,
    Place,
    employment_type,
    reference_at,
    salary_amounts,
    salary_text,
    salary_unit,
)
from integration.ports import Record
from integration.records import Channel, JobPosting

FIELDS = (Channel.ACCOUNT, Channel.CONTACT_EMAIL)


@dataclass(frozen=True)
class Terms:
    """What every entry of a channel carries."""

    base_url: str
    account: str = ""
    contact: str = ""

    @classmethod
    def of(cls, channel: Record, base_url: str) -> Terms:
        return cls(base_url, *(str(channel[name] or "").strip() for name in FIELDS))


def entries_of(job: Job, row: Record, terms: Terms) -> Iterator[Entry]:
    """One entry for each place; a posting that names its place itself is one entry under its own reference."""
    reference = str(row[JobPosting.REFERENCE])
    description = literal(job.description)
    for place in job.places:
        own = reference if row[JobPosting.LOCATION] else reference_at(reference, place)
        yield _entry(job, place, own, description, str(row[JobPosting.TRACKED_URL]), reference, terms)


def _entry(job: Job, place: Place, reference: str, description: str, url: str, page: str, terms: Terms) -> Entry:
    unit = salary_unit(job.salary_unit)
    # Boards want the amounts with currency and unit, or nothing.
    amounts = salary_amounts(job) if unit and job.salary_currency else []
    return Entry(
        title=job.title,
        date=job.posted_on.isoformat() if job.posted_on else "",
        reference=reference,
        requisition=job.requisition,
        url=url,
        company=job.company,
        street=place.street,
        city=place.city,
        region=place.region,
        country=place.country,
        postal_code=place.postal_code,
        description=description,
        salary=salary_text(job),
        job_type=employment_type(job.employment_type),
        category=job.department,
        expires=job.valid_through.isoformat() if job.valid_through else "",
        remote="yes" if job.remote else "",
        salary_min=f"{amounts[0]:.2f}".removesuffix(".00") if amounts else "",
        salary_max=f"{amounts[-1]:.2f}".removesuffix(".00") if amounts else "",
        currency=job.salary_currency if amounts else "",
        salary_unit=unit if amounts else "",
        location=place.text,
        page=f"{terms.base_url}/jobs/{page}",
        account=terms.account,
        contact=terms.contact,
    )
