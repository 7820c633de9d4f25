"""Google's rules for title and description."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from integration.model.posting import LONGEST_TITLE, Finding, plain

SHORTEST = 100
"""Characters below which a description is hardly complete: Google asks for duties, requirements, skills, hours."""
_MONEY = re.compile(r"[€$£¥]\s?\d|\d\s?[€$£¥]|\b\d+\s?k\b", re.IGNORECASE)
_CODE = re.compile(r"#\s?\d|\b[A-Z]{1,5}[-_ ]?\d{3,}\b|\b\d{4,}\b")
_STRUCTURE = re.compile(r"<(p|br|ul|ol|li|div|h[1-6])\b|\n", re.IGNORECASE)
_TAG = re.compile(r"<\s*([a-z][a-z0-9]*)", re.IGNORECASE)
_KNOWN_TAGS = {
    "p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "u", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span",
    "blockquote",
}  # fmt: skip
_WILL_NOT = "Will not show in Google for Jobs because "
_MAY_NOT = "May not show in Google for Jobs because "


def title_findings(posting: Mapping[str, Any]) -> Iterator[Finding]:
    title = str(posting.get("title") or "").strip()
    if not title:
        yield Finding("Title", f"{_WILL_NOT}it has no title. Write the job's name.", True)
        return
    if len(title) > LONGEST_TITLE:
        yield Finding("Title", f"The title has {len(title)} characters. Boards cut it: keep it below {LONGEST_TITLE}.")
    if _MONEY.search(title):
        yield Finding("Title", f"{_MAY_NOT}the title names an amount of money. Move it to the salary.")
    elif _CODE.search(title):
        yield Finding("Title", f"{_MAY_NOT}the title holds a code. Leave numbers of jobs out of it.")
    if "!" in title or "***" in title or ">>" in title:
        yield Finding("Title", f"{_MAY_NOT}the title shouts (!, ***). Write the job's name only.")
    if len(title) > 12 and title.isupper():
        yield Finding("Title", f"{_MAY_NOT}the title is all capitals. Write it as in a sentence.")
    for city in _cities(posting):
        if re.search(rf"\b{re.escape(city)}\b", title, re.IGNORECASE):
            yield Finding("Title", f"{_MAY_NOT}the title names the place ({city}). The location says it already.")
            return


def _cities(posting: Mapping[str, Any]) -> Iterator[str]:
    places = posting.get("jobLocation") or []
    for place in places if isinstance(places, list) else [places]:
        address = place.get("address") if isinstance(place, dict) else None
        city = str(address.get("addressLocality") or "") if isinstance(address, dict) else ""
        if len(city) > 2:
            yield city


def description_findings(posting: Mapping[str, Any]) -> Iterator[Finding]:
    html = str(posting.get("description") or "")
    words = plain(html)
    if not words:
        yield Finding("Description", f"{_WILL_NOT}it has no description. Write duties, requirements, hours.", True)
        return
    if words.casefold() == str(posting.get("title") or "").strip().casefold():
        yield Finding("Description", f"{_WILL_NOT}the description only repeats the title. Write duties.", True)
        return
    if len(words) < SHORTEST:
        text = f"the description has {len(words)} characters. Write duties, requirements, skills and hours: {SHORTEST}."
        yield Finding("Description", f"{_MAY_NOT}{text}")
    if not _STRUCTURE.search(html):
        yield Finding("Description", f"{_MAY_NOT}the description has no paragraphs or lists. Add at least one break.")
    unknown = sorted({tag.lower() for tag in _TAG.findall(html)} - _KNOWN_TAGS)
    if unknown:
        yield Finding("Description", f"Google does not read <{unknown[0]}> in descriptions. Use paragraphs and lists.")
    if posting.get("jobLocationType") == "TELECOMMUTE" and not re.search(
        r"remote|from home|home.?office|telecommut|télétravail|teletrabajo|thuiswerk|mobil", words, re.IGNORECASE
    ):
        text = "the job is marked as remote and the description does not say so. Write that it is done from home."
        yield Finding("Description", f"{_MAY_NOT}{text}")
