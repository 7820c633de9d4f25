"""What mail is about, and whether somebody wants mail about it: the newest word of the person for each topic."""

from collections.abc import Iterable
from enum import StrEnum

from integration.model.vocabulary import Purpose

MAIL_TOPICS = (Purpose.TALENT_COMMUNITY, Purpose.NEWSLETTER, Purpose.JOB_ALERTS)
"""Topics that a campaign can have; text messages are no mail."""
ASKED_FIRST = frozenset({Purpose.NEWSLETTER, Purpose.JOB_ALERTS})
"""Go only to people who agreed. Mail about jobs that may fit may also rest on a legitimate interest."""


class Word(StrEnum):
    """What a person said last about a topic."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    STOPPED = "stopped this topic"
    NOT_AGREED = "has not agreed to this topic"


def attribute(topic: Purpose) -> str:
    """The name under which a topic's word is stored: `topic_job_alerts`."""
    return f"topic_{topic.value.lower().replace(' ', '_')}"


def refusal(topic: Purpose, words: Iterable[str]) -> Refusal | None:
    """Why there must be no mail about a topic; `words` are of every record of a person, the strictest counts."""
    said = set(words)
    if Word.WITHDRAWN in said:
        return Refusal.STOPPED
    return Refusal.NOT_AGREED if topic in ASKED_FIRST and Word.GIVEN not in said else None
