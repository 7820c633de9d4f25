"""Candidates by what hangs on them and is no text of their own record: tags, and further addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from integration import soql
from integration.ports import Record
from integration.records import Candidate, CandidateTag, ContactPoint, Tag

if TYPE_CHECKING:
    from integration.app import App

MOST_TAGS = 500
MOST_ADDRESSES = 1_500
"""Together the 2,000 rows of one search."""
_BATCH = 200


def candidates(
    app: App, expression: str, fields: Sequence[str], where: soql.Condition | None, seen: set[str]
) -> Iterator[Record]:
    """Those with a tag or address that `expression`, as it stands in SOSL's braces, finds; none that was `seen`."""
    tags = soql.found_as(Tag.API_NAME, [Tag.ID], limit=MOST_TAGS)
    addresses = soql.found_as(ContactPoint.API_NAME, [ContactPoint.ID, ContactPoint.CANDIDATE], limit=MOST_ADDRESSES)
    found = app.salesforce.search(soql.find(expression, f"{tags}, {addresses}"))
    owners = [str(row[ContactPoint.CANDIDATE]) for row in found if row.get(ContactPoint.CANDIDATE)]
    tagged = _tagged(app, [str(row[Tag.ID]) for row in found if not row.get(ContactPoint.CANDIDATE)])
    waiting = _unseen([*dict.fromkeys(owners)], tagged, seen)
    while batch := list(islice(waiting, _BATCH)):
        known = soql.is_in(Candidate.ID, batch)
        query = soql.select(Candidate.API_NAME, fields, where=soql.both(where, known) if where else known)
        yield from app.salesforce.rows(query)


def _tagged(app: App, tag_ids: Sequence[str]) -> Iterator[str]:
    if tag_ids:
        wanted = soql.is_in(CandidateTag.TAG, tag_ids)
        for row in app.salesforce.rows(soql.select(CandidateTag.API_NAME, [CandidateTag.CANDIDATE], where=wanted)):
            yield str(row[CandidateTag.CANDIDATE])


def _unseen(owners: Sequence[str], tagged: Iterator[str], seen: set[str]) -> Iterator[str]:
    for ids in (owners, tagged):
        for one in ids:
            if one not in seen:
                seen.add(one)
                yield one
