"""The org's own candidates: SOSL over every text field, the résumé's text among them, or SOQL where no word is sought.

A search of Salesforce ends at 2,000 rows. Where more are wanted, a full answer is asked for again in two halves by id,
until each part fits, so that nobody is missed; where not, the recruiter is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from integration import soql
from integration.errors import Rejected
from integration.model.vocabulary import ContactKind, SearchSource
from integration.ports import Hit, Record, Translation
from integration.prospecting.sources import beside
from integration.records import Candidate, CandidateTag, ContactPoint, Tag, parent

if TYPE_CHECKING:
    from integration.app import App

MOST_ROWS = 2_000
FIELDS = (
    Candidate.ID,
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.CITY,
    Candidate.REGION,
    Candidate.COUNTRY,
    Candidate.DESIRED_ROLE,
    Candidate.RESUME_TEXT,
)
_BATCH = 200
_TAG_NAME = parent(CandidateTag.TAG, Tag.NAME)


class OrgSource:
    """ports.ProspectSource."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.notes: list[str] = []

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        where = soql.Condition(translation.parameters["where"]) if translation.parameters.get("where") else None
        rows = self.rows(translation.query.strip(), where, limit, translation.parameters.get("beside", ""))
        yield from self.hits(rows, SearchSource.ORG)

    def rows(
        self, expression: str, where: soql.Condition | None, limit: int, beside_words: str = ""
    ) -> Iterator[Record]:
        """Candidates who match, at most `limit`; then those whose tags or addresses hold one of `beside_words`."""
        if not expression:
            query = soql.select(Candidate.API_NAME, FIELDS, where=where, order_by=[Candidate.ID], limit=limit)
            return self._app.salesforce.rows(query)
        return islice(self._found_with(expression, where, limit, beside_words), limit)

    def _found_with(
        self, expression: str, where: soql.Condition | None, limit: int, beside_words: str
    ) -> Iterator[Record]:
        seen: set[str] = set()
        for row in self._found(expression, where, limit):
            seen.add(str(row[Candidate.ID]))
            yield row
        if beside_words:
            yield from beside.candidates(self._app, beside_words, FIELDS, where, seen)

    def hits(self, rows: Iterable[Record], source: SearchSource) -> Iterator[Hit]:
        """Candidates with their addresses and tags, read for many at a time."""
        waiting = iter(rows)
        while batch := list(islice(waiting, _BATCH)):
            ids = [str(row[Candidate.ID]) for row in batch]
            addresses, tags = self._addresses(ids), self._tags(ids)
            now = self._app.clock.now().isoformat()
            for row in batch:
                one = str(row[Candidate.ID])
                yield hit_of(row, addresses.get(one, []), tags.get(one, []), source, now)

    def _found(self, expression: str, where: soql.Condition | None, limit: int) -> Iterator[Record]:
        """One answer, or where it is full and more are wanted, its halves."""
        try:
            returning = soql.found_as(Candidate.API_NAME, FIELDS, where=where, limit=MOST_ROWS)
            rows = self._app.salesforce.search(soql.find(expression, returning))
        except ValueError:
            raise Rejected("The query makes no search for Salesforce. Change the query.", field="query") from None
        if len(rows) < MOST_ROWS:
            yield from rows
            return
        self._note(limit)
        if limit <= MOST_ROWS:
            yield from rows
            return
        middle = sorted(str(row[Candidate.ID]) for row in rows)[len(rows) // 2]
        for operator in ("<", ">="):
            half = soql.compare(Candidate.ID, operator, middle)
            yield from self._found(expression, soql.both(where, half) if where else half, limit)

    def _note(self, limit: int) -> None:
        text = (
            f"Salesforce ends every search at {MOST_ROWS:,} candidates; there are more. Narrow the query."
            if limit <= MOST_ROWS
            else f"Salesforce ends every search at {MOST_ROWS:,} candidates, so it was asked in parts."
        )
        if text not in self.notes:
            self.notes.append(text)

    def _addresses(self, ids: Sequence[str]) -> dict[str, list[Record]]:
        fields = [ContactPoint.CANDIDATE, ContactPoint.KIND, ContactPoint.VALUE]
        query = soql.select(ContactPoint.API_NAME, fields, where=soql.is_in(ContactPoint.CANDIDATE, ids))
        return _by(ContactPoint.CANDIDATE, self._app.salesforce.rows(query))

    def _tags(self, ids: Sequence[str]) -> dict[str, list[Record]]:
        fields = [CandidateTag.CANDIDATE, _TAG_NAME]
        query = soql.select(CandidateTag.API_NAME, fields, where=soql.is_in(CandidateTag.CANDIDATE, ids))
        return _by(CandidateTag.CANDIDATE, self._app.salesforce.rows(query))


def hit_of(row: Record, addresses: Sequence[Record], tags: Sequence[Record], source: SearchSource, seen_at: str) -> Hit:
    """One candidate."""

    def text(field: str) -> str:
        return str(row.get(field) or "")

    def of(kind: ContactKind, own: str = "") -> tuple[str, ...]:
        values = (str(each[ContactPoint.VALUE] or "") for each in addresses if each[ContactPoint.KIND] == kind)
        return tuple(dict.fromkeys(value for value in (own, *values) if value))

    return Hit(
        source=source,
        source_id=text(Candidate.ID),
        url=f"/{text(Candidate.ID)}",
        full_name=f"{text(Candidate.FIRST_NAME)} {text(Candidate.LAST_NAME)}".strip(),
        first=text(Candidate.FIRST_NAME),
        last=text(Candidate.LAST_NAME),
        title=text(Candidate.TITLE),
        employer=text(Candidate.EMPLOYER),
        location=", ".join(part for part in (text(Candidate.CITY), text(Candidate.REGION)) if part),
        country=text(Candidate.COUNTRY),
        emails=of(ContactKind.EMAIL, text(Candidate.EMAIL)),
        phones=of(ContactKind.PHONE, text(Candidate.PHONE)),
        profiles=of(ContactKind.PROFILE),
        skills=tuple(str(each[_TAG_NAME]) for each in tags if each[_TAG_NAME]),
        text="\n".join(part for part in (text(Candidate.DESIRED_ROLE), text(Candidate.RESUME_TEXT)) if part),
        seen_at=seen_at,
    )


def _by(field: str, rows: Iterable[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(str(row[field]), []).append(row)
    return groups
