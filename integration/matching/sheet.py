"""People as columns of what is written of them, so that what many have in common is read once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from integration.matching.profile import Profile

NOTHING: Mapping[str, Any] = {field.name: field.default for field in fields(Profile)}
"""What each field of a Profile holds when it is not told."""


@dataclass(frozen=True)
class Sheet:
    """One list of people: a value for each in every column; fields of a Profile that nobody has are left out."""

    count: int
    columns: Mapping[str, Sequence[Any]]

    def column(self, field: str) -> Sequence[Any]:
        return self.columns[field] if field in self.columns else [NOTHING[field]] * self.count

    def profile(self, number: int) -> Profile:
        return Profile(**{field: values[number] for field, values in self.columns.items()})

    def profiles(self) -> Iterator[Profile]:
        return map(self.profile, range(self.count))


def sheet(profiles: Iterable[Profile]) -> Sheet:
    """Profiles side by side."""
    known = list(profiles)
    return Sheet(len(known), {field: [getattr(one, field) for one in known] for field in NOTHING})


def joined(sheets: Sequence[Sheet]) -> Sheet:
    """One list after the other."""
    if len(sheets) == 1:
        return sheets[0]
    named = dict.fromkeys(field for each in sheets for field in each.columns)
    columns = {field: [value for each in sheets for value in each.column(field)] for field in named}
    return Sheet(sum(each.count for each in sheets), columns)


class Once(dict[Any, Any]):
    """What a function makes of each value, asked once for each."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self._function(value)
        return made

    def of(self, values: Iterable[Any]) -> list[Any]:
        return list(map(self.__getitem__, values))
