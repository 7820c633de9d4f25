"""Who must not be written to: opt-outs, bounces and complaints, read again right before every mail."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from integration import log
from integration.model.address import fingerprint

if TYPE_CHECKING:
    from integration.app import App

SUPPRESSION = "suppression"


class Reason(StrEnum):
    """From the weakest to the strongest; a weaker one never replaces a stronger one."""

    PAUSED = "paused"
    DO_NOT_CONTACT = "do not contact"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


_ORDER = list(Reason)
_ANSWERED = frozenset({Reason.PAUSED, Reason.DO_NOT_CONTACT, Reason.UNSUBSCRIBED})
"""Do not stop the answer to what the person just asked for (double opt-in)."""
_THEIR_OWN = frozenset({Reason.PAUSED, Reason.UNSUBSCRIBED})


def person_pk(candidate_key: str) -> str:
    return f"person#{candidate_key}"


def address_pk(app: "App", address: str) -> str:
    """An address under a name that does not tell it."""
    return f"address#{fingerprint(address, app.links.salt)}"


def suppress(
    app: "App",
    candidate: str,
    reason: str,
    at: datetime,
    *,
    address: str = "",
    address_mark: str = "",
    until: datetime | None = None,
) -> None:
    """Stops mail to a person, to an address, or both, from this moment on. `until` ends a pause by itself.

    `candidate` is a candidate key, blank for an address alone; `reason` is a word of Reason; `address_mark` is an
    address's fingerprint where the address itself is not known.
    """
    reason = Reason(reason)
    places = [person_pk(candidate)] if candidate else []
    if address or address_mark:
        places.append(address_pk(app, address) if address else f"address#{address_mark}")
    weaker = {None, *_ORDER[: _ORDER.index(reason) + 1]}
    for pk in places:
        values = {"reason": reason, "at": at.isoformat(), "until": until.isoformat() if until else None}
        if app.people.update(pk, SUPPRESSION, values, only_if={"reason": weaker}):
            log.event("person.suppressed", reason=reason, candidate=candidate)


def release(app: "App", candidate: str) -> bool:
    """The person asks for mail again: ends their own opt-out or pause, never what a recruiter or the provider said."""
    return app.people.update(
        person_pk(candidate), SUPPRESSION, {"reason": None, "until": None}, only_if={"reason": set(_THEIR_OWN)}
    )


def why_not(app: "App", candidate: str, address: str, *, transactional: bool = False) -> Reason | None:
    """Why this person must not get a mail at this moment; None when nothing speaks against it."""
    keys = [(person_pk(candidate), SUPPRESSION), (address_pk(app, address), SUPPRESSION)]
    now = app.clock.now()
    for item in app.people.get_many(keys).values():
        until = item.get("until")
        if "reason" in item and not (until and datetime.fromisoformat(until) <= now):
            reason = Reason(item["reason"])
            if not (transactional and reason in _ANSWERED):
                return reason
    return None


def suppressed_among(app: "App", candidates: list[str]) -> set[str]:
    """Those of many candidate keys who must not get mail now: to leave them out before anything is queued."""
    now = app.clock.now().isoformat()
    found = app.people.get_many([(person_pk(key), SUPPRESSION) for key in candidates])
    return {
        pk.removeprefix("person#")
        for (pk, _), item in found.items()
        if "reason" in item and not (item.get("until") and item["until"] <= now)
    }
