"""Waits for leave to send: slots reserved in the pace table, so that many workers keep one rate."""

from typing import TYPE_CHECKING

from integration.errors import TryAgain
from integration.model import pace
from integration.model.pace import Slots

if TYPE_CHECKING:
    from integration.app import App

SLOT = "slot"
_ATTEMPTS = 25


class Pacer:
    """One worker's turn at a sender's rate, and at the campaign's own when it has one."""

    def __init__(self, app: "App", sender: str, campaign: str, campaign_rate: float) -> None:
        self._app = app
        self._sender = f"sender#{sender}"
        sender_rate = app.config.send_rate
        slower = 0 < campaign_rate < sender_rate
        self._place = f"campaign#{campaign}" if slower else self._sender
        self._rate = campaign_rate if slower else sender_rate
        self._slots: Slots | None = None
        self._used = 0

    @property
    def next_slot(self) -> float | None:
        """The first slot that is reserved and not used, to be kept when the chunk goes back to the queue."""
        return self._slots.at(self._used) if self._slots and self._used < self._slots.count else None

    @property
    def left(self) -> int:
        """How many slots are reserved and not used."""
        return self._slots.count - self._used if self._slots else 0

    def keep(self, start: float, count: int) -> None:
        """Goes on with slots that an earlier run of this chunk reserved."""
        self._slots, self._used = Slots(start, 1 / self._rate, count), 0

    def seconds_to_next(self, wanted: int) -> float:
        """How long until the next mail may go; reserves for `wanted` mails when nothing is reserved."""
        now = self._now()
        following = self._next_in_time(now)
        if following is None:
            self._slots, self._used = self._reserve(self._place, wanted, self._rate), 0
            following = self._slots.start if self._slots else now + pace.FURTHEST
        return max(0.0, following - now)

    def _next_in_time(self, now: float) -> float | None:
        """The first slot for which it is not too late. A slow worker gives up those that passed, and keeps the rest:
        else each delay would cost a whole chunk's slots, and a throttled campaign would stand nearly still."""
        while (following := self.next_slot) is not None and pace.is_lost(following, now):
            self._used += 1
        return following

    def take(self) -> None:
        """Uses the next slot, waiting for it here."""
        wait = self.seconds_to_next(1)
        if self._place != self._sender:  # the campaign's turn has come; the sender may still be busy with others
            own = self._reserve(self._sender, 1, self._app.config.send_rate)
            wait = max(wait, own.start - self._now() if own else 0.0)
        if wait > 0:
            self._app.clock.sleep(wait)
        self._used += 1

    def back_off(self, seconds: float) -> None:
        """The provider says we are too fast: nobody sends from this address for a while."""
        until = int((self._now() + seconds) * 1000)
        self._app.pace.update(self._sender, SLOT, {"free_from": until})
        self._slots = None

    def _reserve(self, place: str, count: int, rate: float) -> Slots | None:
        for _ in range(_ATTEMPTS):
            item = self._app.pace.get(place, SLOT)
            free_from = int(item["free_from"]) if item else 0
            slots = pace.reserve(free_from / 1000, self._now(), count, rate)
            if slots is None:
                return None
            taken = {"free_from": max(round(slots.end * 1000), free_from + 1)}
            if self._app.pace.update(place, SLOT, taken, only_if={"free_from": free_from if item else None}):
                return slots
        raise TryAgain("the pace of this sender is contended", seconds=5)

    def _now(self) -> float:
        return self._app.clock.now().timestamp()
