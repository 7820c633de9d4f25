"""Postal addresses: lines made comparable whatever their order, abbreviations and blanks."""

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from integration.matching.latin import words
from integration.matching.levels import Level

_SHORT = {
    long: short
    for short, longs in {
        "st": "street str strasse straße",
        "ave": "avenue av aven",
        "rd": "road",
        "dr": "drive drv",
        "ct": "court crt",
        "cres": "crescent crs cr",
        "pl": "place plc platz",
        "ln": "lane",
        "cl": "close",
        "cct": "circuit cir circle circ",
        "tce": "terrace ter terr",
        "pde": "parade",
        "hwy": "highway",
        "blvd": "boulevard bd boul bvd",
        "sq": "square",
        "gdns": "gardens gdn garden",
        "gr": "grove",
        "pkwy": "parkway pky",
        "mt": "mount",
        "n": "north nord norte",
        "s": "south sued sud sur",
        "e": "east ost est",
        "w": "west ouest oeste",
        "apt": "apartment appt app apto",
        "fl": "flat",
        "u": "unit",
        "ste": "suite",
        "c": "calle cl",
        "po": "postfach pobox",
    }.items()
    for long in longs.split()
}
_SAYS_NOTHING_WORDS = """
    apt fl u ste no nr num number floor etage og eg app
"""
_SAYS_NOTHING = frozenset(_SAYS_NOTHING_WORDS.split())
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_DIGIT = re.compile(r"\d")
_JOINED = ("strasse", "str")
_STREET_JOINED = re.compile(r"(?:strasse|str)$")
_CLOSE, _LOOSE = 82.0, 66.0


@lru_cache(maxsize=200_000)
def line(text: str) -> tuple[str, tuple[str, ...]]:
    """The words of a line in one, abbreviated, without blanks; and its numbers."""
    letters, numbers = [], []
    for word in words(text):
        if not word.isalpha() and _DIGIT.search(word) and not _ORDINAL.fullmatch(word):
            if number := word.lstrip("0"):
                numbers.append(number)
        else:
            short = _SHORT.get(word, word)
            letters.append(_STREET_JOINED.sub("st", short) if short.endswith(_JOINED) else short)
    return "".join([word for word in letters if word not in _SAYS_NOTHING]), tuple(numbers)


@lru_cache(maxsize=300_000)
def line_nearness(one: str, other: str) -> Level:
    """How near two lines are, blanks and word order aside."""
    if one == other:
        return Level.EXACT
    if one > other:
        return line_nearness(other, one)
    ratio = fuzz.ratio(one, other, score_cutoff=_LOOSE)
    if ratio >= _CLOSE:
        return Level.CLOSE
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 5 and (longer.startswith(shorter) or longer.endswith(shorter)):
        return Level.CLOSE
    return Level.LOOSE if ratio else Level.DIFFERENT


@lru_cache(maxsize=300_000)
def town_nearness(one: str, other: str) -> Level:
    """How near two towns (employers, titles) are, written without blanks."""
    if one == other:
        return Level.EXACT
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 4 and fuzz.ratio(one, other, score_cutoff=_CLOSE):
        return Level.CLOSE
    if len(shorter) >= 4 and longer.startswith(shorter):
        return Level.PART
    return Level.DIFFERENT


@lru_cache(maxsize=300_000)
def code_nearness(one: str, other: str) -> Level:
    """How near two postcodes (house numbers) are."""
    if one == other:
        return Level.EXACT
    if len(one) > 2 and len(other) > 2 and OSA.distance(one, other, score_cutoff=1) <= 1:
        return Level.CLOSE
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter):
        return Level.ALIKE
    return Level.PART if len(shorter) >= 4 and one[:3] == other[:3] else Level.DIFFERENT


@lru_cache(maxsize=50_000)
def number_nearness(ones: tuple[str, ...], others: tuple[str, ...]) -> Level:
    """House and unit numbers, in whatever order they stand."""
    if ones == others:
        return Level.EXACT
    if not set(ones).isdisjoint(others):
        return Level.ALIKE
    one, other = ones[0], others[0]
    if min(len(one), len(other)) >= 2 and OSA.distance(one, other, score_cutoff=1) <= 1:
        return Level.CLOSE
    return Level.LOOSE if one.startswith(other) or other.startswith(one) else Level.DIFFERENT
