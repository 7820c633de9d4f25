"""From a template's three sources to pieces: check, canonical MJML, HTML. Runs in the child process (isolation.py).

Jinja marks are taken out before MJML sees the text and put back after it, so MJML runs once per message and never per
person, and no value of a person is ever read as markup.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any, TypedDict

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from integration.errors import shortened
from integration.messages import advice, blocks, language, markup
from integration.messages.colours import mail_colours
from integration.messages.findings import Finding
from integration.messages.slots import ADDRESSES, OF_CAMPAIGN
from integration.model import wording
from integration.model.message import MAIL_TOKEN, NOTICE_HTML, NOTICE_TEXT
from integration.model.mime import escaped, one_line

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "email"
LONGEST_SOURCE = 200_000
CLIPPED_AT = 102 * 1024
"""Gmail cuts the end of a longer mail off, and the unsubscribe link with it."""
LONGEST_SUBJECT = 200
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,20}")
_LANGUAGE = re.compile(r"[a-zA-Z-]{2,12}")
_FONT = re.compile(r"[A-Za-z0-9 ,'-]{1,120}")
_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


class Source(TypedDict):
    """What the child is given; plain JSON."""

    subject: str
    body: str
    text: str
    constants: dict[str, str]
    brand: dict[str, str]
    slots: list[str]
    base_url: str
    language: str
    transactional: bool
    jobs: list[dict[str, str]]


RawPiece = str | dict[str, Any]
"""A literal, {"slot", "default"}, {"link": number in `links`} or {"block": source}."""


@dataclass
class Compiled:
    """What the child answers."""

    findings: list[Finding] = field(default_factory=list)
    subject: list[RawPiece] = field(default_factory=list)
    text: list[RawPiece] = field(default_factory=list)
    html: list[RawPiece] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    event: dict[str, str] | None = None
    """What the mail invites to; the fields of event.Event."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def compiled(source: Source) -> Compiled:
    """The pieces, or the findings that say why there are none."""
    result = Compiled(findings=_before(source))
    if not any(finding.error for finding in result.findings):
        work = _Work(source, result)
        work.subject()
        work.body()
        work.text()
    return result


def _before(source: Source) -> list[Finding]:
    """What can be said before anything is compiled."""
    findings = []
    addresses = {"confirm_url"} if source["transactional"] else set(ADDRESSES) - {"confirm_url"}
    known = {*source["slots"], *OF_CAMPAIGN, *addresses}
    parts = {"Subject": source["subject"], "Body": source["body"], "Text": source["text"]}
    for part, text in parts.items():
        if not text.strip():
            findings.append(Finding(part, 0, _EMPTY[part]))
        elif len(text) > LONGEST_SOURCE:
            findings.append(Finding(part, 0, f"it is longer than {LONGEST_SOURCE:,} characters. Shorten it."))
        else:
            findings += language.check(text, part, known)
    findings += _brand_faults(source["brand"])
    if not source["constants"].get("postal_address", "").strip():
        findings.append(
            Finding("Brand", 0, "the postal address is missing. Mail must show one: enter it on the brand.")
        )
    return findings


_EMPTY = {
    "Subject": "the subject is empty. Write one.",
    "Body": "the body is empty. Write at least one <mj-section>.",
    "Text": "the text part is missing. Write the mail once more as plain text for people who read it so.",
}


def _brand_faults(brand: Mapping[str, str]) -> list[Finding]:
    faults = [
        Finding("Brand", 0, f"{name} {shortened(brand[name])} is not a colour. Write it like #0b5fff.")
        for name in ("primary_color", "background_color", "text_color")
        if brand.get(name) and not _COLOR.fullmatch(brand[name])
    ]
    if brand.get("font") and not _FONT.fullmatch(brand["font"]):
        faults.append(
            Finding("Brand", 0, "the font has characters that no font name has. Write it like Georgia, serif.")
        )
    if brand.get("logo_url") and (fault := markup.address_fault(brand["logo_url"], picture=True)):
        faults.append(Finding("Brand", 0, f"logo: {fault}"))
    return faults


