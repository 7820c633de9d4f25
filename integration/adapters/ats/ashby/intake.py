"""Hand-overs to Ashby, which has neither idempotency keys nor ids of others on candidates.

One hand-over is several requests, each of which first looks whether its work is done: a candidate with this address, an
application to this job. The note that carries our mark comes last, so the mark says that all of it is there, and what
broke off in between is gone on with. An application carries the time at which the person applied, by which a rejected
one is known again.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from integration.adapters.ats.ashby.api import Api, Missing
from integration.adapters.ats.ashby.changes import Changes
from integration.adapters.searches.answers import Found, prose, word, words
from integration.errors import Rejected, TryAgain
from integration.model import location
from integration.model.ats import AtsApplication, Document, HandedOver, HandOver
from integration.model.vocabulary import Stage
from integration.ports import InDoubt

FIRST_STAGE = "FirstPreInterviewScreen"
"""Ashby's word for where applicants begin; without it they would be leads."""
_PROFILES = {"linkedin.com": "linkedInUrl", "github.com": "githubUrl"}
_OVER = (Stage.REJECTED, Stage.WITHDRAWN)
_LISTS = {"source": "source.list", "tag": "candidateTag.list", "project": "project.list"}


class Intake:
    """Candidates, and applications of candidates. `secret` may name a source, a tag and a project of Ashby."""

    def __init__(self, api: Api, changes: Changes, secret: Mapping[str, str]) -> None:
        self._api, self._changes, self._secret = api, changes, secret
        self._named: dict[str, str] = {}

    def find(self, wanted: HandOver) -> HandedOver | None:
        for row in self._known(wanted):
            if self._changes.has_note(word(row, "id"), wanted.mark):
                application = self._application(row, wanted) if wanted.job else None
                return HandedOver(word(row, "id"), application.id if application else "")
        return None

    def hand_over(self, wanted: HandOver) -> HandedOver:
        known = list(self._known(wanted))
        named = {name: self._id_of(name) for name in _LISTS}
        applied = [(row, one) for row in known if wanted.job and (one := self._application(row, wanted))]
        candidate = word(applied[0][0] if applied else known[0], "id") if known else ""
        candidate = candidate or self._create(wanted, named["source"])
        try:
            application = applied[0][1].id if applied else self._apply(wanted, candidate, named["source"])
            self._finish(wanted, candidate, named)
        except (TryAgain, Missing) as fault:
            # Some of it may be there already.
            raise InDoubt(f"Ashby took a part of this: {fault}") from None
        return HandedOver(candidate, application)

    def _known(self, wanted: HandOver) -> Iterator[Found]:
        """The candidates who may be this person, the one that is known by id first."""
        seen = set[str]()
        row = self._changes.candidate(wanted.candidate) if wanted.candidate else None
        for one in [row] if row else []:
            seen.add(word(one, "id"))
            yield one
        for one in self._changes.by_email(wanted.email) if wanted.email else []:
            if word(one, "id") not in seen:
                yield one

    def _application(self, row: Found, wanted: HandOver) -> AtsApplication | None:
        """The candidate's application to the job: one that is open, or one made from this very cause."""
        for number in words(row, "applicationIds"):
            one = self._changes.application(number)
            if one is not None and one.job == wanted.job and (one.stage not in _OVER or _is_from(one, wanted)):
                return one
        return None

    def _create(self, wanted: HandOver, source: str) -> str:
        made = self._api.do("candidate.create", **candidate(wanted, source=source))
        return self._told(made)

    def _apply(self, wanted: HandOver, number: str, source: str) -> str:
        if not wanted.job:
            return ""
        try:
            made = self._api.do("application.create", **application(wanted, number, source=source))
        except Missing as missing:
            raise Rejected(f"Ashby does not know this job or candidate any more ({missing}).") from None
        return self._told(made)

    def _told(self, made: Found) -> str:
        if not word(made, "id"):
            raise InDoubt("Ashby took this and did not say what it made of it")
        return word(made, "id")

    def _finish(self, wanted: HandOver, number: str, named: Mapping[str, str]) -> None:
        if named["tag"]:
            self._api.do("candidate.addTag", candidateId=number, tagId=named["tag"])
        if named["project"] and not wanted.job:
            self._api.do("candidate.addProject", candidateId=number, projectId=named["project"])
        problem = self._give_resume(wanted.resume, number) if wanted.resume is not None else ""
        note = {"type": "text/plain", "value": notes(wanted, problem)}
        self._api.do("candidate.createNote", candidateId=number, note=note, sendNotifications=False)

    def _give_resume(self, resume: Document, number: str) -> str:
        """Why Ashby did not take the résumé, which keeps nobody from being handed over; empty when it did."""
        if not resume.data:
            return ""
        try:
            place = self._api.do(
                "file.createFileUploadHandle",
                fileUploadContext="CandidateResume",
                filename=resume.name,
                contentType=resume.content_type,
                contentLength=len(resume.data),
            )
            fields = place.get("fields")
            form = {name: (None, str(value)) for name, value in fields.items()} if isinstance(fields, dict) else {}
            file = (resume.name, resume.data, resume.content_type)
            # The address is signed, and the store refuses fields behind the file.
            self._api.upload(prose(place, "url"), {**form, "file": file})
            self._api.do("candidate.uploadResume", candidateId=number, resumeHandle=prose(place, "handle"))
        except Rejected as rejected:
            return rejected.message
        return ""

    def _id_of(self, name: str) -> str:
        """The id behind a name that the secret gives a source, tag or project by."""
        title = self._secret.get(name, "").strip()
        if not title:
            return ""
        if name not in self._named:
            rows = (row for page, _ in self._api.pages(_LISTS[name]) for row in page)
            found = next((word(row, "id") for row in rows if word(row, "title").casefold() == title.casefold()), "")
            if not found:
                raise Rejected(
                    f"Ashby has no {name} called “{title}”. Ask your operator to make it there or to take {name} out "
                    "of the connection's secret.",
                    field="Secret name",
                    value=title,
                )
            self._named[name] = found
        return self._named[name]


