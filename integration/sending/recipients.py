"""Who gets a mail: the people of a queue message, as they were frozen or as a drip read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integration.errors import Gone
from integration.messages.slots import LONGEST_VALUE
from integration.ports import Message

if TYPE_CHECKING:
    from integration.app import App


@dataclass(frozen=True)
class Recipient:
    """One line of a frozen audience."""

    key: str
    """Candidate key; of transactional mail `<candidate key>.<cause>`."""
    id: str
    email: str
    slots: Mapping[str, str]
    zone: str = ""
    found_by: str = ""
    """Where the details of somebody came from who still has to be told so; see model/notice.py."""
    found_on: str = ""
    language: str = ""
    """Of mails that are written in several."""
    jobs: tuple[tuple[str, str, str], ...] = ()
    """(reference, title, place) of the jobs that the mail tells of."""

    @property
    def candidate(self) -> str:
        return self.key.partition(".")[0]

    def as_json(self) -> dict[str, Any]:
        stored: dict[str, Any] = {
            "key": self.key,
            "id": self.id,
            "email": self.email,
            "slots": dict(self.slots),
            "zone": self.zone,
        }
        if self.language:
            stored["language"] = self.language
        if self.jobs:
            stored["jobs"] = [list(job) for job in self.jobs]
        return {**stored, "found": [self.found_by, self.found_on]} if self.found_by else stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Recipient":
        slots = {str(name): str(value)[:LONGEST_VALUE] for name, value in stored.get("slots", {}).items()}
        by, on = (str(part) for part in stored.get("found", ("", "")))
        zone, language = stored.get("zone", ""), str(stored.get("language", ""))
        jobs = tuple((str(reference), str(title), str(place)) for reference, title, place in stored.get("jobs", ()))
        return cls(stored["key"], stored.get("id", ""), stored["email"], slots, zone, by, on, language, jobs)


def chunk_key(campaign: str, step: str, version: str, chunk: str) -> str:
    """Where a chunk of a frozen audience lies."""
    return f"audiences/campaign={campaign}/step={step}-v{version}/{chunk}.jsonl"


def recipients_of(app: "App", message: Message) -> list[Recipient]:
    """The people of a queue message, inline or from the frozen audience."""
    if "recipients" in message:
        return [Recipient.from_json(stored) for stored in message["recipients"]]
    # The variants of a step share one audience, which lies under the first of them.
    step, version = message.get("frozen_as") or (message["step"], message["version"])
    key = chunk_key(str(message["campaign"]), str(step), str(version), str(message["chunk"]))
    data = app.data.read(key)
    if data is None:
        raise Gone(f"The frozen audience {key} is not there any more.")
    return [Recipient.from_json(json.loads(line)) for line in data.splitlines()]
