"""The service's own passing copies: what searches found, what sources answered, mails and webhooks that came in, and
what an ATS was given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from integration.model.traces import Traces
from integration.privacy.noting import Notes
from integration.replies.opening import Unreadable, opened

if TYPE_CHECKING:
    from integration.app import App

PREFIXES = {
    "searches/": "results of searches",
    "sources/": "answers of sources",
    "ats/waiting/": "webhooks that waited",
    "inbound/": "mails that came in",
    "ats/out/": "copies of résumés",
    "ats/exchange/": "files between us and the ATS",
}
_DOCUMENTS = (".pdf", ".docx")


def places(app: App) -> list[str]:
    return sorted(key for prefix in PREFIXES for key in app.data.keys(prefix))


def forget(app: App, key: str, person: Traces, notes: Notes) -> None:
    """Key: the file. Of results that wait the person's lines go; anything else that speaks of the person goes whole.

    A source is asked again when its answer is missing; a mail or webhook has been worked off, or is refused at the
    door by the person's marks.
    """
    if key.startswith("ats/out/"):  # named by whose it is: ats/gathering.py
        if key.split("/")[2] in person.keys:
            notes.note(PREFIXES["ats/out/"], key)
            app.data.delete([key])
        return
    if key.startswith("ats/exchange/") and key.endswith(_DOCUMENTS):
        return  # goes with the row beside it
    data = app.data.read(key)
    if data is None:
        return
    kind = next(kind for prefix, kind in PREFIXES.items() if key.startswith(prefix))
    text = _words_of_mail(data) if key.startswith("inbound/") else data.decode("utf-8", "replace")
    if not person.in_text(text):
        return
    notes.note(kind, key)
    if key.endswith(".jsonl"):
        _keep(app, key, (line for line in text.splitlines(keepends=True) if not person.in_text(line)))
    elif key.startswith("ats/exchange/"):
        _forget_exchanged(app, key, text, person)
    else:
        app.data.delete([key])


def _forget_exchanged(app: App, key: str, text: str, person: Traces) -> None:
    """A row of what came in; all of one hand-over, with the résumé beside it."""
    if "/in/" in key:
        _keep(app, key, (row for row in _rows(text) if not person.in_text(row)))
    else:
        app.data.delete([key, *(key.removesuffix(".csv") + ending for ending in _DOCUMENTS)])


def _keep(app: App, key: str, parts: Iterator[str]) -> None:
    kind = "application/jsonl" if key.endswith(".jsonl") else "text/csv"
    app.data.write(key, "".join(parts).encode(errors="replace"), content_type=kind)


def _rows(text: str) -> Iterator[str]:
    """The rows of a CSV file as they stand there, whatever separates cells; one in quotes may have several lines."""
    row = ""
    for line in text.splitlines(keepends=True):
        row += line
        if row.count('"') % 2 == 0:
            yield row
            row = ""
    yield row


def _words_of_mail(data: bytes) -> str:
    """Headers and texts, decoded, of the mail and of one that it carries."""
    found = [data.decode("latin-1")]
    try:
        mail = opened(data)
    except Unreadable:
        return found[0]
    for one in (mail, mail.forwarded):
        if one is not None:
            found += [one.sender, one.sender_name, one.text, *one.headers.values()]
    return "\n".join(found)
