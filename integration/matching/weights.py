"""What each agreement is worth: chances among one person's records (m) and among strangers' (u), in bits.

The chances below are what is usual in files of people. `Weights.of` makes them fit the files at hand; it never trusts
a few rows over them.
"""

from collections import Counter
from collections.abc import Sequence
from math import log2

from integration.matching import names
from integration.matching.comparing import (
    ALIKE,
    BIRTH,
    BIRTH_PLACE,
    CITY,
    CLOSE,
    COUNTRY,
    CROSSED,
    DIFFERENT,
    EMAIL,
    EMPLOYER,
    EXACT,
    EXTRA,
    FIRST,
    LAST,
    LOOSE,
    MIDDLE,
    NUMBER,
    PART,
    PHONE,
    POSTCODE,
    PROFILE,
    REGION,
    RIVAL,
    SEX,
    SHARED,
    STREET,
    TITLE,
    YEAR,
)
from integration.matching.levels import Level, Trait
from integration.matching.traits import Traits

Chances = dict[int, tuple[float, float]]
"""level -> (m, u)"""

USUAL: dict[int, Chances] = {
    FIRST: {
        EXACT: (0.77, 0.004), ALIKE: (0.05, 0.003), CLOSE: (0.07, 0.002), PART: (0.02, 0.012), LOOSE: (0.02, 0.02),
        RIVAL: (0.006, 0.012), DIFFERENT: (0.04, 0.945), CROSSED: (0.02, 0.00001),
    },
    MIDDLE: {
        EXACT: (0.7, 0.02), ALIKE: (0.03, 0.005), PART: (0.17, 0.07), CROSSED: (0.01, 0.005), DIFFERENT: (0.09, 0.9),
    },
    LAST: {
        EXACT: (0.79, 0.001), ALIKE: (0.02, 0.0004), CLOSE: (0.08, 0.001), PART: (0.02, 0.001), LOOSE: (0.02, 0.01),
        DIFFERENT: (0.05, 0.985), CROSSED: (0.02, 0.0005),
    },
    BIRTH: {
        EXACT: (0.84, 0.00005), ALIKE: (0.02, 0.00003), CLOSE: (0.08, 0.0015), PART: (0.02, 0.004),
        LOOSE: (0.015, 0.04), DIFFERENT: (0.025, 0.955), YEAR: (0.95, 0.017),
    },
    SEX: {EXACT: (0.985, 0.5), DIFFERENT: (0.015, 0.5)},
    EMAIL: {
        EXACT: (0.55, 0.00001), ALIKE: (0.03, 0.000005), CLOSE: (0.05, 0.00002), PART: (0.07, 0.0002),
        LOOSE: (0.01, 0.003), DIFFERENT: (0.3, 0.9965), SHARED: (0.1, 0.0001),
    },
    PHONE: {
        EXACT: (0.5, 0.00003), CLOSE: (0.05, 0.00001), SHARED: (0.1, 0.0001), LOOSE: (0.02, 0.001),
        DIFFERENT: (0.35, 0.9988),
    },
    PROFILE: {EXACT: (0.9, 0.000002), DIFFERENT: (0.1, 0.99)},
    STREET: {
        EXACT: (0.6, 0.0004), CLOSE: (0.15, 0.0008), LOOSE: (0.03, 0.02), DIFFERENT: (0.22, 0.978),
    },
    NUMBER: {
        EXACT: (0.72, 0.02), ALIKE: (0.05, 0.01), CLOSE: (0.05, 0.08), LOOSE: (0.03, 0.06), DIFFERENT: (0.15, 0.83),
    },
    EXTRA: {EXACT: (0.6, 0.001), CLOSE: (0.15, 0.003), LOOSE: (0.05, 0.03), DIFFERENT: (0.2, 0.965)},
    CITY: {
        EXACT: (0.73, 0.02), CLOSE: (0.07, 0.003), PART: (0.01, 0.001), CROSSED: (0.02, 0.001),
        DIFFERENT: (0.17, 0.975),
    },
    POSTCODE: {
        EXACT: (0.72, 0.003), ALIKE: (0.02, 0.001), CLOSE: (0.06, 0.01), PART: (0.03, 0.03), DIFFERENT: (0.17, 0.956),
    },
    REGION: {EXACT: (0.88, 0.2), DIFFERENT: (0.12, 0.8)},
    COUNTRY: {EXACT: (0.95, 0.6), DIFFERENT: (0.05, 0.4)},
    EMPLOYER: {EXACT: (0.5, 0.005), CLOSE: (0.08, 0.003), PART: (0.05, 0.003), DIFFERENT: (0.37, 0.989)},
    TITLE: {EXACT: (0.35, 0.02), CLOSE: (0.1, 0.01), PART: (0.05, 0.01), DIFFERENT: (0.5, 0.96)},
    BIRTH_PLACE: {EXACT: (0.8, 0.02), CLOSE: (0.08, 0.003), PART: (0.03, 0.002), DIFFERENT: (0.09, 0.975)},
}  # fmt: skip
LEVELS = len(Level)
NAME_TRUST = 300.0
"""The usual rarity of a value counts like so many rows."""
NO_FILE = 100_000
"""One pair alone is judged as if it came from a database of so many people."""
MOST_BITS, LEAST_BITS = 22.0, -9.0
_COMMON_FIRST, _OTHER_FIRST = 0.006, 0.001
_COMMON_LAST, _OTHER_LAST = 0.006, 0.0005
_COMMON_LASTS_WORDS = """
    smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
    anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis
    robinson walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera
    campbell mitchell carter roberts evans edwards hughes murphy kelly ryan byrne walsh sullivan mueller muller
    schmidt schneider fischer weber meyer wagner becker schulz hoffmann martin bernard dubois durand rossi russo
    ferrari bianchi silva santos oliveira singh kumar patel sharma khan wang li zhang chen liu kim park ali
    ahmed nowak kowalski ivanov ivanova jansen devries
"""
_COMMON_LASTS = frozenset(_COMMON_LASTS_WORDS.split())
_COUNTED = (FIRST, LAST, BIRTH, STREET, EXTRA, NUMBER, CITY, POSTCODE, REGION, EMPLOYER, TITLE, BIRTH_PLACE)