def candidate(wanted: HandOver, *, source: str = "") -> dict[str, Any]:
    """The body of `candidate.create`; what is empty is left out."""
    place = location.read(wanted.location)
    where = {"city": place.city, "region": place.region, "country": place.country}
    body: dict[str, Any] = {
        "name": f"{wanted.first} {wanted.last}".strip() or wanted.email,
        "email": wanted.email,
        "phoneNumber": wanted.phone,
        "sourceId": source,
        "location": {name: text for name, text in where.items() if text},
        **_profiles(wanted),
    }
    return {name: value for name, value in body.items() if value}


def _profiles(wanted: HandOver) -> dict[str, str]:
    found: dict[str, str] = {}
    for url in wanted.profiles:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        found.setdefault(_PROFILES.get(host, "website"), url)
    return found


def application(wanted: HandOver, number: str, *, source: str = "") -> dict[str, Any]:
    """The body of `application.create`. Who did not apply by themselves is a lead."""
    body = {"candidateId": number, "jobId": wanted.job, "sourceId": source}
    if wanted.applied_at is not None:
        body |= {"interviewStageId": FIRST_STAGE, "createdAt": _iso(wanted.applied_at)}
    return {name: value for name, value in body.items() if value}


def notes(wanted: HandOver, problem: str = "") -> str:
    """What Ashby has no fields for, and the mark."""
    work = ", ".join(text for text in (wanted.title, wanted.employer) if text)
    lines = [
        f"Source: {wanted.source}" if wanted.source else "",
        f"Consents: {wanted.consent_words}" if wanted.consents else "",
        f"Works as: {work}" if work else "",
        wanted.note,
        f"The résumé was not taken: {problem}" if problem else "",
        f"Warmbench reference: {wanted.mark}",
    ]
    return "\n".join(line for line in lines if line)


def _is_from(one: AtsApplication, wanted: HandOver) -> bool:
    """Whether an application was made from this hand-over: Ashby keeps the time that we gave it, to the millisecond."""
    if one.applied_at is None or wanted.applied_at is None:
        return False
    return abs((one.applied_at - wanted.applied_at).total_seconds()) < 1


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
