"""Reads addresses, names and countries as people write them; says what is wrong with what it cannot read."""

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from nameparser import HumanName

from integration.candidates import dialling
from integration.errors import Rejected, shortened
from integration.model import identity
from integration.model.countries import COUNTRIES
from integration.model.identity import Address, Name

EMAIL_LENGTH = 80
"""What a Salesforce e-mail field holds."""
_EXTENSION = re.compile(r"(?:ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)


def email(text: str) -> Address:
    """An e-mail address, normalised; raises Rejected."""
    try:
        valid = validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError as wrong:
        raise Rejected(
            f"“{shortened(text)}” is not an e-mail address: {_sentence(str(wrong))} Correct it, or leave it empty.",
            field="E-mail",
            value=shortened(text),
        ) from wrong
    if len(valid.normalized) > EMAIL_LENGTH:
        raise Rejected(
            f"“{shortened(text)}” has {len(valid.normalized)} characters; an e-mail address may have {EMAIL_LENGTH}.",
            field="E-mail",
            value=shortened(text),
        )
    return identity.email(valid.normalized)


def phone(text: str, country: str = "") -> Address:
    """A phone number as +digits. `country` (ISO 3166) is where a number without + belongs; raises Rejected."""
    number, fault = phone_or_fault(text, country)
    if fault:
        raise _bad_phone(text, fault)
    return identity.phone(number)


@lru_cache(maxsize=16_384)
def phone_or_fault(text: str, country: str = "") -> tuple[str, str]:
    """(number, "") or ("", what is wrong with it and what to do)."""
    if number := dialling.usual(text, country):
        return number, ""
    cleaned = _EXTENSION.sub("", text.strip())
    if number := dialling.usual(cleaned, country):
        return number, ""
    return _phone_of_the_library("+" + cleaned[2:] if cleaned.startswith("00") else cleaned, country)


def _phone_of_the_library(cleaned: str, country: str) -> tuple[str, str]:
    try:
        number = phonenumbers.parse(cleaned, country or None)
    except phonenumbers.NumberParseException as wrong:
        if wrong.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and not cleaned.startswith("+"):
            return "", "has no country code. Write it like +353 1 234 5678, or name the country"
        return "", "is not a phone number. Correct it, or leave it empty"
    if not phonenumbers.is_possible_number(number):
        return "", "has too few or too many digits for a phone number. Correct it, or leave it empty"
    if not phonenumbers.is_valid_number(number):
        return "", "is not a number that its country gives out. Correct it, or leave it empty"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), ""


def profile(text: str) -> Address:
    """The address of a public profile (LinkedIn, GitHub, own site); raises Rejected."""
    address = identity.profile(text)
    host = address.value.partition("/")[0]
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?", host) or re.search(r"[\s<>\"]", address.value):
        raise Rejected(
            f"“{shortened(text)}” is not a web address. Write it like linkedin.com/in/name, or leave it empty.",
            field="Profile",
            value=shortened(text),
        )
    return address


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
            f"“{shortened(text)}” is not a country this system knows. Use the two-letter code, such as IE or DE.",
            field="Country",
            value=shortened(text),
        ) from None


def _bad_phone(text: str, what: str) -> Rejected:
    return Rejected(f"“{shortened(text)}” {what}.", field="Phone", value=shortened(text))


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
