"""What the org knows of people in a drip, and what it is told of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from integration import log, soql
from integration.campaigns.audience import PERSON, why_left_out
from integration.drips.plan import Drip
from integration.model.series import asked
from integration.model.signal import SignalKind
from integration.model.vocabulary import EnrollmentState, MembershipState, Stage
from integration.ports import Item, Record, Value
from integration.records import Application, CampaignEnrollment, Candidate, PoolMembership
from integration.sending import suppressed_among

if TYPE_CHECKING:
    from integration.app import App


def people_of(app: "App", candidates: Sequence[str]) -> dict[str, Record]:
    if not candidates:
        return {}
    rows = app.salesforce.query(soql.select(Candidate.API_NAME, PERSON, where=soql.is_in(Candidate.ID, candidates)))
    return {str(row[Candidate.ID]): row for row in rows}


def _members(app: "App", drip: Drip, candidates: Sequence[str]) -> set[str]:
    """Those who still are in an included pool and in no excluded one."""
    rows = _states(app, candidates, drip.included | drip.excluded)
    outside = {candidate for candidate, pool in rows if pool in drip.excluded}
    return {candidate for candidate, pool in rows if pool in drip.included} - outside


def excluded_among(app: "App", drip: Drip, candidates: Sequence[str]) -> set[str]:
    return {candidate for candidate, _ in _states(app, candidates, drip.excluded)} if drip.excluded else set()


def _states(app: "App", candidates: Sequence[str], pools: Iterable[str]) -> list[tuple[str, str]]:
    """(candidate, pool) of present members."""
    if not candidates:
        return []
    where = soql.both(
        soql.is_in(PoolMembership.CANDIDATE, candidates),
        soql.is_in(PoolMembership.POOL, pools),
        soql.equals(PoolMembership.STATE, MembershipState.MEMBER),
    )
    fields = [PoolMembership.CANDIDATE, PoolMembership.POOL]
    rows = app.salesforce.query(soql.select(PoolMembership.API_NAME, fields, where=where))
    return [(str(row[PoolMembership.CANDIDATE]), str(row[PoolMembership.POOL])) for row in rows]


def _applied(app: "App", drip: Drip, candidates: Sequence[str]) -> dict[str, str]:
    """Who applied since (to the campaign's job, if it has one) or was hired."""
    if not candidates:
        return {}
    rows = app.salesforce.query(
        soql.select(
            Application.API_NAME,
            [Application.CANDIDATE, Application.REQUISITION, Application.STAGE],
            where=soql.is_in(Application.CANDIDATE, candidates),
        )
    )
    reasons = {}
    for row in rows:
        if row[Application.STAGE] == Stage.HIRED:
            reasons[str(row[Application.CANDIDATE])] = "Hired"
        elif (
            drip.requisition
            and SignalKind.APPLIED not in asked(drip.steps)
            and row[Application.REQUISITION] == drip.requisition
        ):
            reasons.setdefault(str(row[Application.CANDIDATE]), "Applied")
    return reasons


def reasons_to_leave(
    app: "App", drip: Drip | None, states: Sequence[Item], people: Mapping[str, Record]
) -> dict[str, str]:
    """Candidate key -> why this person gets nothing more."""
    if drip is None:
        return {state["candidate"]: "The campaign was cancelled" for state in states}
    now = app.clock.now()
    candidates = [state["candidate_id"] for state in states]
    members, applied = _members(app, drip, candidates), _applied(app, drip, candidates)
    # Whom somebody chose needs no pool; an excluded one still ends the drip.
    if chosen := [state["candidate_id"] for state in states if state.get("chosen")]:
        members |= set(chosen) - excluded_among(app, drip, chosen)
    stopped = suppressed_among(app, [state["candidate"] for state in states])
    leaving = {}
    for state in states:
        person = people.get(state["candidate_id"])
        if person is None:
            reason = "The candidate was deleted"
        elif state["candidate"] in stopped:
            reason = "Unsubscribed"
        elif state["candidate_id"] in applied:
            reason = applied[state["candidate_id"]]
        elif state["candidate_id"] not in members:
            reason = "Left the pool"
        else:
            left_out = why_left_out(person, now)
            reason = f"Such people {left_out}" if left_out else ""
        if reason:
            leaving[state["candidate"]] = reason
    return leaving


def exited_row(state: Item, reason: str) -> dict[str, Value]:
    return {
        **enrollment_row(state),
        CampaignEnrollment.STATE: EnrollmentState.EXITED,
        CampaignEnrollment.EXIT_REASON: reason,
        CampaignEnrollment.NEXT_STEP_AT: None,
        CampaignEnrollment.WAITING_FOR: None,
    }


def enrollment_row(state: Item) -> dict[str, Value]:
    """Key and lookups, so that an upsert also makes a row that was never written."""
    return {
        CampaignEnrollment.KEY: f"{state['campaign']}|{state['candidate_id']}",
        CampaignEnrollment.CAMPAIGN: state["campaign"],
        CampaignEnrollment.CANDIDATE: state["candidate_id"],
    }


def write(app: "App", rows: Sequence[Mapping[str, Value]]) -> None:
    """The org's picture of the enrollments; a row that is refused is told and does not hold up the others."""
    if not rows:
        return
    for outcome in app.salesforce.upsert_many(CampaignEnrollment.API_NAME, CampaignEnrollment.KEY, rows):
        if not outcome.success:
            log.event("enrollment.refused", code=outcome.code)
