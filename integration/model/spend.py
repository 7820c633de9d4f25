"""One line of a list of spend, as it comes from an invoice or a board: month, amount, currency, kind. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from integration.model.roi import CENT
from integration.model.vocabulary import SpendKind

MOST = Decimal(10) ** 15
"""What Amount__c holds, and a little air."""
COLUMNS = {
    "channel": ("channel", "source", "board", "job board"),
    "campaign": ("campaign", "campaign name"),
    "requisition": ("requisition", "job", "job id", "requisition id", "ats id"),
    "month": ("month", "date", "invoice date", "period"),
    "amount": ("amount", "cost", "spend", "total", "price"),
    "currency": ("currency", "currency iso", "currency code"),
    "kind": ("kind", "type"),
    "reference": ("reference", "invoice", "invoice number", "invoice line"),
}
"""Column -> how its header may be spelled."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember")
_BY_NAME = {name: number for number, short in enumerate(_MONTHS, 1) for name in (short, short + _LONG[number - 1])}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
_NAMED = re.compile(r"([a-z]+)\.? (\d{4})", re.ASCII)
_SIGNS = re.compile(r"[\s\u00a0\u202f'’€$£]")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*", re.ASCII)


@dataclass(eq=False)
class Wrong(Exception):
    """A value that cannot be taken."""

    column: str
    code: str
    reason: str
    remedy: str


def columns_of(headers: list[str]) -> dict[str, int]:
    """Column -> its place; the first header that is spelled so."""
    plain = [" ".join(re.sub(r"[^a-z]+", " ", header.casefold()).split()) for header in headers]
    return {
        column: min(plain.index(name) for name in names if name in plain)
        for column, names in COLUMNS.items()
        if set(names) & set(plain)
    }


def month_of(text: str) -> str:
    """YYYY-MM of a month or of a day in it: 2026-05, 05/2026, 2026-05-31, May 2026. Raises Wrong."""
    plain = " ".join(text.casefold().split())
    year = month = 0
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month = int(found[1]), int(found[2])
        if found[3] and not 1 <= int(found[3]) <= 31:
            month = 0
    elif found := _MONTH_FIRST.fullmatch(plain):
        month, year = int(found[1]), int(found[2])
    elif found := _NAMED.fullmatch(plain):
        month, year = _BY_NAME.get(found[1], 0), int(found[2])
    if not (1 <= month <= 12 and 1990 <= year <= 2100):
        raise Wrong("Month", "MONTH_INVALID", f"“{text[:40]}” is no month", "Write it like 2026-05 or May 2026.")
    return f"{year:04}-{month:02}"


def amount_of(text: str) -> Decimal:
    """1234.5, 1,234.50 and 1.234,50 alike: what stands behind the last mark is cents when it is one or two digits."""
    plain = _SIGNS.sub("", text)
    if not _NUMBER.fullmatch(plain):
        raise Wrong("Amount", "AMOUNT_INVALID", f"“{text[:40]}” is no amount", "Write it like 1234.50.")
    head, mark, tail = plain.rpartition("." if plain.rfind(".") > plain.rfind(",") else ",")
    whole, cents = (head, tail) if mark and len(tail) <= 2 else (plain, "0")
    groups = re.split(r"[.,]", whole.lstrip("-"))
    if (len(groups) > 1 and any(len(group) != 3 for group in groups[1:])) or len(set(re.findall(r"[.,]", whole))) > 1:
        raise Wrong("Amount", "AMOUNT_INVALID", f"“{text[:40]}” is no amount", "Write it like 1234.50.")
    amount = Decimal(f"{'-' if plain.startswith('-') else ''}{''.join(groups)}.{cents}").quantize(CENT)
    if amount < 0:
        raise Wrong("Amount", "AMOUNT_NEGATIVE", f"“{text[:40]}” is negative", "Lessen the line that it corrects.")
    if amount >= MOST:
        raise Wrong("Amount", "AMOUNT_INVALID", f"“{text[:40]}” is too large", "Write the amount in whole units.")
    return amount


def currency_of(text: str) -> str:
    """Three letters; blank stays blank and means the home currency."""
    code = text.strip().upper()
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        raise Wrong("Currency", "CURRENCY_INVALID", f"“{text[:40]}” is no currency", "Write its code, like EUR or USD.")
    return code


def kind_of(text: str) -> SpendKind:
    """Actual where nothing is said."""
    for kind in SpendKind:
        if text.strip().casefold() in (kind.value.casefold(), "" if kind is SpendKind.ACTUAL else kind.value):
            return kind
    raise Wrong("Kind", "KIND_UNKNOWN", f"“{text[:40]}” is no kind of spend", "Write Budget or Actual.")


def key_of(reference: str, content: str, repeated: int) -> str:
    """Source_Spend__c.Key__c: of the invoice line when the list names it, else of what the row says; `repeated` counts
    rows before it in the same list that say the same."""
    cause = f"reference|{reference.strip()}" if reference.strip() else f"row|{content}|{repeated}"
    return f"list|{sha256(cause.encode()).hexdigest()[:40]}"
