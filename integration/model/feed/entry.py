"""One job at one place, in words of our own; `spelling` turns it into a board's."""

import html
import re
from typing import NamedTuple

_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_KEPT_APART = {"<": "‹", ">": "›", "\u00a0": " "}


class Entry(NamedTuple):
    """All text. Dates are ISO 8601, `job_type` is schema.org's word, `remote` is `yes` or empty."""

    title: str
    date: str
    reference: str
    requisition: str
    url: str
    """Tracked: what the board's visitors click."""
    company: str
    street: str
    city: str
    region: str
    country: str
    postal_code: str
    description: str
    salary: str
    job_type: str
    category: str
    expires: str
    remote: str
    salary_min: str = ""
    salary_max: str = ""
    currency: str = ""
    salary_unit: str = ""
    location: str = ""
    """City, region and country in one line."""
    page: str = ""
    """The job's own address, without tracking."""
    account: str = ""
    """The company's id at the board."""
    contact: str = ""
    """An e-mail address of the employer that the board may turn to."""
    apply_at: str = ""
    """A word for how people apply: always `url` here."""


def literal(description: str) -> str:
    """HTML with characters in place of entities; an escaped bracket stays a character and never becomes a tag."""

    def one(match: re.Match[str]) -> str:
        character = html.unescape(match.group())
        return _KEPT_APART.get(character, character)

    text = _ENTITY.sub(one, description)
    # `&amp;lt;` is now `&lt;`: until nothing is left that a reader would take for an entity.
    return text if text == description else literal(text)
