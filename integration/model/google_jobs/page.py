"""A job's page as Google reads it: its markup, what people see, and whether it may be listed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from integration.model.posting import Finding, plain

_WILL_NOT = "Will not show in Google for Jobs because "
_UNSEEN = {"script", "style", "template", "noscript", "head"}


@dataclass
class Page:
    """What stands in an HTML page."""

    postings: list[dict[str, Any]] = field(default_factory=list)
    unreadable: int = 0
    """Blocks of markup that are no JSON."""
    canonical: str = ""
    robots: str = ""
    text: str = ""
    """What people can read."""
    meta: dict[str, str] = field(default_factory=dict)
    """Open Graph and Twitter cards, by property."""


def read_page(html: str) -> Page:
    """The parts of a page that Google looks at."""
    parser = _Reader()
    parser.feed(html)
    parser.close()
    page = parser.page
    page.text = " ".join(" ".join(parser.words).split())
    for block in parser.blocks:
        try:
            page.postings += _postings(json.loads(block))
        except ValueError:
            page.unreadable += 1
    return page


def page_findings(page: Page) -> Iterator[Finding]:
    """What is wrong with the page around the markup."""
    if page.unreadable:
        yield Finding("Markup", f"{_WILL_NOT}its markup is no JSON. Look for a missing quote or comma.", True)
    if not page.postings:
        yield Finding("Markup", f"{_WILL_NOT}the page has no JobPosting markup.", True)
    if len(page.postings) > 1:
        text = f"the page has {len(page.postings)} JobPostings. Give each job a page of its own."
        yield Finding("Markup", f"{_WILL_NOT}{text}", True)
    if "noindex" in page.robots or "none" in page.robots.split(","):
        yield Finding("Page", f"{_WILL_NOT}the page asks not to be listed (noindex).", True)
    if page.canonical and urlsplit(page.canonical).query:
        yield Finding("Page", "The canonical address carries a query. Google asks for the clean one.")
    for posting in page.postings[:1]:
        title = plain(str(posting.get("title") or ""))
        if title and title.casefold() not in page.text.casefold():
            yield Finding("Page", f"{_WILL_NOT}people do not see the title “{title[:60]}” on the page.", True)


def _postings(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, list):
        return [posting for each in found for posting in _postings(each)]
    if not isinstance(found, dict):
        return []
    if "@graph" in found:
        context = {"@context": found["@context"]} if "@context" in found else {}
        return [context | posting for posting in _postings(found["@graph"])]
    kinds = found.get("@type")
    return [found] if "JobPosting" in (kinds if isinstance(kinds, list) else [kinds]) else []


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.words: list[str] = []
        self.blocks: list[str] = []
        self._within: list[str] = []
        self._is_markup = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (found.get("name") or found.get("property") or "").lower()
            self.page.meta[name] = found.get("content", "")
            if name in ("robots", "googlebot"):
                self.page.robots = found.get("content", "").lower().replace(" ", "")
        if tag == "link" and found.get("rel", "").lower() == "canonical":
            self.page.canonical = found.get("href", "")
        if tag in _UNSEEN:
            self._within.append(tag)
        if tag == "script" and found.get("type", "").lower() == "application/ld+json":
            self._is_markup = True
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_markup = False
        if tag in self._within:
            self._within.remove(tag)

    def handle_data(self, data: str) -> None:
        if self._is_markup:
            self.blocks[-1] += data
        elif not self._within:
            self.words.append(data)
