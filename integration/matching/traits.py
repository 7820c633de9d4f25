"""A profile made comparable once, before it meets the many others."""

import re
from collections.abc import Iterable
from functools import lru_cache

from integration.matching import names, places
from integration.matching.dates import Birth, birth
from integration.matching.emptiness import is_empty, is_mailbox, is_number
from integration.matching.latin import words
from integration.matching.profile import Profile
from integration.model import identity

_SEXES = {
    "m": "m", "male": "m", "man": "m", "mann": "m", "homme": "m", "h": "m", "maennlich": "m", "mannlich": "m",
    "masculin": "m", "masculino": "m", "boy": "m",
    "f": "f", "female": "f", "woman": "f", "frau": "f", "femme": "f", "w": "f", "weiblich": "f", "feminin": "f",
    "femenino": "f", "girl": "f",
}  # fmt: skip
_SEX_OF_TITLE = {"mr": "m", "herr": "m", "monsieur": "m", "mrs": "f", "ms": "f", "miss": "f", "frau": "f", "mme": "f"}
_EXTENSION = re.compile(r"(?:ext\.?|x|#|durchwahl)\s*\d{1,6}\s*$", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"\D+")
PHONE_DIGITS = 9
"""The last digits that stay the same with and without country code and trunk zero."""


class Traits:
    """What of a person is compared; empty where nothing is known."""

    __slots__ = (
        "birth", "birth_place", "city", "country", "crowded",
        "emails", "employer", "first", "generation", "id", "last", "lasts",
        "lines", "middle", "name_words", "numbers", "phones", "postcode", "profiles", "region", "roles", "sex",
        "shared", "title",
    )  # fmt: skip

    def __init__(self, profile: Profile) -> None:
        self.id = profile.id
        self.first, self.middle, self.last, self.lasts, self.name_words, self.generation = read_name(
            profile.first_name, profile.middle_name, profile.last_name, profile.full_name, profile.former_name,
            profile.suffix,
        )  # fmt: skip
        self.birth: Birth | None = birth(profile.birth_date) if profile.birth_date else None
        self.sex = read_sex(profile.sex, profile.full_name, profile.first_name)
        self.emails, self.roles, self.shared = read_mailboxes(profile.emails)
        self.phones, self.profiles, self.crowded = read_phones(profile.phones), read_profiles(profile.profiles), NONE
        self.lines, self.numbers = read_street(profile.street, profile.street_number)
        self.city = read_town(profile.city)
        self.region, self.postcode, self.country, self.employer, self.title, self.birth_place = (
            read_plain(text)
            for text in (
                profile.region, profile.postcode, profile.country, profile.employer, profile.title, profile.birth_place,
            )
        )  # fmt: skip


NONE: frozenset[str] = frozenset()
_FAMILY = re.compile(r"famil|\bfam\b|household|haushalt|parents|eltern|couple")
"""Mailboxes that say themselves that several people read them."""


Read = tuple[str, tuple[str, ...], str, tuple[str, ...], tuple[str, ...], int]


def read_name(first: str, middle: str, last: str, full: str, former: str, suffix: str) -> Read:
    """First, middle and last name, all last names, all words of the name, and the generation."""
    given, family, middles = _name(first, middle, last, full)
    name, before = " ".join(family), " ".join(_cleaned(former)) if former else ""
    lasts = (name, before) if before and before != name else (name,) if name else ()
    return (
        " ".join(given),
        middles,
        name,
        lasts,
        tuple(sorted(given + family)),
        names.generation(suffix, last, full, first),
    )


def read_mailboxes(texts: Iterable[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Somebody's own mailboxes, those of a function, and those of the own that say they are a family's."""
    mailboxes = frozenset(box for text in texts if (box := _mailbox(text)))
    if not mailboxes:
        return NONE, NONE, NONE
    roles = frozenset(filter(identity.is_role_address, mailboxes)) or NONE
    own = mailboxes - roles if roles else mailboxes
    return own, roles, frozenset(box for box in own if _FAMILY.search(box.partition("@")[0])) or NONE


def read_phones(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(number for text in texts if (number := _phone(text)))


def read_profiles(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(address for text in texts if (address := _profile(text)))


def read_street(street: Iterable[str], street_number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines of the address, and their numbers."""
    read = [places.line(text) for text in street if text and not is_empty(text)]
    numbers = [number for _, found in read for number in found]
    if street_number and not is_empty(street_number):
        numbers = [*places.line(street_number)[1], *numbers]
    return tuple(named for named, _ in read if named), tuple(dict.fromkeys(numbers))


@lru_cache(maxsize=100_000)
def read_plain(text: str) -> str:
    return "" if not text or is_empty(text) else "".join(words(text))


@lru_cache(maxsize=100_000)
def read_town(text: str) -> str:
    return "" if not text or is_empty(text) else "".join(places.line(text)[0])


@lru_cache(maxsize=200_000)
def _cleaned(text: str) -> tuple[str, ...]:
    if not text or is_empty(text):
        return ()
    parts = names.without_generation(names.without_titles(words(text)))
    return tuple(part for part in parts if not part.isdigit())


def _name(first: str, middle: str, last: str, full: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    given, family = _cleaned(first), _cleaned(last)
    if not family and not given and full and not is_empty(full):
        given, family = names.parted(full)
    elif not family and len(given) > 1 and not full:
        given, family = names.parted(first)
    elif not given and ("," in last or (len(family) > 1 and not full)):
        given, family = names.parted(last)
    elif full and not (given and family):
        others = names.parted(full)
        given, family = given or others[0], family or others[1]
    middles = _cleaned(middle) if middle else given[1:]
    return given, family, middles


def read_sex(sex: str, full: str, first: str) -> str:
    """As told, or by the title before the name."""
    if sex:
        return _SEXES.get("".join(words(sex)), "")
    titled = words(full or first)[:1]
    return _SEX_OF_TITLE.get(titled[0], "") if titled else ""


def _mailbox(text: str) -> str:
    address = identity.normalised_email(text.strip().removeprefix("mailto:").strip("<>;,. "))
    return address if is_mailbox(address) else ""


@lru_cache(maxsize=100_000)
def _phone(text: str) -> str:
    plain = text.removeprefix("+")
    if not (plain.isascii() and plain.isdigit()):
        plain = _NOT_DIGIT.sub("", _EXTENSION.sub("", text))
    digits = plain.lstrip("0")
    return digits[-PHONE_DIGITS:] if is_number(digits) else ""


def _profile(text: str) -> str:
    if not text or is_empty(text):
        return ""
    try:
        address = identity.normalised_profile(text)
    except ValueError:
        return ""
    host, slash, path = address.partition("/")
    return address if "." in host and slash and path not in ("", "in", "in/", "pub") else ""
