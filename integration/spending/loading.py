"""Load spend: the list attached to the record becomes Source_Spend__c, each row once however often it comes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from integration import log
from integration.errors import TryAgain, shortened
from integration.model.cells import neutral
from integration.model.spend import Wrong
from integration.records import SourceSpend
from integration.spending.places import Load, attached, loads, same, save, standing
from integration.spending.reading import Read, Refused, Sheet, read, sheet_of

if TYPE_CHECKING:
    from integration.app import App

REJECT_COLUMNS = ("Line", "Column", "Code", "Reason", "Remedy")


def load(app: App, record_id: str) -> str:
    """Key: the row's invoice line, or what it says. What each row replaces is noted before it is written."""
    version, name = attached(app, record_id)
    sheet = sheet_of(app, version, name)
    found = read(app, sheet)
    known = standing(app, list(found.rows))
    new = {key: row for key, row in found.rows.items() if key not in known or not same(row, known[key])}
    noted = loads(app)
    ours = next((one for one in noted if one.version == version and not one.is_undone), None)
    if ours is None:
        noted.append(ours := Load(version, name))
    ours.before = {**{key: known.get(key) for key in new}, **ours.before}
    ours.wrote |= new
    save(app, noted)
    refused = _write(app, found, ours, list(new))
    if refused:
        ours.rejects = app.salesforce.attach_file(record_id, _rejects_name(name), _rejects(sheet, refused))
    save(app, noted)
    written = [key for key in new if key in ours.wrote]
    made = sum(key not in known for key in written)
    log.event("spend.loaded", rows=len(found.rows), written=len(written), refused=len(refused))
    counts = f"{made:,} added, {len(written) - made:,} changed, {len(found.rows) - len(new):,} were there already"
    return _told(name, counts, refused)


def _write(app: App, found: Read, ours: Load, keys: list[str]) -> list[Refused]:
    """The rows that neither we nor the org take, by their line."""
    refused = list(found.refused)
    rows = [found.rows[key] for key in keys]
    outcomes = app.salesforce.upsert_many(SourceSpend.API_NAME, SourceSpend.KEY, rows) if rows else []
    if any(outcome.may_pass for outcome in outcomes):
        raise TryAgain("some rows of spend are being written by somebody else")
    for key, outcome in zip(keys, outcomes, strict=True):
        if not outcome.success:
            column = outcome.fields[0] if outcome.fields else ""
            wrong = Wrong(column, outcome.code or "REFUSED", outcome.message, "Correct it and load the list again.")
            refused.append(Refused(found.lines[key], wrong))
            del ours.wrote[key], ours.before[key]
    return sorted(refused, key=lambda one: one.line.number)


def _told(name: str, counts: str, refused: list[Refused]) -> str:
    text = f"“{shortened(name)}”: {counts}, {len(refused):,} rejected."
    if refused:
        wrong = refused[0].wrong
        text += f" The first, line {refused[0].line.number}: {wrong.reason}. {wrong.remedy}".rstrip()
        text += f" All stand in “{_rejects_name(name)}”."
    return text


def _rejects_name(name: str) -> str:
    return f"{name.rpartition('.')[0] or name} - rejected rows.csv"


def _rejects(sheet: Sheet, refused: list[Refused]) -> bytes:
    """Opens in a spreadsheet and runs nothing there; corrected, it can be loaded itself."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([neutral(header) for header in [*sheet.headers, *REJECT_COLUMNS]])
    for one in refused:
        cells = [*one.line.cells, *[""] * len(sheet.headers)][: len(sheet.headers)]
        words = [str(one.line.number), one.wrong.column, one.wrong.code, one.wrong.reason, one.wrong.remedy]
        writer.writerow([neutral(cell) for cell in [*cells, *words]])
    return out.getvalue().encode("utf-8-sig")
