"""One request for an address of the tracker, as it is queued: what the visitor sent, and the claims of its tokens.

The tracker does as little as it can; the worker that takes events in batches makes an event of it.
"""

from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from integration.model import link
from integration.model.event import SITE, Event, Kind
from integration.model.ulid import time_of

TOKENS = "tokens"
"""The field that no other message on the `events` queue has: tokens without signature, for what opens a door must not
rest in a queue."""

_LONGEST_AGENT = 300


def body(id: str, kind: Kind, tokens: Iterable[str], method: str, user_agent: str, network: str, headers: str) -> str:
    """The JSON of its message, in ASCII. Put together by hand, at a quarter of the encoder's time, for every click pays
    it; what is ours, ids and tokens that were checked among it, holds nothing that JSON escapes."""
    return "".join(
        (
            '{"id":"', id, '","kind":"', kind, '","tokens":"', " ".join([token.rpartition(".")[0] for token in tokens]),
            '","method":', _quoted(method), ',"user_agent":', _quoted(user_agent[:_LONGEST_AGENT]),
            ',"network":"', network, '","headers":"', headers, '"}',
        )
    )  # fmt: skip


def event_of(message: Mapping[str, Any]) -> Event:
    """The event that is stored. The id holds the time, so a message that comes twice makes one and the same."""
    claims: dict[str, str] = {}
    for token in message[TOKENS].split():
        claims |= link.claims_of(token)
    at, claim = time_of(message["id"]).isoformat(timespec="milliseconds"), claims.get
    return Event(
        id=message["id"],
        kind=Kind(message["kind"]),
        at=at,
        campaign=claim(link.CAMPAIGN) or SITE,
        step=claim(link.STEP, ""),
        version=claim(link.VERSION, ""),
        candidate=claim(link.CANDIDATE, ""),
        channel=claim(link.CHANNEL, ""),
        posting=claim(link.POSTING, ""),
        requisition=claim(link.REQUISITION, ""),
        source_month=at[:7],
        link=claim(link.NUMBER, ""),
        target=claim(link.TARGET, ""),
        method=message["method"],
        user_agent=message["user_agent"],
        network=message["network"],
        headers=message["headers"],
    )
