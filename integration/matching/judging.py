"""From agreements to a likelihood, and from that to merge, review or different.

What people of one household share (last name, address, phone, a family mailbox) can make two records one household,
no more: beyond that point only what belongs to one person counts: first name, birth date, an address of their own.
"""

from dataclasses import dataclass
from math import exp

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
    MISSING,
    NEAR,
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
    Levels,
)
from integration.matching.names import is_known
from integration.matching.profile import Decision
from integration.matching.traits import Traits
from integration.matching.weights import Weights

MERGE_AT = 0.999
REVIEW_FROM = -1.0
"""Bits: a third of a chance is worth a look."""
TWINS = 4.5
"""Bits that one birth date is worth in one household, where brothers and sisters may be twins."""
_LN2 = 0.6931471805599453
TOWN_REST = 0.4
"""Town, postcode and region say much the same: the best counts in full, the others this much."""
CROSSED_COST = 4.0
ROLE_BITS = 2.0


@dataclass(slots=True)
class Finding:
    """A judged pair before anybody asked for reasons."""

    bits: float
    decision: Decision

    @property
    def score(self) -> float:
        return likelihood(self.bits)


def likelihood(bits: float) -> float:
    return 1.0 / (1.0 + exp(-_LN2 * max(-60.0, min(60.0, bits))))


def weighed(one: Traits, other: Traits, levels: Levels, found: tuple[float, float], weights: Weights) -> float:
    """Bits in all, prior included, from those of the household and of the person."""
    household, own = found
    plain = levels[FIRST] in (DIFFERENT, RIVAL) and weights.is_name(one.first) and weights.is_name(other.first)
    if plain and levels[BIRTH] in (EXACT, ALIKE) and levels[LAST] in NEAR:
        own -= max(0.0, weights.born_together - TWINS)
    return min(weights.prior + household, weights.household) + own


def evidence(one: Traits, other: Traits, levels: Levels, weights: Weights) -> tuple[float, float]:
    """Bits of the household, bits of the person."""
    table = weights.table
    first, last = levels[FIRST], levels[LAST]
    if first == CROSSED:
        own = max(0.0, min(_name_bits(one, weights), _name_bits(other, weights)) - 2 * CROSSED_COST)
        shared = 0.0
    else:
        own = weights.exact(FIRST, one.first) if first == EXACT else table[FIRST][first]
        if last == EXACT:
            shared = weights.exact(LAST, one.last)
        elif last == CROSSED:
            shared = max(0.0, weights.exact(LAST, one.last or one.first) - CROSSED_COST)
        else:
            shared = table[LAST][last]
    birth = levels[BIRTH]
    if birth == EXACT:
        own += weights.exact(BIRTH, one.birth)
    elif birth:
        own += table[BIRTH][birth]
    own += table[MIDDLE][levels[MIDDLE]] + table[SEX][levels[SEX]] + table[PROFILE][levels[PROFILE]]
    for trait, value in ((EMPLOYER, one.employer), (TITLE, one.title), (BIRTH_PLACE, one.birth_place)):
        level = levels[trait]
        if level:
            own += weights.exact(trait, value) if level == EXACT else table[trait][level]
    email, phone = levels[EMAIL], levels[PHONE]
    if email == LOOSE:
        shared += ROLE_BITS
    elif email:
        if email == SHARED or (first in (DIFFERENT, RIVAL) and email != DIFFERENT):
            shared += table[EMAIL][email]
        else:
            own += table[EMAIL][email]
    if phone:
        shared += table[PHONE][phone]
    return shared + _place(one, other, levels, weights), own


def _place(one: Traits, other: Traits, levels: Levels, weights: Weights) -> float:
    table = weights.table
    bits = 0.0
    street, extra, number = levels[STREET], levels[EXTRA], levels[NUMBER]
    if street == EXACT:
        bits = _line_bits(one, other, weights)
    elif street == CLOSE and number == DIFFERENT:
        # Mill Road 3 and Hill Road 9 are two places.
        bits = 0.0
    elif street:
        bits = table[STREET][street]
    if extra:
        bits += table[EXTRA][extra]
    if number:
        bits += weights.exact(NUMBER, one.numbers[0]) if number == EXACT else table[NUMBER][number]
    best = rest = against = 0.0
    for trait, value in (
        (CITY, one.city), (POSTCODE, one.postcode), (REGION, one.region), (COUNTRY, one.country),
    ):  # fmt: skip
        level = levels[trait]
        if not level:
            continue
        found = weights.exact(trait, value) if level == EXACT and trait != COUNTRY else table[trait][level]
        if found < 0:
            against += found
        elif found > best:
            best, rest = found, rest + best
        else:
            rest += found
    return bits + best + TOWN_REST * rest + TOWN_REST * against


def _name_bits(person: Traits, weights: Weights) -> float:
    return weights.exact(FIRST, person.first) + weights.exact(LAST, person.last)


def _line_bits(one: Traits, other: Traits, weights: Weights) -> float:
    return max((weights.exact(STREET, line) for line in one.lines if line in other.lines), default=0.0)


def judge_levels(one: Traits, other: Traits, levels: Levels, weights: Weights) -> Finding:
    """Adds the evidence up and decides."""
    household, own = evidence(one, other, levels, weights)
    return decided(one, other, levels, weighed(one, other, levels, (household, own), weights), weights)


