"""A person found as a row of Prospect_Result__c, and back as somebody who may become a candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from integration.candidates import Person
from integration.candidates.parsing import country, email, name, phone, profile
from integration.errors import Rejected, shortened
from integration.model.identity import Address, Name
from integration.model.ranking import Score
from integration.model.vocabulary import ContactKind
from integration.ports import Hit, Record, Value
from integration.prospecting.searches.prospects import Prospect
from integration.records import Candidate, ProspectResult

URL_LENGTH = 255
EMAIL_LENGTH = 80
_READERS = {"E-mail": email, "Phone": phone, "Profile": profile}
_LABELS = {ContactKind.EMAIL: "E-mail", ContactKind.PHONE: "Phone", ContactKind.PROFILE: "Profile"}
READ = (
    ProspectResult.ID,
    ProspectResult.KEY,
    ProspectResult.NAME,
    ProspectResult.FIRST_NAME,
    ProspectResult.LAST_NAME,
    ProspectResult.TITLE,
    ProspectResult.EMPLOYER,
    ProspectResult.LOCATION,
    ProspectResult.COUNTRY,
    ProspectResult.SKILLS,
    ProspectResult.ADDRESSES,
    ProspectResult.ABOUT,
    ProspectResult.SOURCE,
    ProspectResult.SOURCE_URL,
    ProspectResult.CANDIDATE,
    ProspectResult.DECISION,
)
PERSONAL = (
    ProspectResult.FIRST_NAME,
    ProspectResult.LAST_NAME,
    ProspectResult.TITLE,
    ProspectResult.EMPLOYER,
    ProspectResult.LOCATION,
    ProspectResult.COUNTRY,
    ProspectResult.EMAIL,
    ProspectResult.PHONE,
    ProspectResult.PROFILE_URL,
    ProspectResult.SKILLS,
    ProspectResult.ADDRESSES,
    ProspectResult.ABOUT,
    ProspectResult.SOURCE_URL,
    ProspectResult.PROVENANCE,
    ProspectResult.SCORE_REASONS,
)
"""Fields that are emptied when the person turns out to be erased."""


def row_of(prospect: Prospect, rank: Score | None) -> dict[str, Value]:
    """The row without key, search and decision."""
    who = prospect.name
    shown = (
        " ".join(part for part in (who.first, who.last) if part)
        or _last_part(prospect.first("url"))
        or "Without a name"
    )
    return {
        ProspectResult.NAME: shown[:80],
        ProspectResult.FIRST_NAME: who.first[:80] or None,
        ProspectResult.LAST_NAME: who.last[:80] or None,
        ProspectResult.TITLE: prospect.first("title")[:255] or None,
        ProspectResult.EMPLOYER: prospect.first("employer")[:255] or None,
        ProspectResult.LOCATION: prospect.first("location")[:255] or None,
        ProspectResult.COUNTRY: _code(prospect.first("country")) or None,
        ProspectResult.EMAIL: _fitting(prospect.of(ContactKind.EMAIL), EMAIL_LENGTH),
        ProspectResult.PHONE: _fitting(prospect.of(ContactKind.PHONE), 40),
        ProspectResult.PROFILE_URL: _fitting(_web(prospect.of(ContactKind.PROFILE)), URL_LENGTH),
        ProspectResult.SKILLS: ", ".join(prospect.skills)[:4_000] or None,
        ProspectResult.ADDRESSES: _addresses(prospect.addresses),
        ProspectResult.ABOUT: prospect.about[:32_000] or None,
        ProspectResult.SOURCE: ";".join(prospect.sources),
        ProspectResult.SOURCE_URL: _fitting(_of_the_web(prospect.first("url")), URL_LENGTH),
        ProspectResult.PROVENANCE: "\n".join(_said_by(hit) for hit in prospect.hits)[:8_000],
        ProspectResult.SCORE: rank.points if rank else None,
        ProspectResult.SCORE_REASONS: "\n".join(rank.reasons)[:4_000] if rank else None,
    }


def person_of(row: Record) -> Person:
    """Who a result is, with what a new candidate carries of where the data came from. Raises Rejected."""
    text = {field: str(row.get(field) or "").strip() for field in READ}
    who = Name(text[ProspectResult.FIRST_NAME], text[ProspectResult.LAST_NAME])
    if not who.last:
        who = name(text[ProspectResult.NAME])
    place, _, rest = text[ProspectResult.LOCATION].partition(",")
    about = [f"Skills: {text[ProspectResult.SKILLS]}"] if text[ProspectResult.SKILLS] else []
    about += [text[ProspectResult.ABOUT]] if text[ProspectResult.ABOUT] else []
    facts: dict[str, Value] = {
        Candidate.TITLE: text[ProspectResult.TITLE],
        Candidate.EMPLOYER: text[ProspectResult.EMPLOYER],
        Candidate.CITY: "" if _code(place) else place.strip(),
        Candidate.COUNTRY: text[ProspectResult.COUNTRY] or _code(rest.rpartition(",")[2] or place),
        Candidate.RESUME_TEXT: "\n\n".join(about),
    }
    if not row.get(ProspectResult.CANDIDATE):
        facts[Candidate.COLLECTED_FROM] = collected_from(text[ProspectResult.SOURCE], text[ProspectResult.SOURCE_URL])
    return Person(
        f"search/{text[ProspectResult.KEY]}", who, tuple(read_addresses(text[ProspectResult.ADDRESSES])), facts
    )


def collected_from(sources: str, url: str) -> str:
    """Candidate__c.Collected_From__c: every source and where the person can be looked at."""
    said = f"Search: {sources.replace(';', ', ')}"
    return f"{said}: {url}" if url and len(said) + len(url) < 253 else said[:255]


def read_addresses(text: str) -> list[Address]:
    """The addresses of a row, as _addresses wrote them."""
    found = []
    for line in text.splitlines():
        label, _, value = line.partition(": ")
        if read := _READERS.get(label):
            try:
                found.append(read(value))
            except Rejected:
                continue
    return found


def _addresses(addresses: Sequence[Address]) -> str | None:
    lines: list[str] = []
    for address in addresses:
        line = f"{_LABELS[address.kind]}: {address.value}"
        if sum(map(len, lines)) + len(lines) + len(line) <= 4_000:
            lines.append(line)
    return "\n".join(lines) or None


def _said_by(hit: Hit) -> str:
    """One source's part: where, when, what."""
    facts: Mapping[str, str] = {
        "name": hit.full_name or f"{hit.first} {hit.last}".strip(),
        "title": hit.title,
        "employer": hit.employer,
        "location": hit.location,
        "addresses": ", ".join((*hit.emails, *hit.phones, *hit.profiles)),
        "skills": ", ".join(hit.skills[:10]),
    }
    told = "; ".join(f"{what} {shortened(value, 120)}" for what, value in facts.items() if value)
    where = f" {hit.url}" if hit.url else ""
    return f"{hit.source}{where} (asked {hit.seen_at[:16].replace('T', ' ')}): {told}"


def _code(text: str) -> str:
    try:
        return country(text) if text.strip() else ""
    except Rejected:
        return ""


def _of_the_web(url: str) -> str:
    """A recruiter will click on it."""
    return url if url.lower().startswith(("https://", "http://")) else ""


def _last_part(url: str) -> str:
    """What a page calls somebody who gives no name: github.com/ada -> ada."""
    return url.rstrip("/").rpartition("/")[2]


def _web(profile_key: str) -> str:
    return f"https://{profile_key}" if profile_key else ""


def _fitting(text: str, length: int) -> str | None:
    """An address that is cut leads elsewhere: too long is none."""
    return text if text and len(text) <= length else None
