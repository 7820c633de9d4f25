"""Applicant tracking systems. An adapter offers the parts that its system has; `Ats` holds them together.

Every call raises Rejected for what a person must put right (a key, a right, a value), TryAgain for what passes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from integration.model.ats import AtsChange, AtsJob, AtsPerson, ChangePage, HandedOver, HandOver, Hint


class StaleCursor(Exception):
    """The system does not know this cursor any more: begin again without one."""


class InDoubt(Exception):
    """A hand-over was sent and its answer lost: it may have arrived. `find` tells before it is sent again."""


class AtsJobs(Protocol):
    def jobs(self) -> list[AtsJob]:
        """Every open job, all pages of them, or an error: never a part.

        An empty list is what the system truly said; a board that is unknown, gone or unreadable is an error.
        """


class AtsChanges(Protocol):
    def changes(self, since: str = "") -> Iterator[ChangePage]:
        """What changed since a cursor, every page; without one everything that is there.

        The cursor of the last page begins the next pull; changes of its very moment come again rather than get lost.
        Raises StaleCursor.
        """

    def look(self, hint: Hint) -> Sequence[AtsChange]:
        """How what a webhook points to stands now, asked anew; what is not there (any more) is left out."""

    def people(self, ids: Sequence[str]) -> Mapping[str, AtsPerson]:
        """The candidates with these ids, any number of them; who is not there is left out."""


class AtsIntake(Protocol):
    def find(self, wanted: HandOver) -> HandedOver | None:
        """What an earlier attempt of this hand-over made there, by its mark; None when there is nothing."""

    def hand_over(self, wanted: HandOver) -> HandedOver:
        """One attempt, never repeated inside. Raises InDoubt when it may have arrived, TryAgain when surely not."""


class AtsHints(Protocol):
    def hint(self, payload: Any) -> Hint:
        """What a verified webhook is about; an unknown event is an empty hint. Raises BadEvent for another shape."""


@dataclass(frozen=True)
class Ats:
    """One connection's system. None: it has no such door, and the connection says so."""

    jobs: AtsJobs | None = None
    changes: AtsChanges | None = None
    intake: AtsIntake | None = None
    hints: AtsHints | None = None
