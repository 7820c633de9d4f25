"""One merge at a time on a candidate: two pairs with a record in common wait for each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from integration.errors import TryAgain

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=330)
"""Longer than the function may run: a lock that is over belongs to a worker that died."""
_SK = "merge"


@contextmanager
def locked(app: App, keys: Iterable[str], holder: str) -> Iterator[None]:
    """Key: candidate key and pair. The same pair may take its own lock again, as after a crash."""
    wanted = sorted(set(keys))
    taken: list[str] = []
    try:
        for key in wanted:
            _take(app, key, holder)
            taken.append(key)
        yield
    finally:
        for key in taken:
            app.claims.update(_pk(key), _SK, {"holder": None, "until": None}, only_if={"holder": holder})


def _take(app: App, key: str, holder: str) -> None:
    now = app.clock.now()
    ours = {"holder": holder, "until": (now + LEASE).isoformat(), "ttl": int((now + LEASE).timestamp()) + 86_400}
    if app.claims.update(_pk(key), _SK, ours, only_if={"holder": {None, holder}}):
        return
    standing = app.claims.get(_pk(key), _SK) or {}
    until = standing.get("until")
    over = until is None or until <= now.isoformat()
    if not (over and app.claims.update(_pk(key), _SK, ours, only_if={"until": until})):
        raise TryAgain("one of the two records is in another merge", seconds=30)


def _pk(key: str) -> str:
    return f"merge#{key}"
