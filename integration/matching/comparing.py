"""Two people held against each other, trait by trait."""

from rapidfuzz.distance import OSA

from integration.matching import dates, names, places
from integration.matching.levels import Level, Trait
from integration.matching.traits import Traits

_TRAITS = len(Trait)
MISSING, EXACT, ALIKE, CLOSE, PART, LOOSE, RIVAL, DIFFERENT, YEAR, CROSSED, SHARED = (int(level) for level in Level)
(
    FIRST, MIDDLE, LAST, BIRTH, SEX, EMAIL, PHONE, PROFILE, STREET, NUMBER, EXTRA, CITY, POSTCODE, REGION, COUNTRY,
    EMPLOYER, TITLE, BIRTH_PLACE,
) = (int(trait) for trait in Trait)  # fmt: skip
NEAR = frozenset({EXACT, ALIKE, CLOSE})

Levels = list[int]
"""One level for each trait, in the order of Trait."""


def compare(one: Traits, other: Traits) -> Levels:
    """How far each trait agrees. Symmetric."""
    levels = compare_persons(one, other)
    if one.sex and other.sex:
        levels[SEX] = EXACT if one.sex == other.sex else DIFFERENT
    if (one.emails and other.emails) or (one.roles and other.roles):
        levels[EMAIL] = email_levels(one, other)
    if one.phones and other.phones:
        levels[PHONE] = phone_levels(one, other)
    if one.profiles and other.profiles:
        levels[PROFILE] = profile_levels(one.profiles, other.profiles)
    _compare_places(one, other, levels)
    if one.employer and other.employer:
        levels[EMPLOYER] = int(places.town_nearness(one.employer, other.employer))
    if one.title and other.title:
        levels[TITLE] = int(places.town_nearness(one.title, other.title))
    if one.birth_place and other.birth_place:
        levels[BIRTH_PLACE] = int(places.town_nearness(one.birth_place, other.birth_place))
    return levels


def compare_persons(one: Traits, other: Traits) -> Levels:
    """Names and births alone: what surely tells two people apart."""
    levels = [0] * _TRAITS
    compare_names(one, other, levels)
    if one.birth and other.birth:
        levels[BIRTH] = EXACT if one.birth == other.birth else int(dates.nearness(one.birth, other.birth))
        if levels[BIRTH] == EXACT and not one.birth.is_whole:
            levels[BIRTH] = YEAR
    return levels


def compare_names(one: Traits, other: Traits, levels: Levels) -> None:
    """First, middle and last name."""
    first = last = MISSING
    if one.first and other.first:
        first = EXACT if one.first == other.first else int(names.given_nearness(one.first, other.first))
    if one.last and other.last:
        last = EXACT if one.last == other.last else int(names.family_nearness(one.last, other.last))
    if first not in NEAR or last not in NEAR:
        first, last = with_names_astray(one, other, first, last)
    levels[FIRST], levels[LAST] = first, last
    if one.middle and other.middle:
        levels[MIDDLE] = middle_levels(one.middle, other.middle)


def with_names_astray(one: Traits, other: Traits, first: int, last: int) -> tuple[int, int]:
    """Swapped columns, a name parted elsewhere, a maiden name."""
    if last and last not in NEAR and len(one.lasts) + len(other.lasts) > 2 and names.any_alike(one.lasts, other.lasts):
        last = ALIKE
    if one.first and one.last and other.first and other.last:
        if one.name_words == other.name_words and len(one.name_words) > 2:
            return ALIKE, ALIKE
        if _is_near(one.first, other.last) and _is_near(one.last, other.first):
            return CROSSED, CROSSED
    elif (
        first == MISSING
        and last == MISSING
        and ((one.first and one.first == other.last) or (one.last and one.last == other.first))
    ):
        return MISSING, CROSSED
    return first, last


def _is_near(given: str, family: str) -> bool:
    return given == family or int(names.family_nearness(given, family)) in NEAR


