"""Writes the candidates and contact points that matching decided on, so that two workers meet on one candidate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from integration.candidates.matching import Target
from integration.errors import TryAgain
from integration.model.reject import Code
from integration.model.vocabulary import ContactKind, ContactStatus
from integration.ports import Outcome, Value
from integration.records import Candidate, ContactPoint
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

DUPLICATE = "DUPLICATE_VALUE"
GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"})
PASSING = frozenset(
    {"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED", "CANNOT_CASCADE_PRODUCT_ACTIVE"}
)


def write(app: App, targets: Sequence[Target], *, source: str) -> tuple[dict[Target, Outcome], list[Target]]:
    """(refusals, targets to decide again because somebody else was faster or deleted the candidate)."""
    refused = {target: _refusal(target) for target in targets if target.refusal}
    refused |= _write_candidates(app, [target for target in targets if not target.refusal])
    additions = [(target, key) for target in targets if target not in refused for key in target.addresses]
    outcomes = _add_contact_points(app, additions, source)
    lost: dict[Target, set[str]] = {}
    taken = [(target, key) for (target, key), outcome in outcomes.items() if is_taken(outcome)]
    owners = _owners(app, [key for _, key in taken])
    for target, key in taken:
        if owners.get(key) != target.id:
            lost.setdefault(target, set()).add(key)
    refused |= {target: bad for (target, _), bad in outcomes.items() if not bad.success and bad.code != DUPLICATE}
    late = [target for target in targets if target in lost or _is_gone(refused.get(target))]
    # A candidate just made that nothing identifies goes again: whoever was faster has its address.
    empty = [target.id for target in targets if not target.current and (target in refused or _all_lost(target, lost))]
    if made := [candidate_id for candidate_id in empty if candidate_id]:
        app.salesforce.delete_many(Candidate.API_NAME, made)
    return {target: outcome for target, outcome in refused.items() if target not in late}, late


def _all_lost(target: Target, lost: Mapping[Target, set[str]]) -> bool:
    return target in lost and lost[target] == set(target.addresses)


def is_taken(outcome: Outcome) -> bool:
    """Whether a contact point with this key stood already; the adapter gives the standing one as found."""
    return outcome.code == DUPLICATE or (outcome.success and not outcome.created)


def raise_passing(outcomes: Iterable[Outcome]) -> None:
    """A lock or a tired server is no verdict on the row: the call is repeated; its finished rows change nothing."""
    for outcome in outcomes:
        if not outcome.success and (outcome.code in PASSING or outcome.code.startswith("CONCURRENT_")):
            raise TryAgain(f"Salesforce answered {outcome.code}")


def _refusal(target: Target) -> Outcome:
    """What the rules do not allow is not even tried."""
    return Outcome("", False, code=Code.LIFECYCLE_MOVE, message=target.refusal, fields=(Candidate.LIFECYCLE,))


def _write_candidates(app: App, targets: Sequence[Target]) -> dict[Target, Outcome]:
    """What was refused; gives new targets their id."""
    new = [target for target in targets if not target.id]
    changed = [target for target in targets if target.id and target.changes()]
    outcomes: dict[Target, Outcome] = {}
    if new:
        rows = [{Candidate.CANDIDATE_KEY: target.key, **target.values} for target in new]
        made = app.salesforce.upsert_many(Candidate.API_NAME, Candidate.CANDIDATE_KEY, rows)
        outcomes |= zip(new, made, strict=True)
    if changed:
        rows = [{Candidate.ID: target.id, **target.changes()} for target in changed]
        outcomes |= zip(changed, app.salesforce.update_many(Candidate.API_NAME, rows), strict=True)
    raise_passing(outcomes.values())
    for target in new:
        target.id = outcomes[target].id if outcomes[target].success else ""
    return {target: outcome for target, outcome in outcomes.items() if not outcome.success}


def _is_gone(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.code in GONE


def _add_contact_points(
    app: App, additions: Sequence[tuple[Target, str]], source: str
) -> dict[tuple[Target, str], Outcome]:
    """Created, not upserted: an upsert by key would take the address away from whoever was faster."""
    if not additions:
        return {}
    rows = [_contact_point(target, key, source) for target, key in additions]
    outcomes = app.salesforce.create_many(ContactPoint.API_NAME, rows)
    raise_passing(outcomes)
    return dict(zip(additions, outcomes, strict=True))


def _contact_point(target: Target, key: str, source: str) -> dict[str, Value]:
    address = target.addresses[key]
    field = Candidate.EMAIL if address.kind is ContactKind.EMAIL else Candidate.PHONE
    # An attempt that died may have written the candidate already: then the field stands there.
    primary = target.values.get(field) or target.current.get(field)
    return {
        ContactPoint.CANDIDATE: target.id,
        ContactPoint.KIND: address.kind.value,
        ContactPoint.VALUE: address.value,
        ContactPoint.KEY: key,
        ContactPoint.PRIMARY: primary == address.value,
        ContactPoint.STATUS: ContactStatus.UNCONFIRMED.value,
        ContactPoint.SOURCE: source,
    }


def _owners(app: App, keys: Iterable[str]) -> dict[str, str]:
    """Contact point key -> candidate id."""
    wanted = sorted(keys)
    rows = []
    for start in range(0, len(wanted), 200):
        where = is_in(ContactPoint.KEY, wanted[start : start + 200])
        rows += app.salesforce.query(
            select(ContactPoint.API_NAME, [ContactPoint.KEY, ContactPoint.CANDIDATE], where=where)
        )
    return {str(row[ContactPoint.KEY]): str(row[ContactPoint.CANDIDATE]) for row in rows}
