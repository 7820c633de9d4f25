"""Columns of numbers: what is equal has one code."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import count, islice
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.float64]


_NOTHING: tuple[Any, ...] = ("", None, (), frozenset(), 0)


class Lexicon(defaultdict[Any, int]):
    """A number for every word asked for; 0 for nothing."""

    def __init__(self) -> None:
        super().__init__(count(1).__next__, dict.fromkeys(_NOTHING, 0))

    @property
    def code(self) -> Callable[[Any], int]:
        # Not kept: a lexicon that holds its own method is freed by nobody but the collector.
        return self.__getitem__

    def words(self) -> list[Any]:
        """By number."""
        return ["", *islice(self, len(_NOTHING), None)]


def numbered(values: Sequence[Any]) -> tuple[Codes, list[Any]]:
    """The number of each value, 0 for nothing, and the values by number."""
    known = Lexicon()
    return np.fromiter(map(known.code, values), np.int64, len(values)), known.words()


class Column:
    """One trait of everybody: the number of each one's value, 0 where nothing is known."""

    def __init__(self, written: Codes, values: Sequence[Any], nothing: Any = "") -> None:
        """`written` numbers what stands in the list, `values` are what is read from each of it."""
        codes, words = numbered(values)
        self.ids: Codes = codes[written]
        self.values: list[Any] = [nothing, *words[1:]]

    @cached_property
    def counts(self) -> Codes:
        """How many people have each value."""
        return np.bincount(self.ids, minlength=len(self.values))

    def each(self, function: Callable[[Any], int | bool]) -> Codes:
        """The function of everybody's value; 0 where nothing is known."""
        return self.spread(map(function, self.values[1:]))

    def spread(self, numbers: Iterable[int | bool]) -> Codes:
        """Everybody's number, from one for each value that is known."""
        return np.array([0, *numbers], np.int64)[self.ids]


class Many:
    """A trait of which one person may have several: people and numbers of values side by side."""

    def __init__(self, sets: Column) -> None:
        sizes = np.fromiter(map(len, sets.values), np.int64, len(sets.values))
        ids, self.values = numbered([value for values in sets.values for value in values])
        self.rows, at = runs(sets.ids, sizes)
        self.ids: Codes = ids[at]

    def each(self, function: Callable[[str], int]) -> Codes:
        """The function of every value."""
        return self.spread(map(function, self.values[1:]))

    def spread(self, numbers: Iterable[int]) -> Codes:
        """The number of every value, from one for each."""
        return np.array([0, *numbers], np.int64)[self.ids]


def runs(ids: Codes, sizes: Codes) -> tuple[Codes, Codes]:
    """Each position in `ids` as often as the run it names is long, and the positions of that run."""
    repeats = sizes[ids]
    at = np.repeat(np.arange(len(ids)), repeats)
    within = np.arange(len(at)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return at, (np.cumsum(sizes) - sizes)[ids][at] + within
