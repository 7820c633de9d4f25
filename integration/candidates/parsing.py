"""Reads addresses, names and countries as people write them; says what is wrong with what it cannot read."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from nameparser import HumanName
from nameparser.config import CONSTANTS

from integration.candidates import dialling
from integration.errors import Rejected, shortened
from integration.model import identity
from integration.model.countries import COUNTRIES
from integration.model.identity import Address, Name
from integration.model.reject import Code

_WORD = re.compile(r"[A-Z][a-z]{2,}").fullmatch
_SPECIAL = frozenset(
    {
        *CONSTANTS.titles,
        *CONSTANTS.first_name_titles,
        *CONSTANTS.prefixes,
        *CONSTANTS.suffix_acronyms,
        *CONSTANTS.suffix_not_acronyms,
        *CONSTANTS.conjunctions,
    }
)
"""Words that are no names."""
EMAIL_LENGTH = 80
"""What a Salesforce e-mail field holds."""
_CORRECT = "Correct it, or leave it empty."
LOCAL_LENGTH = 64
_USUAL_PROFILE = re.compile(r"(?:https?://)?(?:www\.)?((?:linkedin\.com/in|github\.com)/[A-Za-z0-9_-]+)/?").fullmatch
_EXTENSION = re.compile(r"(?:ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)


@lru_cache(maxsize=16_384)
def is_domain(text: str) -> bool:
    """Whether an ASCII domain is good as it stands, by the library."""
    try:
        valid = validate_email(f"x@{text}", check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return False
    return valid.domain == text.lower()


def email(text: str) -> Address:
    """An e-mail address, normalised; raises Rejected."""
    try:
        valid = validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError as wrong:
        raise Rejected(
            f"“{shortened(text)}” is not an e-mail address: {_sentence(str(wrong))}",
            field="E-mail",
            value=shortened(text),
            code=Code.EMAIL_INVALID,
            remedy=_CORRECT,
        ) from wrong
    if len(valid.normalized) > EMAIL_LENGTH:
        raise Rejected(
            f"“{shortened(text)}” has {len(valid.normalized)} characters; an e-mail address may have {EMAIL_LENGTH}.",
            field="E-mail",
            value=shortened(text),
            code=Code.TOO_LONG,
            remedy="Use another address, or leave it empty.",
        )
    return identity.email(valid.normalized)


def phone(text: str, country: str = "") -> Address:
    """A phone number as +digits. `country` (ISO 3166) is where a number without + belongs; raises Rejected."""
    number, fault = phone_or_fault(text, country)
    if fault:
        raise Rejected(
            f"“{shortened(text)}” {fault.what}.",
            field="Phone",
            value=shortened(text),
            code=fault.code,
            remedy=fault.remedy,
        )
    return identity.phone(number)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text that is no phone number."""

    what: str
    code: Code = Code.PHONE_INVALID
    remedy: str = _CORRECT


_NO_COUNTRY = Fault(
    "has no country code", Code.PHONE_WITHOUT_COUNTRY, "Write it like +353 1 234 5678, or name the country."
)
_NO_PHONE = Fault("is not a phone number")
_WRONG_LENGTH = Fault("has too few or too many digits for a phone number")
_NOT_GIVEN_OUT = Fault("is not a number that its country gives out")


@lru_cache(maxsize=16_384)
def phone_or_fault(text: str, country: str = "") -> tuple[str, Fault | None]:
    """The number, or what is wrong with it."""
    if number := dialling.usual(text, country):
        return number, None
    cleaned = _EXTENSION.sub("", text.strip())
    if number := dialling.usual(cleaned, country):
        return number, None
    return _phone_of_the_library("+" + cleaned[2:] if cleaned.startswith("00") else cleaned, country)


def _phone_of_the_library(cleaned: str, country: str) -> tuple[str, Fault | None]:
    try:
        number = phonenumbers.parse(cleaned, country or None)
    except phonenumbers.NumberParseException as wrong:
        if wrong.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and not cleaned.startswith("+"):
            return "", _NO_COUNTRY
        return "", _NO_PHONE
    if not phonenumbers.is_possible_number(number):
        return "", _WRONG_LENGTH
    if not phonenumbers.is_valid_number(number):
        return "", _NOT_GIVEN_OUT
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None


def usual_profile(text: str) -> str:
    """Host and path of an address as LinkedIn and GitHub write it, else empty."""
    found = _USUAL_PROFILE(text)
    return found[1].lower() if found is not None else ""


def profile(text: str) -> Address:
    """The address of a public profile (LinkedIn, GitHub, own site); raises Rejected."""
    address = identity.profile(text)
    host = address.value.partition("/")[0]
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?", host) or re.search(r"[\s<>\"]", address.value):
        raise Rejected(
            f"“{shortened(text)}” is not a web address.",
            field="Profile",
            value=shortened(text),
            code=Code.PROFILE_INVALID,
            remedy="Write it like linkedin.com/in/name, or leave it empty.",
        )
    return address


def usual_name(text: str) -> Name | None:
    """Two words that are nothing but a first and a last name; None when a title or particle may be among them."""
    first, blank, last = text.partition(" ")
    if not blank or not _WORD(first) or not _WORD(last) or {first.lower(), last.lower()} & _SPECIAL:
        return None
    return Name(first, last)


@lru_cache(maxsize=4_096)
def name(text: str) -> Name:
    """First and last name of a full name; a single word is a last name."""
    parsed = HumanName(text)
    first = " ".join(part for part in (parsed.first, parsed.middle) if part)
    return Name(first, parsed.last) if parsed.last else Name("", first or text.strip())


def country(text: str) -> str:
    """ISO 3166 code of a country given by code or English, native or usual name; raises Rejected."""
    wanted = " ".join(text.replace(".", "").casefold().split())
    if wanted.upper() in COUNTRIES.values():
        return wanted.upper()
    try:
        return COUNTRIES[wanted]
    except KeyError:
        raise Rejected(
            f"“{shortened(text)}” is not a country this system knows.",
            field="Country",
            value=shortened(text),
            code=Code.COUNTRY_UNKNOWN,
            remedy="Use the two-letter code, such as IE or DE.",
        ) from None


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
