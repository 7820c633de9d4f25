"""A feed read back as the board reads it: every rule that the board has, held against what stands in the file."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any
from xml.etree import ElementTree

from integration.model.feed.boards import DIALECTS
from integration.model.feed.dialect import Dialect
from integration.model.feed.json_feed import JSON_FEED
from integration.model.feed.spelling import _DAYS, _MONTHS
from integration.model.posting import plain

_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp|[a-z]+(?:acute|grave|uml|circ));")
_NAMESPACE = re.compile(r"^\{[^}]*\}")
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """One thing the board would refuse; `reference` is the job's, empty for the feed as a whole."""

    reference: str
    message: str


def problems(adapter: str, file: IO[bytes]) -> list[Problem]:
    """The first problems of a feed; none for one that the board takes whole."""
    found = _json_problems(file) if adapter == JSON_FEED else _xml_problems(DIALECTS[adapter], file)
    taken = []
    for problem in found:
        taken.append(problem)
        if len(taken) == MOST_PROBLEMS:
            break
    return taken


def items(dialect: Dialect, file: IO[bytes]) -> Iterator[ElementTree.Element]:
    """The items one after the other, each forgotten when the next is asked for. Raises ElementTree.ParseError."""
    path: list[ElementTree.Element] = []
    wanted = [name.split()[0] for name in dialect.root.split(">")] + [dialect.item]
    # Our own feeds only: the parser of the standard library is safe enough for what we wrote ourselves.
    for event, element in ElementTree.iterparse(file, events=("start", "end")):  # noqa: S314
        if event == "start":
            path.append(element)
            if len(path) <= len(wanted) and _tag(element) != wanted[len(path) - 1] and len(path) < len(wanted):
                raise ElementTree.ParseError(f"<{_tag(element)}> stands where <{wanted[len(path) - 1]}> belongs")
            continue
        if len(path) == len(wanted) and _tag(element) == dialect.item:
            yield element
            element.clear()
            path[-2].remove(element)
        path.pop()


def _xml_problems(dialect: Dialect, file: IO[bytes]) -> Iterator[Problem]:
    seen: set[str] = set()
    try:
        for item in items(dialect, file):
            values = values_of(dialect, item)
            reference = values["reference"]
            if not reference:
                yield Problem("", f"a job without a reference: “{values.get('title', '')[:60]}”")
            elif reference in seen:
                yield Problem(reference, "the reference stands twice")
            seen.add(reference)
            yield from _item_problems(dialect, reference, values)
    except ElementTree.ParseError as fault:
        yield Problem("", f"the feed is not well-formed XML: {fault}")


def values_of(dialect: Dialect, item: ElementTree.Element) -> dict[str, str]:
    """Field of Entry -> its text in an item; a field that has no element there is missing."""
    values = {"reference": item.get("id", "")} if dialect.id_attribute else {}
    for place, name in (*dialect.required, *dialect.optional):
        found: ElementTree.Element | None = item
        for step in place.split(">"):
            found = None if found is None else _child(found, step.split()[0])
        if found is not None:
            values[name] = found.get(place.split()[-1].partition("=")[0], "") if "%s" in place else found.text or ""
    return values


def _child(element: ElementTree.Element, tag: str) -> ElementTree.Element | None:
    return next((child for child in element if _tag(child) == tag), None)


def _tag(element: ElementTree.Element) -> str:
    return _NAMESPACE.sub("", element.tag)


def _item_problems(dialect: Dialect, reference: str, values: dict[str, str]) -> Iterator[Problem]:
    for place, name in dialect.required:
        if name not in values:
            yield Problem(reference, f"<{place.split()[0]}> is missing")
    for name in dialect.filled:
        if name in values and not values[name].strip():
            yield Problem(reference, f"{name} is empty")
    for name in ("date", "expires"):
        if values.get(name) and not _is_day(dialect.dates, values[name]):
            yield Problem(reference, f"{name} is “{values[name][:40]}”, no day as {dialect.name} writes it")
    if (address := values.get("url", "")) and not re.match(r"https?://[^\s/]+", address):
        yield Problem(reference, f"“{address[:60]}” is no web address")
    length = len(plain(values.get("description", "")))
    if length < dialect.shortest_description:
        yield Problem(reference, f"the description has {length} characters of {dialect.shortest_description}")
    if dialect.longest_title and len(values.get("title", "")) > dialect.longest_title:
        yield Problem(reference, f"the title has more than {dialect.longest_title} characters")
    if dialect.longest_reference and len(reference) > dialect.longest_reference:
        yield Problem(reference, f"the reference has more than {dialect.longest_reference} characters")
    for name in ("title", "description"):
        if match := _ENTITY.search(values.get(name, "")):
            yield Problem(reference, f"{name} holds the HTML entity {match.group()}")
    if (kind := values.get("job_type")) and kind not in dialect.job_types.values():
        yield Problem(reference, f"“{kind}” is no type of job there")
    if (country := values.get("country")) and not re.fullmatch(r"[A-Z]{2}", country):
        yield Problem(reference, f"“{country[:20]}” is no country code of two letters")


def _is_day(form: str, text: str) -> bool:
    # strptime knows the names of the process's locale only.
    for names in (_MONTHS, _DAYS):
        for number, name in enumerate(names, start=1):
            if name in text and ("%b" in form or "%a" in form):
                text = text.replace(name, f"{number:02d}" if names is _MONTHS else "")
    try:
        datetime.strptime(text.strip(), form.replace("%b", "%m").replace("%a", "").strip()).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def _json_problems(file: IO[bytes]) -> Iterator[Problem]:
    try:
        feed: Any = json.load(file)
    except ValueError as fault:
        yield Problem("", f"the feed is no JSON: {fault}")
        return
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/"):
        yield Problem("", "the feed does not name its version of JSON Feed")
        return
    seen: set[str] = set()
    for item in feed.get("items", ()):
        reference = str(item.get("id", ""))
        if not reference or reference in seen:
            yield Problem(reference, "the id is missing or stands twice")
        seen.add(reference)
        for name in ("url", "title", "content_html"):
            if not item.get(name):
                yield Problem(reference, f"{name} is empty")
        if item.get("_jobposting", {}).get("@type") != "JobPosting":
            yield Problem(reference, "_jobposting is no JobPosting")
