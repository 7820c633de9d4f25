"""Does what is due: people who should not go on leave, the others get their step and a place for the next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration.campaigns.audience import recipient_of
from integration.drips.leaving import leave
from integration.drips.org import enrollment_row, exited_row, people_of, reasons_to_leave, write
from integration.drips.plan import AT_A_TIME, MINUTES, STATE, Drip, enrollment_pk, entry_of, find, zone_for
from integration.model.schedule import Step, next_due, this_minute
from integration.model.vocabulary import EnrollmentState
from integration.ports import Item, Queue, Record, Value
from integration.records import CampaignEnrollment, Candidate
from integration.sending.control import Leave

if TYPE_CHECKING:
    from integration.app import App

PER_MESSAGE = 20
"""Recipients stand in the message itself, which holds 256 KB."""
HELD_FOR = timedelta(hours=1)
"""A paused drip is looked at again after this long; its people keep their place."""


def run_due(app: "App") -> int:
    """Idempotency key: enrollment and step. Does everything that is due by now; gives how many mails were queued."""
    count = 0
    last = f"{this_minute(app.clock.now())}#~"
    drips: dict[str, Drip | None] = {}
    for minute in list(app.due.query(MINUTES, last=last)):
        items = list(app.due.query(minute["sk"]))
        grouped: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            grouped[item["campaign"]].append(item)
        for campaign, due in grouped.items():
            if campaign not in drips:
                drips[campaign] = find(app, campaign)
            for start in range(0, len(due), AT_A_TIME):
                count += _run(app, campaign, drips[campaign], due[start : start + AT_A_TIME])
        if next(iter(app.due.query(minute["sk"], limit=1)), None) is None:
            app.due.delete(MINUTES, minute["sk"])
    return count


def _run(app: "App", campaign: str, drip: Drip | None, due: Sequence[Item]) -> int:
    """One campaign's people of one minute: leave, wait or get their step."""
    found = app.due.get_many([(enrollment_pk(campaign, item["candidate"]), STATE) for item in due])
    enrolled = {item["candidate"]: item for item in found.values() if item["state"] == EnrollmentState.ACTIVE}
    live = [
        item for item in due if item["candidate"] in enrolled and enrolled[item["candidate"]]["step"] <= item["step"]
    ]
    if drip is not None and drip.control.leave is Leave.PAUSED:
        _wait(app, drip, live)
        _forget(app, due)
        return 0
    states = [enrolled[item["candidate"]] for item in live]
    people = people_of(app, [state["candidate_id"] for state in states])
    leaving = reasons_to_leave(app, drip, states, people)
    staying = [state for state in states if state["candidate"] not in leaving]
    rows = [exited_row(state, leaving[state["candidate"]]) for state in states if state["candidate"] in leaving]
    for state in states:
        if state["candidate"] in leaving:
            leave(app, state, leaving[state["candidate"]])
    if drip is not None:
        numbers = {item["candidate"]: int(item["step"]) for item in live}
        rows += _advance(app, drip, staying, numbers, people)
    write(app, rows)
    _forget(app, due)
    return len(staying)


def _advance(
    app: "App", drip: Drip, states: Sequence[Item], numbers: Mapping[str, int], people: Mapping[str, Record]
) -> list[dict[str, Value]]:
    """Queues the step of each, then writes what is due next."""
    batches: dict[int, list[Record]] = defaultdict(list)
    for state in states:
        batches[numbers[state["candidate"]]].append(people[state["candidate_id"]])
    for number, persons in batches.items():
        queue_step(app, drip, drip.steps[number], persons)
    return [_next(app, drip, state, numbers[state["candidate"]], people[state["candidate_id"]]) for state in states]


def queue_step(app: "App", drip: Drip, step: Step, people: Sequence[Record]) -> None:
    recipients = [recipient_of(person).as_json() for person in people]
    app.queues.send_many(
        Queue.MAIL,
        (
            {
                "campaign": drip.campaign,
                "step": step.id,
                "version": step.version,
                "recipients": recipients[start : start + PER_MESSAGE],
            }
            for start in range(0, len(recipients), PER_MESSAGE)
        ),
    )


def _next(app: "App", drip: Drip, state: Item, number: int, person: Record) -> dict[str, Value]:
    now, following = app.clock.now(), number + 1
    row: dict[str, Value] = {**enrollment_row(state), CampaignEnrollment.STEP: drip.steps[number].id}
    if following == len(drip.steps):
        values: dict[str, Any] = {"step": following, "state": EnrollmentState.DONE}
        row |= {CampaignEnrollment.STATE: EnrollmentState.DONE, CampaignEnrollment.NEXT_STEP_AT: None}
    else:
        joined = datetime.fromisoformat(state["joined"])
        zone = zone_for(drip, str(person.get(Candidate.TIME_ZONE) or ""))
        at = next_due(joined, now, drip.steps, following, drip.control.window, zone)
        entry = entry_of(drip, state["candidate"], following, at)
        app.due.put({"pk": MINUTES, "sk": entry["pk"]})
        app.due.put(entry)
        values = {"step": following, "due_at": at.isoformat(timespec="seconds")}
        row |= {CampaignEnrollment.STATE: EnrollmentState.ACTIVE, CampaignEnrollment.NEXT_STEP_AT: values["due_at"]}
    app.due.update(state["pk"], STATE, values, only_if={"state": EnrollmentState.ACTIVE})
    return row


def _wait(app: "App", drip: Drip, items: Sequence[Item]) -> None:
    """A paused drip keeps its place: the same step, looked at again later."""
    later = app.clock.now() + HELD_FOR
    for item in items:
        entry = entry_of(drip, item["candidate"], int(item["step"]), later)
        app.due.put({"pk": MINUTES, "sk": entry["pk"]})
        app.due.put(entry)


def _forget(app: "App", items: Iterable[Item]) -> None:
    for item in items:
        app.due.delete(item["pk"], item["sk"])
