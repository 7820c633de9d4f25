"""Before anything is sent: whom the senders would not write to now. They ask the same of each mail right before it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from integration.model.address import is_allowed
from integration.model.topic import Refusal
from integration.sending.aliases import SUPPRESSION, aliases, person_pk
from integration.sending.suppression import Reason, address_pk, standing, topic_refusal

if TYPE_CHECKING:
    from integration.app import App

NOT_TO_BE_CONTACTED = "are not to be contacted"
_IN_WORDS: Mapping[Reason | Refusal, str] = {
    Refusal.NOT_AGREED: "have not agreed to this topic",
    Refusal.STOPPED: "have stopped this topic",
    Reason.PAUSED: "have paused mail",
    Reason.DO_NOT_CONTACT: NOT_TO_BE_CONTACTED,
    Reason.UNSUBSCRIBED: "have unsubscribed",
    Reason.BOUNCED: "have an address that bounced",
    Reason.COMPLAINED: "have complained about our mail",
    Reason.ERASED: "have been erased",
}


def why_not_among(app: "App", people: Sequence[tuple[str, str]], topic: str = "") -> dict[str, str]:
    """(candidate key, address) -> key and why no sender would write to them now, in words."""
    now, refused = app.clock.now().isoformat(), {}
    pks = {key: (person_pk(key), address_pk(app, address) if address else "") for key, address in people}
    found = app.people.get_many([(pk, SUPPRESSION) for both in pks.values() for pk in both if pk])
    others = {key: aliases(app, key, found.get((pks[key][0], SUPPRESSION))).others for key in pks}
    found |= app.people.get_many([(person_pk(other), SUPPRESSION) for known in others.values() for other in known])
    for key, address in people:
        if not address:
            refused[key] = "have an address that no mail can be sent to"
        elif not is_allowed(address, app.config.mail_allow_list):
            refused[key] = "are not on the list of this stage"
        else:
            places = (*pks[key], *map(person_pk, others[key]))
            items = [found[pk, SUPPRESSION] for pk in places if (pk, SUPPRESSION) in found]
            reasons = [reason for item in items if (reason := standing(item, now))]
            if why := (reasons[0] if reasons else topic_refusal(items, topic)):
                refused[key] = _IN_WORDS[why]
    return refused
