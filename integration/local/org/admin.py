"""What is not Salesforce's: the local relay, clock and benches talk to the org through these, with an admin's token."""

import threading
import time

from integration.local.org.errors import ApiError
from integration.local.org.web import Call, Reply

LONGEST_WAIT = 20.0
_FARTHEST = 3_000_000_000
"""About 95 years."""
_LOOK_AGAIN = 1.0
"""Events that a fault holds back come without being announced."""


def _only_admin(call: Call) -> None:
    if call.user is None:
        raise ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")
    if not call.user.is_admin:
        raise ApiError(403, "INSUFFICIENT_ACCESS", "This address needs the access token of the org's admin")


def events(call: Call) -> Reply:
    """GET /warmbench/events?after=N&wait=SECONDS: waits until there is an event after N, at most 20 s."""
    _only_admin(call)
    after, wait = call.query.get("after", "0"), call.query.get("wait", str(LONGEST_WAIT))
    try:
        sequence, seconds = int(after), min(float(wait), LONGEST_WAIT)
    except ValueError as error:
        raise ApiError(400, "INVALID_ARGUMENT", "after and wait must be numbers") from error
    org = call.org
    deadline = time.monotonic() + seconds
    while True:
        seen = org.announcements
        found = org.events_after(sequence)
        remaining = deadline - time.monotonic()
        if found or remaining <= 0 or org.closing.is_set():
            break
        # Nothing is read while this lock is held: who announces may hold the database.
        with org.published:
            org.published.wait_for(lambda seen=seen: org.announcements != seen, min(remaining, _LOOK_AGAIN))  # type: ignore[misc]
    return Reply(200, {"events": found, "last": found[-1]["sequence"] if found else sequence})


def clock(call: Call) -> Reply:
    """POST /warmbench/clock {"offset_seconds": N}"""
    _only_admin(call)
    offset = call.json_object().get("offset_seconds")
    if not isinstance(offset, int | float) or isinstance(offset, bool) or abs(offset) > _FARTHEST:
        text = f"offset_seconds must be a number between -{_FARTHEST} and {_FARTHEST}"
        raise ApiError(400, "INVALID_ARGUMENT", text)
    call.org.set_clock(offset)
    return Reply(200, {"offset_seconds": offset, "now": call.org.now().isoformat()})


def stats(call: Call) -> Reply:
    """GET /warmbench/stats: API calls since the start or the last POST of the same address."""
    _only_admin(call)
    usage = call.org.usage
    if call.method == "POST":
        usage.reset()
    return Reply(200, {"calls": usage.total(), "by_kind": usage.by_kind(), "threads": threading.active_count()})


def faults(call: Call) -> Reply:
    """POST /warmbench/faults {"kind", "times", "every", "path", …}; GET tells what waits, DELETE clears it."""
    if not call.org.takes_faults:
        return Reply(
            404,
            "Faults are off. Start the org with `warmbench org --faults`, or all with `warmbench local --faults`.\n",
        )
    _only_admin(call)
    if call.method == "POST":
        call.org.faults.add(call.json_object())
    elif call.method == "DELETE":
        call.org.faults.clear()
    return Reply(200, {"faults": call.org.faults.listed()})


def health(call: Call) -> Reply:
    """GET /warmbench/health: whether the org answers, and which it is."""
    return Reply(200, {"org": call.org.id, "now": call.org.now().isoformat()})
