"""The text of a mail that has only HTML, with its quotes marked as in a text mail.

A scan from one < to the next: the standard library's HTMLParser takes seconds for a few kilobytes of unclosed tags.
"""

import re
from html import unescape

_LONGEST = 400_000
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr", "blockquote"})
_HIDDEN = frozenset({"script", "style", "head", "title"})
_QUOTE_MARKS = (
    *("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"),
    *("divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container"),
)
_NAME = re.compile(r"/?[a-z][a-z0-9]{0,20}")
SEPARATOR = "----- Original Message -----"


def text_of_html(page: str) -> str:
    """Lines as a person sees them; the first element that mail programs put around a quote becomes a separator."""
    first, *rest = page[:_LONGEST].replace("\r", " ").replace("\n", " ").split("<")
    pieces, hidden, in_comment = [first], "", False
    for piece in rest:
        if in_comment or piece.startswith("!--"):
            _, end, text = piece.partition("-->")
            in_comment = not end
            pieces.append("" if hidden else text)
            continue
        tag, end, text = piece.partition(">")
        name = _name(tag)
        if hidden:
            hidden = "" if name == f"/{hidden}" else hidden
        elif name in _HIDDEN:
            hidden = name
        if not hidden and end:
            pieces.append(_break(name, tag) + text)
    return "\n".join(" ".join(unescape(line).split()) for line in "".join(pieces).split("\n"))


def _name(tag: str) -> str:
    found = _NAME.match(tag[:30].lower())
    return found[0] if found else ""


def _break(name: str, tag: str) -> str:
    if name == "blockquote" or any(mark in tag[:500].lower() for mark in _QUOTE_MARKS):
        return f"\n{SEPARATOR}\n"
    return "\n" if name.removeprefix("/") in _BLOCKS else ""
