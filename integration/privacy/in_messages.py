"""Sentences of ours that name the person: on imports, searches and campaigns, and on the commands that said them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from integration.model.traces import Traces
from integration.ports import Value
from integration.privacy.noting import Notes
from integration.records import CandidateImport, Commanded, ProspectSearch, RecruitingCampaign, RecruitingCommand
from integration.soql import Condition, both, compare, select

if TYPE_CHECKING:
    from integration.app import App

KIND = "messages"
_HOLDERS = (CandidateImport.API_NAME, ProspectSearch.API_NAME, RecruitingCampaign.API_NAME)
_PER_PART = 500
_LINE = re.compile(r"\bline (\d+)\b", re.IGNORECASE)
_GONE = "This spoke of a person who was erased."


def forget(app: App, person: Traces, notes: Notes) -> None:
    """Key: the row. What does not speak of the person is not touched."""
    for name in _HOLDERS:
        _forget(app, name, Commanded.MESSAGE, person, notes)
    _forget(app, RecruitingCommand.API_NAME, RecruitingCommand.MESSAGE, person, notes)


def cleaned(message: str, person: Traces, lines: Collection[int] = ()) -> str:
    """The message without the sentences that speak of the person, or of these lines of a file."""
    return "\n".join(_GONE if _speaks(line, person, lines) else line for line in message.split("\n"))


def forget_commands(app: App, record_id: str, person: Traces, lines: Collection[int], notes: Notes) -> None:
    """What commands on one record were answered."""
    where = compare(RecruitingCommand.RECORD_ID, "=", record_id)
    _forget(app, RecruitingCommand.API_NAME, RecruitingCommand.MESSAGE, person, notes, where=where, lines=lines)


def _speaks(line: str, person: Traces, lines: Collection[int]) -> bool:
    return person.in_words(line) or any(int(number) in lines for number in _LINE.findall(line))


def _forget(
    app: App,
    object_name: str,
    field: str,
    person: Traces,
    notes: Notes,
    *,
    where: Condition | None = None,
    lines: Collection[int] = (),
) -> None:
    after = ""
    while True:
        beyond = [compare("Id", ">", after)] if after else []
        whole = both(*[one for one in (where, *beyond) if one]) if where or beyond else None
        rows = app.salesforce.query(select(object_name, ["Id", field], where=whole, order_by=["Id"], limit=_PER_PART))
        for row in rows:
            before = str(row[field] or "")
            if before and (message := cleaned(before, person, lines)) != before:
                _write(app, object_name, str(row["Id"]), field, message, notes)
        if len(rows) < _PER_PART:
            return
        after = str(rows[-1]["Id"])


def _write(app: App, object_name: str, row_id: str, field: str, message: str, notes: Notes) -> None:
    notes.note(KIND, row_id)
    if object_name == RecruitingCommand.API_NAME:
        key = f"command#{row_id}"
        claim = app.claims.get(key, "claim")
        if claim and claim.get("outcome"):
            # Whoever is told the outcome once more is told this.
            app.claims.update(key, "claim", {"outcome": {**claim["outcome"], "message": message}})
    values: dict[str, Value] = {field: message}
    app.salesforce.update(object_name, row_id, values)
