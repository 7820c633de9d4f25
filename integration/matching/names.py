"""Names of people: how they are taken apart, and how near two of them are."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA, JaroWinkler

from integration.matching.latin import sound, spelled_plain, words
from integration.matching.levels import Level

_TITLES_WORDS = """
    mr mrs ms miss mx dr prof professor sir dame lady lord rev reverend fr herr frau hr fru mme mlle monsieur
    madame sr sra srta don dona dott ing dipl mag med phd msc bsc mba cpa esq md dds rn pe
"""
_TITLES = frozenset(_TITLES_WORDS.split())
_GENERATIONS = {
    "jr": 2, "junior": 2, "jnr": 2, "ii": 2, "2nd": 2, "fils": 2, "sr": 1, "senior": 1, "snr": 1, "pere": 1, "iii": 3,
    "3rd": 3, "iv": 4, "4th": 4,
}  # fmt: skip
_PARTICLES_WORDS = """
    van von de der den da di del della la le los las do dos das du des ten ter te zu zum zur af av bin ibn bint
    al el abu ben mac mc st saint san santa y e
"""
_PARTICLES = frozenset(_PARTICLES_WORDS.split())
SHORTEST_DOUBLE = 3
_ALIKE = 0.92
_LOOSE = 0.8


def without_titles(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Dr. Anna Lee, MBA: anna lee."""
    kept = tuple(part for part in parts if part not in _TITLES)
    return kept or parts


def generation(*texts: str) -> int:
    """1 for senior, 2 for junior, 3 and 4 for III and IV; 0 when no text says."""
    return next(filter(None, map(_generation, texts)), 0)


@lru_cache(maxsize=100_000)
def _generation(text: str) -> int:
    return next((_GENERATIONS[part] for part in reversed(words(text)) if part in _GENERATIONS), 0)


def without_generation(parts: tuple[str, ...]) -> tuple[str, ...]:
    """John Smith Jr: john smith. A lone word stays: it may be a name."""
    while len(parts) > 1 and parts[-1] in _GENERATIONS:
        parts = parts[:-1]
    return parts


