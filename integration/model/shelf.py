"""Pages of jobs by department and place: which there are, and which jobs stand on each."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Job = Mapping[str, Any]
ALL = "all"


def word(text: str) -> str:
    """What a department or place is called in an address: `Köln, NRW, DE` is `koln`."""
    first = text.partition(",")[0]
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def places_of(job: Job) -> list[str]:
    return [*job["places"], *(["Remote"] if job["remote"] else [])]


def shelves(jobs: Iterable[Job]) -> list[str]:
    """The addresses `<department>/<place>` that have a job: each pair, and each alone with `all` for the other."""
    found: set[str] = set()
    for job in jobs:
        departments = {word(job["department"])} - {""}
        places = {word(place) for place in places_of(job)} - {""}
        found |= {f"{department}/{ALL}" for department in departments}
        found |= {f"{ALL}/{place}" for place in places}
        found |= {f"{department}/{place}" for department in departments for place in places}
    return sorted(found)


def on_shelf(jobs: Sequence[Job], department: str, place: str) -> list[Job]:
    """The jobs of one page, in their order."""
    return [
        job
        for job in jobs
        if department in (ALL, word(job["department"])) and (place == ALL or place in map(word, places_of(job)))
    ]


def title(jobs: Sequence[Job], department: str, place: str) -> tuple[str, str]:
    """Department and place as the jobs spell them; empty for `all`."""
    first = "" if department == ALL else next(job["department"] for job in jobs)
    spelled = (each for job in jobs for each in places_of(job) if word(each) == place)
    return first, "" if place == ALL else next(spelled).partition(",")[0]
