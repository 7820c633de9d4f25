"""The before-image of a merge: both records and everything on them, kept until the pair itself goes.

S3 provenance/merges/<pair id>.json. It is written before the first change and says how far the merge has come, so that
whoever finds it half done knows what to do; new rows are added to it before they are touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from integration.candidates.merging.children import ACTIVITIES, CHILDREN, FIRST_TOUCH, KEPT, PERSON, Child
from integration.errors import Gone
from integration.ports import Item, Record
from integration.records import Candidate, DuplicatePair
from integration.soql import either, is_in, select

if TYPE_CHECKING:
    from integration.app import App

MERGING, MERGED, UNMERGING, UNMERGED = "merging", "merged", "unmerging", "unmerged"
PAIR_FIELDS = (
    DuplicatePair.ID,
    DuplicatePair.FIRST,
    DuplicatePair.SECOND,
    DuplicatePair.KEY,
    DuplicatePair.STATUS,
    DuplicatePair.SCORE,
    DuplicatePair.REASONS,
    DuplicatePair.FOUND_BY,
)
PERSON_FIELDS = tuple(dict.fromkeys((Candidate.ID, *KEPT, *PERSON, *FIRST_TOUCH, Candidate.CREATED_AT)))
QUERIES_PER_CALL = 5


@dataclass
class Image:
    """Both sides as they stood; `own` remains, `other` goes."""

    pair: str
    own: str
    other: str
    people: dict[str, Record]
    rows: dict[str, dict[str, Record]] = field(default_factory=dict)
    """Object -> row id -> its fields."""
    pairs: dict[str, Record] = field(default_factory=dict)
    """Other pairs that name the one who goes."""
    drips: dict[str, dict[str, Item | None]] = field(default_factory=dict)
    """Campaign -> both enrollments."""
    state: str = MERGING

    @property
    def own_key(self) -> str:
        return str(self.people[self.own][Candidate.CANDIDATE_KEY])

    @property
    def other_key(self) -> str:
        return str(self.people[self.other][Candidate.CANDIDATE_KEY])

    def side(self, child: Child, candidate_id: str) -> dict[str, Record]:
        """The rows that hung on one of the two, by id."""
        rows = self.rows.get(child.object, {})
        return {row_id: row for row_id, row in rows.items() if row[child.lookup] == candidate_id}


def place(pair_id: str) -> str:
    return f"provenance/merges/{pair_id}.json"


def load(app: App, pair_id: str) -> Image | None:
    data = app.data.read(place(pair_id))
    return Image(**json.loads(data)) if data is not None else None


def save(app: App, image: Image) -> None:
    app.data.write(place(image.pair), json.dumps(asdict(image)).encode(), content_type="application/json")


def people(app: App, ids: Iterable[str]) -> dict[str, Record]:
    rows = app.salesforce.query(select(Candidate.API_NAME, PERSON_FIELDS, where=is_in(Candidate.ID, ids)))
    return {str(row[Candidate.ID]): row for row in rows}


def read_rows(app: App, ids: Iterable[str]) -> dict[str, dict[str, Record]]:
    """Object -> row id -> fields, of everything that hangs on these candidates."""
    wanted = list(ids)
    kinds = [*CHILDREN, *ACTIVITIES]
    queries = [select(kind.object, kind.fields, where=is_in(kind.lookup, wanted)) for kind in kinds]
    found: dict[str, dict[str, Record]] = {}
    for start in range(0, len(queries), QUERIES_PER_CALL):
        answers = app.salesforce.together(queries[start : start + QUERIES_PER_CALL])
        for kind, rows in zip(kinds[start : start + QUERIES_PER_CALL], answers, strict=True):
            found[kind.object] = {str(row["Id"]): row for row in rows}
    return found


def read_pairs(app: App, candidate_id: str, *, but: str) -> dict[str, Record]:
    where = either(is_in(DuplicatePair.FIRST, [candidate_id]), is_in(DuplicatePair.SECOND, [candidate_id]))
    rows = app.salesforce.query(select(DuplicatePair.API_NAME, PAIR_FIELDS, where=where))
    return {str(row["Id"]): row for row in rows if row["Id"] != but}


def take_in(app: App, image: Image) -> bool:
    """Adds what hangs on the two and is not in the image yet; whether anything still hangs on the one who goes."""
    standing = read_rows(app, (image.own, image.other))
    left = False
    kinds = {kind.object: kind for kind in (*CHILDREN, *ACTIVITIES)}
    added = False
    for name, rows in standing.items():
        known = image.rows.setdefault(name, {})
        for row_id, row in rows.items():
            left = left or row[kinds[name].lookup] == image.other
            if row_id not in known:
                known[row_id] = row
                added = True
    if added:
        save(app, image)
    return left


def both_there(app: App, ids: tuple[str, str]) -> dict[str, Record]:
    found = people(app, ids)
    if len(found) < len(set(ids)):
        raise Gone("One of the two records is not there any more.")
    return found
