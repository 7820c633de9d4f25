"""One person of the columns at a time, for the rules that look at people."""

from collections.abc import Mapping
from typing import Any

from integration.matching.bulk.coding import Column
from integration.matching.traits import Traits


class People(dict[int, Traits]):
    """Made when somebody is asked for: most of a long list meet nobody."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        super().__init__()
        self._columns = _Lists(columns)
        # What is known of nobody need not be looked up for anybody.
        unknown = {trait: column.values[0] for trait, column in columns.items() if len(column.values) == 1}
        self._person: type[_Person] = type("_PersonOfList", (_Person,), {"__slots__": (), **unknown})

    def __missing__(self, number: int) -> Traits:
        made = self[number] = self._person(number, self._columns)
        return made


class _Person(Traits):
    """Traits that are looked up when they are asked for."""

    __slots__ = ("_columns", "_number")

    def __init__(self, number: int, columns: "_Lists") -> None:
        self._number, self._columns = number, columns

    def __getattr__(self, trait: str) -> Any:
        ids, values = self._columns[trait]
        value = values[ids[self._number]]
        setattr(self, trait, value)
        return value


class _Lists(dict[str, tuple[list[int], list[Any]]]):
    """Numbers and values of each column as lists, whose items are faster to get than those of an array."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        super().__init__()
        self._known = columns

    def __missing__(self, trait: str) -> tuple[list[int], list[Any]]:
        column = self._known[trait]
        made = self[trait] = column.ids.tolist(), column.values
        return made
