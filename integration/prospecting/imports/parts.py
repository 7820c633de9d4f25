"""The ready rows of a file, part by part and in its order; of a large file, two processes read every other piece.

Pieces end where quotes are even. What a process cannot read for itself (a quote that is never closed, a form of its
own), and all that follows, is read here as small files are: who read a row makes no difference.
"""

from array import array
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, cycle, islice
from typing import NamedTuple

from integration.prospecting.imports import ready
from integration.prospecting.imports.blocks import Block, Careful, blocks_of, is_by_bytes, lines_in_blocks, whole
from integration.prospecting.imports.columnwise import Plan
from integration.prospecting.imports.crew import Member, crew, may_copy
from integration.prospecting.imports.reading import Open
from integration.prospecting.imports.repeats import marks
from integration.prospecting.imports.rows import Findings, Reject

PROCESSES = 2
FEW = 32
"""So many blocks are read before another process has begun."""
_AHEAD = 8
"""Pieces that a process has at once: it need not wait for the next one."""
_JOINED = 24
"""Blocks in a piece before a quote counts as never closed."""


class Piece(NamedTuple):
    """Whole lines of the file, and how many stand before them."""

    read: int
    data: bytes


class Part(NamedTuple):
    """What became of some lines of the file."""

    people: int
    lines: bytes
    marks: Sequence[Iterable[int]]
    rejects: Sequence[Reject]
    blank: int
    cleaned: int
    orders: set[str]
    """`day first`, `month first`: what dates can only mean that were not seen before."""


def parts(open_file: Open, plan: Plan) -> Generator[Part, None, None]:
    """All rows below the header."""
    read, raw = 0, lines_in_blocks(open_file, plan.reader.layout)
    start = list(islice(raw, FEW)) if may_copy(PROCESSES) and is_by_bytes(plan.reader.layout) else []
    raw = chain(start, raw)
    if len(start) == FEW:
        rest = yield from _shared(raw, plan)
        read, raw = rest[0].read if rest else 0, chain((piece.data for piece in rest), raw)
    for block in blocks_of(raw, plan.reader.layout, read):
        yield _part(block, plan)


def _shared(raw: Iterator[bytes], plan: Plan) -> Generator[Part, None, Sequence[Piece]]:
    """Gives out pieces in turn; returns those that are left when one of them needs to be read here."""
    given: deque[tuple[Member[Piece, Part], Piece]] = deque()

    def work(piece: Piece) -> Part | None:
        return _read(piece, plan)

    with crew(work, PROCESSES) as members:
        for member, piece in zip(cycle(members), _pieces(raw), strict=False):
            member.give(piece)
            given.append((member, piece))
            if len(given) == PROCESSES * _AHEAD:
                if (part := given[0][0].answer()) is None:
                    break
                given.popleft()
                yield part
        while given and (part := given[0][0].answer()) is not None:
            given.popleft()
            yield part
    return [piece for _, piece in given]


def _read(piece: Piece, plan: Plan) -> Part | None:
    """What another process makes of a piece; None when it must be read with what follows."""
    try:
        part = _part(whole(piece.data, plan.reader.layout, piece.read), plan)
    except Careful:
        return None
    return part._replace(marks=[array("q", kind) for kind in part.marks])


def _part(block: Block, plan: Plan) -> Part:
    plan.reader.findings, plan.orders = Findings(), set()
    rows = plan.read(block)
    own = list(marks(rows.columns)) if rows.people else []
    return Part(
        rows.people,
        ready.lines(rows.columns),
        own,
        rows.rejects,
        rows.blank,
        plan.reader.findings.cleaned,
        plan.orders,
    )


def _pieces(raw: Iterator[bytes]) -> Iterator[Piece]:
    """Blocks, joined where a quote is open at the end of one."""
    read = 0
    for data in raw:
        taken = [data]
        quotes = data.count(b'"')
        while quotes % 2 and len(taken) < _JOINED and (more := next(raw, b"")):
            taken.append(more)
            quotes += more.count(b'"')
        piece = Piece(read, b"".join(taken))
        yield piece
        read += piece.data.count(b"\n")
