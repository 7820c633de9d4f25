"""Reads a body as MJML, says what is wrong with it, and writes it anew in one canonical spelling.

What is compiled is what was checked: every tag and attribute of the output was on a list and was written by us, so
there is no second reading of the author's text that could see something else in it.
"""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from integration.errors import shortened
from integration.messages.findings import Finding, nearest

DEEPEST = 60
"""Tags inside each other: the compiler overflows its stack on thousands (reliability.md, finding 6)."""
LONGEST_LINK = 1_000

_STRUCTURE = frozenset({"mjml", "mj-body", "mj-wrapper", "mj-section", "mj-column", "mj-group", "mj-hero"})
_HEAD = frozenset(
    {"mj-head", "mj-title", "mj-preview", "mj-attributes", "mj-all", "mj-class", "mj-breakpoint", "mj-style"}
)
_CONTENT = frozenset({"mj-text", "mj-button", "mj-image", "mj-divider", "mj-spacer", "mj-table"})
MJML = _STRUCTURE | _HEAD | _CONTENT
HTML = frozenset(
    {"a", "b", "strong", "i", "em", "u", "s", "br", "p", "div", "span", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"}
    | {"li", "table", "thead", "tbody", "tr", "td", "th", "img", "hr", "blockquote", "small", "sub", "sup", "center"}
)
_VOID = frozenset({"br", "img", "hr"})
_EMPTY = frozenset({"mj-image", "mj-divider", "mj-spacer", "mj-all", "mj-class", "mj-breakpoint"})
_HTML_ATTRIBUTES = frozenset(
    {"href", "title", "target", "style", "class", "align", "valign", "width", "height", "alt", "src", "border", "rel"}
    | {"cellpadding", "cellspacing", "bgcolor", "dir", "lang", "colspan", "rowspan", "role", "start"}
)
_ADDRESSES = frozenset({"href", "src", "background-url", "srcset"})
_WITH_SLOTS = frozenset({"alt", "title"})
_LINKED = frozenset({"a", "mj-button", "mj-image"})
_ATTRIBUTE = re.compile(r"(?!on)[a-z][a-z0-9-]{0,40}", re.ASCII)
_BAD_STYLE = re.compile(r"expression|javascript|vbscript|behaviou?r|binding|@import|url\s*\(|\\|<", re.IGNORECASE)
_SPACE = re.compile(r"[\s\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\ufeff]")

Linked = Callable[[str], str]
"""Takes the target of a link and gives what stands in its place."""


def address_fault(address: str, *, picture: bool = False) -> str:
    """What is wrong with a link or picture address, in words; empty when it is good."""
    shown = shortened(address)
    if _SPACE.search(address):
        return f"the address {shown} has a blank or an invisible character in it. Take it out."
    scheme, colon, rest = address.partition(":")
    if not picture and scheme in {"mailto", "tel"} and colon and rest:
        return ""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"the address {shown} is not complete. Copy it from the browser again."
    if parts.scheme != "https" and (picture or parts.scheme != "http"):
        return f"the address {shown} must begin with https://."
    if ("." not in host and host != "localhost") or parts.username is not None or port == 0 or ".." in host:
        return f"the address {shown} has no proper host name. Copy it from the browser again."
    return f"the address is longer than {LONGEST_LINK} characters. Shorten it." if len(address) > LONGEST_LINK else ""


class Reader(HTMLParser):
    """One pass over a body whose Jinja marks were replaced by placeholders."""

    def __init__(self, mark: re.Pattern[str], address_marks: frozenset[str], linked: Linked) -> None:
        super().__init__(convert_charrefs=False)
        self.findings: list[Finding] = []
        self._mark = mark
        self._address_marks = address_marks
        self._linked = linked
        self._out: list[str] = []
        self._open: list[tuple[str, int]] = []

    def read(self, source: str) -> str:
        """The canonical text; only of use when there are no findings that are errors."""
        self.feed(source)
        self.close()
        for tag, line in self._open:
            self._fault(f"<{tag}> is not closed. Add </{tag}>.", line)
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag in _VOID or tag in _EMPTY:
            self._out[-1] = self._out[-1][:-1] + "/>"
        else:
            self._open.append((tag, self.getpos()[0]))
            if len(self._open) == DEEPEST + 1:
                self._fault(f"tags stand more than {DEEPEST} deep inside each other. Use fewer.")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID | _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag in _EMPTY:
            return
        if not self._open or self._open[-1][0] != tag:
            expected = f" <{self._open[-1][0]}> of line {self._open[-1][1]} is still open." if self._open else ""
            self._fault(f"</{shortened(tag)}> closes nothing here.{expected}")
            while tag in {name for name, _ in self._open} and self._open.pop()[0] != tag:
                pass  # one slip is told once
            return
        self._open.pop()
        self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        inside = self._open[-1][0] if self._open else ""
        if inside == "mj-style" and _BAD_STYLE.search(data):
            self._fault("the style uses something that mail programs refuse (url, import or script). Take it out.")
        bare = self._mark.sub("", data).strip()
        if bare and (inside in _STRUCTURE or not inside):
            self._fault(f'the text "{shortened(bare, 30)}" stands outside of <mj-text>. Put it into one.')
        self._out.append(data.replace("<", "&lt;"))

    def handle_entityref(self, name: str) -> None:
        self._out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._out.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._fault(f"<!{shortened(decl, 20)}> is not needed. Take it out.")

    def unknown_decl(self, data: str) -> None:
        self.handle_decl(data)

    def handle_pi(self, data: str) -> None:
        self.handle_decl(data)

    def _fault(self, text: str, line: int = 0) -> None:
        self.findings.append(Finding("Body", line or self.getpos()[0], text))

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in MJML | HTML:
            self._fault(f"<{shortened(tag, 30)}> is not available in mail.{nearest(tag, MJML | HTML)}")
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag in {"img", "mj-image"} and "alt" not in given:
            self._fault(f'<{tag}> has no alt text. Add alt="…" for people who do not see pictures.')
        written = "".join(f' {name}="{escape(self._checked(tag, name, value))}"' for name, value in given.items())
        self._out.append(f"<{tag}{written}>")

    def _checked(self, tag: str, name: str, value: str) -> str:
        allowed = _ATTRIBUTE.fullmatch(name) if tag.startswith("mj") else name in _HTML_ATTRIBUTES
        if not allowed:
            self._fault(f"the attribute {shortened(name, 30)} of <{tag}> is not available. Take it out.")
        elif name in _ADDRESSES:
            return self._address(tag, name, value.strip())
        elif self._mark.search(value) and name not in _WITH_SLOTS:
            self._fault(f"{name} of <{tag}> must be the same for everybody. Take the braces out.")
        elif name not in _WITH_SLOTS and _BAD_STYLE.search(value):
            self._fault(f"{name} of <{tag}> uses something that mail programs refuse. Take it out.")
        return value

    def _address(self, tag: str, name: str, value: str) -> str:
        if value in self._address_marks and name == "href":
            return value
        if self._mark.search(value):
            self._fault(f"the link of <{tag}> must be the same for everybody. Take the braces out.")
            return ""
        if fault := address_fault(value, picture=name != "href"):
            self._fault(fault)
            return ""
        is_tracked = name == "href" and tag in _LINKED and value.startswith("http")
        return self._linked(value) if is_tracked else value
