"""vCards 2.1, 3.0 and 4.0: each card by itself, so that a bad one costs only its own row.

vobject reads a property's line; cutting the file into cards and properties is ours, because one nested or cut-off card,
one picture or one letter of another code page makes it give up the whole file.
"""

import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vobject.base import ParseError, parseLine
from vobject.vcard import splitFields

from integration.errors import Rejected
from integration.prospecting.files.table import About, Row, Table
from integration.prospecting.imports.reading import encoding_of, text_lines

HEADER = (
    *("Full name", "First name", "Middle name", "Last name", "E-mail", "Phone", "Profile", "Title", "Employer"),
    *("City", "Region", "Country", "Tags"),
)
MOST_LINES = 20_000
"""Of one card; a longer one was never closed."""
SEPARATOR = " ::: "
_PICTURES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"})
_PROPERTY = re.compile(r"(?:[A-Za-z0-9-]+\.)?[A-Za-z][A-Za-z0-9-]*(?:;[^:]*)?:")
_QUOTED_PRINTABLE = re.compile(r"QUOTED-PRINTABLE", re.IGNORECASE)
_NO_PHONE = frozenset({"FAX", "PAGER", "MODEM", "TELEX"})
_GROUP = frozenset({"group", "org", "organization", "location"})

Property = tuple[str, set[str], list[str]]
"""(name, types in capitals, components of the value)."""


@dataclass
class Card:
    number: int
    """The line of its BEGIN."""
    lines: list[str] = field(default_factory=list)
    fault: str = ""


def read(path: Path) -> Table:
    """Every card of the file as a row; raises Rejected when there is none."""
    encoding = encoding_of(lambda: _pieces(path))
    cards = _cards(text_lines(_pieces(path), encoding))
    first = next(cards, None)
    if first is None:
        raise Rejected("The file holds no vCard. Export the contacts again.", field="File")

    def rows() -> Iterator[Row]:
        yield _row(first, encoding)
        yield from (_row(card, encoding) for card in cards)

    return Table(About("cards", "vCards"), Row(0, HEADER), rows())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(256 * 1024):
            yield piece


def _cards(lines: Iterator[str]) -> Iterator[Card]:
    card: Card | None = None
    nested = 0
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        word = line.strip().casefold()
        if word == "begin:vcard":
            if card is not None and _is_agent(card):
                nested += 1  # a card as the value of AGENT says who the assistant is
                continue
            if card is not None:
                yield _cut_off(card)
            card, nested = Card(number), 0
        elif word == "end:vcard" and nested:
            nested -= 1
        elif word == "end:vcard" and card is not None:
            yield card
            card = None
        elif card is not None and not nested:
            card.lines.append(line)
            if len(card.lines) > MOST_LINES:
                yield _cut_off(card)
                card = None
    if card is not None:
        yield _cut_off(card)


def _is_agent(card: Card) -> bool:
    last = next((line for line in reversed(card.lines) if line.strip()), "")
    return re.match(r"(?:\w+\.)?AGENT\b.*:\s*$", last, re.IGNORECASE) is not None


def _cut_off(card: Card) -> Card:
    card.fault = "the card has no END:VCARD; it may have been cut off. Export that contact again"
    return card


def _row(card: Card, encoding: str) -> Row:
    properties = [one for line in _unfolded(card.lines) if (one := _property(line, encoding)) is not None]
    if not card.fault and _text(properties, "KIND", "X-ADDRESSBOOKSERVER-KIND").casefold() in _GROUP:
        card.fault = "the card is a group or a company, not a person"
    if not card.fault and not properties:
        card.fault = "the card cannot be read. Export that contact again"
    return Row(card.number, _cells(properties), card.fault)


def _unfolded(lines: Sequence[str]) -> Iterator[str]:
    """Whole properties: lines that begin with a blank, and lines behind a soft break, belong to the one before."""
    current = ""
    is_picture = False
    for line in lines:
        if current and _is_quoted_printable(current) and current.endswith("="):
            current = current[:-1] + line.removeprefix(" " if line.startswith(" =") else "")
        elif line[:1] in {" ", "\t"} and (current or is_picture):
            current += line[1:] if not is_picture else ""
        elif is_picture and not _PROPERTY.match(line):
            continue  # 2.1 writes pictures without a mark on their further lines
        else:
            if current:
                yield current
            is_picture = _name(line) in _PICTURES
            current = "" if is_picture else line.strip()
    if current:
        yield current


