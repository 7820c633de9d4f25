"""A source's rate and quota, kept by all workers together in the pace table."""

import math
import time
from collections.abc import Callable
from datetime import timedelta

from integration.errors import TryAgain
from integration.model.pace import Allowance
from integration.ports import Clock, Table

PATIENCE = 10.0
"""Seconds that a search waits for its turn itself; for more it goes back to its queue."""
_SLOT = "slot"
_ATTEMPTS = 25
_KEEP = timedelta(days=70)


class Unasked(TryAgain):
    """The source was not asked, or refused for pace: proof that nothing was done or charged."""


class Turns:
    """Leave to ask one source. `factor` multiplies the published rate; `sleep` waits."""

    def __init__(
        self,
        table: Table,
        clock: Clock,
        source: str,
        *,
        factor: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table, self._clock, self._source = table, clock, source
        self._factor, self._sleep = factor, sleep

    def take(self, kind: str, allowance: Allowance) -> None:
        """Waits for the next turn; raises Unasked when it is far off. `kind` tells rates of one source apart."""
        wait = self._reserved(self._place(kind), allowance)
        if wait > 0:
            self._sleep(wait)

    def back_off(self, kind: str, seconds: float) -> None:
        """The source asks to be left alone: no worker asks it before."""
        until = round((self._now() + seconds) * 1000)
        item = self._table.get(self._place(kind), _SLOT) or {}
        if int(item.get("not_before", 0)) < until:
            self._table.update(self._place(kind), _SLOT, {"not_before": until, "ttl": self._forgotten_at()})

    def used(self, period: str) -> int:
        """What was spent of a quota in a period, such as `2026-03`."""
        item = self._table.get(self._place("quota"), period)
        return int(item["used"]) if item else 0

    def spend(self, period: str, amount: int, most: int) -> int:
        """Takes up to `amount` from a quota of `most`, before it is really spent; how much was granted."""
        for _ in range(_ATTEMPTS):
            item = self._table.get(self._place("quota"), period)
            used = int(item["used"]) if item else 0
            granted = max(0, min(amount, most - used))
            if not granted or self._settled(period, used if item else None, used + granted):
                return granted
        raise TryAgain(f"the quota of {self._source} is contended", seconds=5)

    def give_back(self, period: str, amount: int) -> None:
        """What was taken and then not spent."""
        for _ in range(_ATTEMPTS):
            used = self.used(period)
            if amount <= 0 or self._settled(period, used, max(0, used - amount)):
                return

    def _settled(self, period: str, before: int | None, after: int) -> bool:
        values = {"used": after, "ttl": self._forgotten_at()}
        return self._table.update(self._place("quota"), period, values, only_if={"used": before})

    def _reserved(self, place: str, allowance: Allowance) -> float:
        """Seconds until the reserved turn."""
        for _ in range(_ATTEMPTS):
            item = self._table.get(place, _SLOT) or {}
            used_until, now = int(item.get("used_until", 0)), self._now()
            start, after = allowance.next(used_until / 1000, now, self._factor)
            wait = max(start, int(item.get("not_before", 0)) / 1000) - now
            if wait > PATIENCE:
                seconds = math.ceil(wait)
                raise Unasked(f"{self._source} may be asked again in {seconds} seconds", seconds=seconds)
            taken = {"used_until": max(round(after * 1000), used_until + 1), "ttl": self._forgotten_at()}
            if self._table.update(place, _SLOT, taken, only_if={"used_until": item.get("used_until")}):
                return wait
        raise Unasked(f"the pace of {self._source} is contended", seconds=5)

    def _place(self, kind: str) -> str:
        return f"source#{self._source}#{kind}"

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _forgotten_at(self) -> int:
        return int((self._clock.now() + _KEEP).timestamp())
