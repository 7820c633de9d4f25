"""What people type into the forms of a page: the fields, how they are tidied, and what is wrong in words for them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\_]+\.[^\s@<>(),;:\"\[\]\\._]{2,}")
_LINK = re.compile(r"://|\bwww\.|\bhttps?\b|[\w-]+\.(com|net|org|ru|cn|info|xyz|top|link|io)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """One input. `autocomplete` is the HTML token, so that browsers and helpers can fill it in."""

    label: str
    kind: str
    autocomplete: str
    longest: int
    required: bool = False
    hint: str = ""


FIELDS: Mapping[str, Field] = {
    "email": Field("E-mail", "email", "email", 80, required=True),
    "first_name": Field("First name", "text", "given-name", 40, required=True),
    "last_name": Field("Last name", "text", "family-name", 80, required=True),
    "phone": Field("Phone", "tel", "tel", 40, hint="With country code, such as +353 21 123 4567"),
    "city": Field("City", "text", "address-level2", 80),
    "title": Field("Current job", "text", "organization-title", 120),
    "employer": Field("Current employer", "text", "organization", 120),
    "desired_role": Field("Job you would like", "text", "off", 120),
    "desired_location": Field("Place you would like", "text", "off", 120),
    "profile": Field("Link to a profile", "url", "url", 255, hint="LinkedIn, GitHub or your own site"),
    "resume": Field("Résumé", "file", "off", 0, hint="PDF or Word, at most 3 MB"),
    "message": Field("Message", "textarea", "off", 4_000),
}
REQUIRED = {
    "first_name": "Enter your first name.",
    "last_name": "Enter your last name.",
    "email": "Enter your e-mail.",
}
ALWAYS = ("email", "first_name", "last_name")
CHOICES = tuple(name for name in FIELDS if name not in ALWAYS)
"""What a form block may ask for beside the fields that every form has."""


def names(chosen: Iterable[str]) -> tuple[str, ...]:
    """The fields of a form in their order on the page."""
    wanted = set(chosen)
    return (*ALWAYS, *(name for name in CHOICES if name in wanted))


def tidy(text: str, *, lines: bool = False) -> str:
    """Composed, without control characters and outer blanks. What else a person typed stays as it is."""
    kept = []
    for character in unicodedata.normalize("NFC", text.replace("\r\n", "\n")):
        if character == "\n" and lines:
            kept.append(character)
        elif unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs"):
            kept.append(" ")
        else:
            kept.append(character)
    return "".join(kept).strip()


Say = Callable[..., str]
"""(English sentence with `{names}`, their values) -> the sentence in the person's language."""


def in_english(text: str, **values: object) -> str:
    return text.format(**values) if values else text


def read(
    given: Mapping[str, str], asked: Iterable[str], say: Say = in_english
) -> tuple[dict[str, str], dict[str, str]]:
    """The tidied values, and for each wrong field a sentence for the person who filled it in."""
    values, errors = {}, {}
    for name in asked:
        field = FIELDS[name]
        if field.kind == "file":
            continue
        value = tidy(given.get(name, ""), lines=field.kind == "textarea")
        values[name] = value
        if problem := _problem(name, field, value, say):
            errors[name] = problem
    return values, errors


def _problem(name: str, field: Field, value: str, say: Say) -> str:
    if not value:
        return say(REQUIRED[name]) if field.required else ""
    if len(value) > field.longest:
        return say(
            "{label} has {count} characters; at most {most} fit. Shorten it.",
            label=say(field.label),
            count=len(value),
            most=field.longest,
        )
    if name == "email" and not is_email(value):
        return say("That is not an e-mail address. Enter one like name@example.com.")
    if name == "phone" and not (re.fullmatch(r"[+0-9 ()./-]+", value) and 6 <= sum(map(str.isdigit, value)) <= 15):
        return say("That is not a phone number. Enter one like +353 21 123 4567, or leave it empty.")
    if name == "profile" and not re.fullmatch(r"(https?://)?[^\s/@\"'<>]+\.[^\s@\"'<>]{2,}", value):
        return say("That is not a web address. Enter one like linkedin.com/in/your-name, or leave it empty.")
    # Names stand in the mails we send: whoever types an address there wants to advertise it through us.
    if name in ("first_name", "last_name", "city") and (_LINK.search(value) or "@" in value):
        return say("{label} cannot hold a web address.", label=say(field.label))
    return ""


def is_email(text: str) -> bool:
    """Whether it looks like one address that a mail can go to. The worker looks closer."""
    if not _EMAIL.fullmatch(text) or len(text) > 80:
        return False
    local, _, domain = text.rpartition("@")
    bad_dots = any(part.startswith(".") or part.endswith(".") or ".." in part for part in (local, domain))
    labels = domain.split(".")
    return not bad_dots and not any(label.startswith("-") or label.endswith("-") for label in labels)
