"""A profile made comparable once, before it meets the many others."""

import re
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
        "lines", "middle", "name_words", "numbers", "phones", "place", "postcode", "profiles", "region", "roles", "sex",
        "shared", "title",
    )  # fmt: skip

    def __init__(self, profile: Profile) -> None:
        self.id = profile.id
        self._read_name(profile)
        self.birth: Birth | None = birth(profile.birth_date) if profile.birth_date else None
        self.sex = _sex(profile)
        self._read_contact_points(profile)
        self._read_place(profile)
        self.employer = _joined(profile.employer)
        self.title = _joined(profile.title)
        self.birth_place = _joined(profile.birth_place)

    def _read_name(self, profile: Profile) -> None:
        given, family, middle = _name(profile.first_name, profile.middle_name, profile.last_name, profile.full_name)
        self.first = " ".join(given)
        self.middle = middle
        self.last = " ".join(family)
        former = " ".join(_cleaned(profile.former_name)) if profile.former_name else ""
        self.lasts = (self.last, former) if former and former != self.last else (self.last,) if self.last else ()
        self.name_words = tuple(sorted(given + family))
        self.generation = names.generation(profile.suffix, profile.last_name, profile.full_name, profile.first_name)

    def _read_contact_points(self, profile: Profile) -> None:
        self.roles = self.emails = self.shared = self.phones = self.profiles = self.crowded = _NONE
        if profile.emails:
            mailboxes = frozenset(box for text in profile.emails if (box := _mailbox(text)))
            self.roles = frozenset(filter(identity.is_role_address, mailboxes)) or _NONE
            self.emails = mailboxes - self.roles if self.roles else mailboxes
            self.shared = frozenset(box for box in self.emails if _FAMILY.search(box.partition("@")[0])) or _NONE
        if profile.phones:
            self.phones = frozenset(number for text in profile.phones if (number := _phone(text)))
        if profile.profiles:
            self.profiles = frozenset(address for text in profile.profiles if (address := _profile(text)))

    def _read_place(self, profile: Profile) -> None:
        read = [places.line(text) for text in profile.street if text and not is_empty(text)]
        self.lines = tuple(named for named, _ in read if named)
        numbers = [number for _, found in read for number in found]
        if profile.street_number and not is_empty(profile.street_number):
            numbers = [*places.line(profile.street_number)[1], *numbers]
        self.numbers = tuple(dict.fromkeys(numbers))
        self.city = _town(profile.city)
        self.region = _joined(profile.region)
        self.postcode = _joined(profile.postcode)
        self.country = _joined(profile.country)


_NONE: frozenset[str] = frozenset()
_FAMILY = re.compile(r"famil|\bfam\b|household|haushalt|parents|eltern|couple")
"""Mailboxes that say themselves that several people read them."""


@lru_cache(maxsize=100_000)
def _joined(text: str) -> str:
    return "" if not text or is_empty(text) else "".join(words(text))


@lru_cache(maxsize=100_000)
def _town(text: str) -> str:
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


def _sex(profile: Profile) -> str:
    if profile.sex:
        return _SEXES.get("".join(words(profile.sex)), "")
    titled = words(profile.full_name or profile.first_name)[:1]
    return _SEX_OF_TITLE.get(titled[0], "") if titled else ""


def _mailbox(text: str) -> str:
    address = identity.normalised_email(text.strip().removeprefix("mailto:").strip("<>;,. "))
    return address if is_mailbox(address) else ""


@lru_cache(maxsize=100_000)
def _phone(text: str) -> str:
    digits = _NOT_DIGIT.sub("", _EXTENSION.sub("", text)).lstrip("0")
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
