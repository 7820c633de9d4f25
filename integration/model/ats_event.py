"""What an applicant tracking system tells us: one application moved."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from integration.model.vocabulary import Stage

_WORDS = {
    Stage.APPLIED: "applied; new; application review; application submitted; screening",
    Stage.QUALIFIED: "qualified; shortlisted; phone screen; recruiter screen; assessment",
    Stage.INTERVIEW: "interview; interviews; interviewing; onsite; on site; face to face; technical interview",
    Stage.OFFER: "offer; offered; offer sent; offer extended; offer accepted",
    Stage.HIRED: "hired; hire; onboarded",
    Stage.REJECTED: "rejected; declined; disqualified; not selected; archived",
    Stage.WITHDRAWN: "withdrawn; withdrew; candidate withdrew",
}
STAGES = {word: stage for stage, words in _WORDS.items() for word in words.split("; ")}
"""What systems call our stages."""
_PARTS = (
    (Stage.OFFER, ("offer",)),
    (Stage.INTERVIEW, ("interview", "onsite", "on site", "face to face", "reference check", "panel", "final round")),
    (Stage.QUALIFIED, ("screen", "assessment", "test", "take home", "exercise", "shortlist", "qualif")),
)
"""Parts of the names that customers give to stages, the further stage first."""
_BY_TYPE = {
    "application.created": Stage.APPLIED,
    "candidate.applied": Stage.APPLIED,
    "candidate.hired": Stage.HIRED,
    "application.hired": Stage.HIRED,
    "candidate.rejected": Stage.REJECTED,
    "application.rejected": Stage.REJECTED,
    "candidate.withdrawn": Stage.WITHDRAWN,
    "application.withdrawn": Stage.WITHDRAWN,
}
STAGE_CHANGED = "application.stage_changed"
_LONGEST = 255


class BadEvent(ValueError):
    """An event that cannot be understood; the message names the field and what was expected."""


@dataclass(frozen=True)
class AtsEvent:
    type: str
    stage: Stage
    at: datetime
    requisition: str
    """The ATS's id of the job, or our record id."""
    email: str = ""
    candidate: str = ""
    """The ATS's id of the person."""
    application: str = ""
    """The ATS's id of the application."""
    applied_at: datetime | None = None


def parse(payload: Any) -> AtsEvent:
    """Reads {"type", "timestamp", "data": {requisition_id, email | candidate_id, stage, at, application_id}}."""
    if not isinstance(payload, Mapping) or not isinstance(payload.get("data"), Mapping):
        raise BadEvent("The event is not an object with “type” and “data”.")
    kind, data = _text(payload, "type"), payload["data"]
    if kind != STAGE_CHANGED and kind not in _BY_TYPE:
        raise BadEvent(f"“{kind[:60]}” is not an event we know. Send {STAGE_CHANGED} or {', '.join(_BY_TYPE)}.")
    requisition = _text(data, "requisition_id") or _text(data, "requisition_ats_id") or _text(data, "job_id")
    if not requisition:
        raise BadEvent("“requisition_id” is missing: the id of the job in the ATS, or in Salesforce.")
    email, candidate = _text(data, "email").lower(), _text(data, "candidate_id") or _text(data, "candidate_ats_id")
    if not email and not candidate:
        raise BadEvent("“email” and “candidate_id” are missing: one of them must name the person.")
    return AtsEvent(
        type=kind,
        stage=_stage(kind, _text(data, "stage")),
        at=_time(_text(data, "at") or _text(data, "occurred_at") or _text(payload, "timestamp")),
        requisition=requisition,
        email=email,
        candidate=candidate,
        application=_text(data, "application_id"),
    )


def stage_of(word: str, own: Mapping[str, Stage] | None = None) -> Stage:
    """The stage of an open application by its name in the ATS: the customer's table, known words, parts of words.

    A name that tells nothing is Applied: an application is never put further than its name says.
    """
    plain = plain_stage(word)
    if own and plain in own:
        return own[plain]
    if plain in STAGES:
        return STAGES[plain]
    return next((stage for stage, parts in _PARTS if any(part in plain for part in parts)), Stage.APPLIED)


def plain_stage(word: str) -> str:
    """A stage's name without case, punctuation and doubled blanks."""
    return " ".join(re.sub(r"[\W_]+", " ", word.casefold()).split())


def _stage(kind: str, word: str) -> Stage:
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    plain = plain_stage(word)
    if plain not in STAGES:
        raise BadEvent(f"“{word[:60]}” is not a stage we know. Send one of {', '.join(Stage)}.")
    return STAGES[plain]


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadEvent(f"“{text[:40]}” is not a time. Send one like 2026-03-31T14:05:00Z.") from None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int) or isinstance(value, bool) or len(str(value)) > _LONGEST:
        raise BadEvent(f"“{name}” is not a text of at most {_LONGEST} characters.")
    return str(value).strip()
