"""The feed twin: what a board sees of us, held against what the records say. Pure; `syndication.twin` does the reading.

Each difference is one finding, named as a recruiter would tell it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Expected:
    """A posting as the records have it."""

    posting: str
    references: tuple[str, ...]
    """One for each place in the feed; none when the board does not take it."""
    page: str
    """The reference of its page."""
    title: str
    is_open: bool
    is_canonical: bool = True
    """Whether search engines are led to this posting's page."""


@dataclass(frozen=True)
class Seen:
    """An entry as it stands in the feed."""

    reference: str
    title: str
    url: str
    posting: str
    """Whom its tracked link names, empty when the link is not ours."""
    channel: str
    target: str


@dataclass(frozen=True)
class PageSeen:
    """A page as it answered."""

    status: int
    title: str = ""
    """Of its JobPosting, empty without one."""
    canonical: str = ""
    valid_through: str = ""
    apply: int = 0
    """What the address of its form answered."""


@dataclass(frozen=True)
class View:
    """All that a board can read of a channel. Pages are those that were asked for."""

    channel: str
    feed: Sequence[Seen] | None
    """None: there is no feed that can be read."""
    sitemap: frozenset[str]
    """References in it."""
    pages: Mapping[str, PageSeen] = field(default_factory=dict)


def differences(view: View, records: Sequence[Expected], today: str) -> Iterator[str]:
    """All findings, in the order of the feed, then of the records."""
    if view.feed is None:
        yield "The feed cannot be read: the board sees no job at all. Publish a posting of this channel again."
    else:
        yield from _feed(view, view.feed, {record.posting: record for record in records})
    for record in records:
        yield from _page(view, record, today)


def _feed(view: View, feed: Sequence[Seen], records: Mapping[str, Expected]) -> Iterator[str]:
    seen: set[str] = set()
    wanted = {reference: record for record in records.values() for reference in record.references}
    changed: set[str] = set()
    for entry in feed:
        if entry.reference in seen:
            yield f"{entry.reference} stands in the feed twice ({entry.title})."
            continue
        seen.add(entry.reference)
        record = wanted.get(entry.reference) or records.get(entry.posting)
        if record is None or not record.is_open:
            yield f"Zombie: {entry.reference} ({entry.title}) is in the feed and not open."
            continue
        if entry.reference not in record.references:
            changed.add(record.posting)
            yield f"The reference of {entry.title} changed to {entry.reference}: the board takes it for a new job."
        yield from _entry(view, entry, record)
    for record in records.values():
        missing = [reference for reference in record.references if reference not in seen]
        if missing and record.is_open and record.posting not in changed:
            yield f"{record.title} ({missing[0]}) is open and missing from the feed."


def _entry(view: View, entry: Seen, record: Expected) -> Iterator[str]:
    if not entry.posting:
        yield f"The link of {entry.title} ({entry.reference}) is dead: it is cut or signed with a key that is gone."
    elif entry.posting != record.posting or entry.channel != view.channel:
        yield f"The link of {entry.title} ({entry.reference}) counts for another posting or channel."
    elif not entry.target.endswith(f"/jobs/{record.page}"):
        yield f"The link of {entry.title} ({entry.reference}) leads to {entry.target}, not to the job."
    if entry.title != record.title:
        yield f"The feed calls {record.title} ({entry.reference}) “{entry.title}”."


def _page(view: View, record: Expected, today: str) -> Iterator[str]:
    listed = record.page in view.sitemap
    if listed and not record.is_open:
        yield f"{record.title} ({record.page}) is closed and still in the sitemap."
    if record.is_open and record.is_canonical and not listed:
        yield f"{record.title} ({record.page}) is open and missing from the sitemap."
    page = view.pages.get(record.page)
    if page is None:
        return
    if not record.is_open:
        if page.status != 410:
            yield f"The page of {record.title} ({record.page}) is closed and answers {page.status}, not 410."
        elif page.title:
            yield f"The page of {record.title} ({record.page}) is closed and still carries its JobPosting."
    elif page.status != 200:
        yield f"The page of {record.title} ({record.page}) answers {page.status}."
    else:
        yield from _open_page(record, page, today)


def _open_page(record: Expected, page: PageSeen, today: str) -> Iterator[str]:
    if not page.title:
        yield f"The page of {record.title} ({record.page}) has no JobPosting: search engines do not see the job."
    elif page.title != record.title:
        yield f"The page of {record.title} ({record.page}) says “{page.title}”."
    if page.valid_through and page.valid_through[:10] < today:
        yield f"The page of {record.title} ({record.page}) says that the job expired on {page.valid_through[:10]}."
    if page.apply != 200:
        yield f"Nobody can apply for {record.title} ({record.page}): the form answers {page.apply}."
