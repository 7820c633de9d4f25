"""Opportunities as changes. An opportunity is one person's way through one job: our application; its contact is the
person. A pull asks for a window with both ends, and its cursor moves on when the whole window was read. A merge shows
as an opportunity that has changed hands, which the use-case notices.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from integration.adapters.ats.lever.api import Api, Pairs, milliseconds, moment
from integration.adapters.ats.uuids import uuids
from integration.adapters.searches.answers import Found, records, word, words
from integration.model.ats import AtsAnonymised, AtsApplication, AtsChange, AtsPerson, ChangePage, Hint
from integration.model.ats_event import stage_of
from integration.model.vocabulary import Stage
from integration.ports import Clock, StaleCursor

OVERLAP = timedelta(minutes=2)
"""Read again at the next pull: what was saved while this one ran, under a slightly older time."""
EXPANDED: Pairs = (("expand", "applications"), ("expand", "stage"))
_HIRED = "hired"
_WITHDREW = ("withdr", "declined offer", "offer declined")


class Changes:
    """What changed, and how what is asked for stands now."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api, self._clock = api, clock
        self._reasons: dict[str, Found] | None = None

    def changes(self, since: str = "") -> Iterator[ChangePage]:
        until = self._clock.now()
        window: list[tuple[str, str]] = []
        if since:
            if not since.isascii() or not since.isdigit():
                raise StaleCursor(since[:40])
            window = [("updated_at_start", since), ("updated_at_end", milliseconds(until))]
        for rows in self._api.pages("opportunities", [*EXPANDED, *window]):
            yield ChangePage(tuple(self._changes(rows)))
        yield ChangePage((), cursor=milliseconds(until - OVERLAP))

    def look(self, hint: Hint) -> Sequence[AtsChange]:
        found: dict[str, Found] = {}
        for number in uuids(hint.applications):
            if (row := self._api.one(f"opportunities/{number}", EXPANDED)) is not None:
                found[number] = row
        for number in uuids(hint.candidates):
            found |= {word(row, "id"): row for row in self.opportunities(("contact_id", number))}
        return list(self._changes(list(found.values())))

    def people(self, ids: Sequence[str]) -> Mapping[str, AtsPerson]:
        found = ((number, self._api.one(f"contacts/{number}")) for number in uuids(ids))
        return {number: _person(row, number) for number, row in found if row is not None}

    def opportunities(self, *query: tuple[str, str]) -> list[Found]:
        return [row for page in self._api.pages("opportunities", [*EXPANDED, *query]) for row in page]

    def _changes(self, rows: Sequence[Found]) -> Iterator[AtsChange]:
        for row in rows:
            if not word(row, "id") or not word(row, "contact"):
                continue
            if row.get("isAnonymized") is True:
                yield AtsAnonymised(word(row, "contact"), _changed(row))
            else:
                yield self._application(row)

    def _application(self, row: Found) -> AtsApplication:
        stage, reason = self._stage(row)
        is_over = stage in (Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN)
        ended = moment(row, "archived", "archivedAt")
        application = applied_to(row)
        return AtsApplication(
            id=word(row, "id"),
            candidate=word(row, "contact"),
            job=word(application, "posting"),
            stage=stage,
            at=(ended if is_over else moment(row, "lastAdvancedAt")) or _changed(row),
            stage_word="" if is_over else word(row, "stage", "text"),
            applied_at=moment(application, "createdAt"),
            hired_at=ended if stage is Stage.HIRED else None,
            reason=reason if stage is not Stage.HIRED else "",
            person=_person(row, word(row, "contact")),
        )

    def _stage(self, row: Found) -> tuple[Stage, str]:
        """(the stage, why it ended)."""
        if not isinstance(row.get("archived"), dict) or not moment(row, "archived", "archivedAt"):
            return stage_of(word(row, "stage", "text")), ""
        why = self._reason(word(row, "archived", "reason"))
        if word(why, "type") == _HIRED:
            return Stage.HIRED, ""
        text = word(why, "text")
        withdrew = any(part in text.casefold() for part in _WITHDREW)
        return Stage.WITHDRAWN if withdrew else Stage.REJECTED, text

    def _reason(self, number: str) -> Found:
        if self._reasons is None or (number and number not in self._reasons):
            rows = (row for page in self._api.pages("archive_reasons") for row in page)
            self._reasons = {word(row, "id"): row for row in rows}
            # One that Lever does not list is not asked for with each person.
            self._reasons.setdefault(number, {})
        return self._reasons.get(number, {})


def applied_to(row: Found) -> Found:
    """The application of an opportunity that names a posting; empty for somebody without a job."""
    return next((one for one in records(row, "applications") if word(one, "posting")), {})


def _changed(row: Found) -> datetime:
    return moment(row, "updatedAt") or moment(row, "createdAt") or datetime.fromtimestamp(0, UTC)


def _person(row: Found, number: str) -> AtsPerson:
    first, _, last = word(row, "name").rpartition(" ")
    phones = (word(each, "value") for each in records(row, "phones"))
    return AtsPerson(
        id=number, first=first, last=last, emails=words(row, "emails"), phones=tuple(one for one in phones if one)
    )
