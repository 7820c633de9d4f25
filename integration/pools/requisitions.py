"""The pool of a job: made when it opens, with ranked suggestions; frozen when it closes; thawed when it opens again."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.writing import raise_passing
from integration.errors import Rejected
from integration.model.segment_leaves import PLACE, distance_km
from integration.model.suggestion import Job, Person, Suggestion, is_named, job_of, judged
from integration.model.vocabulary import AddedBy, Lifecycle, MembershipState, PoolKind, PoolStatus, TagKind
from integration.pools import places
from integration.pools.members import join
from integration.ports import Record, Value
from integration.records import (
    Application,
    Candidate,
    CandidateTag,
    JobLocation,
    JobRequisition,
    PoolMembership,
    Tag,
    TalentPool,
    parent,
)
from integration.soql import Condition, both, compare, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

MOST_SUGGESTED = 50
MOST_LOOKED_AT = 2_000
_PER_QUERY = 200
_JOB = (
    JobRequisition.ID,
    JobRequisition.TITLE,
    JobRequisition.DESCRIPTION,
    JobRequisition.DEPARTMENT,
    JobRequisition.OWNER,
)
_PERSON = (Candidate.ID, Candidate.TITLE, Candidate.DESIRED_ROLE, *PLACE)


def opened(app: App, requisition_id: str) -> str:
    """Key: the requisition. Makes or thaws its pool and proposes people; what to tell the recruiter."""
    record = app.salesforce.get(JobRequisition.API_NAME, requisition_id, _JOB)
    pool = _pool_of(app, record)
    found = suggestions(app, record)
    notes: dict[str, Mapping[str, Value]] = {
        one: {PoolMembership.SCORE: each.score, PoolMembership.REASON: "; ".join(each.reasons)[:255]}
        for one, each in found.items()
    }
    if found:
        join(app, pool, list(found), AddedBy.RULE, state=MembershipState.PROPOSED, notes=notes)
    log.event("requisition.pool_opened", requisition=requisition_id, pool=pool, suggested=len(found))
    if not found:
        return "Its talent pool is ready; nobody in the org fits by title, skills or earlier applications."
    people = "person is" if len(found) == 1 else "people are"
    return f"{len(found)} {people} proposed in its talent pool."


def closed(app: App, requisition_id: str) -> None:
    """Key: the requisition. Its pools keep their members and take nobody any more."""
    where = both(equals(TalentPool.REQUISITION, requisition_id), equals(TalentPool.KIND, PoolKind.REQUISITION))
    for row in app.salesforce.query(select(TalentPool.API_NAME, [TalentPool.ID], where=where)):
        app.salesforce.update(TalentPool.API_NAME, str(row[TalentPool.ID]), {TalentPool.FROZEN: True})


def suggestions(app: App, record: Record) -> dict[str, Suggestion]:
    """The best by points, then by id, so that a second run suggests the same."""
    text = html.unescape(re.sub(r"<[^>]*>", " ", str(record[JobRequisition.DESCRIPTION] or "")))
    department = str(record[JobRequisition.DEPARTMENT] or "")
    job = job_of(str(record[JobRequisition.TITLE] or ""), text, department)
    skills = _skilled(app, job)
    applied, already = _applied(app, str(record[JobRequisition.ID]), department)
    spots = _places(app, str(record[JobRequisition.ID]))
    people = {**_titled(app, job), **_by_id(app, [*skills, *applied])}
    found = {}
    for one, row in people.items():
        titles = tuple(str(row[name]) for name in (Candidate.TITLE, Candidate.DESIRED_ROLE) if row[name])
        person = Person(titles, tuple(skills.get(one, ())), _km(row, spots), applied.get(one, ""))
        if one not in already and (suggestion := judged(job, person)):
            found[one] = suggestion
    best = sorted(found.items(), key=lambda each: (-each[1].score, each[0]))
    return dict(best[:MOST_SUGGESTED])


def _pool_of(app: App, record: Record) -> str:
    """The pool that was made for this job, not frozen; a name that a recruiter gave it stays."""
    requisition = str(record[JobRequisition.ID])
    key = f"requisition|{requisition}"
    there = app.salesforce.query(select(TalentPool.API_NAME, [TalentPool.ID], where=equals(TalentPool.KEY, key)))
    row: dict[str, Value] = {TalentPool.KEY: key, TalentPool.FROZEN: False}
    if not there:
        row |= {
            TalentPool.NAME: str(record[JobRequisition.TITLE])[:80],
            TalentPool.KIND: PoolKind.REQUISITION.value,
            TalentPool.REQUISITION: requisition,
            TalentPool.STATUS: PoolStatus.READY.value,
        }
        if str(record[JobRequisition.OWNER] or "").startswith("005"):
            row[TalentPool.OWNER] = record[JobRequisition.OWNER]
    [outcome] = app.salesforce.upsert_many(TalentPool.API_NAME, TalentPool.KEY, [row])
    raise_passing([outcome])
    if not outcome.success:
        raise Rejected(f"The talent pool of the job could not be made: {outcome.message}", field="Title")
    return outcome.id


def _may_be_suggested() -> Condition:
    return both(
        equals(Candidate.DO_NOT_CONTACT, False),
        equals(Candidate.DO_NOT_REHIRE, False),
        compare(Candidate.LIFECYCLE, "!=", Lifecycle.EMPLOYEE.value),
    )


def _titled(app: App, job: Job) -> dict[str, Record]:
    words = [word for word in job.title_words if len(word) > 2][:8]
    if not words:
        return {}
    named = [
        compare(field, "LIKE", f"%{word}%") for word in words for field in (Candidate.TITLE, Candidate.DESIRED_ROLE)
    ]
    where = both(_may_be_suggested(), either(*named))
    order = [f"-{Candidate.LAST_ENGAGED_AT}", Candidate.ID]
    query = select(Candidate.API_NAME, _PERSON, where=where, order_by=order, limit=MOST_LOOKED_AT)
    return {str(row[Candidate.ID]): row for row in app.salesforce.query(query)}


def _by_id(app: App, ids: Sequence[str]) -> dict[str, Record]:
    found, wanted = {}, list(dict.fromkeys(ids))[:MOST_LOOKED_AT]
    for start in range(0, len(wanted), _PER_QUERY):
        where = both(_may_be_suggested(), is_in(Candidate.ID, wanted[start : start + _PER_QUERY]))
        for row in app.salesforce.query(select(Candidate.API_NAME, _PERSON, where=where)):
            found[str(row[Candidate.ID])] = row
    return found


def _skilled(app: App, job: Job) -> dict[str, list[str]]:
    """Candidates with skills that the job's text names."""
    where = equals(Tag.KIND, TagKind.SKILL.value)
    tags = {str(row[Tag.ID]): str(row[Tag.NAME])
            for row in app.salesforce.rows(select(Tag.API_NAME, [Tag.ID, Tag.NAME], where=where))}  # fmt: skip
    named = {tag: name for tag, name in tags.items() if is_named(name, job)}
    if not named:
        return {}
    skills: dict[str, list[str]] = {}
    fields = [CandidateTag.CANDIDATE, CandidateTag.TAG]
    where = is_in(CandidateTag.TAG, sorted(named)[:_PER_QUERY])
    query = select(CandidateTag.API_NAME, fields, where=where, order_by=[CandidateTag.ID], limit=5 * MOST_LOOKED_AT)
    for row in app.salesforce.query(query):
        skills.setdefault(str(row[CandidateTag.CANDIDATE]), []).append(named[str(row[CandidateTag.TAG])])
    return dict(sorted(skills.items(), key=lambda each: -len(each[1])))


