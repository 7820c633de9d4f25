"""Telling others of jobs: which adapters do, in what order and pace, and what a post says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SEARCH_ENGINES = ("google-indexing", "indexnow")
"""Told of every job's page, opened, changed or closed."""
NETWORKS = ("linkedin-posts", "x-posts", "facebook-page", "webhook")
"""Told of the open postings of their own channel."""
ANNOUNCERS = (*SEARCH_ENGINES, *NETWORKS)
"""Words of Channel__c.Adapter__c without a feed."""


POSTS_PER_DAY = 5
REFUSED_FOR = timedelta(days=1)
REOPENED_AFTER = timedelta(days=1)
"""A job that was closed and opened again by mistake is not posted twice on one day."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Postable:
    """An open posting of a network's channel, and when the network was last told of it."""

    posting: str
    requisition: str
    department: str
    since: datetime
    told: datetime | None = None
    was_closed: bool = False
    """Since it was told."""
    not_before: datetime | None = None
    """The network refused it: the others go first for a day."""


def slot(per_day: int) -> timedelta:
    """The least time between two posts on a network, so that a day's posts are spread over the day."""
    return timedelta(days=1) / max(1, per_day)


def due(job: Postable, repeat: timedelta | None) -> datetime | None:
    """From when on a job may be posted (again); None for never."""
    from_ = _by_turn(job, repeat)
    return max(from_, job.not_before) if from_ and job.not_before else from_


def _by_turn(job: Postable, repeat: timedelta | None) -> datetime | None:
    if job.told is None:
        return job.since
    if job.was_closed:
        return job.told + max(repeat or REOPENED_AFTER, REOPENED_AFTER)
    return job.told + repeat if repeat else None


def planned(
    jobs: Sequence[Postable], start: datetime, gap: timedelta, repeat: timedelta | None, most: int
) -> list[tuple[datetime, Postable]]:
    """The next posts and the earliest time of each, every job at most once.

    Jobs that were never told of come first; among equals the turn goes to the department, then to the job, whose last
    post is longest ago, so that neither a large department nor a job on many places crowds out the others.
    """
    waiting = {job: at for job in jobs if (at := due(job, repeat)) is not None}
    departments, requisitions = _last_told(jobs)
    plan: list[tuple[datetime, Postable]] = []
    at = start
    while waiting and len(plan) < most:
        at = max(at, min(waiting.values()))
        chosen = min(
            (job for job, from_ in waiting.items() if from_ <= at),
            key=lambda job: (
                job.told is not None,
                departments.get(job.department, _NEVER),
                requisitions.get(job.requisition, _NEVER),
                waiting[job],
                job.posting,
            ),
        )
        del waiting[chosen]
        plan.append((at, chosen))
        # In a plan of one moment the order alone tells who was first.
        departments[chosen.department] = requisitions[chosen.requisition] = at + timedelta(microseconds=len(plan))
        at += gap
    return plan


def _last_told(jobs: Sequence[Postable]) -> tuple[dict[str, datetime], dict[str, datetime]]:
    departments: dict[str, datetime] = {}
    requisitions: dict[str, datetime] = {}
    for job in jobs:
        if job.told is not None:
            departments[job.department] = max(job.told, departments.get(job.department, _NEVER))
            requisitions[job.requisition] = max(job.told, requisitions.get(job.requisition, _NEVER))
    return departments, requisitions


def place_in_line(posting: str, *, is_closed: bool, at: str) -> str:
    """Closings come before openings, the older before the younger."""
    return f"{0 if is_closed else 1}#{at}#{posting}"


def post_text(title: str, company: str, places: list[str], salary: str) -> str:
    """`Night nurse at Lee Hospitals (Cork, IE). EUR 40,000 a year.`"""
    where = f" ({places[0]}{' and elsewhere' if len(places) > 1 else ''})" if places else ""
    return f"{title} at {company}{where}." + (f" {salary}." if salary else "")
