"""The stage of a rehearsal: an App whose every part lives in this process, and the org of sf_metadata/ beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from integration.adapters.salesforce import connect
from integration.app import App
from integration.config import Config
from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from integration.local.org.serve import METADATA
from integration.local.rehearsal.memory import MemoryFiles, MemoryQueues, MemoryTable, RecordingMailer
from integration.metadata.read import read
from integration.model.link import Signer

URL = "http://rehearsal.warmbench.test"
CLIENT, SECRET = "rehearsal", "of no use outside this process"
SENDER_RATE = 1_000_000.0


class VirtualClock:
    """Stands still until the rehearsal moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Stage:
    """Where a rehearsal takes place."""

    app: App
    queues: MemoryQueues
    mailer: RecordingMailer


@contextmanager
def rehearsing(at: datetime) -> Iterator[Stage]:
    """A stage at a moment, forgotten afterwards."""
    clock = VirtualClock(at)
    org = OrgApp(read(METADATA), url=URL, now=clock.now)
    org.register_client(CLIENT, secret=SECRET)
    app = App(Config(stage="rehearsal", public_base_url=URL, org_id="", send_rate=SENDER_RATE))
    stage = Stage(app, MemoryQueues(clock.now), RecordingMailer())
    app.clock, app.queues, app.mailer = clock, stage.queues, stage.mailer
    app.links = Signer("r1", {"r1": b"a key for rehearsals only, 32 b."}, b"salt")
    app.data, app.site = MemoryFiles(), MemoryFiles()
    app.sends, app.due, app.people, app.claims, app.pace = (MemoryTable() for _ in range(5))
    try:
        with session_for(org, URL) as session:
            app.salesforce = connect({"login_url": URL, "client_id": CLIENT, "client_secret": SECRET}, session=session)
            yield stage
    finally:
        org.close()
