"""Reads phone numbers in their usual spellings by dialling plans that are compiled once.

The plans are those of `phonenumbers`, and so are the steps; what is left out is what only unusual spellings need.
A number that is not surely valid gets no answer here: the library itself then says what is wrong with it.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

PUNCTUATION = b" -.()/"
_NON_GEOGRAPHIC = "001"
_NAMED = re.compile(r"\{[\d,]+\}|\\d|(\[[^]]*\]|\d)")
"""Digits that an expression names: [2-9] or 5, which are no numbers of times."""
_KINDS = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
          "fixed_line", "mobile")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    """One region's numbers."""

    code: str
    start: str
    """Three digits that only numbers with this code begin with."""
    lengths: tuple[int, ...]
    general: re.Pattern[str]
    """What may be a number at all: decides whether a leading digit is a prefix."""
    numbers: dict[int, re.Pattern[str]]
    """What is given out, by length."""
    leading: str
    """How the numbers of a region start that shares its country code; empty when that does not tell it."""
    abroad: re.Pattern[str] | None
    """What is dialled before a country code."""
    prefix: re.Pattern[str] | None
    rule: str

    def gives_out(self, number: str) -> bool:
        pattern = self.numbers.get(len(number))
        return pattern is not None and pattern.fullmatch(number) is not None

    def without_prefix(self, number: str) -> str:
        """The number without the 0 or 1 that is dialled inside the country."""
        found = self.prefix.match(number) if self.prefix is not None else None
        return number if found is None else self.behind(found, number)

    def behind(self, prefix: re.Match[str], number: str) -> str:
        """What stands behind a prefix, unless the number is one with it only."""
        is_rewritten = self.rule and prefix.groups()[-1] is not None
        rest = prefix.re.sub(self.rule, number, count=1) if is_rewritten else number[prefix.end() :]
        fits = self.general.fullmatch
        return number if not fits(rest) and fits(number) else rest


@dataclass(frozen=True, slots=True)
class _Country:
    """All regions of one country code; the first is the main one."""

    code: str
    main: _Plan
    plans: tuple[_Plan, ...]
    leading: re.Pattern[str] | None
    """Alternatives in the order of the regions that are told by leading digits."""
    by_leading: tuple[int, ...]
    surely: dict[int, re.Pattern[str]]
    """Numbers of the main region, where no other region can claim them first."""

    def gives_out(self, number: str) -> bool:
        """As the library finds a number's region: the first that its leading digits or its plan name."""
        found = self.leading.match(number) if self.leading is not None else None
        told = self.by_leading[found.lastindex - 1] if found is not None and found.lastindex else len(self.plans)
        if any(not plan.leading and plan.gives_out(number) for plan in self.plans[:told]):
            return True
        return told < len(self.plans) and self.plans[told].gives_out(number)

    def surely_gives_out(self, number: str) -> bool:
        """The same of a number with open digits."""
        sure = self.surely.get(len(number))
        if sure is not None and sure.fullmatch(number):
            return True
        if self.leading is not None and _perhaps(self.leading.pattern).match(number):
            return False
        is_possible = len(number) in self.main.lengths
        return is_possible and any(not plan.leading and plan.gives_out(number) for plan in self.plans)


def usual(text: str, region: str) -> str:
    """The number as + and digits when it is surely valid, else empty. `region` is where one without + belongs.

    Two noughts in front are a + everywhere, as people mean them.
    """
    digits = text.encode("utf-8", "replace").translate(None, PUNCTUATION).decode()
    if not digits.isascii():
        return ""
    if digits[:1] == "+":
        digits = digits[1:]
        country = _STARTS[digits[:3]] if digits.isdecimal() else None
        if country is None:
            return ""
        plan, number = country.main, digits[len(country.code) :]
    elif not digits.isdecimal():
        return ""
    elif digits[:2] == "00":
        return usual(f"+{digits[2:]}", "") if text.lstrip()[:2] == "00" else ""
    else:
        own = _plan(region)
        if own is None or (own.abroad is not None and own.abroad.match(digits)):
            return ""
        country = _STARTS[own.start]
        if country is None:
            return ""
        plan, number = own, digits
        if digits.startswith(own.code):
            plan, number = _without_code(own, country.main, digits)
    prefix = plan.prefix.match(number) if plan.prefix is not None else None
    if prefix is not None:
        rest = plan.behind(prefix, number)
        number = rest if len(rest) in plan.lengths else number
    sure = country.surely.get(len(number))
    if sure is not None and sure.fullmatch(number):
        return f"+{country.code}{number}"
    if len(number) in country.main.lengths and country.gives_out(number):
        return f"+{country.code}{number}"
    return ""


OPEN = "\u0660"
"""A digit that may be any. Expressions read it as one where they say so: \\d takes it, 5 and [2-9] do not."""


