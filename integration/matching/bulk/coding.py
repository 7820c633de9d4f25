"""People as columns of numbers: what is equal has one code."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from integration.matching.traits import Traits

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.float64]


class Column:
    """One trait of everybody: the number of each one's value, 0 where nothing is known."""

    def __init__(self, values: Iterable[Hashable], count: int) -> None:
        known: dict[Any, int] = {"": 0}
        ids = (known.setdefault(value or "", len(known)) for value in values)
        self.ids: Codes = np.fromiter(ids, np.int64, count)
        self.values: list[Any] = list(known)

    @cached_property
    def counts(self) -> Codes:
        """How many people have each value."""
        return np.bincount(self.ids, minlength=len(self.values))

    def each(self, function: Callable[[Any], int | bool]) -> Codes:
        """The function of everybody's value; 0 where nothing is known."""
        found = [0, *(int(function(value)) for value in self.values[1:])]
        return np.array(found, np.int64)[self.ids]


class Lexicon:
    """Codes of words that are compared across columns."""

    def __init__(self) -> None:
        self.codes: dict[Hashable, int] = {"": 0}

    def code(self, word: Hashable) -> int:
        return self.codes.setdefault(word, len(self.codes))


class Many:
    """A trait of which one person may have several: people and numbers of values side by side."""

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        known: dict[str, int] = {}
        self.rows: Codes = np.array([row for row, values in enumerate(sets) for _ in values], np.int64)
        found = [known.setdefault(value, len(known)) for values in sets for value in values]
        self.ids: Codes = np.array(found, np.int64)
        self.values = list(known)

    def each(self, function: Callable[[str], int]) -> Codes:
        """The function of every value."""
        return np.array([function(value) for value in self.values], np.int64)[self.ids]


class Columns:
    """Everybody's traits."""

    def __init__(self, people: Sequence[Traits]) -> None:
        count = len(people)
        self.people = people
        self.first = Column((one.first for one in people), count)
        self.last = Column((one.last for one in people), count)
        self.lasts = Column((one.lasts for one in people), count)
        self.words = Column((one.name_words for one in people), count)
        self.middle = Column((one.middle for one in people), count)
        self.birth = Column((one.birth for one in people), count)
        self.sex = Column((one.sex for one in people), count)
        self.emails = Column((one.emails for one in people), count)
        self.roles = Column((one.roles for one in people), count)
        self.phones = Column((one.phones for one in people), count)
        self.profiles = Column((one.profiles for one in people), count)
        self.numbers = Column((one.numbers for one in people), count)
        self.number = Column((one.numbers[0] if one.numbers else "" for one in people), count)
        self.city = Column((one.city for one in people), count)
        self.postcode = Column((one.postcode for one in people), count)
        self.region = Column((one.region for one in people), count)
        self.country = Column((one.country for one in people), count)
        self.employer = Column((one.employer for one in people), count)
        self.title = Column((one.title for one in people), count)
        self.birth_place = Column((one.birth_place for one in people), count)
        self.mailbox = Many([one.emails for one in people])
        self.phone = Many([one.phones for one in people])
        self.profile = Many([one.profiles for one in people])
        most = max((len(one.lines) for one in people), default=0)
        self.line_values: dict[str, int] = {"": 0}
        lines = self.line_values
        self.lines: list[Codes] = [
            np.fromiter(
                (lines.setdefault(one.lines[at] if len(one.lines) > at else "", len(lines)) for one in people),
                np.int64,
                count,
            )
            for at in range(most)
        ]