def _name(line: str) -> str:
    return re.split(r"[;:]", line, maxsplit=1)[0].rpartition(".")[2].upper()


def _is_quoted_printable(line: str) -> bool:
    return _QUOTED_PRINTABLE.search(line.partition(":")[0]) is not None


def _property(line: str, encoding: str) -> Property | None:
    """A property, or None for a line that is none: it costs itself, not the card."""
    if not line.strip():
        return None
    try:
        name, params, value, _ = parseLine(line)
    except ParseError:
        return None
    words = [word for param in params for word in param]
    if any(_QUOTED_PRINTABLE.fullmatch(word) for word in words):
        charset = next((param[1] for param in params if param[0].upper() == "CHARSET" and len(param) > 1), "utf-8")
        value = _decoded(value, charset, encoding)
    types = {part.upper() for word in words for part in word.split(",")}
    separator = ";" if name.upper() in {"N", "ADR", "ORG"} else ""
    return name.upper(), types, _components(value, separator)


def _decoded(value: str, charset: str, encoding: str) -> str:
    data = quopri.decodestring(value.encode(encoding, "replace") if encoding.startswith("cp") else value.encode())
    for name in (charset, "utf-8", "cp1252"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _components(value: str, separator: str) -> list[str]:
    if separator:
        parts = [" ".join(part) if isinstance(part, list) else part for part in splitFields(value)]
    else:
        parts = [re.sub(r"\\([,;:\\])", r"\1", re.sub(r"\\[nN]", "\n", value))]
    return [part.strip() for part in parts]


def _cells(properties: Sequence[Property]) -> list[str]:
    last, first, middle, *_ = [*_parts(properties, "N"), "", "", ""]
    address = [*_address(properties), *[""] * 7]
    return [
        _text(properties, "FN") or " ".join(part for part in (first, last) if part),
        first,
        middle,
        last,
        _all(properties, "EMAIL"),
        SEPARATOR.join(_phones(properties)),
        SEPARATOR.join(_profiles(properties)),
        _text(properties, "TITLE", "ROLE"),
        next(iter(_parts(properties, "ORG")), ""),
        *(address[position] for position in (3, 4, 6)),
        _all(properties, "CATEGORIES"),
    ]


def _parts(properties: Sequence[Property], name: str) -> list[str]:
    return next((parts for one, _, parts in properties if one == name and any(parts)), [])


def _text(properties: Sequence[Property], *names: str) -> str:
    return next((parts[0] for wanted in names for one, _, parts in properties if one == wanted and parts[0]), "")


def _all(properties: Sequence[Property], name: str) -> str:
    return SEPARATOR.join(dict.fromkeys(parts[0] for one, _, parts in properties if one == name and parts[0]))


def _phones(properties: Sequence[Property]) -> dict[str, None]:
    found: dict[str, None] = {}
    for name, types, parts in properties:
        number = parts[0].removeprefix("tel:").partition(";ext=")[0]
        if name == "TEL" and number and not types & _NO_PHONE:
            found[number] = None
    return found


def _profiles(properties: Sequence[Property]) -> dict[str, None]:
    """Web pages and social profiles that are addresses; apps write handles such as `x-apple:ann` too."""
    return {
        parts[0]: None
        for name, _, parts in properties
        if name in {"URL", "X-SOCIALPROFILE", "SOCIALPROFILE"} and re.match(r"(?:https?://|www\.)\S+$", parts[0])
    }


def _address(properties: Sequence[Property]) -> list[str]:
    found = [(types, parts) for name, types, parts in properties if name == "ADR" and any(parts)]
    home = [parts for types, parts in found if "HOME" in types or "PREF" in types]
    return (home or [parts for _, parts in found] or [[]])[0]
