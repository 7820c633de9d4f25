"""The before-image of a merge: both records and everything on them, kept until the pair itself goes.

S3 provenance/merges/<pair id>.json. It is written before the first change and says how far the merge has come, so that
whoever finds it half done knows what to do; new rows are added to it before they are touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from integration.candidates.merging.children import FILES, FIRST_TOUCH, KEPT, PERSON, READ, WHERE, Child
from integration.errors import Gone
from integration.ports import Item, Record
from integration.records import Candidate, DuplicatePair, PoolMembership
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
    DuplicatePair.SURVIVOR,
)
PERSON_FIELDS = tuple(dict.fromkeys((Candidate.ID, *KEPT, *PERSON, *FIRST_TOUCH, *WHERE, Candidate.CREATED_AT)))
_NOT_READ = frozenset({"address", "location", "base64", "complexvalue"})
"""Types that have no value of their own in a row; the parts of a location are fields too."""


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
    brought: list[str] = field(default_factory=list)
    """Recommendations that the one who goes has made."""
    state: str = MERGING
    extras: list[str] = field(default_factory=list)
    """Fields of the org that are none of ours and that a merge may fill: the remaining record keeps its own value."""

    @property
    def own_key(self) -> str:
        return str(self.people[self.own][Candidate.CANDIDATE_KEY])

    @property
    def other_key(self) -> str:
        return str(self.people[self.other][Candidate.CANDIDATE_KEY])

    @property
    def pools(self) -> list[str]:
        """Where either is a member."""
        rows = self.rows.get(PoolMembership.API_NAME, {}).values()
        return sorted({str(row[PoolMembership.POOL]) for row in rows})

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
    """Every field that the org shows us, whoever added it."""
    described = (one.name for one in app.salesforce.fields(Candidate.API_NAME) if one.type not in _NOT_READ)
    fields = list(dict.fromkeys([*PERSON_FIELDS, *described]))
    rows = app.salesforce.query(select(Candidate.API_NAME, fields, where=is_in(Candidate.ID, ids)))
    return {str(row[Candidate.ID]): row for row in rows}


def writable(app: App) -> set[str]:
    """The fields that may be given back: a formula, or what an administrator closed since, may not."""
    described = app.salesforce.fields(Candidate.API_NAME)
    return {one.name for one in described if one.writable and one.type not in _NOT_READ}


def extras(app: App) -> list[str]:
    """A value that only one record may have stays where it is, for the other record still has it while we merge."""
    unique = {one.name for one in app.salesforce.fields(Candidate.API_NAME) if one.unique}
    ours = {value for value in vars(Candidate).values() if isinstance(value, str)}
    others = (name for name in writable(app) - ours - unique - set(PERSON_FIELDS) if name.endswith(("__c", "__s")))
    return sorted(others)


def read_rows(app: App, ids: Iterable[str]) -> dict[str, dict[str, Record]]:
    """Object -> row id -> fields, of everything that hangs on these candidates."""
    wanted = list(ids)
    kinds = list(READ)
    queries = [select(kind.object, kind.fields, where=is_in(kind.lookup, wanted)) for kind in kinds]
    answers = zip(kinds, app.salesforce.together(queries), strict=True)
    return {kind.object: {str(row["Id"]): row for row in rows} for kind, rows in answers}


def read_pairs(app: App, candidate_id: str, *, but: str) -> dict[str, Record]:
    names = (DuplicatePair.FIRST, DuplicatePair.SECOND, DuplicatePair.SURVIVOR)
    where = either(*(is_in(name, [candidate_id]) for name in names))
    rows = app.salesforce.query(select(DuplicatePair.API_NAME, PAIR_FIELDS, where=where))
    return {str(row["Id"]): row for row in rows if row["Id"] != but}


def take_in(app: App, image: Image) -> bool:
    """Adds what hangs on the two and is not in the image yet; whether anything still hangs on the one who goes."""
    standing = read_rows(app, (image.own, image.other))
    left = False
    kinds = {kind.object: kind for kind in READ}
    added = False
    for name, rows in standing.items():
        known = image.rows.setdefault(name, {})
        for row_id, row in rows.items():
            left = left or row[kinds[name].lookup] == image.other
            if row_id not in known and not _made_by_us(image, kinds[name], row):
                known[row_id] = row
                added = True
    if added:
        save(app, image)
    return left


def rename(app: App, pair_ids: Iterable[str], ids: Mapping[str, str]) -> None:
    """Rows that were made again have new ids: earlier merges of the same people must find them when they are undone.

    Key: the ids; an image that has the new ones already stays as it is.
    """
    for pair_id in pair_ids:
        data = app.data.read(place(pair_id))
        if data is None:
            continue
        text = data.decode()
        for old, new in ids.items():
            text = text.replace(old, new)
        if text != data.decode():
            app.data.write(place(pair_id), text.encode(), content_type="application/json")


def _made_by_us(image: Image, kind: Child, row: Record) -> bool:
    """A link with a file of the other record that the remaining one did not have: this merge made it."""
    others = {each[FILES.twin] for each in image.side(FILES, image.other).values()}
    return kind is FILES and row[FILES.lookup] == image.own and row[FILES.twin] in others


def both_there(app: App, ids: tuple[str, str]) -> dict[str, Record]:
    found = people(app, ids)
    if len(found) < len(set(ids)):
        raise Gone("One of the two records is not there any more.")
    return found
