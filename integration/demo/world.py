"""What a run of the story plays in: the running stack, the org and the mailbox, and ways to wait for them."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import requests

from integration.app import App
from integration.demo.recruiter import Recruiter, StoryBroke
from integration.demo.seed import Scene
from integration.demo.visitor import Mailbox
from integration.local import clock
from integration.local.stack import Status
from integration.records import JobPosting

T = TypeVar("T")
R = TypeVar("R")

_AT_ONCE = 6


@dataclass(frozen=True)
class World:
    """One run on one stack."""

    status: Status
    app: App
    say: Callable[[str], None]
    """Shows what is going on, in place of what was said before."""
    recruiter: Recruiter
    mailbox: Mailbox
    run: int
    scene: Scene

    def posting(self, key: str) -> dict[str, object]:
        """Reference and tracked link of the posting on a channel."""
        return self.recruiter.get(
            JobPosting.API_NAME, self.scene.postings[key], JobPosting.REFERENCE, JobPosting.TRACKED_URL
        )

    def field(self, object_name: str, record_id: str, field: str) -> object:
        return self.recruiter.get(object_name, record_id, field)[field]

    def status_of(self, object_name: str, record_id: str) -> str:
        return str(self.field(object_name, record_id, "Status__c"))

    def text(self, path: str) -> str:
        """What stands at a path of the site."""
        return requests.get(self.status.site + path, timeout=30).text

    def wait(
        self,
        what: str,
        is_there: Callable[[], bool],
        *,
        progress: Callable[[], str] | None = None,
        nudge: str = "",
        seconds: float = 240,
    ) -> None:
        """`nudge` names a function that runs every minute and is run at once instead, so that nobody waits for it."""
        deadline = time.monotonic() + seconds
        while not is_there():
            if time.monotonic() > deadline:
                raise StoryBroke(f"{what} did not come within {seconds:g} seconds.")
            if progress is not None:
                self.say(progress())
            if nudge:
                clock.run(self.status, nudge)
            time.sleep(0.5)

    def advance(self, span: timedelta) -> None:
        """Lets the provider finish telling, then moves the clock and waits for all that became due."""
        self.wait("the last provider events", lambda: not self.mailbox.untold())
        try:
            clock.drain(self.status)
            clock.advance(self.status, span)
        except clock.NotDrained as stuck:
            raise StoryBroke(str(stuck)) from stuck


def each(things: Sequence[T], act: Callable[[T], R]) -> list[R]:
    """A few at once, in order."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(act, things))
