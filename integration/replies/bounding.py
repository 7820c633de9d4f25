"""How many applications one sender may hand in by mail within an hour: more of them look like a program."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration.model.address import fingerprint

if TYPE_CHECKING:
    from integration.app import App

MOST = 5
WITHIN = timedelta(hours=1)
KEPT = timedelta(days=2)
_LOOKS = 5
"""How often the count is read again when two mails of one sender come in this moment."""


def is_within(app: App, sender: str, cause: str, at: str) -> bool:
    """Key: the mail's cause. Whether this is one of the first five of its sender within an hour."""
    pk, moment = f"applied#{fingerprint(sender, app.links.salt)}", datetime.fromisoformat(at)
    for _ in range(_LOOKS):
        item = app.claims.get(pk, "mails") or {}
        noted = dict(item.get("mails", {}))
        if cause in noted:
            return True
        recent = {one: when for one, when in noted.items() if moment - datetime.fromisoformat(when) < WITHIN}
        if len(recent) >= MOST:
            return False
        values = {"mails": {**recent, cause: at}, "ttl": int((moment + KEPT).timestamp())}
        if app.claims.update(pk, "mails", values, only_if={"mails": item.get("mails")}):
            return True
    return False
