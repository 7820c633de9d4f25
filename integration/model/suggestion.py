"""How well somebody fits a job, by criteria that can be told: title, skills, place, applied before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

TITLE, SKILLS, PLACE, APPLIED = 40, 30, 15, 15
"""Points of each criterion; together 100."""
SKILLS_WANTED = 3
NEAR_KM = 50.0
LEAST = 20
_WORD = re.compile(r"[^\W_]+[+#]*", re.UNICODE)
_LITTLE = (
    "a an and at der die das de des du et for für im in la le les mit of on or the to und von with"
    " junior senior lead head m w d f x all gn full part time"
)
_SAYS_NOTHING = frozenset(_LITTLE.split())


@dataclass(frozen=True)
class Job:
    """What a requisition asks for."""

    title_words: tuple[str, ...]
    text_words: frozenset[str]
    department: str = ""


@dataclass(frozen=True)
class Person:
    """What is known of somebody who might fit."""

    titles: tuple[str, ...] = ()
    """Their job title, and the role they wish for."""
    skills: tuple[str, ...] = ()
    km: float | None = None
    """How far they live from the nearest place of the job."""
    applied: str = ""
    """The title of a job of the same department for which they applied."""


@dataclass(frozen=True)
class Suggestion:
    score: int
    reasons: tuple[str, ...]


def job_of(title: str, text: str = "", department: str = "") -> Job:
    words = tuple(dict.fromkeys(word for word in words_of(title) if word not in _SAYS_NOTHING and len(word) > 1))
    return Job(words, frozenset(words_of(f"{title} {text}")), department)


def words_of(text: str) -> list[str]:
    """Its words in small letters; `C++` and `C#` are words."""
    return [word.lower() for word in _WORD.findall(text)]


def judged(job: Job, person: Person) -> Suggestion | None:
    """Points and reasons; none below the least that is worth a recruiter's look."""
    score, reasons = 0.0, []
    theirs = {word for title in person.titles for word in words_of(title)}
    if hits := [word for word in job.title_words if word in theirs]:
        score += TITLE * len(hits) / len(job.title_words)
        reasons.append(f"title: {', '.join(hits)}")
    if skills := [skill for skill in person.skills if is_named(skill, job)]:
        score += SKILLS * min(1.0, len(skills) / SKILLS_WANTED)
        reasons.append(f"skills: {', '.join(sorted(skills))}")
    if person.km is not None and person.km <= NEAR_KM:
        score += PLACE
        reasons.append(f"lives {person.km:.0f} km away")
    if person.applied:
        score += APPLIED
        reasons.append(f"applied for {person.applied}" + (f" in {job.department}" if job.department else ""))
    return Suggestion(round(score), tuple(reasons)) if score >= LEAST else None


def is_named(skill: str, job: Job) -> bool:
    """Whether a job's text names every word of a skill."""
    words: Sequence[str] = words_of(skill)
    return bool(words) and all(word in job.text_words for word in words)
