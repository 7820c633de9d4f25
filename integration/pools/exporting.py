"""Candidates as a file on the bulk action; no cell of it runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.model.cells import neutral
from integration.pools.bulk_acts import Part
from integration.records import BulkAction, Candidate, CandidateTag, Tag, parent
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

COLUMNS = (
    ("Candidate id", Candidate.ID),
    ("First name", Candidate.FIRST_NAME),
    ("Last name", Candidate.LAST_NAME),
    ("E-mail", Candidate.EMAIL),
    ("Phone", Candidate.PHONE),
    ("Job title", Candidate.TITLE),
    ("Employer", Candidate.EMPLOYER),
    ("City", Candidate.CITY),
    ("Region", Candidate.REGION),
    ("Country", Candidate.COUNTRY),
    ("Language", Candidate.LANGUAGE),
    ("Lifecycle", Candidate.LIFECYCLE),
    ("Rating", Candidate.RATING),
    ("Last engaged", Candidate.LAST_ENGAGED_AT),
    ("Do not contact", Candidate.DO_NOT_CONTACT),
)
_PER_QUERY = 200


def attach(app: App, action_id: str, ids: Sequence[str]) -> Part:
    """Key: the action. Writes the file once more when it is run again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(title for title, _ in COLUMNS), "Tags"])
    written: set[str] = set()
    for start in range(0, len(ids), _PER_QUERY):
        part = ids[start : start + _PER_QUERY]
        where = is_in(Candidate.ID, part)
        rows = app.salesforce.query(select(Candidate.API_NAME, [field for _, field in COLUMNS], where=where))
        tags = _tags(app, part)
        known = {str(row[Candidate.ID]): row for row in rows}
        for one in part:
            if one in known:
                cells = [_cell(known[one][field]) for _, field in COLUMNS]
                writer.writerow([*cells, _cell(", ".join(tags.get(one, ())))])
                written.add(one)
        app.salesforce.update(
            BulkAction.API_NAME, action_id, {BulkAction.PROGRESS: int((start + len(part)) / len(ids) * 99)}
        )
    app.salesforce.attach_file(action_id, "Candidates.csv", out.getvalue().encode("utf-8-sig"))
    return Part(len(written), 0, tuple((one, "was deleted meanwhile") for one in ids if one not in written))


def _tags(app: App, ids: Sequence[str]) -> dict[str, list[str]]:
    name = parent(CandidateTag.TAG, Tag.NAME)
    query = select(
        CandidateTag.API_NAME, [CandidateTag.CANDIDATE, name], where=is_in(CandidateTag.CANDIDATE, ids), order_by=[name]
    )
    tags: dict[str, list[str]] = {}
    for row in app.salesforce.query(query):
        tags.setdefault(str(row[CandidateTag.CANDIDATE]), []).append(str(row[name]))
    return tags


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else neutral(str(value))