@lru_cache(maxsize=100_000)
def parted(full_name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given and last names of a name written in one: Lee, Anna · Anna Lee · Ludwig van der Berg."""
    before, comma, after = full_name.partition(",")
    if comma and without_generation(without_titles(words(after)))[:1] and words(after)[0] not in _GENERATIONS:
        rest = without_titles(words(after))
        if not all(part in _TITLES for part in words(after)):
            return without_generation(rest), without_generation(without_titles(words(before)))
        full_name = before
    parts = without_generation(without_titles(words(full_name)))
    if len(parts) < 2:
        return (), parts
    start = len(parts) - 1
    while start > 1 and parts[start - 1] in _PARTICLES:
        start -= 1
    return parts[:start], parts[start:]


@cache
def _lines() -> list[tuple[str, ...]]:
    text = files(__package__).joinpath("given_names.txt").read_text("utf-8")
    return [words(line) for line in text.splitlines() if not line.startswith("#")]


@cache
def _groups() -> dict[str, frozenset[int]]:
    """The lines of given_names.txt in which a name stands."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_lines()):
        for name in line:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@cache
def _heads() -> frozenset[str]:
    """Names in full: each begins a line."""
    return frozenset(line[0] for line in _lines() if line) | _FULL


_FULL = frozenset(("giovanni", "juan", "jean", "johann", "hans", "jan", "joao", "guillermo", "wilhelm", "guillaume"))


def is_known(name: str) -> bool:
    """Whether a word is a given name in its own right."""
    return name in _groups()


def known_forms(name: str) -> frozenset[int]:
    """The names of which this is a form: bill and william share one."""
    return _groups().get(name, frozenset())


@lru_cache(maxsize=300_000)
def given_nearness(one: str, other: str) -> Level:
    """How near two given names are; both may hold middle names, parted by blanks."""
    if one == other:
        return Level.EXACT
    if one > other:
        return given_nearness(other, one)
    first, second = one.split(), other.split()
    best = _given(first[0], second[0])
    if best is Level.EXACT:
        return best
    if "".join(first) == "".join(second):
        return Level.ALIKE
    if len(first) > 1 or len(second) > 1:
        best = _better(best, _among_middles(first, second))
    return best


def _among_middles(first: list[str], second: list[str]) -> Level:
    """Known by the middle name (James Alan is Alan), or a name torn or joined by a blank."""
    joined = _given("".join(first), "".join(second))
    if joined in (Level.CLOSE, Level.ALIKE):
        return joined
    shared = {name for name in first if len(name) > 1} & {name for name in second if len(name) > 1}
    if shared:
        return Level.PART
    crossed = [_given(a, b) for a in first[:3] for b in second[:3] if len(a) > 1 and len(b) > 1]
    return Level.LOOSE if Level.ALIKE in crossed or Level.CLOSE in crossed else Level.DIFFERENT


_ORDER = (
    Level.EXACT, Level.ALIKE, Level.CLOSE, Level.PART, Level.RIVAL, Level.LOOSE, Level.DIFFERENT,
)  # fmt: skip


def _better(one: Level, other: Level) -> Level:
    return min(one, other, key=_ORDER.index)


def _given(one: str, other: str) -> Level:
    if one == other:
        return Level.EXACT
    if len(one) == 1 or len(other) == 1:
        return Level.PART if one[0] == other[0] else Level.DIFFERENT
    forms, others = known_forms(one), known_forms(other)
    if forms & others:
        return Level.LOOSE if _are_translations(one, other) else Level.ALIKE
    if spelled_plain(one) == spelled_plain(other):
        return Level.ALIKE
    if one.startswith(other) or other.startswith(one):
        if (forms and others) or _is_feminine(*sorted((one, other), key=len)):
            return Level.RIVAL
        return Level.CLOSE if min(len(one), len(other)) > 2 else Level.PART
    if _is_slip(one, other):
        return Level.RIVAL if forms and others else Level.CLOSE
    if JaroWinkler.similarity(one, other) >= _LOOSE or sound(one) == sound(other):
        return Level.RIVAL if forms and others else Level.LOOSE
    return Level.DIFFERENT


_FEMININE = re.compile(r"(?:[ei]?tt[ae]|[ei]?l?in[ae]|ian[ae]|a)$")


def _is_feminine(name: str, longer: str) -> bool:
    """Wilhelm and Wilhelmine are brother and sister, however rare her name is."""
    return is_known(name) and _FEMININE.fullmatch(longer, len(name)) is not None


def _are_translations(one: str, other: str) -> bool:
    """Ivan and Giovanni are John in two countries, and seldom one person: two names in full, quite unlike."""
    return {one, other} <= _heads() and one[:2] != other[:2] and OSA.distance(one, other) > 1


def _is_slip(one: str, other: str) -> bool:
    """One keystroke in a short word, two in a long one."""
    length = max(len(one), len(other))
    allowed = 1 if length < 7 else 2
    if min(len(one), len(other)) < 3:
        return False
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


@lru_cache(maxsize=300_000)
def family_nearness(one: str, other: str) -> Level:
    """How near two last names are; the words of a double name are parted by blanks."""
    if one == other:
        return Level.EXACT
    if one > other:
        return family_nearness(other, one)
    first, second = one.split(), other.split()
    joined, others = "".join(first), "".join(second)
    if joined == others or spelled_plain(joined) == spelled_plain(others):
        return Level.ALIKE
    if len(joined) == 1 or len(others) == 1:
        return Level.PART if joined[0] == others[0] else Level.DIFFERENT
    if _is_slip(joined, others):
        return Level.CLOSE
    kept = {part for part in first if part not in _PARTICLES}, {part for part in second if part not in _PARTICLES}
    if kept[0] and kept[0] == kept[1]:
        return Level.ALIKE
    if any(len(part) >= SHORTEST_DOUBLE for part in kept[0] & kept[1]):
        return Level.PART
    shorter, longer = sorted((joined, others), key=len)
    if len(shorter) >= 4 and (longer.startswith(shorter) or longer.endswith(shorter)):
        return Level.PART
    if sound(joined) == sound(others) and len(sound(joined)) > 1:
        return Level.LOOSE
    near = JaroWinkler.similarity(joined, others)
    return Level.CLOSE if near >= 0.95 else Level.LOOSE if near >= _LOOSE + 0.05 else Level.DIFFERENT


def any_alike(names: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether any of somebody's last names (now, before) is another's."""
    near = (Level.EXACT, Level.ALIKE, Level.CLOSE)
    return any(family_nearness(a, b) in near for a in names for b in others)
