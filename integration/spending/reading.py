"""A list of spend read row by row: what can be taken as records to write, and why the others cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from integration.errors import Rejected, shortened
from integration.model import spend
from integration.model.spend import Wrong
from integration.ports import Value
from integration.prospecting.imports.reading import DELIMITERS, Line, encoding_of, head, records, text_lines
from integration.records import Channel, JobRequisition, RecruitingCampaign, SourceSpend, is_record_id
from integration.soql import either, is_in, select

if TYPE_CHECKING:
    from integration.app import App

MOST_BYTES, MOST_ROWS = 16 * 1024 * 1024, 20_000
_REQUIRED = ("month", "amount")
_SUBJECTS = ("channel", "campaign", "requisition")
_PER_QUERY = 200
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


@dataclass(frozen=True)
class Refused:
    """A row that is not taken."""

    line: Line
    wrong: Wrong


@dataclass(frozen=True)
class Sheet:
    """The list: its headers, its rows, and where which column stands."""

    headers: Sequence[str]
    lines: Sequence[Line]
    places: Mapping[str, int]

    def cell(self, line: Line, column: str) -> str:
        place = self.places.get(column, len(line.cells))
        return line.cells[place].strip() if place < len(line.cells) else ""


@dataclass
class Read:
    """What a list says."""

    rows: dict[str, dict[str, Value]]
    """Source_Spend__c.Key__c -> the record."""
    lines: dict[str, Line]
    refused: list[Refused]


def sheet_of(app: App, version: str, name: str) -> Sheet:
    """Raises Rejected for what is no list of spend."""
    data = b""
    for chunk in app.salesforce.read_file(version):
        data += chunk
        if len(data) > MOST_BYTES:
            raise Rejected(f"“{shortened(name)}” is larger than {MOST_BYTES // 1024**2} MiB. Split it.", field="File")
    if data.startswith(_PACKED):
        raise Rejected(f"“{shortened(name)}” is no text. Save the list as “CSV UTF-8” and attach that.", field="File")
    encoding = encoding_of(lambda: [data])
    lines = head(lambda: [data], encoding)
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    found = [line for line in records(text_lines([data], encoding), delimiter) if not line.is_blank]
    if not found:
        raise Rejected(f"“{shortened(name)}” is empty.", field="File")
    headers = list(found[0].cells)
    places = spend.columns_of(headers)
    missing = [column for column in _REQUIRED if column not in places]
    if missing or not set(_SUBJECTS) & set(places):
        wanted = " and ".join(
            [*missing, *([] if set(_SUBJECTS) & set(places) else ["channel, campaign or requisition"])]
        )
        raise Rejected(
            f"“{shortened(name)}” has no column for {wanted}; its first line says “{shortened(', '.join(headers))}”.",
            remedy="Name the columns Channel, Campaign, Requisition, Month, Amount, Currency, Kind, Reference.",
            field="File",
        )
    if len(found) > MOST_ROWS + 1:
        raise Rejected(f"“{shortened(name)}” has more than {MOST_ROWS:,} rows. Split it.", field="File")
    return Sheet(headers, found[1:], places)


def read(app: App, sheet: Sheet) -> Read:
    """Every row that can be taken, once; a row that repeats an invoice line of the same list is refused."""
    known = _known(app, sheet)
    found = Read({}, {}, [])
    repeated: Counter[str] = Counter()
    for line in sheet.lines:
        try:
            row = _row(sheet, line, known)
            content = "|".join(str(value or "") for value in row.values())
            key = spend.key_of(sheet.cell(line, "reference"), content, repeated[content])
            repeated[content] += 1
            if key in found.rows:
                reference = sheet.cell(line, "reference")
                raise Wrong(
                    "Reference", "REPEATED", f"“{reference[:40]}” stands on an earlier line", "Keep one of them."
                )
        except Wrong as wrong:
            found.refused.append(Refused(line, wrong))
            continue
        found.rows[key], found.lines[key] = {SourceSpend.KEY: key, **row}, line
    return found


def _row(sheet: Sheet, line: Line, known: Mapping[str, Mapping[str, set[str]]]) -> dict[str, Value]:
    if line.fault:
        raise Wrong("", "LINE_UNREADABLE", line.fault, "")
    cell = partial(sheet.cell, line)
    ids = {subject: _id(subject, cell(subject), known[subject]) for subject in _SUBJECTS}
    if not any(ids.values()):
        raise Wrong(
            "Channel", "NO_SUBJECT", "the row does not say what for", "Name a channel, campaign or requisition."
        )
    return {
        SourceSpend.CHANNEL: ids["channel"],
        SourceSpend.CAMPAIGN: ids["campaign"],
        SourceSpend.REQUISITION: ids["requisition"],
        SourceSpend.MONTH: f"{spend.month_of(cell('month'))}-01",
        SourceSpend.AMOUNT: float(spend.amount_of(cell("amount"))),
        SourceSpend.CURRENCY_ISO: spend.currency_of(cell("currency")) or None,
        SourceSpend.KIND: spend.kind_of(cell("kind")).value,
    }


def _id(subject: str, text: str, known: Mapping[str, set[str]]) -> str | None:
    if not text:
        return None
    ids = known.get(text.casefold(), set())
    column = subject.capitalize()
    if len(ids) > 1:
        remedy = "Write its record id or key."
        raise Wrong(column, "SEVERAL", f"“{text[:40]}” is the name of {len(ids)} records ({subject})", remedy)
    if not ids:
        remedy = f"Write the name of a {subject} as it stands in Salesforce."
        raise Wrong(column, "NOT_FOUND", f"no {subject} is called “{text[:40]}”", remedy)
    return next(iter(ids))


def _known(app: App, sheet: Sheet) -> dict[str, dict[str, set[str]]]:
    """Subject -> what a row may call it, in small letters -> ids of records."""
    objects = {
        "channel": (Channel.API_NAME, (Channel.NAME, Channel.KEY)),
        "campaign": (RecruitingCampaign.API_NAME, (RecruitingCampaign.NAME,)),
        "requisition": (JobRequisition.API_NAME, (JobRequisition.NAME, JobRequisition.ATS_ID)),
    }
    return {
        subject: _named(app, name, fields, {sheet.cell(line, subject) for line in sheet.lines} - {""})
        for subject, (name, fields) in objects.items()
    }


def _named(app: App, object_name: str, fields: Sequence[str], texts: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in _parts(sorted(text for text in texts if len(text) <= 255)):
        conditions = [is_in(field, part) for field in fields]
        ids = [text for text in part if is_record_id(text)]
        where = either(*conditions, *([is_in("Id", ids)] if ids else []))
        for row in app.salesforce.query(select(object_name, ["Id", *fields], where=where)):
            for name in (row["Id"], *(row[field] for field in fields)):
                if name:
                    found.setdefault(str(name).casefold(), set()).add(str(row["Id"]))
    return found


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), _PER_QUERY):
        yield texts[start : start + _PER_QUERY]