class Weights:
    """Bits for and against: of every level of every trait, and of rare and common values."""

    def __init__(self, rows: int = NO_FILE) -> None:
        self.m = {trait: {level: m for level, (m, _) in chances.items()} for trait, chances in USUAL.items()}
        self.u = {trait: {level: u for level, (_, u) in chances.items()} for trait, chances in USUAL.items()}
        self.counts: dict[int, Counter[str]] = {}
        self._totals: dict[int, int] = {}
        self.prior = log2(0.5 / (rows + 500))
        self.household = 0.0
        """Bits: how sure it is that two records of one household are one person, all else left aside."""
        self.table: list[list[float]] = []
        self._bits: dict[int, dict[object, float]] = {trait: {} for trait in _COUNTED}
        self.settle()

    def settle(self) -> None:
        """Makes the table of bits from the chances."""
        self.table = [[0.0] * LEVELS for _ in Trait]
        for trait, chances in self.m.items():
            for level, m in chances.items():
                self.table[trait][level] = max(LEAST_BITS, min(MOST_BITS, log2(m / self.u[trait][level])))
        for bits in self._bits.values():
            bits.clear()
        self.born_together = min(MOST_BITS, log2(self.m[BIRTH][EXACT] / USUAL[BIRTH][EXACT][1]))
        """Bits of one birth date among strangers."""

    def count(self, people: Sequence[Traits]) -> None:
        """Learns which values are common in these files."""
        for trait in _COUNTED:
            self.counts[trait] = Counter()
        counts = self.counts
        for person in people:
            counts[FIRST][person.first] += 1
            counts[LAST][person.last] += 1
            counts[STREET].update(person.lines[:1])
            counts[STREET].update(person.lines[1:])
            counts[CITY][person.city] += 1
            counts[POSTCODE][person.postcode] += 1
            counts[REGION][person.region] += 1
            counts[EMPLOYER][person.employer] += 1
            counts[TITLE][person.title] += 1
            counts[BIRTH_PLACE][person.birth_place] += 1
            if person.birth and person.birth.is_whole:
                counts[BIRTH][person.birth] += 1  # type: ignore[index]
            if person.numbers:
                counts[NUMBER][person.numbers[0]] += 1
        for trait in counts:
            counts[trait].pop("", None)
            self.know(trait, counts[trait])

    def know(self, trait: int, counts: Counter[str]) -> None:
        """How many people have each value of a trait."""
        self.counts[trait] = counts
        self._totals[trait] = counts.total()

    def is_name(self, first: str) -> bool:
        """Whether a first name is one, and no slip of the pen."""
        counts = self.counts.get(FIRST)
        return names.is_known(first.partition(" ")[0]) or (counts is not None and counts[first] > 2)

    def exact(self, trait: int, value: object) -> float:
        """Bits for agreeing on this very value."""
        known = self._bits[trait]
        bits = known.get(value)
        if bits is None:
            bits = known[value] = self._exact(trait, value)
        return bits

    def _exact(self, trait: int, value: object) -> float:
        usual = usual_chance(trait, value)
        counts = self.counts.get(trait)
        if counts:
            # The two who agree are no evidence that others do.
            others = max(0, counts[value] - 2)  # type: ignore[index]
            usual = (others + NAME_TRUST * usual) / (self._totals[trait] + NAME_TRUST)
        return max(0.0, min(MOST_BITS, log2(self.m[trait][EXACT] / usual)))


def usual_chance(trait: int, value: object) -> float:
    """How likely it is that a stranger has this value, by what is usual."""
    if trait == FIRST:
        return _COMMON_FIRST if names.is_known(str(value).split()[0]) else _OTHER_FIRST
    if trait == LAST:
        return _COMMON_LAST if value in _COMMON_LASTS else _OTHER_LAST
    return USUAL[trait][EXACT][1]
