"""One interface for every kind of feed: what comes first, between, and last, and how one job is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from integration.model.feed.boards import DIALECTS
from integration.model.feed.entry import Entry
from integration.model.feed.json_feed import CLOSING, JSON_FEED, SEPARATOR, json_item, json_opening
from integration.model.feed.spelling import refusals, spelled
from integration.model.feed.writing import Publisher, closing, opening, renderer
from integration.model.posting import Job, json_ld

Pairs = Sequence[tuple[Entry, Job]]


@dataclass(frozen=True)
class Form:
    """How the feed of one channel is written."""

    opening: bytes
    separator: bytes
    closing: Callable[[int, str], bytes]
    """From the number of entries and the latest of their dates."""
    render: Callable[[Pairs], bytes]
    refusals: Callable[[Entry, date], list[str]]
    media: str
    ending: str
    is_dated: bool = False
    """Whether a job that nobody touched can become too old for the board."""


def form_of(adapter: str, publisher: Publisher) -> Form:
    """The form of an adapter's word; raises KeyError for one that is unknown."""
    if adapter == JSON_FEED:
        return Form(
            opening=json_opening(publisher),
            separator=SEPARATOR,
            closing=lambda count, latest: CLOSING,
            render=lambda pairs: SEPARATOR.join(json_item(entry, _posting(entry, job)) for entry, job in pairs),
            refusals=lambda entry, today: [],
            media="application/feed+json",
            ending="json",
        )
    dialect = DIALECTS[adapter]
    write = renderer(dialect)
    return Form(
        opening=opening(dialect, publisher),
        separator=b"",
        closing=lambda count, latest: closing(
            dialect, {"count": str(count), "latest": spelled(dialect, _DATED._replace(date=latest)).date}
        ),
        render=lambda pairs: write([spelled(dialect, entry) for entry, _ in pairs]),
        refusals=lambda entry, today: refusals(dialect, entry, today),
        media=dialect.media,
        ending="xml",
        is_dated=dialect.oldest_days > 0,
    )


_DATED = Entry(*[""] * 17)


def _posting(entry: Entry, job: Job) -> dict[str, object]:
    """The JSON-LD of the one place of an entry."""
    here = tuple(place for place in job.places if (place.city, place.country) == (entry.city, entry.country))[:1]
    return json_ld(replace(job, places=here or job.places), url=entry.page, identifier=job.requisition)
