"""Files on records: one that holds the person is attached again without the person, and the old one is deleted."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.candidates.writing import GONE, raise_passing
from integration.errors import Gone, Rejected
from integration.model.reject import Code
from integration.model.traces import Traces
from integration.ports import Outcome
from integration.privacy.noting import Notes
from integration.privacy.retention import LIFETIMES
from integration.prospecting.imports.chunk import erased_row
from integration.soql import both, compare, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

KIND = "files on records"
_FIELDS = ["Id", "ContentDocumentId", "PathOnClient", "IsLatest", "ContentSize", "FirstPublishLocationId"]
_LISTS = ("exports", "member lists", "campaign previews")
"""Files that the service made and attached to other records than imports (privacy/retention.py)."""


@dataclass(frozen=True)
class Version:
    """One version of a file."""

    id: str
    document: str
    name: str
    is_latest: bool
    size: int
    record: str = ""

    @property
    def is_rejects(self) -> bool:
        return " - rejected rows " in self.name


def versions_on(app: App, record_id: str) -> dict[str, list[Version]]:
    """Document -> its versions, the documents from the oldest on."""
    where = equals("LinkedEntityId", record_id)
    links = app.salesforce.query(select("ContentDocumentLink", ["ContentDocumentId"], where=where))
    if not links:
        return {}
    return _versions(app, [str(link["ContentDocumentId"]) for link in links])


def lists(app: App) -> list[Version]:
    """The lists and previews that the service attached; older ones than a month are gone (privacy/retention.py)."""
    found = []
    for name in _LISTS:
        ours = both(
            equals("CreatedById", app.salesforce.user_id()),
            equals("IsLatest", True),
            compare("Title", "LIKE", LIFETIMES[name].title),
        )
        rows = app.salesforce.query(select("ContentVersion", _FIELDS, where=ours, order_by=["Id"]))
        found += [_version(row) for row in rows if row["FirstPublishLocationId"]]
    return found


def forget_in_list(app: App, version: Version, person: Traces, notes: Notes) -> None:
    """Key: the file. A table loses the person's row; a preview of a mail to the person goes."""
    try:
        text = b"".join(app.salesforce.read_file(version.id)).decode("utf-8-sig", "replace")
    except Gone:
        return
    if not person.in_text(text):
        return
    is_table = version.name.endswith(".csv")
    data = _table([row for row in csv.reader(io.StringIO(text)) if not person.in_text("\n".join(row))])
    replace(app, version.record, version, version.name if is_table else "", data, notes)


def replace(app: App, record_id: str, old: Version, name: str, data: bytes, notes: Notes) -> str:
    """Key: the document. The new version's id; empty when nothing is attached instead."""
    notes.note(KIND, old.document)
    new = ""
    if name:
        standing = [versions[-1] for versions in versions_on(app, record_id).values()]
        # An attempt that died behind this call has attached it already.
        alike = [one for one in standing if (one.name, one.size) == (name, len(data)) and one.document != old.document]
        try:
            new = alike[-1].id if alike else app.salesforce.attach_file(record_id, name, data)
        except Rejected:  # too large to be written again: what cannot be cleaned goes
            new = ""
    destroy(app, [old.document])
    return new


def destroy(app: App, documents: Sequence[str]) -> None:
    """For good, where the org lets files be deleted so; else into its recycle bin."""
    gone = {one.id for one in app.salesforce.destroy_many("ContentDocument", documents) if _is_gone(one)}
    left = [document for document in documents if document not in gone]
    outcomes = app.salesforce.delete_many("ContentDocument", left) if left else []
    raise_passing(outcomes)
    if kept := [one for one in outcomes if not _is_gone(one)]:
        raise Rejected(
            f"Salesforce kept {len(kept)} files in which the person stands: {kept[0].message} "
            "Put that right, then Erase again."
        )


def _is_gone(one: Outcome) -> bool:
    return one.success or one.code in GONE


def rejects_without(data: bytes, person: Traces, lines: Collection[int]) -> bytes:
    """A file of rejected rows: the person's keep their line, and say that their person was erased."""
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig", "replace")))
    place = header.index("Line") if "Line" in header else -1
    return _table([header, *(_rejected(row, place, person, lines) for row in rows)])


def _rejected(row: Sequence[str], place: int, person: Traces, lines: Collection[int]) -> Sequence[str]:
    number = int(row[place]) if 0 <= place < len(row) and row[place].isdigit() else 0
    if row[place + 2 : place + 3] == [Code.ERASED] or not (number in lines or person.in_text("\n".join(row))):
        return row
    return [*[""] * place, *map(str, erased_row(number))]


def _table(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _versions(app: App, documents: Sequence[str]) -> dict[str, list[Version]]:
    where = is_in("ContentDocumentId", documents)
    rows = app.salesforce.query(select("ContentVersion", _FIELDS, where=where, order_by=["CreatedDate", "Id"]))
    found: dict[str, list[Version]] = defaultdict(list)
    for row in rows:
        found[str(row["ContentDocumentId"])].append(_version(row))
    return found


def _version(row: Mapping[str, object]) -> Version:
    return Version(
        str(row["Id"]),
        str(row["ContentDocumentId"]),
        str(row["PathOnClient"]),
        bool(row["IsLatest"]),
        int(str(row["ContentSize"] or 0)),
        str(row["FirstPublishLocationId"] or ""),
    )
