"""Takes people who wait over to the newest version of a drip."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from integration.drips.org import enrollment_row, people_of, write
from integration.drips.plan import STATE, Drip, look_at, place_of, place_values, steps_for, zone_for
from integration.model.revision import moved
from integration.model.series_words import words
from integration.model.vocabulary import EnrollmentState
from integration.ports import Item, Value
from integration.records import CampaignEnrollment, Candidate

if TYPE_CHECKING:
    from integration.app import App


def take_over(app: "App", drip: Drip, states: Sequence[Item]) -> int:
    """Key: enrollment and version. Gives how many were taken over; who is through or gone meanwhile is not."""
    people = people_of(app, [state["candidate_id"] for state in states])
    rows = []
    for state in states:
        person = people.get(state["candidate_id"], {})
        if row := _take_over(app, drip, state, zone_for(drip, str(person.get(Candidate.TIME_ZONE) or ""))):
            rows.append(row)
    write(app, rows)
    return len(rows)


def _take_over(app: "App", drip: Drip, state: Item, zone: tzinfo) -> dict[str, Value] | None:
    fresh: Item | None = state
    while fresh is not None and fresh["state"] == EnrollmentState.ACTIVE and int(fresh.get("plan", 1)) != drip.number:
        place = moved(steps_for(app, drip, fresh), drip.steps, place_of(fresh), drip.control.window, zone)
        # Listed first: somebody who is looked at once too often is only looked at.
        look_at(app, drip, fresh["candidate"], place.number, place.due)
        values = {**place_values(place), "plan": drip.number, "next_at": None}
        same = {"state": EnrollmentState.ACTIVE, "step": fresh["step"], "plan": fresh.get("plan")}
        if app.due.update(fresh["pk"], STATE, values, only_if=same):
            row: dict[str, Value] = {**enrollment_row(fresh), CampaignEnrollment.SERIES_VERSION: drip.number}
            if place.number < len(drip.steps):
                row[CampaignEnrollment.NEXT_STEP_AT] = values["due_at"]
                row[CampaignEnrollment.WAITING_FOR] = words(drip.steps[place.number], place.number + 1)
            return row
        fresh = app.due.get(fresh["pk"], STATE)
    return None
