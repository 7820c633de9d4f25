"""Campaign mails to one person lately, whoever sent them: what the cap counts.

One item of the person, written by condition before the ledger row: two campaigns that are at one person in the same
moment cannot both take the last place.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration.ports import Item
from integration.sending.aliases import person_pk

if TYPE_CHECKING:
    from integration.app import App

MAILS = "mails"
KEPT = timedelta(days=62)
MOST = 60


def mails_among(items: Iterable[Item | None], own: str) -> tuple[datetime, ...]:
    """When the person was written to, without the mail `own` that is being decided on."""
    told = {entry for item in items if item for entry in item.get("recent", ())}
    return tuple(sorted(datetime.fromisoformat(at) for at, _, mail in (e.partition("|") for e in told) if mail != own))


def claim(app: "App", key: str, item: Item | None, own: str, now: datetime) -> bool:
    """Idempotency key: the mail. False when somebody else wrote to the person since `item` was read."""
    revision = int(item["revision"]) if item else 0
    others = [entry for entry in (item or {}).get("recent", ()) if entry.partition("|")[2] != own]
    fresh = [entry for entry in others if datetime.fromisoformat(entry.partition("|")[0]) > now - KEPT]
    recent = [*fresh, f"{now.isoformat(timespec='seconds')}|{own}"][-MOST:]
    values = {"recent": recent, "revision": revision + 1}
    return app.people.update(person_pk(key), MAILS, values, only_if={"revision": revision or None})


def give_back(app: "App", key: str, own: str) -> None:
    """A mail that did not go takes no place."""
    for _ in range(5):
        item = app.people.get(person_pk(key), MAILS)
        if not item:
            return
        revision = int(item["revision"])
        recent = [entry for entry in item.get("recent", ()) if entry.partition("|")[2] != own]
        values = {"recent": recent, "revision": revision + 1}
        if app.people.update(person_pk(key), MAILS, values, only_if={"revision": revision}):
            return
