"""A verdict in words that a recruiter can check."""

from integration.matching.comparing import (
    ALIKE,
    BIRTH,
    BIRTH_PLACE,
    CITY,
    CLOSE,
    CROSSED,
    DIFFERENT,
    EMAIL,
    EMPLOYER,
    EXACT,
    FIRST,
    LAST,
    LOOSE,
    MIDDLE,
    NUMBER,
    PART,
    PHONE,
    POSTCODE,
    PROFILE,
    RIVAL,
    SEX,
    SHARED,
    STREET,
    TITLE,
    YEAR,
    Levels,
)
from integration.matching.profile import Profile

_PLAIN = {
    (FIRST, EXACT): "same first name",
    (LAST, EXACT): "same last name",
    (FIRST, CROSSED): "first and last name swapped",
    (MIDDLE, EXACT): "same middle name",
    (MIDDLE, DIFFERENT): "other middle names",
    (BIRTH, EXACT): "same date of birth",
    (BIRTH, ALIKE): "dates of birth alike, day and month swapped",
    (BIRTH, YEAR): "same year of birth",
    (SEX, DIFFERENT): "sex differs",
    (EMAIL, EXACT): "same e-mail address",
    (EMAIL, LOOSE): "same shared mailbox",
    (PHONE, EXACT): "same phone",
    (EMAIL, SHARED): "same e-mail address, used by two people",
    (PHONE, SHARED): "same phone, used by two people",
    (PHONE, LOOSE): "same phone, used by many",
    (PHONE, CLOSE): "phones one digit apart",
    (PROFILE, EXACT): "same profile",
    (CITY, EXACT): "same city",
    (POSTCODE, EXACT): "same postcode",
    (EMPLOYER, EXACT): "same employer",
    (EMPLOYER, CLOSE): "employers alike",
    (TITLE, EXACT): "same title",
    (BIRTH_PLACE, EXACT): "same place of birth",
}
_NAMED = {ALIKE: "alike", CLOSE: "alike", PART: "may agree", LOOSE: "somewhat alike", RIVAL: "differ",
          DIFFERENT: "differ"}  # fmt: skip
_LONGEST = 60


def reasons(one: Profile, other: Profile, levels: Levels) -> tuple[str, ...]:
    """What speaks for the pair, then what speaks against it."""
    told = [text for (trait, level), text in _PLAIN.items() if levels[trait] == level]
    pairs = (
        (FIRST, "first names", one.first_name or one.full_name, other.first_name or other.full_name),
        (LAST, "last names", one.last_name or one.full_name, other.last_name or other.full_name),
        (BIRTH, "dates of birth", one.birth_date, other.birth_date),
        (EMAIL, "e-mail addresses", ", ".join(one.emails), ", ".join(other.emails)),
    )
    for trait, noun, value, value_of_other in pairs:
        level = levels[trait]
        if (trait, level) not in _PLAIN and (word := _NAMED.get(level)):
            if trait == EMAIL and level == DIFFERENT:
                continue
            told.append(f"{noun} {word}: {_short(value)} / {_short(value_of_other)}")
    told.extend(_of_address(levels))
    return tuple(sorted(told, key=lambda text: "differ" in text or text.startswith("other ")))


def _of_address(levels: Levels) -> list[str]:
    street = levels[STREET]
    if street == EXACT:
        return ["same street and number" if levels[NUMBER] == EXACT else "same street"]
    return ["streets alike"] if street == CLOSE else []


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