def decided(one: Traits, other: Traits, levels: Levels, bits: float, weights: Weights) -> Finding:
    """What the bits and the levels come to. Below REVIEW_FROM only an address in common can count."""
    if bits >= 0 and not is_hindered(one, other, levels) and likelihood(bits) >= MERGE_AT and is_sure(levels):
        return Finding(bits, Decision.MERGE)
    if is_given_away(levels) and not is_hindered(one, other, levels):
        return Finding(max(bits, 10.0), Decision.MERGE)
    if bits >= REVIEW_FROM or is_worth_a_look(one, other, levels, weights):
        return Finding(max(bits, 0.5), Decision.REVIEW)
    return Finding(bits, Decision.DIFFERENT)


def is_conflict(one: Traits, other: Traits, levels: Levels) -> bool:
    """Surely two people: other first names, or other birth dates."""
    if _generations_differ(one, other):
        return True
    return levels[FIRST] in (DIFFERENT, RIVAL) or levels[BIRTH] in (DIFFERENT, LOOSE)


def _generations_differ(one: Traits, other: Traits) -> bool:
    return one.generation != other.generation and bool(one.generation and other.generation)


def is_hindered(one: Traits, other: Traits, levels: Levels) -> bool:
    """Whether anything speaks against a merge that nobody has looked at."""
    if is_conflict(one, other, levels) or levels[SEX] == DIFFERENT:
        return True
    if one.generation != other.generation and levels[BIRTH] != EXACT:
        return True
    own = EXACT in (levels[EMAIL], levels[PROFILE])
    if levels[MIDDLE] == DIFFERENT and (levels[BIRTH] != EXACT or (not own and _have_two_middle_names(one, other))):
        return True
    if levels[BIRTH_PLACE] == DIFFERENT and not (own or levels[PHONE] == EXACT or _same_house(levels)):
        # A namesake may even have the same birthday; nobody is born in two places.
        return True
    if levels[FIRST] == ALIKE and _may_be_kin(levels):
        return True
    return levels[BIRTH] == PART and abs(one.birth.year - other.birth.year) > 10  # type: ignore[union-attr]


def _have_two_middle_names(one: Traits, other: Traits) -> bool:
    """In many a family every son is a Johann: only the second name tells twins apart, unless it is misread."""
    return is_known(one.middle[0]) and is_known(other.middle[0])


_APART = (EMAIL, PHONE, EMPLOYER, TITLE, BIRTH_PLACE)


def _may_be_kin(levels: Levels) -> bool:
    """Jan and Jack may be two sons of one house: they have things of their own, and nothing of one's own in common."""
    if levels[EMAIL] == EXACT or levels[PROFILE] == EXACT:
        return False
    apart = sum(levels[trait] == DIFFERENT for trait in _APART)
    return apart > (levels[BIRTH] == EXACT)


def is_given_away(levels: Levels) -> bool:
    """An address of one's own, or a phone with the name that belongs to it."""
    first, last = levels[FIRST], levels[LAST]
    if levels[EMAIL] == EXACT or levels[PROFILE] == EXACT:
        if first in NEAR or first == CROSSED:
            return True
        if first == PART:
            return last in NEAR or last == PART
        return first == MISSING and last in (*NEAR, MISSING, PART, CROSSED)
    if levels[PHONE] == EXACT and _contradictions(levels) < 2:
        return (first in NEAR and last in (*NEAR, PART)) or first == CROSSED
    return False


_FAMILIES = -1.0


def _contradictions(levels: Levels) -> int:
    """Father and son of one name share a phone; two other addresses or places of work tell on them."""
    own = (EMAIL, EMPLOYER, TITLE, MIDDLE, BIRTH_PLACE, PROFILE, STREET)
    return sum(levels[trait] == DIFFERENT for trait in own)


def is_sure(levels: Levels) -> bool:
    """Birth date and name, or a slip in one of them with the address to vouch for it."""
    first, last, birth = levels[FIRST], levels[LAST], levels[BIRTH]
    named = (first in NEAR and last in (*NEAR, PART)) or first == CROSSED
    if birth == EXACT:
        return named or (first in (EXACT, ALIKE) and _same_house(levels))
    if birth in (ALIKE, CLOSE, PART):
        return named and _same_house(levels)
    return False


def _same_house(levels: Levels) -> bool:
    """The same door, in the same place."""
    door = levels[STREET] in (EXACT, CLOSE) and levels[NUMBER] in (EXACT, ALIKE, MISSING, CLOSE)
    return (door and (levels[CITY] in (EXACT, CLOSE, MISSING) or levels[POSTCODE] in (EXACT, CLOSE))) or (
        levels[STREET] == EXACT and levels[POSTCODE] == EXACT
    )


def is_worth_a_look(one: Traits, other: Traits, levels: Levels, weights: Weights) -> bool:
    """An address in common is looked at, unless name and birth or sex both tell two people apart.

    In files that are seen to be full of families two plain first names at one phone are two people.
    """
    if not (levels[PROFILE] == EXACT or levels[EMAIL] in (EXACT, SHARED) or levels[PHONE] in (EXACT, SHARED)):
        return False
    if levels[FIRST] in (DIFFERENT, RIVAL):
        if weights.household < _FAMILIES and weights.is_name(one.first) and weights.is_name(other.first):
            return False
        return levels[BIRTH] not in (LOOSE, DIFFERENT) and levels[SEX] != DIFFERENT
    return levels[BIRTH] != DIFFERENT and not _generations_differ(one, other)
