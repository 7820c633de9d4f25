"""What Greenhouse's webhooks are about. `Signature: sha256 <hex>` is checked by model/ats_signature.py."""

from collections.abc import Mapping
from typing import Any

from integration.adapters.searches.answers import number, word
from integration.model.ats import AtsAnonymised, AtsMerge, Hint
from integration.model.ats_event import BadEvent
from integration.ports import Clock

_OF_AN_APPLICATION = {
    "new_candidate_application",
    "new_prospect_application",
    "application_updated",
    "candidate_stage_change",
    "hire_candidate",
    "unhire_candidate",
    "reject_candidate",
    "unreject_candidate",
    "delete_application",
    "offer_created",
    "offer_approved",
    "offer_updated",
    "offer_deleted",
}
_OF_A_CANDIDATE = {"update_candidate", "delete_candidate"}
_OF_JOBS = {
    "job_created",
    "job_deleted",
    "job_updated",
    "job_approved",
    "job_post_created",
    "job_post_updated",
    "job_post_deleted",
}


class Hooks:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def hint(self, payload: Any) -> Hint:
        if not isinstance(payload, Mapping) or not isinstance(payload.get("action"), str):
            raise BadEvent("The webhook is not an object with “action” and “payload”.")
        action, said = payload["action"][:80], payload.get("payload")
        if action in _OF_JOBS:
            return Hint(action, jobs=True)
        if action == "merge_candidate":
            return self._merge(action, said)
        if action == "candidate_anonymized":
            return Hint(action, anonymised=(AtsAnonymised(_id(action, said, "candidate_id"), self._clock.now()),))
        if action in _OF_AN_APPLICATION:
            path = ("application_id",) if action.startswith("offer_") else ("application", "id")
            return Hint(action, applications=(_id(action, said, *path),))
        if action in _OF_A_CANDIDATE:
            path = ("candidate", "id") if action == "update_candidate" else ("person", "id")
            return Hint(action, candidates=(_id(action, said, *path),))
        return Hint(action)

    def _merge(self, action: str, said: Any) -> Hint:
        kept, lost = _id(action, said, "person", "new_candidate_id"), _id(action, said, "person", "id")
        return Hint(action, candidates=(kept,), merges=(AtsMerge(kept, lost, self._clock.now()),))


def _id(action: str, said: Any, *path: str) -> str:
    found = str(number(said, *path) or "") or word(said, *path)
    if not found.isdigit():
        raise BadEvent(f"The webhook {action} does not say which: “payload.{'.'.join(path)}” is missing.")
    return found
