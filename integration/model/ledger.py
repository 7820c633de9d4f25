"""The send ledger's rules: where a row lives, what states it has and which way it may move.

    absent ──▶ intent ──▶ accepted ──▶ settled
                 │  └──▶ in_doubt ───────▲
    absent ──▶ suppressed ───────────────┤   a provider's event proves that a mail went, whatever we believed
    absent, intent ──▶ failed ───────────┘

A row only moves up, so any order and any number of copies of the same facts end in the same state.
"""

from enum import StrEnum
from hashlib import sha256

SHARDS = 16


class State(StrEnum):
    """What the ledger knows of one mail to one person."""

    INTENT = "intent"
    """About to be handed to the provider, or handed over with no answer yet."""
    IN_DOUBT = "in_doubt"
    """No answer and no event for longer than the horizon: held, listed, never sent again by itself."""
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    ACCEPTED = "accepted"
    """The provider answered with a message id."""
    SETTLED = "settled"
    """The provider's own event says that the mail went."""


_ORDER = (State.INTENT, State.IN_DOUBT, State.SUPPRESSED, State.FAILED, State.ACCEPTED, State.SETTLED)
SENT = frozenset({State.ACCEPTED, State.SETTLED})
FINAL = frozenset(State) - {State.INTENT}


def shard_of(key: str) -> str:
    """Two digits, 00 to 15: spreads a campaign over partitions, the same for the ledger and the raw events."""
    return f"{int(sha256(key.encode()).hexdigest()[:2], 16) % SHARDS:02}"


def all_shards() -> list[str]:
    """Every value of shard_of."""
    return [f"{shard:02}" for shard in range(SHARDS)]


def partition(campaign: str, step: str, version: str, shard: str) -> str:
    """The partition key of one shard of one step."""
    return f"{campaign}#{step}-v{version}#{shard}"


def ledger_pk(campaign: str, step: str, version: str, key: str) -> str:
    """The partition key of one person's row; its sort key is the candidate key."""
    return partition(campaign, step, version, shard_of(key))


def before(state: State) -> frozenset[State | None]:
    """The states from which a row may move to this one; None is "no row yet"."""
    if state is State.INTENT:
        return frozenset({None})
    if state is State.SUPPRESSED:
        return frozenset({None})
    if state is State.IN_DOUBT:
        return frozenset({State.INTENT})
    if state is State.FAILED:
        return frozenset({None, State.INTENT})
    if state is State.ACCEPTED:
        return frozenset({State.INTENT, State.IN_DOUBT})
    return frozenset({None, *State}) - {State.SETTLED}


def moved(state: State | None, to: State) -> State | None:
    """The state after a fact; a fact that comes too late changes nothing."""
    return to if state in before(to) else state


def is_before(first: State, second: State) -> bool:
    """Whether the second state says more."""
    return _ORDER.index(first) < _ORDER.index(second)
