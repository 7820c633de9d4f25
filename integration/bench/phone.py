"""Normalising 100,000 phone numbers as files hold them: the product's reading against a loop over `phonenumbers`.

Both start from the same texts: 30 countries and codes, every kind of number, international and national spellings,
some extensions, one in forty that is no number. All but one in ten are different. Every result is compared, the
refusals included.
"""

import random
from collections.abc import Sequence
from functools import partial

import phonenumbers

from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.candidates.parsing import phone_or_fault

NUMBERS = 100_000
REPEATED = 10
"""One in so many is a number that stood before."""
GOAL = 1 / 6
_REGIONS = (
    "US", "US", "US", "GB", "GB", "DE", "DE", "FR", "IE", "ES", "IT", "NL", "BE", "AT", "CH", "PL", "SE", "NO", "DK",
    "FI", "PT", "CZ", "HU", "RO", "IN", "IN", "AU", "NZ", "CA", "BR", "MX", "ZA", "NG", "JP", "SG", "AE", "IL",
)  # fmt: skip
_JUNK = ("call after 5", "n.a.", "12345", "+999 12345", "086 123 4567 / 086 765", "+353 86 12", "1-800-FLOWERS", "0")
_KINDS = (0, 1, 1, 1, 0, 3, 6)


def run(runs: int) -> list[Row]:
    """Row 8 of the goals. Raises when one result differs."""
    numbers = mixed(NUMBERS)
    _compare(numbers)
    ours, theirs = interleaved(
        runs, partial(cpu_seconds, lambda: product(numbers)), partial(cpu_seconds, lambda: peer(numbers))
    )
    return [Row("100,000 mixed phone numbers, processor time", "s", ours, GOAL, theirs)]


def product(numbers: Sequence[tuple[str, str]]) -> list[str]:
    """E.164, or empty for what is no valid number; nothing is remembered from the run before."""
    phone_or_fault.cache_clear()
    return [phone_or_fault(text, region)[0] for text, region in numbers]


def peer(numbers: Sequence[tuple[str, str]]) -> list[str]:
    """The loop that everybody writes."""
    return [_read(text, region) for text, region in numbers]


def _read(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mixed(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """(text, region), seeded."""
    chance = random.Random(seed)  # noqa: S311 (the same numbers in every run)
    made: list[tuple[str, str]] = []
    while len(made) < count:
        if made and chance.random() < 1 / REPEATED:
            made.append(chance.choice(made))
        elif chance.random() < 1 / 40:
            made.append((chance.choice(_JUNK), chance.choice(_REGIONS)))
        else:
            made.append(_one(chance, chance.choice(_REGIONS)))
    return made


def _one(chance: random.Random, region: str) -> tuple[str, str]:
    """A number that differs from the example of its kind in the last digits, written in one of the usual ways."""
    example = phonenumbers.example_number_for_type(region, chance.choice(_KINDS))
    number = example or phonenumbers.example_number(region)
    if number is None:
        raise LookupError(f"no example of a number of {region}")
    national = phonenumbers.national_significant_number(number)
    national = national[:-6] + f"{chance.randrange(1_000_000):06}" if len(national) > 7 else national
    other = phonenumbers.PhoneNumber(country_code=number.country_code, national_number=int(national))
    other.italian_leading_zero = national.startswith("0") or None
    style = chance.randrange(10)
    if style < 3:
        return f"+{number.country_code}{national}", region
    if style < 6:
        return phonenumbers.format_number(other, phonenumbers.PhoneNumberFormat.INTERNATIONAL), ""
    if style < 8:
        return phonenumbers.format_number(other, phonenumbers.PhoneNumberFormat.NATIONAL), region
    if style == 8:
        return f"00{number.country_code} {national[:3]} {national[3:]}", "IE"
    return (
        f"{phonenumbers.format_number(other, phonenumbers.PhoneNumberFormat.NATIONAL)} ext. {number.country_code}",
        region,
    )


def _compare(numbers: Sequence[tuple[str, str]]) -> None:
    different = [
        (*given, ours, theirs)
        for given, ours, theirs in zip(numbers, product(numbers), peer(numbers), strict=True)
        if ours != theirs
    ]
    if different:
        raise AssertionError(f"{len(different)} of {len(numbers)} numbers differ, the first is {different[0]}")
