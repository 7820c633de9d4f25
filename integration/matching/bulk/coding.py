"""People as columns of numbers: what is equal has one code."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from integration.matching.traits import Traits

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.float64]


_NOTHING: tuple[Any, ...] = ("", None, (), frozenset())


class Lexicon(dict[Any, int]):
    """A number for every word asked for; 0 for nothing."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(_NOTHING, 0))
        self.code = self.__getitem__

    def __missing__(self, word: Any) -> int:
        number = self[word] = len(self) - len(_NOTHING) + 1
        return number

    def words(self) -> list[Any]:
        """By number."""
        return ["", *islice(self, len(_NOTHING), None)]


class Column:
    """One trait of everybody: the number of each one's value, 0 where nothing is known."""

    def __init__(self, values: Iterable[Any], count: int, lexicon: Lexicon | None = None) -> None:
        known = Lexicon() if lexicon is None else lexicon
        self.ids: Codes = np.fromiter(map(known.code, values), np.int64, count)
        self.values: list[Any] = known.words()

    @cached_property
    def counts(self) -> Codes:
        """How many people have each value."""
        return np.bincount(self.ids, minlength=len(self.values))

    def each(self, function: Callable[[Any], int | bool]) -> Codes:
        """The function of everybody's value; 0 where nothing is known."""
        return np.array([0, *map(function, self.values[1:])], np.int64)[self.ids]


class Many:
    """A trait of which one person may have several: people and numbers of values side by side."""

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        known = Lexicon()
        self.rows: Codes = np.array([row for row, values in enumerate(sets) for _ in values], np.int64)
        found = [known[value] for values in sets for value in values]
        self.ids: Codes = np.array(found, np.int64)
        self.values: list[str] = known.words()

    def each(self, function: Callable[[str], int]) -> Codes:
        """The function of every value."""
        return np.array([0, *map(function, self.values[1:])], np.int64)[self.ids]


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
        lexicon = Lexicon()
        self.lines: list[Codes] = [
            Column((one.lines[at] if len(one.lines) > at else "" for one in people), count, lexicon).ids
            for at in range(most)
        ]
        self.line_values: list[str] = lexicon.words()
