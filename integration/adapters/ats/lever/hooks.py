"""What Lever's webhooks are about. The signature stands in the body and covers its token and time only
(model/ats_signature.py), so what else the body says leads to a look and to nothing more.
"""

from collections.abc import Mapping
from typing import Any

from integration.adapters.ats.uuids import is_uuid
from integration.adapters.searches.answers import word
from integration.model.ats import Hint
from integration.model.ats_event import BadEvent

_OF_AN_OPPORTUNITY = {
    "applicationCreated",
    "candidateStageChange",
    "candidateArchiveChange",
    "candidateHired",
    "candidateDeleted",
}


class Hooks:
    def hint(self, payload: Any) -> Hint:
        if not isinstance(payload, Mapping) or not isinstance(payload.get("event"), str):
            raise BadEvent("The webhook is not an object with “event” and “data”.")
        event = payload["event"][:80]
        if event not in _OF_AN_OPPORTUNITY:
            return Hint(event)
        number = word(payload.get("data"), "opportunityId") or word(payload.get("data"), "candidateId")
        if not is_uuid(number):
            raise BadEvent(f"The webhook {event} does not say which: “data.opportunityId” is missing.")
        return Hint(event, applications=(number,))
