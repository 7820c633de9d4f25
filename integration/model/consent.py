"""Consent rows: append-only, one for each purpose and state, with a key made from what caused it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from integration.model.vocabulary import ConsentState, Purpose
from integration.model.wording import said

LONGEST_EVIDENCE = 255
LABELS = {
    Purpose.TALENT_COMMUNITY.value: "Keep my details and write to me about jobs that may fit me.",
    Purpose.NEWSLETTER.value: "Send me the newsletter.",
    Purpose.JOB_ALERTS.value: "Send me new jobs by e-mail.",
    Purpose.SMS.value: "Write to me by text message.",
}
"""What stands beside each box; part of the text that is consented to."""
DEFAULT_TEXT = (
    "We keep what you send us to tell you about jobs. You can take your consent back at any time, "
    "by the link in every mail."
)


@dataclass(frozen=True)
class ConsentRow:
    """One thing a person agreed to, asked for or took back, with its proof."""

    key: str
    purpose: Purpose
    state: ConsentState
    text_version: str
    locale: str
    at: datetime
    evidence: str


def text_version(text: str, locale: str) -> str:
    """Names a consent text by its content: the same words in the same language have the same version for ever."""
    digest = hashlib.sha256(f"{locale}\n{text}".encode()).hexdigest()
    return f"{locale}-{digest[:12]}"


def rows(
    *,
    cause: str,
    purposes: Iterable[str],
    state: ConsentState,
    text_version: str,
    locale: str,
    at: datetime,
    evidence: str,
) -> list[ConsentRow]:
    """One row for each known purpose. `cause` is the registration, confirmation or request they come from."""
    known = [Purpose(purpose) for purpose in dict.fromkeys(purposes) if purpose in set(Purpose)]
    return [
        ConsentRow(
            key=key_of(cause, purpose, state),
            purpose=purpose,
            state=state,
            text_version=text_version,
            locale=locale,
            at=at,
            evidence=evidence[:LONGEST_EVIDENCE],
        )
        for purpose in known
    ]


def key_of(cause: str, purpose: Purpose, state: ConsentState) -> str:
    """`01J…|Newsletter|Given`: the same cause seen twice writes the same row."""
    return f"{cause}|{purpose.value}|{state.value}"


def whole_text(text: str, purposes: Iterable[str], language: str = "en") -> str:
    """Everything a person reads before ticking: the page's text and the line beside each box."""
    return "\n".join([text, *(said(LABELS[purpose], language) for purpose in purposes)])
