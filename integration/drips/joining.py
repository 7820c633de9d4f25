"""Takes people into one drip because somebody chose them, whatever pools they are in; and out again before any mail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from integration import log
from integration.campaigns.audience import why_left_out
from integration.drips.enrolling import _enrol_one
from integration.drips.leaving import leave
from integration.drips.org import enrollment_row, excluded_among, exited_row, people_of, write
from integration.drips.plan import STATE, Drip, enrollment_pk, find
from integration.errors import Rejected
from integration.model.vocabulary import EnrollmentState
from integration.ports import Item, Record
from integration.records import CampaignEnrollment, Candidate
from integration.sending import suppressed_among

if TYPE_CHECKING:
    from integration.app import App

CHOSEN = "chosen"
"""On the enrollment: somebody chose the person, so that not being in a pool of the campaign ends nothing."""
TAKEN_OUT = "Taken out before the first mail"


@dataclass(frozen=True)
class Enrolled:
    """What became of each candidate id."""

    added: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    """Who is or was in this drip."""
    refused: dict[str, str] = field(default_factory=dict)


def enrol_people(app: "App", campaign_id: str, candidate_ids: Sequence[str]) -> Enrolled:
    """Key: campaign and candidate; nobody is enrolled twice. Refuses those who may not be mailed, with the reason."""
    drip = running_drip(app, campaign_id)
    people = people_of(app, candidate_ids)
    refused = {one: "was deleted meanwhile" for one in candidate_ids if one not in people}
    refused |= _refused(app, drip, people)
    there = set(standing(app, campaign_id, people))
    now = app.clock.now()
    added = []
    for one, person in people.items():
        if one in there or one in refused:
            continue
        if item := _enrol_one(app, drip, person, now):
            added.append(item)
        pk = enrollment_pk(campaign_id, str(person[Candidate.CANDIDATE_KEY]))
        app.due.update(pk, STATE, {CHOSEN: True}, only_if={"state": EnrollmentState.ACTIVE})
    write(
        app,
        [
            {
                **enrollment_row(item),
                CampaignEnrollment.STATE: EnrollmentState.ACTIVE,
                CampaignEnrollment.ENROLLED_AT: now.isoformat(timespec="seconds"),
                CampaignEnrollment.NEXT_STEP_AT: item["due_at"],
                CampaignEnrollment.EXIT_REASON: None,
            }
            for item in added
        ],
    )
    log.event("candidates.chosen_for_drip", campaign=campaign_id, count=len(added), refused=len(refused))
    return Enrolled(tuple(item["candidate_id"] for item in added), tuple(sorted(there)), refused)


def withdraw_people(app: "App", campaign_id: str, candidate_ids: Sequence[str]) -> list[str]:
    """Key: campaign and candidate. Takes out whom no mail was queued for yet; they may be enrolled another time."""
    people = people_of(app, candidate_ids)
    out = []
    for item in standing(app, campaign_id, people).values():
        if not item.get(CHOSEN) or int(item["step"]) > 0 or not leave(app, item, TAKEN_OUT):
            continue
        out.append(item)
    write(app, [exited_row(item, TAKEN_OUT) for item in out])
    for item in out:
        app.due.delete(f"enrolled#{campaign_id}", item["candidate"])
        app.due.delete(item["pk"], STATE)
    return [item["candidate_id"] for item in out]


def running_drip(app: "App", campaign_id: str) -> Drip:
    """Raises Rejected for a blast, and for a drip that was not launched or is over."""
    if (drip := find(app, campaign_id)) is None:
        raise Rejected("The campaign is no drip under way. Launch it first, or choose another one.", field="Target")
    return drip


def standing(app: "App", campaign_id: str, people: dict[str, Record]) -> dict[str, Item]:
    """The enrollments that stand, by candidate id."""
    keys = {str(person[Candidate.CANDIDATE_KEY]): one for one, person in people.items()}
    found = app.due.get_many([(enrollment_pk(campaign_id, key), STATE) for key in keys if key])
    return {keys[item["candidate"]]: item for item in found.values()}


def _refused(app: "App", drip: Drip, people: dict[str, Record]) -> dict[str, str]:
    now = app.clock.now()
    stopped = suppressed_among(app, [str(person[Candidate.CANDIDATE_KEY] or "") for person in people.values()])
    left_out = excluded_among(app, drip, list(people)) if people else set()
    refused = {}
    for one, person in people.items():
        if why := why_left_out(person, now):
            refused[one] = f"belongs to those who {why}"
        elif person[Candidate.CANDIDATE_KEY] in stopped:
            refused[one] = "has asked for no mail, or no mail reaches them"
        elif one in left_out:
            refused[one] = "is in a pool that the campaign leaves out"
    return refused
