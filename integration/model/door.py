"""What a device at the door sends: each entry has an id that the device made, and is taken or refused by itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from integration.model import form
from integration.model.ulid import time_of

MOST_ENTRIES = 100
"""In one call; a device sends the rest in the next."""
_ULID = re.compile(r"[0-2][0-9A-HJKMNP-TV-Z]{25}", re.ASCII)
_RECORD = re.compile(r"[a-zA-Z0-9]{18}", re.ASCII)
_ASKED = ("email", "first_name", "last_name")


class Act(StrEnum):
    CAME = "came"
    UNDO = "undo"
    WALK_IN = "walk-in"


@dataclass(frozen=True)
class Entry:
    """One thing that was done at the door."""

    id: str
    act: Act
    at: datetime
    attendance: str = ""
    person: Mapping[str, str] = field(default_factory=dict)
    purposes: tuple[str, ...] = ()


def read(sent: object, purposes: Sequence[str]) -> tuple[list[Entry], dict[str, str]]:
    """The entries, and for each refused one its id and what is wrong. Raises ValueError when it is no list of them."""
    if not isinstance(sent, list) or len(sent) > MOST_ENTRIES:
        raise ValueError(f"not a list of at most {MOST_ENTRIES} entries")
    entries, refused = [], {}
    for given in sent:
        if not isinstance(given, dict) or not _is_ulid(given.get("id")):
            raise ValueError("an entry without an id")
        entry = _entry(given, purposes)
        if isinstance(entry, str):
            refused[given["id"]] = entry
        else:
            entries.append(entry)
    return entries, refused


def _is_ulid(value: object) -> bool:
    return isinstance(value, str) and bool(_ULID.fullmatch(value))


def _entry(given: Mapping[str, Any], purposes: Sequence[str]) -> Entry | str:
    at = time_of(given["id"])
    act = given.get("act")
    if act in (Act.CAME, Act.UNDO):
        attendance = given.get("attendance")
        if not isinstance(attendance, str) or not _RECORD.fullmatch(attendance):
            return "It names nobody on the list."
        return Entry(given["id"], Act(act), at, attendance)
    if act != Act.WALK_IN:
        return "It is neither a tick nor a walk-in."
    typed = {name: text if isinstance(text := given.get(name), str) else "" for name in _ASKED}
    person, problems = form.read(typed, _ASKED)
    if problems:
        return " ".join(problems.values())
    ticked = given.get("consent")
    chosen = ticked if isinstance(ticked, list) else []
    return Entry(given["id"], Act.WALK_IN, at, "", person, tuple(one for one in purposes if one in chosen))