def surely(start: str, more: int, region: str) -> str:
    """A number without punctuation that starts so, as + and digits, when it is valid whatever `more` digits follow.

    Empty where that is not sure, or takes more steps than usual.
    """
    rest = OPEN * more
    if start[:1] == "+":
        country = _STARTS[start[1:4]] if len(start) > len("+123") and _is_digits(start[1:]) else None
        if country is None:
            return ""
        plan, number = country.main, start[1 + len(country.code) :]
    else:
        own = _plan(region) if _is_digits(start) and start[:2] != "00" else None
        country = _STARTS[own.start] if own is not None else None
        if own is None or country is None or start.startswith(own.code):
            return ""
        if own.abroad is not None and _perhaps(own.abroad.pattern).match(start + rest):
            return ""
        plan, number = own, start
    if plan.prefix is not None and _perhaps(plan.prefix.pattern).match(number + rest):
        prefix = plan.prefix.match(number) if _is_plain(plan.prefix.pattern) else None
        inside = number[prefix.end() :] if prefix is not None else ""
        if not inside or not plan.general.fullmatch(inside + rest):
            return ""
        number = inside if len(inside + rest) in plan.lengths else number
    return f"+{country.code}{number}" if country.surely_gives_out(number + rest) else ""


@cache
def _is_plain(prefix: str) -> bool:
    """Whether a prefix is one of some numbers of which only one can stand in front of a number: `0|180020`."""
    ways = prefix.split("|")
    return all(map(str.isdecimal, ways)) and len({way[0] for way in ways}) == len(ways)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


@cache
def _perhaps(pattern: str) -> re.Pattern[str]:
    """An expression that also takes an open digit wherever it takes any."""
    return re.compile(
        _NAMED.sub(lambda found: found[0] if found[1] is None else f"[{found[1].strip('[]')}{OPEN}]", pattern)
    )


def _without_code(own: _Plan, main: _Plan, digits: str) -> tuple[_Plan, str]:
    """A country code without its +: it is one when the number fits better, or only, without it."""
    rest = own.without_prefix(digits[len(own.code) :])
    fits = own.general.fullmatch
    if len(digits) > own.lengths[-1] or (not fits(digits) and fits(rest)):
        return main, rest
    return own, digits


class _Starts(dict[str, _Country | None]):
    """The country of a number by its first three digits."""

    def __missing__(self, digits: str) -> _Country | None:
        codes = (digits[:length] for length in (1, 2, 3))
        code = next((code for code in codes if code.isdecimal() and int(code) in COUNTRY_CODE_TO_REGION_CODE), "")
        found = _country(code) if code and code[0] != "0" else None
        if len(self) < _MOST_STARTS:
            self[digits] = found
        return found


_STARTS = _Starts()
_MOST_STARTS = 1_000


@cache
def _country(code: str) -> _Country | None:
    regions = COUNTRY_CODE_TO_REGION_CODE[int(code)]
    plans = tuple(plan for region in regions if (plan := _plan(region)) is not None)
    if _NON_GEOGRAPHIC in regions or len(plans) != len(regions):
        return None
    told = [(place, plan.leading) for place, plan in enumerate(plans) if plan.leading and len(plans) > 1]
    leading = re.compile("|".join(f"({start})" for _, start in told)) if told else None
    places = tuple(place for place, _ in told)
    return _Country(code, plans[0], plans, leading, places, {} if 0 in places else plans[0].numbers)


@lru_cache(maxsize=512)
def _plan(region: str) -> _Plan | None:
    found = PhoneMetadata.metadata_for_region(region, None)
    general = found.general_desc if found is not None else None
    if found is None or general is None or not general.national_number_pattern:
        return None
    pattern = general.national_number_pattern
    prefix, abroad = found.national_prefix_for_parsing, found.international_prefix
    return _Plan(
        str(found.country_code),
        f"{found.country_code}00"[:3],
        tuple(general.possible_length),
        re.compile(pattern),
        {length: _numbers(found, pattern, length) for length in general.possible_length},
        found.leading_digits or "",
        re.compile(abroad) if abroad else None,
        re.compile(prefix) if prefix else None,
        found.national_prefix_transform_rule or "",
    )


def _numbers(found: PhoneMetadata, general: str, length: int) -> re.Pattern[str]:
    """Every kind of number with this many digits, in one expression."""
    kinds: list[PhoneNumberDesc | None] = [getattr(found, kind) for kind in _KINDS]
    patterns = [
        kind.national_number_pattern
        for kind in kinds
        if kind is not None
        and kind.national_number_pattern
        and (not kind.possible_length or length in kind.possible_length)
    ]
    either = "|".join(f"(?:{pattern})" for pattern in dict.fromkeys(patterns)) or "(?!)"
    return re.compile(rf"(?=(?:{general})\Z)(?:{either})")