class _Work:
    """One compilation: the table of placeholders and the table of links."""

    def __init__(self, source: Source, result: Compiled) -> None:
        self._source = source
        self._result = result
        nonce = sha256((source["body"] + source["text"] + source["subject"]).encode("utf-8", "replace")).hexdigest()[:8]
        self._mark = re.compile(rf"wb{nonce}n(\d+)e")
        self._nonce = nonce
        self._table: list[RawPiece | language.Segment] = []
        self._numbers: dict[object, int] = {}

    def subject(self) -> None:
        text = self._marked(self._source["subject"], escape=False)
        self._result.subject = self._pieces(text, escape=False)
        if len(self._mark.sub("", text)) > LONGEST_SUBJECT:
            self._advise("Subject", f"it is longer than {LONGEST_SUBJECT} characters. Most programs show 60.")
        for said in advice.of_subject(self._mark.sub("", text)):
            self._advise("Subject", said)

    def body(self) -> None:
        marked = self._marked(self._source["body"], escape=True)
        own = frozenset({self._address(name) for name in ADDRESSES} - {""})
        expanded = blocks.written_out(marked, self._source["jobs"], self._mark)
        reader = markup.Reader(self._mark, own, self._link)
        canonical = reader.read(expanded.source)
        self._result.findings += expanded.findings or reader.findings
        self._result.event = asdict(expanded.event) if expanded.event else None
        if any(finding.error for finding in self._result.findings):
            return
        for line, said in advice.of_body(expanded.source):
            self._advise("Body", said, line)
        document = canonical if canonical.lstrip().startswith("<mjml") else self._laid_out(canonical)
        html = self._as_html(document)
        pixel = f'<img src="{self._source["base_url"]}/o/{self._slot(MAIL_TOKEN)}.gif" alt="" width="1" height="1" />'
        html = html.replace("</body>", f"{pixel}</body>", 1)
        self._check_html(html)
        self._result.html = self._pieces(html, escape=True)

    def text(self) -> None:
        marked = self._marked(self._source["text"], escape=False)
        expanded = blocks.written_as_text(marked, self._source["jobs"], self._mark)
        self._result.findings += expanded.findings
        linked = _URL.sub(self._text_link, expanded.source)
        layout = _layouts(escape=False).get_template("_layout.txt.j2")
        whole = layout.render(self._layout_words(html=False), content=linked.rstrip())
        self._result.text = self._pieces(whole, escape=False)
        if not self._source["transactional"] and self._unsubscribe_mark() not in whole:
            self._fault("Text", "it has no unsubscribe link. Write {{ unsubscribe_url }} at its end.")

    def _marked(self, source: str, *, escape: bool) -> str:
        """The source with a placeholder for every Jinja mark, constants and own addresses already in it."""
        done = []
        for segment in language.segments(source):
            if segment.kind == "data":
                done.append(segment.text)
            elif segment.kind == "expression" and segment.text in ADDRESSES:
                done.append(self._address(segment.text))
            elif segment.kind == "expression" and segment.text in OF_CAMPAIGN:
                value = self._source["constants"].get(segment.text, "")
                done.append(escaped(one_line(value)) if escape else one_line(value))
            else:
                done.append(self._placeholder(segment))
        return "".join(done)

    def _placeholder(self, piece: RawPiece | language.Segment) -> str:
        key = (piece.kind, piece.text) if isinstance(piece, language.Segment) else repr(piece)
        number = self._numbers.setdefault(key, len(self._table))
        if number == len(self._table):
            self._table.append(piece)
        return f"wb{self._nonce}n{number}e"

    def _slot(self, name: str) -> str:
        return self._placeholder({"slot": name, "default": ""})

    def _address(self, name: str) -> str:
        """An address of the person's own: path and placeholder; empty where this mail has no such address."""
        path, slot = ADDRESSES[name]
        return f"{self._source['base_url']}{path}{self._slot(slot)}" if path else self._slot(slot)

    def _unsubscribe_mark(self) -> str:
        return self._address("unsubscribe_url")

    def _link(self, target: str) -> str:
        """The placeholder of a tracked link."""
        if target not in self._result.links:
            self._result.links.append(target)
        return self._placeholder({"link": self._result.links.index(target)})

    def _text_link(self, match: re.Match[str]) -> str:
        address = match.group()
        if self._mark.search(address):
            if address.startswith(self._source["base_url"]):
                return address  # an address of ours with the person's token
            self._fault("Text", f"the link {shortened(self._mark.sub('…', address))} must be the same for everybody.")
            return ""
        if fault := markup.address_fault(address):
            self._fault("Text", fault)
            return ""
        return self._link(address)

    def _laid_out(self, sections: str) -> str:
        layout = _layouts(escape=True).get_template("_layout.mjml.j2")
        return layout.render(self._layout_words(html=True), content=Markup(sections))  # noqa: S704  (canonical: markup.Reader wrote it)

    def _layout_words(self, *, html: bool) -> dict[str, Any]:
        brand = {**_LOOK, **{name: value for name, value in self._source["brand"].items() if value}}
        written = self._source["language"] if _LANGUAGE.fullmatch(self._source["language"]) else "en"
        mirrored = written[:2].lower() in wording.RIGHT_TO_LEFT
        return {
            "brand": brand,
            "colours": mail_colours(brand),
            "constants": {"privacy_url": "", "postal_address": "", **self._source["constants"]},
            "language": written,
            "mirrored": mirrored,
            "start": "right" if mirrored else "left",
            "t": partial(wording.said, language=written),
            "transactional": self._source["transactional"],
            "notice": self._slot(NOTICE_HTML if html else NOTICE_TEXT),
            **{name: self._address(name) for name in ADDRESSES},
        }

    def _as_html(self, document: str) -> str:
        from mjml import mjml2html

        try:
            return str(mjml2html(document))
        except ValueError as error:
            self._fault("Body", f"MJML cannot read it ({shortened(str(error), 80)}). Check the nesting of the tags.")
            return ""

    def _check_html(self, html: str) -> None:
        size = len(html.encode())
        if size > CLIPPED_AT:
            self._fault(
                "Body", f"the mail has {size // 1024} KB; Gmail cuts it off at {CLIPPED_AT // 1024}. Shorten it."
            )
        if html and not self._source["transactional"] and not _shows(html, self._unsubscribe_mark()):
            self._fault("Body", 'it has no unsubscribe link. Add <a href="{{ unsubscribe_url }}">Unsubscribe</a>.')
        if html and not _shows(html, " ".join(self._source["constants"].get("postal_address", "").split())):
            self._fault("Body", "it does not show the postal address. Add {{ postal_address }}.")

    def _pieces(self, text: str, *, escape: bool) -> list[RawPiece]:
        """Literals, slots and links in a row; everything between a tag and its end becomes one block."""
        pieces: list[RawPiece] = []
        block: list[str] = []
        depth = 0
        for number, part in enumerate(self._mark.split(text)):
            entry: RawPiece | language.Segment = self._table[int(part)] if number % 2 else part
            if isinstance(entry, language.Segment) and entry.kind == "tag":
                word = entry.text.split(None, 1)[0].lstrip("-+")
                depth += {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(word, 0)
                block.append(f"{{% {entry.text.strip('-+ ')} %}}")
                if depth == 0:
                    pieces.append({"block": "".join(block)})
                    block = []
            elif depth:
                block.append(self._in_block(entry))
            elif entry != "":
                pieces.append(self._alone(entry))
        return pieces

    def _alone(self, entry: RawPiece | language.Segment) -> RawPiece:
        if not isinstance(entry, language.Segment):
            return entry
        slot = language.as_slot(entry.text)
        if slot is None or slot.name in OF_CAMPAIGN:
            return {"block": f"{{{{ {entry.text} }}}}"}
        return {"slot": slot.name, "default": slot.default}

    def _in_block(self, entry: RawPiece | language.Segment) -> str:
        if isinstance(entry, language.Segment):
            return f"{{{{ {entry.text} }}}}"
        if isinstance(entry, str):
            # Nothing of the page may read as a mark: the author's own marks are all in the table.
            return re.sub(r"\{(?=[{%#])", '{{ "{" }}', entry)
        return f"{{{{ _link_{entry['link']} }}}}" if "link" in entry else f"{{{{ {entry['slot']} }}}}"

    def _fault(self, part: str, text: str) -> None:
        self._result.findings.append(Finding(part, 0, text))

    def _advise(self, part: str, text: str, line: int = 0) -> None:
        self._result.findings.append(Finding(part, line, text, error=False))


def _shows(html: str, text: str) -> bool:
    """Whether a page holds a text, however it is spelled; the cheap look first."""
    return text in html or text in " ".join(unescape(html).split())


_LOOK = {
    "primary_color": "#0b5fff",
    "background_color": "#f4f5f7",
    "text_color": "#1f2933",
    "font": "Helvetica, Arial, sans-serif",
    "logo_url": "",
    "from_name": "",
}


@lru_cache(maxsize=2)
def _layouts(*, escape: bool) -> Environment:
    """Our own templates: trusted, so without the sandbox."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escape,  # noqa: S701  (the text layout is not HTML)
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
