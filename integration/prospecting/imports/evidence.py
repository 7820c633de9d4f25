"""Recognises a column by its values when its header says nothing: e-mails, phones, profiles, countries, dates."""

import re
from collections.abc import Callable, Iterable, Sequence

from integration.model.countries import COUNTRIES
from integration.prospecting.imports.columns import plain
from integration.prospecting.imports.reading import Line

ENOUGH = 0.8
"""Share of a column's values that must look alike."""
LEAST = 2
_EMAIL = re.compile(r"(?:.*<)?(?:mailto:)?[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]{2,}>?")
_PROFILE = re.compile(
    r"(?:https?://)?(?:\w+\.)?(?:linkedin\.com/(?:in|pub)/|github\.com/|xing\.com/profile/|gitlab\.com/|"
    r"stackoverflow\.com/users/|orcid\.org/|behance\.net/|dribbble\.com/)\S+",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+|00|\(?0)[\d\s().\-/]{6,}\d(?:\s*(?:x|ext\.?)\s*\d+)?")
_DATE = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d(?:[T ].*)?|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|"
    r"\d{1,2}[ -][A-Za-z]{3,9}[ -](?:19|20)?\d\d"
)
# Dates that say something else about the person than since when we know them.
_OTHER_DATE = re.compile(r"birth|born|geb|naiss|nacim|dob|start|end|avail|expir|due|until|valid|notice|hire|visa|last")
_OTHER_DIGITS = re.compile(r"\b(?:id|number of|zip|post|plz|code|salary|amount|score|ssn|fax|date|year)\b|\bid\b")
_COUNTRY_NAMES = frozenset(name for name in COUNTRIES if len(name) > 3)


def by_values(headers: Sequence[str], lines: Iterable[Line]) -> dict[int, str]:
    """Position -> column key of the columns whose values say what they are."""
    rows = [line.cells for line in lines if not line.fault]
    found = {}
    for position, header in enumerate(headers):
        values = [row[position].strip() for row in rows if position < len(row) and row[position].strip()]
        if len(values) >= min(LEAST, len(rows)) and values and (key := _meaning(plain(header), values)):
            found[position] = key
    return found


def looks_like_data(cells: Sequence[str]) -> bool:
    """Whether a line holds addresses, which no header does."""
    return any(_EMAIL.fullmatch(cell.strip()) or _PROFILE.fullmatch(cell.strip()) for cell in cells)


def _meaning(header: str, values: Sequence[str]) -> str:
    if _most(_EMAIL.fullmatch, values):
        return "email"
    if _most(_PROFILE.fullmatch, values):
        return "profile"
    if _most(_DATE.fullmatch, values):
        return "" if _OTHER_DATE.search(header) else "collected_at"
    if _most(_PHONE.fullmatch, values) and not _OTHER_DIGITS.search(header):
        return "phone"
    return "country" if _most(lambda value: plain(value) in _COUNTRY_NAMES, values) else ""


def _most(test: Callable[[str], object], values: Sequence[str]) -> bool:
    return sum(1 for value in values if test(value)) >= ENOUGH * len(values)
