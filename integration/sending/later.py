"""Messages that wait for longer than a queue can keep them: until somebody's hours, pause or cap lets mail through."""

import json
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from integration.ports import Message, Queue

if TYPE_CHECKING:
    from integration.app import App

LATER = "later"
"""Partition of `sends`; sort key is the moment and a hash of the message."""


def keep(app: "App", message: Message, until: datetime) -> None:
    """Idempotency key: the message and the minute."""
    body = json.dumps(message, sort_keys=True)
    moment = until.isoformat(timespec="seconds")
    app.sends.put({"pk": LATER, "sk": f"{moment}#{sha256(body.encode()).hexdigest()[:24]}", "message": body})


def release(app: "App") -> int:
    """Once a minute: queues what is due; a message that is queued twice sends nothing twice."""
    due = list(app.sends.query(LATER, last=app.clock.now().isoformat(timespec="seconds") + "~"))
    for item in due:
        app.queues.send(Queue.MAIL, json.loads(item["message"]))
        app.sends.delete(LATER, item["sk"])
    return len(due)
