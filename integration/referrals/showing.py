"""What a person may know of those they recommended: nothing that the other has not agreed to have told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integration.model.stage import in_words
from integration.model.vocabulary import Stage
from integration.records import Application, Candidate, JobRequisition, Referral, parent
from integration.referrals.inviting import invitations, left_today
from integration.referrals.programme import programme
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

INVITED, CAME, APPLIED, IN_PROCESS, HIRED, OVER = (
    "Invited",
    "Came by your link",
    "Applied",
    "In process",
    "Hired",
    "No longer in process",
)
_FIRST = parent(Referral.CANDIDATE, Candidate.FIRST_NAME)
_TITLE = parent(Referral.REQUISITION, JobRequisition.TITLE)


def collected(app: App, candidate_id: str, candidate_key: str) -> dict[str, Any]:
    """Channel of the programme (blank: there is none), invitations left, and one line for each person."""
    terms = programme(app)
    invited = [
        {
            "name": str(item["name"]),
            "job": str(item.get("job", "")),
            "at": str(item["at"]),
            "state": INVITED,
            "bonus": "",
        }
        for item in invitations(app, candidate_key)
        if not item.get("came")
    ]
    return {
        "channel": terms.channel,
        "left": left_today(app, candidate_key),
        "people": [*invited, *_agreed(app, candidate_id)],
    }


def _agreed(app: App, candidate_id: str) -> list[dict[str, str]]:
    fields = [Referral.CANDIDATE, _FIRST, _TITLE, Referral.REFERRED_AT, Referral.BONUS_STATE, Referral.REQUISITION]
    where = both(equals(Referral.REFERRER, candidate_id), equals(Referral.SHARED, True))
    rows = app.salesforce.query(select(Referral.API_NAME, fields, where=where, order_by=[Referral.REFERRED_AT]))
    people = {str(row[Referral.CANDIDATE]) for row in rows if row[Referral.CANDIDATE]}
    stages = _stages(app, people)
    return [
        {
            "name": str(row[_FIRST] or ""),
            "job": str(row[_TITLE] or ""),
            "at": str(row[Referral.REFERRED_AT] or ""),
            "state": _state(stages, str(row[Referral.CANDIDATE]), str(row[Referral.REQUISITION] or "")),
            "bonus": str(row[Referral.BONUS_STATE] or ""),
        }
        for row in rows
        if row[Referral.CANDIDATE] and row[Referral.CANDIDATE] != candidate_id
    ]


def _stages(app: App, people: set[str]) -> dict[tuple[str, str], Stage]:
    """(candidate, requisition) -> stage."""
    if not people:
        return {}
    fields = [Application.CANDIDATE, Application.REQUISITION, Application.STAGE]
    rows = app.salesforce.query(select(Application.API_NAME, fields, where=is_in(Application.CANDIDATE, people)))
    return {
        (str(row[Application.CANDIDATE]), str(row[Application.REQUISITION])): Stage(str(row[Application.STAGE]))
        for row in rows
        if row[Application.STAGE] in set(Stage)
    }


def _state(stages: dict[tuple[str, str], Stage], candidate: str, requisition: str) -> str:
    """Of the job that was recommended; without one, of the furthest application."""
    own = [stage for (who, job), stage in stages.items() if who == candidate and requisition in ("", job)]
    if Stage.HIRED in own:
        return HIRED
    open_ones = [stage for stage in own if in_words(stage.value).is_open]
    if not own:
        return CAME
    if not open_ones:
        return OVER
    return APPLIED if set(open_ones) == {Stage.APPLIED} else IN_PROCESS
