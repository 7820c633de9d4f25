"""Reads single cells: cleans what spreadsheets do to values, refuses what cannot be meant."""

import re
from datetime import UTC, date, datetime

from integration.errors import Rejected, shortened
from integration.model.cells import neutral
from integration.model.reject import Code

EMPTY = frozenset({"n/a", "na", "#n/a", "none", "null", "nil", "-", "--", "—", "unknown", "?", "#name?", "#null!"})
"""What people and spreadsheets write into an empty cell."""
YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "wahr", "vrai"})
NO = frozenset({"no", "n", "false", "0", "nein", "non", "nee", "falsch", "faux"})
_QUOTED_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
# Not the newline-like format characters that names are made of (joiners, direction marks).
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_MANY = re.compile(r"\s*(?::::|[;,\n])\s*")
_SHOWN_ADDRESS = re.compile(r".*<\s*(?:mailto:)?([^<>]+?)\s*>", re.DOTALL)
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d{1,2}", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
_WORDED = ("%d %b %Y", "%d-%b-%y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d")


def clean(cell: str) -> str:
    """The value without what surrounds it: quoting formula of Excel, control characters, outer blanks."""
    if match := _QUOTED_FORMULA.fullmatch(cell.strip()):
        cell = match[1].replace('""', '"')
    if cell[:1] == "'" and neutral(cell[1:]) != cell[1:]:
        cell = cell[1:]  # as our own files and Excel mark what is no formula
    text = _CONTROL.sub(" ", cell).strip().strip("\ufeff\u00a0").strip()
    return "" if text.casefold() in EMPTY else text


def clean_text(cell: str) -> str:
    """A longer text: its line breaks stay."""
    lines = (_CONTROL.sub(" ", line).rstrip() for line in cell.splitlines())
    return "\n".join(lines).strip()


def has_control_characters(cell: str) -> bool:
    return bool(_CONTROL.search(cell.strip()))


def check(text: str, header: str, length: int = 0) -> str:
    """The value, when it can be meant; raises Rejected."""
    if text.startswith("="):
        raise _rejected(text, header, Code.FORMULA, "is a formula, not a value", "Save the sheet with values only.")
    if text.casefold() in {"#ref!", "#value!", "#div/0!", "#num!"}:
        raise _rejected(text, header, Code.SPREADSHEET_ERROR, "is an error of the spreadsheet", "Correct the cell.")
    if _ROUNDED.fullmatch(text):
        what = "was rounded by the spreadsheet, its last digits are lost"
        raise _rejected(text, header, Code.SPREADSHEET_ERROR, what, "Format the column as text and export it again.")
    if "\ufffd" in text:
        raise _rejected(
            text,
            header,
            Code.UNREADABLE_CHARACTERS,
            "has characters that cannot be read",
            "Save the file as CSV UTF-8.",
        )
    if length and len(text) > length:
        raise Rejected(
            f"“{shortened(text)}” has {len(text):,} characters; {header} may have {length}.",
            field=header,
            value=shortened(text),
            code=Code.TOO_LONG,
            remedy="Shorten it.",
        )
    return text


def many(cell: str) -> list[str]:
    """The values of a cell with several: `a ::: b` (Google), `a; b`, one per line."""
    text = _QUOTED_FORMULA.sub(r"\1", cell.strip()).replace("\r", "\n")
    return [value for part in _MANY.split(text) if (value := clean(part).removeprefix("* "))]


def address_of(text: str) -> str:
    """`Ann Lee <ann@example.com>` and `mailto:` as mail programs copy them."""
    match = _SHOWN_ADDRESS.fullmatch(text)
    return (match[1] if match else text).strip().removeprefix("mailto:")


def yes_or_no(text: str, header: str) -> bool:
    word = text.casefold()
    if word in YES:
        return True
    if word in NO or not word:
        return False
    raise _rejected(text, header, Code.YES_NO_UNKNOWN, "is neither yes nor no", "Write yes or no.")


def day(text: str, header: str, order: str, latest: date) -> datetime:
    """A past date; 02/03/2024 needs to be told which number is the day (`order`)."""
    plain = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", text)
    found = _iso(plain) or _worded(plain)
    if found is None and (match := _NUMERIC_DATE.fullmatch(plain)):
        found = _numeric(match, text, header, order)
    if found is None:
        raise _rejected(text, header, Code.DATE_INVALID, "is not a date of the calendar", "Write it like 2026-03-31.")
    if not date(1950, 1, 1) <= found <= latest:
        raise _rejected(text, header, Code.DATE_INVALID, "is not a date in the past", "Write it like 2026-03-31.")
    return datetime(found.year, found.month, found.day, 12, tzinfo=UTC)


def order_of(text: str) -> str:
    """`day first` or `month first` when this date can only be read one way, else empty."""
    match = _NUMERIC_DATE.match(text.strip())
    if match and int(match[1]) > 12 >= int(match[2]):
        return "day first"
    return "month first" if match and int(match[2]) > 12 >= int(match[1]) else ""


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _worded(text: str) -> date | None:
    for pattern in _WORDED:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _numeric(match: re.Match[str], text: str, header: str, order: str) -> date | None:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    year += 2000 if year < 50 else 1900 if year < 100 else 0
    known = order or order_of(text)
    if not known and first == second:
        known = "day first"
    if not known and "." in match[0]:
        known = "day first"
    if not known:
        raise _rejected(
            text,
            header,
            Code.DATE_AMBIGUOUS,
            "can be read in two ways",
            "Write it like 2026-03-31, or set “dates” to “day first” in Mapping.",
        )
    day_number, month = (first, second) if known == "day first" else (second, first)
    try:
        return date(year, month, day_number)
    except ValueError:
        return None


def _rejected(text: str, header: str, code: Code, what: str, remedy: str) -> Rejected:
    return Rejected(f"“{shortened(text)}” {what}.", field=header, value=shortened(text), code=code, remedy=remedy)
