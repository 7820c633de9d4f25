"""After an unclean stop: nothing is sent until the ledger has heard again what became of the last mails.

The launcher pauses sending before any function runs. Then the mailbox, as the provider, tells again every event since
the local AWS was last saved, the ledger takes them in, unfinished chunks are queued again, and sending goes on.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import requests

from integration import sending
from integration.local import keys
from integration.local.aws.reasons import UNCLEAN
from integration.local.cloud import wait_until
from integration.local.stack import Status, app_of, queue_depths, untold_events
from integration.sending import control

MARGIN = timedelta(minutes=2)
"""Events a little older than the last saving are told again too; hearing one twice changes nothing."""
PATIENCE = 300.0


def saved_at(note: Path) -> datetime | None:
    """Since when what the local AWS did may be lost; None when it was never saved."""
    try:
        return datetime.fromisoformat(json.loads(note.read_text())["at"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def replay(status: Status, since: datetime | None) -> int:
    """Has the mailbox tell its events again, and waits until the ledger has taken them in."""
    offset = timedelta(seconds=keys.clock_offset(status.cloud) or 0)
    start = (since + offset - MARGIN).isoformat() if since else ""
    answer = requests.post(f"{status.mailbox}/replay", json={"since": start}, timeout=60)
    answer.raise_for_status()
    if not wait_until(lambda: not untold_events(status), seconds=PATIENCE, every=0.2):
        raise TimeoutError(f"The mailbox still has {untold_events(status)} events to tell.")
    if not wait_until(lambda: "events" not in queue_depths(status.cloud, status.stack), seconds=PATIENCE, every=0.2):
        raise TimeoutError("The events queue does not empty.")
    told: int = answer.json()["events"]
    return told


def resume(status: Status) -> bool:
    """Queues unfinished chunks again and lets sending go on; False when a person had paused it."""
    app = app_of(status)
    sending.recover(app)
    switch = app.sends.get(control.EVERYTHING, control.CONTROL) or {}
    if switch.get("reason") != UNCLEAN:
        return False
    control.resume_everything(app)
    return True
