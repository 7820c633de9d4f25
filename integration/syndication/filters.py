"""The job filter of a channel: read from its record, and asked of jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from integration.errors import Rejected
from integration.model import job_filter, segment
from integration.model.posting import Job, Place
from integration.model.segment import Rule
from integration.pools import places
from integration.pools.directory import Directory
from integration.ports import Record
from integration.records import Channel, JobPosting, JobRequisition, LandingPage, TalentPool
from integration.soql import compare, select
from integration.syndication import reading

if TYPE_CHECKING:
    from integration.app import App

_FIELD = "Job filter"
REFUSED = "The job filter"
"""How each message begins that tells of one that cannot be used."""
Fits = Callable[[Record, Job], bool]
"""Whether a posting's row, read as that job, may go out."""


class Filter:
    """Empty for a channel without one: everything fits."""

    def __init__(self, app: App, channel: Record) -> None:
        """Raises Rejected, with the nearest name, for what cannot be meant."""
        text = str(channel[Channel.JOB_FILTER] or "").strip()
        self._app = app
        self._directory = Directory(app)
        self._rule = _read(text, self._directory) if text else None

    @property
    def in_words(self) -> str:
        return segment.in_words(self._rule, self._directory.name_of) if self._rule else ""

    def fits(self) -> Fits:
        """The test of each job, with what it needs of pools read once."""
        rule = self._rule
        if rule is None:
            return lambda row, job: True
        today = self._app.clock.now().date()
        asks_pools = any(need.startswith("pool:") for need in segment.needs(rule))
        leads = _pools(self._app) if asks_pools else {}

        def fits(row: Record, job: Job) -> bool:
            page = str(reading.of_requisition(row, JobRequisition.LANDING_PAGE) or "")
            pools = leads.get(page, set()) | leads.get(str(row[JobPosting.REQUISITION]), set())
            return job_filter.fits(rule, job, pools, _position, today)

        return fits


def _read(text: str, directory: Directory) -> Rule:
    try:
        return job_filter.read(json.loads(text), directory)
    except RecursionError:
        raise Rejected("The job filter is nested too deep. Write it flatter.", field=_FIELD) from None
    except json.JSONDecodeError as wrong:
        raise Rejected(
            f"The job filter is not valid JSON (line {wrong.lineno}, column {wrong.colno}). Correct it; one condition "
            'looks like {"field": "Department", "is": "equals", "value": "Nursing"}.',
            field=_FIELD,
        ) from wrong
    except segment.BadRule as wrong:
        raise Rejected(f"The job filter cannot be used: {wrong}", field=_FIELD) from wrong


def _pools(app: App) -> dict[str, set[str]]:
    """Landing page or requisition -> the pools that it leads to."""
    leads: dict[str, set[str]] = {}
    for object_name, key, pool in (
        (LandingPage.API_NAME, LandingPage.ID, LandingPage.POOL),
        (TalentPool.API_NAME, TalentPool.REQUISITION, TalentPool.ID),
    ):
        wanted = pool if pool != TalentPool.ID else key
        for row in app.salesforce.rows(select(object_name, [key, pool], where=compare(wanted, "!=", None))):
            leads.setdefault(str(row[key]), set()).add(str(row[pool]))
    return leads


def _position(place: Place) -> tuple[float, float] | None:
    found = places.find(place.city, place.country, place.region) if place.city else None
    return (found.latitude, found.longitude) if found else None
