"""Looks for those in the org who may be the people that were just made: likely, not sure, so a recruiter judges.

Bounded, so that a file of a million rows is not held up: one or two calls and a fixed number of comparisons for each
batch, and only with those of a like name who share something else besides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.pairs import Suspicion
from integration.ports import Record
from integration.records import Candidate
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App
    from integration.matching import Profile

KEYS_PER_QUERY = 100
QUERIES_PER_CALL = 5
CALLS_AT_MOST = 2
COMPARED_AT_MOST = 2_000
LEAST_SCORE = 0.3
"""Below it a pair costs a recruiter more time than it is worth."""
_SEEN = (
    Candidate.ID,
    Candidate.NAME_KEY,
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.CITY,
    Candidate.COUNTRY,
)


def likely_pairs(app: App, made: Iterable[str], keys: Iterable[str]) -> list[Suspicion]:
    """Pairs of a candidate just made (record ids) and another one whose name has the same key."""
    new = set(made)
    wanted = sorted({key for key in keys if key})
    if not new or not wanted:
        return []
    most = KEYS_PER_QUERY * QUERIES_PER_CALL * CALLS_AT_MOST
    if len(wanted) > most:
        log.event("likeness.cut", names=len(wanted), looked_up=most)
    blocks: dict[str, list[Record]] = defaultdict(list)
    for row in _namesakes(app, wanted[:most]):
        blocks[str(row[Candidate.NAME_KEY])].append(row)
    compared = islice(_worth_comparing(blocks.values(), new), COMPARED_AT_MOST)
    return [found for one, other in compared if (found := _judged(one, other)) is not None]


def _namesakes(app: App, keys: Sequence[str]) -> Iterator[Record]:
    """The first page of each query: a name so frequent that it fills one is no clue."""
    queries = [
        select(Candidate.API_NAME, _SEEN, where=is_in(Candidate.NAME_KEY, keys[start : start + KEYS_PER_QUERY]))
        for start in range(0, len(keys), KEYS_PER_QUERY)
    ]
    for rows in app.salesforce.together(queries):
        yield from rows


def _worth_comparing(blocks: Iterable[list[Record]], new: set[str]) -> Iterator[tuple[Record, Record]]:
    """Small blocks first: a rare name says more than a frequent one."""
    for block in sorted(blocks, key=len):
        clues = {str(row[Candidate.ID]): _clues(row) for row in block}
        for row in block:
            one = str(row[Candidate.ID])
            if one not in new:
                continue
            for other in block:
                other_id = str(other[Candidate.ID])
                # Of two new ones each pair once.
                if other_id != one and (other_id not in new or one < other_id) and clues[one] & clues[other_id]:
                    yield row, other


def _clues(row: Record) -> set[tuple[str, str]]:
    """What two people of a like name must share at least one of."""
    local = str(row[Candidate.EMAIL] or "").partition("@")[0].partition("+")[0]
    values = {
        "mailbox": "".join(filter(str.isalnum, local)),
        "phone": str(row[Candidate.PHONE] or ""),
        "city": str(row[Candidate.CITY] or ""),
        "employer": str(row[Candidate.EMPLOYER] or ""),
    }
    return {(kind, value.casefold()) for kind, value in values.items() if value}


def _judged(one: Record, other: Record) -> Suspicion | None:
    from integration.matching import Decision, judge  # its tables take time to load; a single form seldom needs them

    verdict = judge(_profile(one), _profile(other))
    if verdict.decision is Decision.DIFFERENT or verdict.score < LEAST_SCORE:
        return None
    return Suspicion(str(one[Candidate.ID]), str(other[Candidate.ID]), verdict.score, verdict.reasons)


def _profile(row: Record) -> Profile:
    from integration.matching import Profile

    text = {field: str(row[field] or "") for field in _SEEN}
    return Profile(
        id=text[Candidate.ID],
        first_name=text[Candidate.FIRST_NAME],
        last_name=text[Candidate.LAST_NAME],
        emails=tuple(filter(None, [text[Candidate.EMAIL]])),
        phones=tuple(filter(None, [text[Candidate.PHONE]])),
        employer=text[Candidate.EMPLOYER],
        title=text[Candidate.TITLE],
        city=text[Candidate.CITY],
        country=text[Candidate.COUNTRY],
    )
