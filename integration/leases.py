"""Things done once, although their messages come twice and workers die: a claim with a lease, then its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration.errors import TryAgain

if TYPE_CHECKING:
    from integration.app import App

_CLAIM = "claim"
_RUNNING, _DONE = "running", "done"


def take(app: App, key: str, *, lease: timedelta, kept: timedelta) -> Mapping[str, str] | None:
    """None when the thing is ours to do, its outcome when it is done; TryAgain while somebody is at it.

    `lease` is longer than a worker may run, so that a lease that is over means a worker that died.
    """
    now = app.clock.now()
    ours = {"state": _RUNNING, "until": _spelled(now + lease), "ttl": int((now + kept).timestamp())}
    if app.claims.put({"pk": key, "sk": _CLAIM, **ours}, unless_exists=True):
        return None
    standing = app.claims.get(key, _CLAIM) or {}
    if standing.get("state") == _DONE:
        outcome: Mapping[str, str] = standing["outcome"]
        return outcome
    until = standing.get("until")
    if (until is None or until <= _spelled(now)) and app.claims.update(key, _CLAIM, ours, only_if={"until": until}):
        return None
    raise TryAgain(f"another worker is at {key}", seconds=60)


def finish(app: App, key: str, outcome: Mapping[str, str]) -> None:
    """Done: whoever comes later gets the outcome."""
    app.claims.update(key, _CLAIM, {"state": _DONE, "outcome": dict(outcome), "until": None})


def release(app: App, key: str) -> None:
    """Not done: the next one may try at once."""
    app.claims.delete(key, _CLAIM)


def is_free(app: App, key: str) -> bool:
    """Whether nobody is at it now."""
    claim = app.claims.get(key, _CLAIM)
    return claim is None or claim["state"] != _RUNNING or claim["until"] <= _spelled(app.clock.now())


def _spelled(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
