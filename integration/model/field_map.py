"""What a system without an adapter calls our fields: the JSON of `ATS_Connection__c.Field_Map__c`.

    {"fields": {"email": "candidate.mail", "job_id": "Req No."}, "stages": {"Im Gespräch": "Interview"}}

`fields`: our name -> the path in its webhooks' data (names with dots between), or the header in its CSV files.
`stages`: its word -> one of our stages.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integration.model.ats_event import plain_stage
from integration.model.vocabulary import Stage

EVENT_FIELDS = ("type", "at", "job_id", "email", "candidate_id", "application_id", "stage")
FILE_FIELDS = (
    *("job_id", "title", "description", "department", "location", "employment_type", "opened_on", "valid_through"),
    *("application_id", "candidate_id", "email", "first_name", "last_name", "stage", "at", "applied_at", "hired_at"),
    *("mark", "url"),
)
LONGEST = 10_000
_KNOWN = frozenset([*EVENT_FIELDS, *FILE_FIELDS])


class BadMap(ValueError):
    """A field map that cannot be used; the message says what to put right."""


@dataclass(frozen=True)
class FieldMap:
    fields: Mapping[str, str] = field(default_factory=dict)
    """Our name -> theirs."""
    stages: Mapping[str, Stage] = field(default_factory=dict)
    """Their word, in small letters without punctuation -> our stage."""

    def name_of(self, header: str) -> str:
        """Our name of a header; headers that the map does not name bear our names themselves."""
        plain = header.strip().casefold()
        by_theirs = {theirs.strip().casefold(): ours for ours, theirs in self.fields.items()}
        return by_theirs.get(plain) or plain.replace(" ", "_")

    def event(self, payload: Any) -> Any:
        """A webhook's payload in our shape (docs/formats.md §3); as it came where there is no map."""
        if not self.fields and not self.stages:
            return payload
        if not isinstance(payload, Mapping):
            return payload
        data = dict(payload["data"]) if isinstance(payload.get("data"), Mapping) else {}
        found: dict[str, Any] = {"type": payload.get("type"), "timestamp": payload.get("timestamp")}
        for name in EVENT_FIELDS:
            if name not in self.fields:
                continue
            value = _at(payload, self.fields[name])
            if name == "type":
                found["type"] = value
            else:
                data[name] = value
        word = data.get("stage")
        if isinstance(word, str) and plain_stage(word) in self.stages:
            data["stage"] = self.stages[plain_stage(word)].value
        if not found["type"] and data.get("stage"):
            found["type"] = "application.stage_changed"
        if "job_id" in self.fields:
            data["requisition_id"] = data.get("job_id")
        return {**found, "data": data}


def read(text: str) -> FieldMap:
    """Raises BadMap."""
    if not text.strip():
        return FieldMap()
    if len(text) > LONGEST:
        raise BadMap(f"The field map is longer than {LONGEST:,} characters.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        where = f" at line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise BadMap(f"The field map is not JSON{where}. Write it like the example in the field's help.") from None
    if not isinstance(found, dict) or set(found) - {"fields", "stages"}:
        raise BadMap("The field map is an object with “fields” and “stages”.")
    return FieldMap(_fields(found.get("fields", {})), _stages(found.get("stages", {})))


def _fields(found: Any) -> dict[str, str]:
    if not isinstance(found, dict):
        raise BadMap("“fields” is an object: our name, then theirs.")
    for name, theirs in found.items():
        if name not in _KNOWN:
            raise BadMap(f"“{name[:40]}” is no field of ours. Those are {', '.join(sorted(_KNOWN))}.")
        if not isinstance(theirs, str) or not theirs.strip():
            raise BadMap(f"“{name}” needs the other system's name as text.")
    return found


def _stages(found: Any) -> dict[str, Stage]:
    if not isinstance(found, dict):
        raise BadMap("“stages” is an object: their word, then our stage.")
    stages = {}
    for word, ours in found.items():
        if ours not in list(Stage):
            raise BadMap(f"“{str(ours)[:40]}” is no stage of ours. Those are {', '.join(Stage)}.")
        stages[plain_stage(word)] = Stage(ours)
    return stages


def _at(payload: Any, path: str) -> Any:
    """What stands at a path; a name with a dot in it is found whole first."""
    if not isinstance(payload, Mapping):
        return None
    if path in payload:
        return payload[path]
    name, dot, rest = path.partition(".")
    if not dot:
        inner = payload.get("data")
        return inner.get(path) if isinstance(inner, Mapping) else None
    return _at(payload.get(name), rest)
