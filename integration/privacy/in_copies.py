"""The service's own passing copies: what searches found, what sources answered, mails and webhooks that came in."""

from __future__ import annotations

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
}


def places(app: App) -> list[str]:
    return sorted(key for prefix in PREFIXES for key in app.data.keys(prefix))


def forget(app: App, key: str, person: Traces, notes: Notes) -> None:
    """Key: the file. Of results that wait the person's lines go; anything else that speaks of the person goes whole.

    A source is asked again when its answer is missing; a mail or webhook has been worked off, or is refused at the
    door by the person's marks.
    """
    data = app.data.read(key)
    if data is None:
        return
    kind = next(kind for prefix, kind in PREFIXES.items() if key.startswith(prefix))
    text = _words_of_mail(data) if key.startswith("inbound/") else data.decode("utf-8", "replace")
    if not person.in_text(text):
        return
    notes.note(kind, key)
    if key.endswith(".jsonl"):
        kept = "\n".join(line for line in text.split("\n") if not person.in_text(line))
        app.data.write(key, kept.encode(errors="replace"), content_type="application/jsonl")
    else:
        app.data.delete([key])


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
