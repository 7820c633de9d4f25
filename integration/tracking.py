"""Clicks, opens and unsubscribes: what a signed link says becomes one event on the queue, and the visitor goes on.

Nothing here reads a store. A machine may fetch any of these addresses, so a GET never changes what we believe of a
person: it is written down raw and judged later.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from integration import log
from integration.errors import TryAgain
from integration.model import alert, hit, link
from integration.model.event import Event, Kind
from integration.model.link import BadToken, Purpose
from integration.model.ulid import ulid
from integration.ports import Queue

if TYPE_CHECKING:
    from integration.app import App


class Visitor(NamedTuple):
    """What a request tells of who made it."""

    method: str
    user_agent: str
    address: str
    headers: str = ""
    """What model/event.telling_headers keeps of them."""

    @property
    def network(self) -> str:
        """The address without the part that points at one household."""
        return _network(self.address)


@lru_cache(10_000)
def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def click(app: "App", link_token: str, mail_token: str, visitor: Visitor) -> str:
    """Writes the click down and gives the address to go to. Raises BadToken."""
    now = app.clock.now()
    target = app.links.read_shared(link_token, now)
    mail = app.links.read(Purpose.MAIL, mail_token, now) if mail_token else {}
    if mail and (mail[link.CAMPAIGN], mail[link.STEP]) != (target.get(link.CAMPAIGN), target.get(link.STEP)):
        raise BadToken  # two valid halves that were never one address
    _queue(app, _hit(Kind.CLICK, (link_token, mail_token) if mail_token else (link_token,), visitor, now))
    return destination(app, target[link.TARGET], {**target, **mail}, now)


def opened(app: "App", mail_token: str, visitor: Visitor) -> None:
    """Writes the open down. Raises BadToken."""
    now = app.clock.now()
    app.links.read(Purpose.MAIL, mail_token, now)
    _queue(app, _hit(Kind.OPEN, (mail_token,), visitor, now))


class Mail(NamedTuple):
    """What an unsubscribe link tells of the mail that it stands in."""

    is_of_alerts: bool
    """It told of jobs: its link stops these mails alone."""
    language: str
    """Of whom it was written to; empty in mails of old."""


def mail_of(app: "App", mail_token: str) -> Mail:
    """Raises BadToken."""
    claims = app.links.read(Purpose.MAIL, mail_token, app.clock.now())
    return Mail(claims[link.CAMPAIGN] == alert.CAMPAIGN, claims.get(link.LANGUAGE, ""))


def unsubscribe(app: "App", mail_token: str, visitor: Visitor) -> None:
    """Writes the wish down, durably before it is confirmed: a failing queue is a failing answer. Raises BadToken."""
    now = app.clock.now()
    app.links.read(Purpose.MAIL, mail_token, now)
    app.queues.send_text(Queue.EVENTS, _hit(Kind.UNSUBSCRIBE, (mail_token,), visitor, now))


def write_down(app: "App", event: Event) -> None:
    """Queues an event; when the queue fails the visitor still goes on, and the log holds the event for a replay."""
    _queue(app, json.dumps(event.as_message()))


def _queue(app: "App", body: str) -> None:
    try:
        app.queues.send_text(Queue.EVENTS, body)
    except TryAgain as again:
        log.event("event.unqueued", reason=str(again), body=body)


_CARRIED = (
    link.CHANNEL,
    link.CAMPAIGN,
    link.STEP,
    link.POSTING,
    link.REQUISITION,
    link.CANDIDATE,
    link.LANGUAGE,
    link.BROUGHT,
    link.ITEM,
)


def destination(app: "App", target: str, claims: Mapping[str, str], now: datetime) -> str:
    """Our own pages are told where the visitor came from; other sites get their address as it is."""
    if not target.startswith(f"{app.config.public_base_url}/"):
        return target
    source = {name: claims[name] for name in _CARRIED if claims.get(name)}
    token = app.links.sign(Purpose.SOURCE, {**source, link.AT: str(int(now.timestamp()))})
    scheme, host, path, query, fragment = urlsplit(target)
    return urlunsplit((scheme, host, path, f"{query}&wb={token}" if query else f"wb={token}", fragment))


def _hit(kind: Kind, tokens: tuple[str, ...], visitor: Visitor, now: datetime) -> str:
    method, user_agent, address, headers = visitor
    return hit.body(ulid(now), kind, tokens, method, user_agent, _network(address), headers)
