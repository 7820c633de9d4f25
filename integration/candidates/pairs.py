"""Two records that may be one person: proposed once, for a recruiter to judge; never merged by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.writing import is_taken, raise_passing
from integration.errors import Rejected
from integration.model.vocabulary import PairStatus
from integration.ports import Value
from integration.records import DuplicatePair

if TYPE_CHECKING:
    from integration.app import App

REASONS_LENGTH = 4_000
FOUND_BY_LENGTH = 255
_SETTLED = {
    PairStatus.MERGED: "The two records were merged. Unmerge them first.",
    PairStatus.MERGING: "The two records are being merged. Let the merge finish.",
    PairStatus.UNMERGING: "The merge is being taken back. Let that finish.",
}


@dataclass(frozen=True)
class Suspicion:
    """Two candidates (record ids) that may be one, and why. Reasons name what agrees, never the values."""

    one: str
    other: str
    score: float
    reasons: tuple[str, ...]

    @property
    def key(self) -> str:
        return pair_key(self.one, self.other)


def pair_key(one: str, other: str) -> str:
    """Duplicate_Pair__c.Key__c: the same whichever record comes first."""
    return "|".join(sorted((one, other)))


def propose(app: App, suspicions: Iterable[Suspicion], *, found_by: str) -> int:
    """Key: the two ids. Makes the pairs that do not stand yet; one that was judged is never proposed again."""
    strongest: dict[str, Suspicion] = {}
    for suspicion in suspicions:
        if suspicion.one != suspicion.other and suspicion.score > _score(strongest.get(suspicion.key)):
            strongest[suspicion.key] = suspicion
    if not strongest:
        return 0
    rows = [_row(one, found_by) for one in strongest.values()]
    outcomes = app.salesforce.create_many(DuplicatePair.API_NAME, rows)
    raise_passing(outcomes)
    for suspicion, outcome in zip(strongest.values(), outcomes, strict=True):
        if not outcome.success and not is_taken(outcome):
            log.event("pair.refused", one=suspicion.one, other=suspicion.other, code=outcome.code)
    made = sum(1 for outcome in outcomes if outcome.success and outcome.created)
    if made:
        log.event("pairs.proposed", count=made)
    return made


def keep_apart(app: App, pair_id: str) -> str:
    """Key: the pair. A recruiter says that these are two people: the pair stays, so nobody proposes it again."""
    row = app.salesforce.get(
        DuplicatePair.API_NAME, pair_id, [DuplicatePair.STATUS, DuplicatePair.FIRST, DuplicatePair.SECOND]
    )
    if problem := _SETTLED.get(PairStatus(str(row[DuplicatePair.STATUS]))):
        raise Rejected(
            f"This pair cannot be kept apart: {problem}", field="Status", value=str(row[DuplicatePair.STATUS])
        )
    values: dict[str, Value] = {DuplicatePair.STATUS: PairStatus.DIFFERENT.value}
    if row[DuplicatePair.FIRST] and row[DuplicatePair.SECOND]:
        values[DuplicatePair.KEY] = pair_key(str(row[DuplicatePair.FIRST]), str(row[DuplicatePair.SECOND]))
    app.salesforce.update(DuplicatePair.API_NAME, pair_id, values)
    return "Kept apart: this pair will not be proposed again."


def _row(suspicion: Suspicion, found_by: str) -> dict[str, Value]:
    first, second = sorted((suspicion.one, suspicion.other))
    return {
        DuplicatePair.FIRST: first,
        DuplicatePair.SECOND: second,
        DuplicatePair.KEY: suspicion.key,
        DuplicatePair.SCORE: min(0.99, round(suspicion.score, 2)),  # likely, never certain
        DuplicatePair.REASONS: "\n".join(suspicion.reasons)[:REASONS_LENGTH],
        DuplicatePair.FOUND_BY: found_by[:FOUND_BY_LENGTH],
    }


def _score(suspicion: Suspicion | None) -> float:
    return suspicion.score if suspicion else -1.0
