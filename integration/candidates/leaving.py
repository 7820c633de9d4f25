"""Who left the company: what a leaver list writes, and on what basis they may be written to afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from integration.model.vocabulary import LawfulBasis, Lifecycle
from integration.ports import Value
from integration.records import Candidate

if TYPE_CHECKING:
    from integration.app import App

HIDDEN = frozenset({Candidate.DO_NOT_REHIRE, Candidate.LEAVING_REASON})
"""For managers: not even their names stand where recruiters read (sources, outcomes of merges, rules)."""
OF_LEAVERS = HIDDEN | {Candidate.LEFT_ON, Candidate.REGRETTABLE, Candidate.LIFECYCLE}
"""Decided by a leaver list as a whole."""
FORMER = (Lifecycle.ALUMNI, Lifecycle.FORMER_CONTINGENT)
NOT_AGREED = "worked here and have not agreed to mail"


def leaver_facts(facts: Mapping[str, Value], *, is_new: bool) -> dict[str, Value]:
    """What a line of a leaver list writes; whom the company does not want back is nobody's regret."""
    unwanted = bool(facts.get(Candidate.DO_NOT_REHIRE))
    found: dict[str, Value] = {
        Candidate.LEFT_ON: facts[Candidate.LEFT_ON],
        Candidate.REGRETTABLE: bool(facts.get(Candidate.REGRETTABLE)) and not unwanted,
    }
    if reason := facts.get(Candidate.LEAVING_REASON):
        found[Candidate.LEAVING_REASON] = reason
    if unwanted:
        found |= {Candidate.DO_NOT_REHIRE: True, Candidate.DO_NOT_CONTACT: True}
    # All we know of them we know from their employment, which is no leave to advertise.
    return {**found, Candidate.LAWFUL_BASIS: LawfulBasis.CONTRACT.value} if is_new else found


def has_not_agreed(person: Mapping[str, Value]) -> bool:
    """Whether the only basis is an employment that is over."""
    is_former = person.get(Candidate.LIFECYCLE) in FORMER
    return is_former and person.get(Candidate.LAWFUL_BASIS) in (None, "", LawfulBasis.CONTRACT)


def agreed(app: App, candidate_id: str) -> None:
    """Key: the candidate. Who left and now agrees may be written to."""
    row = app.salesforce.get(Candidate.API_NAME, candidate_id, [Candidate.LIFECYCLE, Candidate.LAWFUL_BASIS])
    if has_not_agreed(row):
        changes = {Candidate.LAWFUL_BASIS: LawfulBasis.CONSENT.value}
        app.salesforce.update(Candidate.API_NAME, candidate_id, changes)
