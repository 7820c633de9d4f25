"""What stands in an answer, taken with distrust: a value of the wrong type counts as absent, a long one is cut."""

import re
from collections.abc import Mapping
from typing import Any

from integration.adapters.searches.edge import Answer
from integration.errors import Rejected, TryAgain, shortened

Found = Mapping[str, Any]
LONGEST = 250
LONGEST_TEXT = 20_000
MOST_ITEMS = 200
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def envelope(source: str, answer: Answer, *, key: str) -> Found:
    """The JSON object of an answer that succeeded; raises Rejected or TryAgain. `key` names our key in the secret."""
    if answer.status >= 300:
        raise refusal(source, answer, key=key)
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        kind = "a web page" if answer.body.lstrip()[:1] == b"<" else "half an answer"
        raise TryAgain(f"{source} sent {kind} instead of data", seconds=60) from None
    if not isinstance(body, dict):
        raise unknown_form(source, "the answer")
    return body


def refusal(source: str, answer: Answer, *, key: str) -> Rejected:
    """Why a source said no, in its own words."""
    said = _said(answer)
    if answer.status in (401, 403, 407):
        return Rejected(
            f"{source} does not accept our key (HTTP {answer.status}){said}. Ask the operator to put a valid {key!r} "
            "into the service's secret for searches.",
            field="source",
            value=source,
        )
    if answer.status == 402:
        return Rejected(f"The account at {source} has nothing left to spend{said}. Ask the operator to top it up.")
    if 300 <= answer.status < 400:
        return Rejected(f"{source} has moved (HTTP {answer.status}). Ask the operator to check its address.")
    return Rejected(
        f"{source} refuses this query (HTTP {answer.status}){said}. Change the query.", field="query", value=source
    )


def unknown_form(source: str, what: str) -> Rejected:
    return Rejected(f"{source} answered in a form that is not known: {what} is not what it should be.", field="source")


def items(source: str, body: Found, name: str) -> list[Found]:
    """The records of a page; what is no record among them is left out."""
    found = body.get(name)
    if found is None and name in body:
        return []  # ORCID says null for none
    if not isinstance(found, list):
        raise unknown_form(source, f"“{name}”")
    return [each for each in found if isinstance(each, dict)]


def word(found: Any, *path: str) -> str:
    """A short text, empty where there is none."""
    return _text(found, path, LONGEST)


def prose(found: Any, *path: str) -> str:
    """A long text."""
    return _text(found, path, LONGEST_TEXT)


def words(found: Any, *path: str) -> tuple[str, ...]:
    """A list of short texts, each once."""
    value = _at(found, path)
    texts = (_cleaned(each, LONGEST) for each in (value[:MOST_ITEMS] if isinstance(value, list) else []))
    return tuple(dict.fromkeys(text for text in texts if text))


def records(found: Any, *path: str) -> list[Found]:
    """A list of objects inside a record."""
    value = _at(found, path)
    return [each for each in value[:MOST_ITEMS] if isinstance(each, dict)] if isinstance(value, list) else []


def number(found: Any, *path: str) -> int:
    """A whole number, 0 where there is none."""
    value = _at(found, path)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 else 0


def web(*addresses: str) -> tuple[str, ...]:
    """Those that are addresses of the web, each once: what a record holds may be any text."""
    return tuple(dict.fromkeys(each for each in addresses if re.fullmatch(r"https?://[^\s<>\"']{3,2000}", each)))


def _at(found: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _text(found: Any, path: tuple[str, ...], longest: int) -> str:
    return _cleaned(_at(found, path), longest)


def _cleaned(value: Any, longest: int) -> str:
    return _UNPRINTABLE.sub(" ", value).strip()[:longest] if isinstance(value, str) else ""


def _said(answer: Answer) -> str:
    """`: “its words”`, where the body has some."""
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return ""
    inner = body.get("error") if isinstance(body, dict) else None
    places = [(body, "message"), (body, "error_message"), (inner, "message"), (body, "developer-message")]
    said = next((text for place, name in places if (text := word(place, name))), "") or word(body, "error")
    return f": “{shortened(said, 200)}”" if said else ""
