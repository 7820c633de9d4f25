"""FORMAT(): values as people of a locale write them."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from integration.local.org.catalog import FieldInfo
from integration.local.org.soql.errors import located, not_implemented
from integration.local.org.soql.scope import Scope
from integration.local.org.soql.show import Show
from integration.local.org.soql.tree import Call

_DATES: dict[str, Callable[[date], str]] = {
    "en_US": lambda day: f"{day.month}/{day.day}/{day.year}",
    "en_GB": lambda day: f"{day:%d/%m/%Y}",
    "en_IE": lambda day: f"{day:%d/%m/%Y}",
}
_CURRENCIES = {"en_US": "$", "en_GB": "£", "en_IE": "€"}
LOCALES = frozenset(_DATES)
"""Those that FORMAT knows."""


def show_formatted(field: FieldInfo, locale: str, zone: ZoneInfo) -> Show | None:
    """How FORMAT shows a field's values; None for types that it does not take."""
    if field.type == "Date":
        return _shown(lambda text: _DATES[locale](date.fromisoformat(text)))
    if field.type == "DateTime":
        return _shown(lambda text: _moment(locale, datetime.fromisoformat(text).astimezone(zone)))
    if field.type == "Time":
        return _shown(lambda text: _clock(locale, datetime.fromisoformat(f"2000-01-01T{text}")))
    if field.type == "Currency":
        return _shown(lambda number: _money(locale, number, field.scale))
    if field.type == "Percent":
        return _shown(lambda number: f"{_number(number, field.scale)}%")
    if field.type in ("Number", "Integer"):
        return _shown(lambda number: _number(number, field.scale))
    return None


def formatted(scope: Scope, call: Call, field: FieldInfo) -> Show:
    """How FORMAT shows a field to the user who asks; refuses what it cannot show."""
    compilation = scope.compilation
    locale = compilation.reader.locale
    if locale not in LOCALES:
        raise not_implemented(compilation.text, call.at, f"FORMAT() for the locale {locale}")
    show = show_formatted(field, locale, compilation.zone)
    if show is None:
        reason = f"field '{field.name}' can not be used in FORMAT"
        raise located("INVALID_FIELD", compilation.text, call.at, reason)
    return show


def _shown(convert: Callable[..., str]) -> Show:
    return lambda stored: None if stored is None else convert(stored)


def _moment(locale: str, moment: datetime) -> str:
    return f"{_DATES[locale](moment.date())}, {_clock(locale, moment)}"


def _clock(locale: str, moment: datetime) -> str:
    if locale != "en_US":
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"


def _number(number: float, scale: int) -> str:
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(locale: str, number: float, scale: int) -> str:
    amount = Decimal(repr(abs(number))).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    return f"{'-' if number < 0 else ''}{_CURRENCIES[locale]}{amount:,f}"
