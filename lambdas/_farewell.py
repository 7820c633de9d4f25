"""The small pages behind a mail's unsubscribe link, in the language of the mail. No template engine: it starts fast."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import NamedTuple

from integration.model.wording import RIGHT_TO_LEFT, said

_FRAME = Path(__file__).resolve().parent.parent / "templates" / "site" / "plain.html"


class Words(NamedTuple):
    """What one page says, in English; with a button it is a form that comes back to the same address."""

    title: str
    lines: tuple[str, ...]
    button: str = ""


PAGES = {
    "ask": Words(
        "Stop these mails?",
        ("You will get no more mails from this recruiting team. Your application, if you have one, is not touched.",),
        "Yes, stop these mails",
    ),
    "ask-alerts": Words(
        "Stop job alerts?",
        (
            "You will get no more mails with new jobs. Other mails that you agreed to, and your application, "
            "if you have one, are not touched.",
        ),
        "Yes, stop job alerts",
    ),
    "done": Words(
        "Done: no more mails",
        (
            "We have taken you off. A mail that left us in the last seconds may still reach you.",
            "If this was a mistake, answer any mail of ours and tell us.",
        ),
    ),
    "done-alerts": Words(
        "Done: no more job alerts",
        (
            "You get no more mails with new jobs. A mail that left us in the last seconds may still reach you.",
            "If this was a mistake, answer any mail of ours and tell us.",
        ),
    ),
    "again": Words(
        "Please try once more",
        ("We could not save your wish just now, and nothing was changed. Please try again in a minute.",),
        "Try again",
    ),
    "unknown": Words(
        "This link does not work",
        (
            "It may have been cut by a mail program, or it is too old. Please open it from the mail again, "
            "or answer the mail and tell us.",
        ),
    ),
}


@cache
def page(name: str, language: str) -> str:
    """A page of PAGES as HTML, in a language of model/wording."""
    title, lines, button = PAGES[name]
    parts = [f"<p>{escape(said(line, language))}</p>" for line in lines]
    if button:
        press = f'<button type="submit">{escape(said(button, language))}</button>'
        parts.append(f'<form method="post">\n{press}\n</form>')
    return Template(_FRAME.read_text(encoding="utf-8")).substitute(
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        title=escape(said(title, language)),
        content="\n".join(parts),
    )