def middle_levels(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Of middle names: the first counts."""
    if one == other:
        return EXACT
    if one[0][0] == other[0][0]:
        if len(one[0]) == 1 or len(other[0]) == 1:
            return PART
        return ALIKE if int(names.given_nearness(one[0], other[0])) in NEAR else DIFFERENT
    return CROSSED if set(one) & set(other) else DIFFERENT


def email_levels(one: Traits, other: Traits) -> int:
    """The best agreement of any two mailboxes."""
    if not one.emails.isdisjoint(other.emails):
        both = one.emails & other.emails
        return SHARED if both <= one.shared and both <= other.shared else EXACT
    if not one.roles.isdisjoint(other.roles):
        return LOOSE
    if not one.emails or not other.emails:
        return MISSING
    return min((mailbox_levels(a, b) for a in one.emails for b in other.emails), default=DIFFERENT)


def mailbox_levels(one: str, other: str) -> int:
    """john+jobs@ and j.ohn@ of one host are ALIKE; one slip is CLOSE; the same name at another host PART."""
    (local, _, host), (other_local, _, other_host) = one.partition("@"), other.partition("@")
    plain, other_plain = local.partition("+")[0].replace(".", ""), other_local.partition("+")[0].replace(".", "")
    if plain == other_plain:
        if host == other_host:
            return ALIKE
        if len(plain) < 5:
            return DIFFERENT
        return CLOSE if OSA.distance(host, other_host, score_cutoff=1) <= 1 else PART
    if host != other_host or min(len(plain), len(other_plain)) < 6 or plain[0] != other_plain[0]:
        return DIFFERENT
    slip = OSA.distance(plain, other_plain, score_cutoff=1) <= 1
    return CLOSE if slip and _digits(plain) == _digits(other_plain) else DIFFERENT


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def phone_levels(one: Traits, other: Traits) -> int:
    """Whose number it is counts more than that it is the same."""
    both = one.phones & other.phones
    if both:
        if both <= one.shared:
            return SHARED
        return LOOSE if both <= one.crowded | one.shared else EXACT
    ones, others = one.phones, other.phones
    near = any(len(a) == len(b) and OSA.distance(a, b, score_cutoff=1) <= 1 for a in ones for b in others)
    return CLOSE if near else DIFFERENT


def profile_levels(one: frozenset[str], other: frozenset[str]) -> int:
    """Two profiles of one site are two people's."""
    if not one.isdisjoint(other):
        return EXACT
    hosts = {address.partition("/")[0] for address in one}
    return DIFFERENT if any(address.partition("/")[0] in hosts for address in other) else MISSING


def _compare_places(one: Traits, other: Traits, levels: Levels) -> None:
    if one.lines and other.lines:
        compare_lines(one.lines, other.lines, levels)
    if one.numbers and other.numbers:
        same = one.numbers == other.numbers
        levels[NUMBER] = EXACT if same else int(places.number_nearness(one.numbers, other.numbers))
    if one.city and other.city:
        levels[CITY] = EXACT if one.city == other.city else int(places.town_nearness(one.city, other.city))
        if levels[CITY] == DIFFERENT and (one.city in other.lines or other.city in one.lines):
            levels[CITY] = CROSSED
    if one.postcode and other.postcode:
        same = one.postcode == other.postcode
        levels[POSTCODE] = EXACT if same else int(places.code_nearness(one.postcode, other.postcode))
    if one.region and other.region:
        levels[REGION] = EXACT if one.region == other.region else DIFFERENT
    if one.country and other.country:
        levels[COUNTRY] = EXACT if one.country == other.country else DIFFERENT


def compare_lines(ones: tuple[str, ...], others: tuple[str, ...], levels: Levels) -> None:
    """The best agreement of any two lines is the street's, the next one the further line's."""
    if len(ones) == 1 and len(others) == 1:
        levels[STREET] = int(places.line_nearness(ones[0], others[0]))
        return
    straight = [int(places.line_nearness(a, b)) for a, b in zip(ones, others, strict=False)]
    if EXACT not in straight and CLOSE not in straight:
        crossed = [min(int(places.line_nearness(a, b)) for b in others) for a in ones]
        straight = crossed if min(crossed) < min(straight) else straight
    straight.sort()
    levels[STREET] = straight[0]
    if len(straight) > 1 and len(ones) > 1 and len(others) > 1:
        levels[EXTRA] = straight[1]
