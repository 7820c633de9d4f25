"""What Ashby's webhooks are about. `Ashby-Signature: sha256=<hex>` is checked by model/ats_signature.py."""

from collections.abc import Mapping
from typing import Any

from integration.adapters.ats.uuids import is_uuid
from integration.adapters.searches.answers import word
from integration.model.ats import AtsMerge, Hint
from integration.model.ats_event import BadEvent
from integration.ports import Clock

_APPLICATION = {
    "applicationSubmit": ("application", "id"),
    "applicationUpdate": ("application", "id"),
    "candidateStageChange": ("application", "id"),
    "candidateHire": ("application", "id"),
    "offerCreate": ("offer", "applicationId"),
    "offerUpdate": ("offer", "applicationId"),
    "offerDelete": ("offer", "applicationId"),
}
"""Event -> where in `data` the application stands."""
_OF_JOBS = {"jobCreate", "jobUpdate", "jobPostingUpdate", "jobPostingPublish", "jobPostingUnpublish"}


class Hooks:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def hint(self, payload: Any) -> Hint:
        if not isinstance(payload, Mapping) or not isinstance(payload.get("action"), str):
            raise BadEvent("The webhook is not an object with “action” and “data”.")
        action, said = payload["action"][:80], payload.get("data")
        if action in _OF_JOBS:
            return Hint(action, jobs=True)
        if action == "candidateMerge":
            kept, lost = _id(action, said, "mergedCandidate", "id"), _id(action, said, "deletedCandidate", "id")
            return Hint(action, candidates=(kept,), merges=(AtsMerge(kept, lost, self._clock.now()),))
        if action == "candidateDelete":
            return Hint(action, candidates=(_id(action, said, "candidate", "id"),))
        if action in _APPLICATION:
            return Hint(action, applications=(_id(action, said, *_APPLICATION[action]),))
        return Hint(action)


def _id(action: str, said: Any, *path: str) -> str:
    found = word(said, *path)
    if not is_uuid(found):
        raise BadEvent(f"The webhook {action} does not say which: “data.{'.'.join(path)}” is missing.")
    return found
