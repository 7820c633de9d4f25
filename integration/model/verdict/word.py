"""The three answers."""

from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    word: Word
    reasons: tuple[str, ...] = ()
