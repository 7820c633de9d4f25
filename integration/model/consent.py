"""Consent rows: append-only, one for each purpose and state, with a key made from what caused it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from integration.model.vocabulary import ConsentState, Purpose

LONGEST_EVIDENCE = 255


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
