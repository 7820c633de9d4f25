"""A feed made from the one before: a job that nobody touched is copied, byte for byte, and not rendered again.

Both feeds stand in one order, so the old one is read once, from front to back, and nothing of it is kept.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

AT_ONCE = 200


class Piece(NamedTuple):
    """What one posting has in a feed."""

    posting: str
    signature: str
    """Of everything that the piece was made from; an empty one is equal to none."""
    size: int
    entries: int
    latest: str
    """The latest date in it."""


class Rendered(NamedTuple):
    data: bytes
    entries: int
    latest: str


NOTHING = Rendered(b"", 0, "")
Render = Callable[[Sequence[str]], Mapping[str, Rendered]]
"""(posting ids) -> what each has in the feed; an id that is missing has nothing."""


def compose(
    wanted: Iterable[tuple[str, str]],
    standing: Iterable[Piece],
    old: Iterable[bytes],
    render: Render,
    *,
    skip: int = 0,
    separator: int = 0,
) -> Iterator[tuple[Piece, bytes]]:
    """Each wanted (posting, signature) with its bytes, from the old feed where its signature stands there.

    `skip` is the size of the old feed's opening, `separator` that of what stands between two pieces.
    """
    there = _placed(standing, skip, separator)
    reader = _Reader(old)
    remaining = iter(wanted)
    while batch := list(islice(remaining, AT_ONCE)):
        kept = {}
        for posting, signature in batch:
            piece, offset = there.get(posting, (None, 0))
            if piece is None or not signature or piece.signature != signature:
                continue
            if not piece.size:
                kept[posting] = piece, b""
            elif offset >= reader.at:
                kept[posting] = piece, reader.read(offset, piece.size)
        changed = [posting for posting, _ in batch if posting not in kept]
        made = render(changed) if changed else {}
        for posting, signature in batch:
            if posting in kept:
                yield kept[posting]
            else:
                data, count, latest = made.get(posting, NOTHING)
                yield Piece(posting, signature, len(data), count, latest), data


def _placed(standing: Iterable[Piece], skip: int, separator: int) -> dict[str, tuple[Piece, int]]:
    """Where each piece begins in the old feed; one that has nothing takes no separator either."""
    there, at = {}, skip
    for piece in standing:
        there[piece.posting] = piece, at
        at += piece.size + (separator if piece.size else 0)
    return there


class _Reader:
    """A stream read forwards, at places that only grow."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._chunk = memoryview(b"")
        self.at = 0

    def read(self, offset: int, size: int) -> bytes:
        """Raises ValueError when the stream ends before."""
        self._pass(offset - self.at)
        self.at += size
        if size <= len(self._chunk):
            data, self._chunk = bytes(self._chunk[:size]), self._chunk[size:]
            return data
        parts = []
        while size:
            if not len(self._chunk):
                self._chunk = self._next()
            part, self._chunk = self._chunk[:size], self._chunk[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _pass(self, size: int) -> None:
        self.at += size
        while size > len(self._chunk):
            size -= len(self._chunk)
            self._chunk = self._next()
        self._chunk = self._chunk[size:]

    def _next(self) -> memoryview:
        chunk = next(self._chunks, b"")
        if not chunk:
            raise ValueError("the standing feed is shorter than its index says")
        return memoryview(chunk)


def to_line(piece: Piece) -> bytes:
    """One line of the index that is kept beside a feed."""
    return json.dumps(piece, separators=(",", ":")).encode() + b"\n"


def from_lines(data: bytes) -> Iterator[Piece]:
    return (Piece(*json.loads(line)) for line in data.splitlines())
