"""Birth dates in the notations that files hold, and how near two of them are."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from integration.matching.latin import words
from integration.matching.levels import Level


class Birth(NamedTuple):
    """Parts are 0 where unknown. Impossible parts (a 13th month) are kept: they compare as what was typed."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def is_whole(self) -> bool:
        return bool(self.month and self.day)


_MONTH_NAMES = """
    jan january januar janvier enero gennaio janeiro janvar ene gen stycznia
    feb february februar fevrier febrero febbraio fevereiro fev lutego
    mar march marz maerz mars marzo marco mrz marca
    apr april avril abril aprile avr abr kwietnia
    may mai mayo maggio maio maj mag maja
    jun june juni juin junio giugno junho giu czerwca
    jul july juli juillet julio luglio julho lug lipca
    aug august aout agosto ago sierpnia
    sep sept september septembre septiembre settembre setembro set wrzesnia
    oct october oktober octobre octubre ottobre outubro okt ott out pazdziernika
    nov november novembre noviembre novembro listopada
    dec december dezember decembre diciembre dicembre dezembro dez dic grudnia
"""
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES.strip().splitlines(), start=1) for name in names.split()
}
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}.*$")
_PLACEHOLDERS = frozenset(
    {(1, 1, 1), (1800, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1901, 1, 1), (1970, 1, 1), (9999, 12, 31)}
)
_CENTURY_TURN = 30
"""Of two digits: up to this the year 2000 and later, above it the 1900s."""


@lru_cache(maxsize=100_000)
def birth(text: str, month_first: bool = False) -> Birth | None:
    """The date a text tells; None for what tells none."""
    parts = tuple(text.split("-")) if _ISO.fullmatch(text) else words(_CLOCK.sub("", text.strip()))
    found = _from_parts(parts, month_first)
    if found is None or tuple(found) in _PLACEHOLDERS or not 1850 <= found.year <= 2100:
        return None
    return found


def _from_parts(parts: tuple[str, ...], month_first: bool) -> Birth | None:
    named = [number for part in parts if (number := _MONTHS.get(part))]
    numbers = [part.removesuffix("th").removesuffix("st").removesuffix("nd").removesuffix("rd") for part in parts]
    numbers = [part for part in numbers if part.isascii() and part.isdigit()]
    if named:
        return _with_month_name(named[0], numbers)
    if len(numbers) == 1:
        return _in_one(numbers[0])
    if len(numbers) == 2:
        long, short = sorted(numbers, key=len, reverse=True)
        return Birth(int(long), int(short)) if len(long) == 4 else None
    if len(numbers) != 3:
        return None
    if len(numbers[0]) == 4:
        return Birth(int(numbers[0]), int(numbers[1]), int(numbers[2]))
    first, second, year = int(numbers[0]), int(numbers[1]), _year(numbers[2])
    month, day = (first, second) if (month_first and first <= 12) or second > 12 >= first else (second, first)
    return Birth(year, month, day)


def _with_month_name(month: int, numbers: list[str]) -> Birth | None:
    if len(numbers) == 1:
        return Birth(_year(numbers[0]), month)
    if len(numbers) != 2:
        return None
    day, year = numbers if len(numbers[1]) >= 2 and len(numbers[0]) <= 2 else (numbers[1], numbers[0])
    return Birth(_year(year), month, int(day))


def _in_one(digits: str) -> Birth | None:
    if len(digits) == 8:
        if 18 <= int(digits[:2]) <= 20:
            return Birth(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        return Birth(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    return Birth(int(digits)) if len(digits) == 4 else None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year <= _CENTURY_TURN else 1900)


def nearness(one: Birth | None, other: Birth | None) -> Level:
    """EXACT, ALIKE (day and month swapped), CLOSE (one slip), PART (two of three parts), LOOSE, YEAR or DIFFERENT."""
    if one is None or other is None:
        return Level.MISSING
    if not (one.is_whole and other.is_whole):
        return _of_years(one, other)
    if one == other:
        return Level.EXACT
    return _whole(one, other) if one < other else _whole(other, one)


def _of_years(one: Birth, other: Birth) -> Level:
    if one.month and other.month and one.month != other.month:
        return Level.LOOSE if one.year == other.year else Level.DIFFERENT
    if one.year == other.year:
        return Level.YEAR
    return Level.LOOSE if abs(one.year - other.year) <= 1 else Level.DIFFERENT


@lru_cache(maxsize=200_000)
def _whole(one: Birth, other: Birth) -> Level:
    if one.year == other.year and one.month == other.day and one.day == other.month:
        return Level.ALIKE
    if OSA.distance(digits(one), digits(other), score_cutoff=1) <= 1:
        return Level.CLOSE
    equal = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    if equal == 2:
        return Level.PART
    return Level.LOOSE if abs(one.year - other.year) <= 1 else Level.DIFFERENT


def digits(date: Birth) -> str:
    """19800314."""
    return f"{date.year:04d}{date.month:02d}{date.day:02d}"


_SLASHED = re.compile(r"\s*(\d{1,2})\D(\d{1,2})\D\d{2,4}\b")


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether a column writes 3/14/1980: then 4/3/1980 is the 3rd of April in it."""
    found = [(int(match[1]), int(match[2])) for text in texts if (match := _SLASHED.match(text))]
    return sum(second > 12 >= first for first, second in found) > sum(first > 12 >= second for first, second in found)
