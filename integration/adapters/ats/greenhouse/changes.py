"""Applications and candidates of Harvest as changes.

Harvest lists by descending id, so a pull asks for a window with both ends, and its cursor moves on when the whole
window was read. Deleted and merged candidates leave no trace here: a merge shows as an application that has changed
hands, which the use-case notices.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from integration.adapters.ats.greenhouse.harvest import MOST_IDS, Harvest
from integration.adapters.searches.answers import Found, number, records, word
from integration.model.ats import (
    AtsAnonymised,
    AtsApplication,
    AtsChange,
    AtsPerson,
    ChangePage,
    Hint,
)
from integration.model.ats_event import stage_of
from integration.model.vocabulary import Stage
from integration.ports import Clock, StaleCursor

OVERLAP = timedelta(minutes=2)
"""Read again at the next pull: what was saved while this one ran, under a slightly older time."""
ANONYMISED = "Anonymized"
"""The first name of whoever was anonymised; the last name is the id."""
_STATUSES = {"hired": Stage.HIRED, "rejected": Stage.REJECTED}


class HarvestChanges:
    """What changed, and how what is asked for stands now."""

    def __init__(self, harvest: Harvest, clock: Clock) -> None:
        self._harvest, self._clock = harvest, clock
        self._reasons: dict[str, tuple[str, bool]] | None = None

    def changes(self, since: str = "") -> Iterator[ChangePage]:
        until = self._clock.now()
        filters = {}
        if since:
            filters["updated_at"] = f"gte|{_moment(since).isoformat()}|lte|{until.isoformat()}"
        for rows in self._harvest.rows("applications", **filters):
            yield ChangePage(self._applications(rows))
        for rows in self._harvest.rows("candidates", **filters):
            yield ChangePage(tuple(AtsAnonymised(_id(row), _at(row)) for row in rows if _is_nobody(row)))
        yield ChangePage((), cursor=(until - OVERLAP).isoformat())

    def look(self, hint: Hint) -> Sequence[AtsChange]:
        found: list[AtsChange] = list(self._with_ids("applications", hint.applications))
        if hint.candidates:
            for chunk in _chunks(hint.candidates):
                for rows in self._harvest.rows("applications", candidate_ids=chunk):
                    found += self._applications(rows)
        found += self._confirmed_merges(hint)
        for row in self._rows("candidates", [one.candidate for one in hint.anonymised]):
            if _is_nobody(row):
                found.append(AtsAnonymised(_id(row), _at(row)))
        return found

    def people(self, ids: Sequence[str]) -> Mapping[str, AtsPerson]:
        return {_id(row): person(row) for row in self._rows("candidates", ids)}

    def by_email(self, email: str) -> list[AtsPerson]:
        """The candidates with an address."""
        rows = (row for page in self._harvest.rows("candidates", email=email) for row in page)
        return [person(row) for row in rows]

    def applications_of(self, candidate: str, job: str = "") -> list[AtsApplication]:
        """A candidate's applications, for one job or all; prospects without a job among the latter."""
        filters = {"candidate_ids": candidate} | ({"job_ids": job} if job else {})
        return [one for rows in self._harvest.rows("applications", **filters) for one in self._applications(rows)]

    def _confirmed_merges(self, hint: Hint) -> Iterator[AtsChange]:
        """A merge is believed when the one is gone and the other there."""
        if hint.merges:
            there = self.people([number for merge in hint.merges for number in (merge.kept, merge.lost)])
            yield from (one for one in hint.merges if one.kept in there and one.lost not in there)

    def _with_ids(self, path: str, ids: Sequence[str]) -> tuple[AtsApplication, ...]:
        return self._applications(self._rows(path, ids))

    def _rows(self, path: str, ids: Sequence[str]) -> list[Found]:
        chunks = _chunks(ids)
        return [row for chunk in chunks for page in self._harvest.rows(path, ids=chunk) for row in page]

    def _applications(self, rows: Sequence[Found]) -> tuple[AtsApplication, ...]:
        return tuple(self._application(row) for row in rows if _id(row) and number(row, "candidate_id"))

    def _application(self, row: Found) -> AtsApplication:
        stage_word, status = word(row, "stage_name"), word(row, "status")
        stage = _STATUSES.get(status) or stage_of(stage_word)
        reason = ""
        if stage is Stage.REJECTED:
            reason, was_withdrawn = self._reason(str(number(row, "rejection_reason_id") or ""))
            stage = Stage.WITHDRAWN if was_withdrawn else stage
        at = _at(row)
        return AtsApplication(
            id=_id(row),
            candidate=str(number(row, "candidate_id")),
            job="" if row.get("prospect") is True else str(number(row, "job_id") or ""),
            stage=stage,
            at=at,
            stage_word=stage_word if stage not in (Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN) else "",
            applied_at=_moment(word(row, "created_at")) if word(row, "created_at") else None,
            hired_at=at if stage is Stage.HIRED else None,
            reason=reason,
        )

    def _reason(self, number_of_reason: str) -> tuple[str, bool]:
        """(the reason's name, whether it was the candidate who withdrew)."""
        if not number_of_reason:
            return "", False
        if self._reasons is None:
            rows = (row for page in self._harvest.rows("rejection_reasons", include_defaults="true") for row in page)
            self._reasons = {
                _id(row): (word(row, "name"), "they rejected" in word(row, "type", "name").casefold()) for row in rows
            }
        return self._reasons.get(number_of_reason, ("", False))


def person(row: Found) -> AtsPerson:
    return AtsPerson(
        id=_id(row),
        first=word(row, "first_name"),
        last=word(row, "last_name"),
        emails=tuple(text for each in records(row, "email_addresses") if (text := word(each, "value"))),
        phones=tuple(text for each in records(row, "phone_numbers") if (text := word(each, "value"))),
    )


def _is_nobody(row: Found) -> bool:
    return word(row, "first_name") == ANONYMISED and word(row, "last_name") == _id(row)


def _chunks(ids: Sequence[str]) -> list[str]:
    """Ids for filters, in as few calls as they fit; what is no id of Greenhouse is not asked for."""
    known = [one for one in dict.fromkeys(ids) if one.isascii() and one.isdigit()]
    return [",".join(known[start : start + MOST_IDS]) for start in range(0, len(known), MOST_IDS)]


def _at(row: Found) -> datetime:
    return _moment(word(row, "updated_at") or word(row, "last_activity_at"))


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise StaleCursor(text[:40]) from None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)


def _id(row: Found) -> str:
    return str(number(row, "id") or "")
