"""Outcomes of very many rows, kept small: ids lie side by side, and an Outcome is made when it is asked for."""

from collections.abc import Iterator, Sequence
from typing import overload

from integration.ports import Outcome

_WIDTH = 18
_OPEN, _CHANGED, _CREATED, _OTHER = range(4)


class Outcomes(Sequence[Outcome]):
    """One outcome a row, in the order of the rows; open until it is noted."""

    def __init__(self, count: int) -> None:
        self._ids = bytearray(_WIDTH * count)
        self._states = bytearray(count)
        self._others: dict[int, Outcome] = {}

    def note(self, place: int, outcome: Outcome) -> None:
        """What became of a row; a later word on it counts."""
        record_id = outcome.id.encode()
        if not outcome.success or len(record_id) != _WIDTH:
            self._states[place] = _OTHER
            self._others[place] = outcome
            return
        self._others.pop(place, None)
        self._ids[place * _WIDTH : (place + 1) * _WIDTH] = record_id
        self._states[place] = _CREATED if outcome.created else _CHANGED

    def note_written(self, places: Sequence[int], ids: Sequence[str], made: Sequence[bool]) -> None:
        """Rows that were written; at once where they follow one another, as by far the most do."""
        together = "".join(ids).encode()
        if isinstance(places, range) and places.step == 1 and len(together) == _WIDTH * len(places):
            self._ids[places.start * _WIDTH : places.stop * _WIDTH] = together
            self._states[places.start : places.stop] = bytes(_CREATED if each else _CHANGED for each in made)
            return
        for place, record_id, created in zip(places, ids, made, strict=True):
            self.note(place, Outcome(record_id, True, created=created))

    def open(self) -> Sequence[int]:
        """The places of the rows that nothing is known of yet."""
        if not any(self._states):
            return range(len(self._states))
        return [place for place, state in enumerate(self._states) if state == _OPEN]

    def exceptions(self) -> list[tuple[int, Outcome]]:
        """The rows that were not simply written, refused ones among them, with their places."""
        return sorted(self._others.items())

    def __len__(self) -> int:
        return len(self._states)

    @overload
    def __getitem__(self, place: int) -> Outcome: ...
    @overload
    def __getitem__(self, place: slice) -> list[Outcome]: ...
    def __getitem__(self, place: int | slice) -> Outcome | list[Outcome]:
        if isinstance(place, slice):
            return [self._at(each) for each in range(*place.indices(len(self)))]
        return self._at(range(len(self))[place])

    def __iter__(self) -> Iterator[Outcome]:
        return map(self._at, range(len(self)))

    def _at(self, place: int) -> Outcome:
        state = self._states[place]
        if state in (_OPEN, _OTHER):
            return self._others[place]
        record_id = self._ids[place * _WIDTH : (place + 1) * _WIDTH].decode()
        return Outcome(record_id, True, created=state == _CREATED)
