"""Whether a campaign may send now: its control item, the global switch, and the chunks that wait for either."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from integration import log
from integration.model.schedule import ALWAYS, Window, clock_time
from integration.ports import Item, Message, Queue

if TYPE_CHECKING:
    from integration.app import App

CONTROL = "control"
DOUBT = "doubt"
"""Says that a mail of the campaign is in doubt since it was last looked at."""
AGAIN = "again"
"""Says until when mails may be sent again."""
HOLIDAYS = ("holidays", "days")
SENDER = "sender"
"""Whose address the campaign's mails come from, as the mail provider lets it: {wanted, brand, use}."""
EVERYTHING = "sending"
"""Partition of the global switch; `campaign#<id>` is a campaign's."""


class Leave(StrEnum):
    """What a sender is told."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Control:
    """A campaign's settings for its senders, read again while they send."""

    leave: Leave = Leave.RUNNING
    rate: float = 0.0
    """Mails a second; 0: as fast as the sender may."""
    window: Window = ALWAYS
    zone: str = ""
    own_zones: bool = False
    """Whether the window follows each candidate's clock."""
    reason: str = ""
    """Why it is paused."""
    ends: datetime | None = None
    """When what still waits is given up; None: a week after each mail was first tried."""
    cap: int = 0
    """Most mails to one person in `cap_days` calendar days, of all campaigns together; 0: no cap."""
    cap_days: int = 1
    hold_days: int = 0
    """Days of quiet after a recruiter was in contact with the person."""
    working_days: bool = False
    holidays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Country -> its days without mail."""
    daily_limit: int = 0
    warm_up_from: str = ""
    sender: str = ""


def campaign_pk(campaign: str) -> str:
    """The partition of everything about one campaign that is not a ledger row."""
    return f"campaign#{campaign}"


def read(app: "App", campaign: str) -> Control:
    """The present state; a campaign without an item (transactional mail, tests) runs."""
    keys = [(campaign_pk(campaign), CONTROL), (EVERYTHING, CONTROL), HOLIDAYS]
    found = app.sends.get_many(keys)
    item: Item = found.get(keys[0], {})
    leave = Leave(item.get("state", Leave.RUNNING))
    if leave is Leave.RUNNING and found.get(keys[1], {}).get("state") == Leave.PAUSED:
        leave = Leave.PAUSED
    return of(item, found.get(HOLIDAYS, {}), leave)


def of(item: Item, holidays: Item, leave: Leave) -> Control:
    """The settings that an item holds."""
    return Control(
        leave,
        float(item.get("rate", 0)),
        Window(clock_time(item.get("window_start")), clock_time(item.get("window_end"))),
        str(item.get("zone", "")),
        bool(item.get("own_zones", False)),
        str(item.get("reason") or ""),
        datetime.fromisoformat(item["ends"]) if item.get("ends") else None,
        int(item.get("cap") or 0),
        int(item.get("cap_days") or 1),
        int(item.get("hold_days") or 0),
        bool(item.get("working_days")),
        {country: tuple(days) for country, days in holidays.get("days", {}).items()},
        int(item.get("daily_limit") or 0),
        str(item.get("warm_up_from") or ""),
        str(item.get("sender") or ""),
    )


def state_of(app: "App", campaign: str) -> tuple[Leave | None, str]:
    """A campaign's own state and its reason, whatever the global switch says."""
    item = app.sends.get(campaign_pk(campaign), CONTROL)
    return (Leave(item["state"]), str(item.get("reason", ""))) if item and "state" in item else (None, "")


def start(app: "App", campaign: str, settings: dict[str, Any]) -> None:
    """Lets a campaign send; one that was paused or cancelled meanwhile stays so."""
    app.sends.update(campaign_pk(campaign), CONTROL, settings)
    app.sends.update(campaign_pk(campaign), CONTROL, {"state": Leave.RUNNING}, only_if={"state": None})


def pause(app: "App", campaign: str, reason: str) -> bool:
    """Stops a campaign's senders within a second of their next look; False when it does not run."""
    changed = app.sends.update(
        campaign_pk(campaign),
        CONTROL,
        {"state": Leave.PAUSED, "reason": reason},
        only_if={"state": {Leave.RUNNING, None}},
    )
    if changed:
        log.event("campaign.paused", campaign=campaign, reason=reason)
    return changed


def resume(app: "App", campaign: str) -> int:
    """Lets a paused campaign go on; gives how many waiting messages were queued again."""
    app.sends.update(
        campaign_pk(campaign), CONTROL, {"state": Leave.RUNNING, "reason": None}, only_if={"state": Leave.PAUSED}
    )
    return unpark(app, campaign)


def cancel(app: "App", campaign: str) -> None:
    """Stops a campaign for good; what waits is dropped, what went stays in the ledger."""
    app.sends.update(campaign_pk(campaign), CONTROL, {"state": Leave.CANCELLED})
    for item in list(app.sends.query(campaign_pk(campaign), prefix="parked#")):
        app.sends.delete(item["pk"], item["sk"])


def pause_everything(app: "App", reason: str) -> None:
    """The global switch: no mail of any campaign goes until it is released."""
    app.sends.put({"pk": EVERYTHING, "sk": CONTROL, "state": Leave.PAUSED, "reason": reason})
    log.event("sending.paused", reason=reason)


def resume_everything(app: "App") -> int:
    """Releases the switch and everything that waited for it."""
    app.sends.put({"pk": EVERYTHING, "sk": CONTROL, "state": Leave.RUNNING})
    log.event("sending.resumed")
    return sum(unpark(app, str(item["sk"])) for item in list(app.sends.query("parking")))


def park(app: "App", message: Message) -> None:
    """Keeps a message until its campaign may send again."""
    campaign = str(message["campaign"])
    body = json.dumps(message, sort_keys=True)
    app.sends.put({"pk": "parking", "sk": campaign})
    app.sends.put(
        {"pk": campaign_pk(campaign), "sk": f"parked#{sha256(body.encode()).hexdigest()[:24]}", "message": body}
    )
    # The campaign may have been resumed after we looked and before we parked: then nobody comes to fetch this one.
    if read(app, campaign).leave is Leave.RUNNING:
        unpark(app, campaign)


def unpark(app: "App", campaign: str) -> int:
    """Queues what was parked; a message that is queued twice sends nothing twice."""
    if read(app, campaign).leave is not Leave.RUNNING:
        return 0
    count = 0
    for item in list(app.sends.query(campaign_pk(campaign), prefix="parked#")):
        app.queues.send(Queue.MAIL, json.loads(item["message"]))
        app.sends.delete(item["pk"], item["sk"])
        count += 1
    app.sends.delete("parking", campaign)
    return count
