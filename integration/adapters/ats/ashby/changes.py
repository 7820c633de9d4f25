"""Applications as changes: `application.list` with a sync token, which Ashby gives with the last page and forgets after
a while. Merged and deleted candidates are told by webhooks only, anonymised ones nowhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from integration.adapters.ats.ashby.api import Api, candidate_addresses
from integration.adapters.ats.uuids import uuids
from integration.adapters.searches.answers import Found, records, word, words
from integration.model.ats import AtsApplication, AtsChange, AtsPerson, ChangePage, Hint
from integration.model.ats_event import stage_of
from integration.model.vocabulary import Stage

HIRED, ARCHIVED, LEAD = "Hired", "Archived", "Lead"
_WITHDREW = "RejectedByCandidate"
_OFFER = "Offer"


class Changes:
    """What changed, and how what is asked for stands now."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def changes(self, since: str = "") -> Iterator[ChangePage]:
        token = {"syncToken": since} if since else {}
        for rows, cursor in self._api.pages("application.list", **token):
            yield ChangePage(tuple(_applications(rows)), cursor)

    def look(self, hint: Hint) -> Sequence[AtsChange]:
        ids = list(hint.applications)
        for row in map(self.candidate, uuids(hint.candidates)):
            ids += words(row, "applicationIds") if row else ()
        found: list[AtsChange] = [one for number in uuids(ids) if (one := self.application(number)) is not None]
        # A merge is believed when the one is gone and the other there.
        merges = [one for one in hint.merges if self.candidate(one.kept) and not self.candidate(one.lost)]
        return found + merges

    def people(self, ids: Sequence[str]) -> Mapping[str, AtsPerson]:
        return {number: _person(row) for number in uuids(ids) if (row := self.candidate(number)) is not None}

    def candidate(self, number: str) -> Found | None:
        return self._api.one("candidate.info", id=number)

    def application(self, number: str) -> AtsApplication | None:
        row = self._api.one("application.info", applicationId=number)
        return next(_applications([row]), None) if row else None

    def by_email(self, email: str) -> list[Found]:
        """The candidates with exactly this address; the search itself is not held to be exact."""
        found = self._api.ask("candidate.search", email=email)
        wanted = email.casefold()
        return [row for row in records(found, "results") if wanted in map(str.casefold, candidate_addresses(row))]

    def has_note(self, candidate: str, text: str) -> bool:
        """Whether a note on the candidate holds a text."""
        pages = self._api.pages("candidate.listNotes", candidateId=candidate)
        return any(text in str(row.get("content")) for rows, _ in pages for row in rows)


def _applications(rows: Sequence[Found]) -> Iterator[AtsApplication]:
    for row in rows:
        if word(row, "id") and word(row, "candidate", "id"):
            yield _application(row)


def _application(row: Found) -> AtsApplication:
    stage = _stage(row)
    updated, created = _moment(word(row, "updatedAt")), _moment(word(row, "createdAt"))
    at = (_moment(word(row, "archivedAt")) if word(row, "status") == ARCHIVED else None) or updated or created
    is_over = stage in (Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN)
    candidate = row["candidate"]
    return AtsApplication(
        id=word(row, "id"),
        candidate=word(candidate, "id"),
        job=word(row, "job", "id"),
        stage=stage,
        at=at or datetime.fromtimestamp(0, UTC),
        stage_word="" if is_over else word(row, "currentInterviewStage", "title"),
        # A lead was put to the job by somebody and has not applied.
        applied_at=None if word(row, "status") == LEAD else created,
        hired_at=updated if stage is Stage.HIRED else None,
        reason=word(row, "archiveReason", "text") if word(row, "status") == ARCHIVED else "",
        person=_person(candidate),
    )


def _stage(row: Found) -> Stage:
    status = word(row, "status")
    if status == HIRED:
        return Stage.HIRED
    if status == ARCHIVED:
        return Stage.WITHDRAWN if word(row, "archiveReason", "reasonType") == _WITHDREW else Stage.REJECTED
    if word(row, "currentInterviewStage", "type") == _OFFER:
        return Stage.OFFER
    return stage_of(word(row, "currentInterviewStage", "title"))


def _person(row: Found) -> AtsPerson:
    first, _, last = word(row, "name").rpartition(" ")
    every = [word(row, "primaryPhoneNumber", "value"), *(word(each, "value") for each in records(row, "phoneNumbers"))]
    return AtsPerson(
        id=word(row, "id"),
        first=first,
        last=last,
        emails=candidate_addresses(row),
        phones=tuple(dict.fromkeys(one for one in every if one)),
    )


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
