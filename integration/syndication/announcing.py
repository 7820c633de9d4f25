"""Tells search engines, networks and colleagues of jobs: engines from a line each, closings first, so many a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected, TryAgain
from integration.model.announcing import ANNOUNCERS, SEARCH_ENGINES, place_in_line
from integration.ports import Announcer, Record
from integration.records import Channel
from integration.soql import both, equals, is_in, select
from integration.syndication import outlets, social
from integration.syndication.outlets import line

if TYPE_CHECKING:
    from integration.app import App

_MOST_IN_LINE = 500
"""Looked at in one run."""


def line_up(app: App, posting_ids: Sequence[str], *, is_closed: bool) -> None:
    """Key: channel, posting and state. Puts postings into the line of each search engine.

    A posting that closes leaves the line of openings, so that nobody is sent to a page that is gone.
    """
    channels = _channels(app) if posting_ids else []
    now = app.clock.now()
    for channel in channels:
        channel_id = str(channel[Channel.ID])
        for posting in posting_ids:
            if channel[Channel.ADAPTER] in SEARCH_ENGINES:
                app.claims.delete(line(channel_id), _waiting(app, channel_id, posting))
                _put(app, channel_id, posting, is_closed=is_closed, at=now)
            elif is_closed:
                social.note_closed(app, channel_id, posting)


def _put(app: App, channel_id: str, posting: str, *, is_closed: bool, at: datetime) -> None:
    place = place_in_line(posting, is_closed=is_closed, at=at.isoformat(timespec="milliseconds"))
    ttl = int((at + outlets.KEPT).timestamp())
    app.claims.put({"pk": line(channel_id), "sk": place, "posting": posting, "closed": is_closed, "ttl": ttl})
    app.claims.put({"pk": f"{line(channel_id)}#of", "sk": posting, "place": place, "ttl": ttl})


def tell_due(app: App, *, network: str | None = None) -> None:
    """Key: an engine's line, a network's slots. One place in trouble does not hold up the others.

    With `network` only that channel is asked among networks, besides the engines, which hear of every job.
    """
    for channel in _channels(app):
        is_engine = channel[Channel.ADAPTER] in SEARCH_ENGINES
        if not is_engine and network not in (None, channel[Channel.ID]):
            continue
        try:
            told = _tell_engine(app, channel) if is_engine else social.post_next(app, channel)
            if told:
                log.event("jobs.announced", channel=channel[Channel.ID], told=told)
        except TryAgain as again:
            log.event("announcing.later", channel=channel[Channel.ID], reason=str(again))
        except Rejected as rejected:
            social.show_refusal(app, str(channel[Channel.ID]), rejected.message)


def _tell_engine(app: App, channel: Record) -> int:
    channel_id = str(channel[Channel.ID])
    if next(app.claims.query(line(channel_id), limit=1), None) is None:
        return 0
    place = outlets.reach(app, channel)
    return sum(1 for _ in _told(app, channel_id, place))


def _told(app: App, channel_id: str, place: Announcer) -> Iterator[str]:
    """Tells one posting after the other, while the day has room; each leaves the line when it was told."""
    for item in list(app.claims.query(line(channel_id), limit=_MOST_IN_LINE)):
        posting, is_closed = str(item["posting"]), bool(item["closed"])
        announcement = outlets.announcement(app, posting, is_closed=is_closed)
        if announcement is None:
            continue  # its page is not made yet: next time
        if not outlets.take_turn(app, channel_id, place.a_day):
            return
        place.tell(announcement)
        app.claims.delete(item["pk"], item["sk"])
        yield posting


def _channels(app: App) -> list[Record]:
    where = both(is_in(Channel.ADAPTER, ANNOUNCERS), equals(Channel.ACTIVE, True))
    return app.salesforce.query(select(Channel.API_NAME, social.FIELDS, where=where, order_by=[Channel.ID]))


def _waiting(app: App, channel_id: str, posting: str) -> str:
    """The place of a posting that stands in the line already."""
    standing = app.claims.get(f"{line(channel_id)}#of", posting)
    return str(standing["place"]) if standing else "-"