def _applied(app: App, requisition: str, department: str) -> tuple[dict[str, str], set[str]]:
    """(candidate -> the job of the department they applied for, candidates of this very job)."""
    this = equals(Application.REQUISITION, requisition)
    where = this
    if department:
        where = either(this, equals(parent(Application.REQUISITION, JobRequisition.DEPARTMENT), department))
    title = parent(Application.REQUISITION, JobRequisition.TITLE)
    fields = [Application.CANDIDATE, Application.REQUISITION, title]
    order = [f"-{Application.APPLIED_AT}", Application.ID]
    before: dict[str, str] = {}
    already: set[str] = set()
    for row in app.salesforce.query(
        select(Application.API_NAME, fields, where=where, order_by=order, limit=MOST_LOOKED_AT)
    ):
        one = str(row[Application.CANDIDATE])
        if row[Application.REQUISITION] == requisition:
            already.add(one)
        else:
            before.setdefault(one, str(row[title] or "a job"))
    return before, already


def _places(app: App, requisition: str) -> list[tuple[float, float]]:
    fields = [JobLocation.CITY, JobLocation.REGION, JobLocation.COUNTRY]
    where = equals(JobLocation.REQUISITION, requisition)
    rows = app.salesforce.query(select(JobLocation.API_NAME, fields, where=where))
    asked = (JobLocation.CITY, JobLocation.COUNTRY, JobLocation.REGION)
    found = [places.find(*(str(row[name] or "") for name in asked)) for row in rows]
    return [(city.latitude, city.longitude) for city in found if city]


def _km(row: Record, spots: Sequence[tuple[float, float]]) -> float | None:
    here = places.position(row)
    return min((distance_km(here, spot) for spot in spots), default=None) if here else None
