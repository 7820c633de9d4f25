"""Job alerts: which open jobs fit a search that a person saved, in the words of that person."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from integration.model.countries import COUNTRIES
from integration.model.suggestion import NEAR_KM, job_of, words_of

CAMPAIGN = "jobalerts"
"""Under which the ledger keeps mails of alerts: they belong to no campaign of the org."""
LEAST = 0.5
"""Share of the words that a job must have."""
IN_DEPARTMENT = 0.5
"""What a word found in the department counts, where one in the title counts 1."""
LEAST_STEM, MOST_ENDING = 4, 2
"""Letters that two forms of a word share, and by which one may be longer."""
MOST_SHOWN = 10
REMOTE = "remote"


@dataclass(frozen=True)
class Alert:
    """What a person looks for. Neither words nor place: nothing fits."""

    query: str = ""
    place: str = ""


@dataclass(frozen=True)
class OpenJob:
    """What the listing says of an open job."""

    requisition: str
    reference: str
    title: str
    department: str = ""
    places: tuple[str, ...] = ()
    remote: bool = False
    posted_on: str = ""


Distance = Callable[[str, str], float | None]
"""Kilometres between two places as people write them; None where one of them is not known."""


def fit(alert: Alert, job: OpenJob, distance: Distance) -> float:
    """How well a job fits, from 0 to 1; 0 where it does not."""
    if not alert.query.strip() and not alert.place.strip():
        return 0.0
    return _words(alert.query, job) if _is_there(alert.place, job, distance) else 0.0


def fitting(alerts: Sequence[Alert], jobs: Sequence[OpenJob], distance: Distance) -> list[OpenJob]:
    """The jobs that fit any of a person's searches, the best first, then the newest; each once."""
    found: dict[str, tuple[float, OpenJob]] = {}
    for job in jobs:
        points = max((fit(alert, job, distance) for alert in alerts), default=0.0)
        if points and points > found.get(job.requisition, (0.0, job))[0]:
            found[job.requisition] = points, job
    ranked = sorted(found.values(), key=lambda each: (each[0], each[1].posted_on, each[1].reference), reverse=True)
    return [job for _, job in ranked]


def _words(query: str, job: OpenJob) -> float:
    """The share of the words that stand in the job; words of every job (senior, full time, m/w/d) say nothing."""
    wanted = _wanted(query)
    if not wanted:
        return 0.0 if query.strip() else 1.0
    title, department = _words_in(job.title), _words_in(job.department)
    points = sum(1.0 if _has(title, word) else IN_DEPARTMENT if _has(department, word) else 0.0 for word in wanted)
    share = points / len(wanted)
    return share if share >= LEAST else 0.0


@lru_cache(10_000)
def _wanted(query: str) -> tuple[str, ...]:
    return job_of(query).title_words


@lru_cache(10_000)
def _words_in(text: str) -> frozenset[str]:
    """The same titles and places are looked at for everybody."""
    return frozenset(words_of(text))


def _is_there(place: str, job: OpenJob, distance: Distance) -> bool:
    wanted = _words_in(place)
    if not wanted or job.remote:
        return True
    if wanted == {REMOTE}:
        return False
    return any(_is_named(place, there) or _is_near(distance(place, there)) for there in job.places)


def _is_near(km: float | None) -> bool:
    return km is not None and km <= NEAR_KM


def _is_named(place: str, there: str) -> bool:
    """Whether a job's place names the town, region or country, and the country that was said with it."""
    first, _, rest = place.partition(",")
    names, last = _words_in(there), rest.rpartition(",")[2].strip().casefold()
    country = COUNTRIES.get(last, last).casefold()
    whole = COUNTRIES.get(first.strip().casefold(), "").casefold()
    return (whole in names or _words_in(first) <= names) and (not country or country in names)


def _has(words: Collection[str], wanted: str) -> bool:
    """A word as it is, or with at most two more letters at the end of either: nurse, nurses; Pfleger, Pflegerin."""
    if wanted in words:
        return True
    return len(wanted) >= LEAST_STEM and any(
        len(one) >= LEAST_STEM
        and abs(len(one) - len(wanted)) <= MOST_ENDING
        and (one.startswith(wanted) or wanted.startswith(one))
        for one in words
    )
