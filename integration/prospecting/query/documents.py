"""What a query is asked of: the people whom sources found, by the fields of the Boolean language."""

import re
from itertools import takewhile

from integration.model.vocabulary import SearchSource
from integration.ports import Hit

_APPLIED = re.compile(r"Applied(?: on \d{4}-\d\d-\d\d)? for (.*)")
"""The lines that the source of past applicants puts before a candidate's own text: job, colon, stage."""


def document(hit: Hit) -> dict[str, str]:
    """A person as text by field, for `Query.matches`."""
    applied, text = _applied(hit)
    return {
        "name": hit.full_name or f"{hit.first} {hit.last}".strip(),
        "first": hit.first,
        "last": hit.last,
        "title": hit.title,
        "employer": hit.employer,
        "location": hit.location,
        "country": hit.country,
        "skill": ", ".join(hit.skills),
        "email": ", ".join(hit.emails),
        "phone": ", ".join(hit.phones),
        "site": ", ".join(dict.fromkeys([hit.url, *hit.profiles])),
        "text": text,
        "job": applied,
        "stage": applied,
        "source": hit.source,
    }


def _applied(hit: Hit) -> tuple[str, str]:
    """What is said of a person's applications, and the text of their own."""
    lines = hit.text.split("\n") if hit.source == SearchSource.APPLICANTS else []
    told = [match.group(1) for match in takewhile(bool, map(_APPLIED.fullmatch, lines)) if match]
    return "\n".join(told), "\n".join(lines[len(told) :]) if told else hit.text
