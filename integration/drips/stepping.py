"""Does what is due: people who should not go on leave, the others get their step and a place for the next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration.campaigns.audience import recipient_of
from integration.drips.enrolling import admit_some
from integration.drips.hearing import heard_of
from integration.drips.leaving import leave, withhold
from integration.drips.org import enrollment_row, exited_row, people_of, reasons_to_leave, write
from integration.drips.picking import pick
from integration.drips.plan import (
    AT_A_TIME,
    MINUTES,
    STATE,
    Drip,
    enrollment_pk,
    find,
    look_at,
    place_of,
    place_values,
    steps_for,
    zone_for,
)
from integration.model.schedule import this_minute
from integration.model.series import Act, Decision, Step, decide, listens
from integration.model.series_words import words
from integration.model.variant import Variant
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
    admit_some(app)
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
    states = [item for item in found.values() if item["state"] == EnrollmentState.ACTIVE]
    if drip is not None and drip.control.leave is Leave.PAUSED:
        for state in states:
            look_at(app, drip, state["candidate"], int(state["step"]), app.clock.now() + HELD_FOR)
        _forget(app, due)
        return 0
    people = people_of(app, [state["candidate_id"] for state in states])
    leaving = reasons_to_leave(app, drip, states, people)
    rows = []
    for state in states:
        if (reason := leaving.get(state["candidate"])) and leave(app, state, reason):
            withhold(app, state, reason)
            rows.append(exited_row(state, reason))
    count = 0
    if drip is not None:
        staying = [state for state in states if state["candidate"] not in leaving]
        count, more = _advance(app, drip, staying, people)
        rows += more
    write(app, rows)
    _forget(app, due)
    return count


def _advance(
    app: "App", drip: Drip, states: Sequence[Item], people: Mapping[str, Record]
) -> tuple[int, list[dict[str, Value]]]:
    """Queues the step of each whose turn it is, then writes where everybody stands."""
    decisions: list[tuple[Item, Sequence[Step], Decision]] = []
    batches: dict[tuple[Step, Variant], list[Record]] = defaultdict(list)
    mails: dict[str, Variant] = {}
    for state in states:
        steps, person = steps_for(app, drip, state), people[state["candidate_id"]]
        heard = heard_of(app, state) if listens(steps) else []
        zone = zone_for(drip, str(person.get(Candidate.TIME_ZONE) or ""))
        decision = decide(steps, place_of(state), heard, app.clock.now(), drip.control.window, zone, state["candidate"])
        decisions.append((state, steps, decision))
        if decision.act is Act.SEND and decision.step is not None:
            mails[state["pk"]] = mail = pick(app, state, decision.step)
            batches[decision.step, mail].append(person)
    for (step, mail), persons in batches.items():
        queue_step(app, drip, step, mail, persons)
    rows = [
        row
        for state, steps, decision in decisions
        if (row := _settle(app, drip, state, steps, decision, mails.get(state["pk"])))
    ]
    return sum(len(persons) for persons in batches.values()), rows


def queue_step(app: "App", drip: Drip, step: Step, mail: Variant, people: Sequence[Record]) -> None:
    """The senders are told of the other variants: who has one of them gets no second."""
    others = [[one.id, one.version] for one in step.variants if one.id != mail.id]
    recipients = [recipient_of(person).as_json() for person in people]
    app.queues.send_many(
        Queue.MAIL,
        (
            {
                "campaign": drip.campaign,
                "step": mail.id,
                "version": mail.version,
                **({"variants": others} if others else {}),
                "recipients": recipients[start : start + PER_MESSAGE],
            }
            for start in range(0, len(recipients), PER_MESSAGE)
        ),
    )


def _settle(
    app: "App", drip: Drip, state: Item, steps: Sequence[Step], decision: Decision, mail: Variant | None
) -> dict[str, Value] | None:
    """Writes one person's place and when to look again; gives what the org is told, None when that is nothing new."""
    place, sent = decision.place, decision.step
    values: dict[str, Any] = place_values(place)
    values["left_out"] = [*state.get("left_out", ()), *(list(one) for one in decision.left_out)]
    row: dict[str, Value] = {**enrollment_row(state), CampaignEnrollment.STATE: EnrollmentState.ACTIVE}
    if mail is not None:
        values |= {"sent_mail": mail.id, "sent_version": mail.version}
        row[CampaignEnrollment.STEP] = mail.id
    if decision.act is Act.END:
        values |= {"state": EnrollmentState.EXITED, "reason": decision.reason}
        row = exited_row(state, decision.reason)
    elif place.number >= len(steps):
        values["state"] = EnrollmentState.DONE
        row[CampaignEnrollment.STATE] = EnrollmentState.DONE
        row |= {CampaignEnrollment.NEXT_STEP_AT: None, CampaignEnrollment.WAITING_FOR: None}
    else:
        at = decision.until if decision.act is Act.WAIT and decision.until else place.due
        look_at(app, drip, state["candidate"], place.number, at)
        values["next_at"] = at.isoformat(timespec="seconds")
        row[CampaignEnrollment.NEXT_STEP_AT] = values["next_at"]
        row[CampaignEnrollment.WAITING_FOR] = words(steps[place.number], place.number + 1)
    same = {"state": EnrollmentState.ACTIVE, "step": state["step"], "plan": state.get("plan")}
    if not app.due.update(state["pk"], STATE, values, only_if=same):
        if mail is not None and sent is not None:
            _had_meanwhile(app, drip, state, sent, mail)
        return None
    quiet = decision.act is Act.WAIT and not decision.left_out and values.get("next_at") == state.get("next_at")
    return None if quiet else row


def _had_meanwhile(app: "App", drip: Drip, state: Item, sent: Step, mail: Variant) -> None:
    """Other steps were applied while this one was queued: they must know that the person has it."""
    now = app.clock.now().isoformat()
    while (fresh := app.due.get(state["pk"], STATE)) is not None:
        had = list(fresh.get("had", ()))
        if sent.id in had:
            return
        values = {"had": [*had, *sent.ids], "sent": now, "sent_step": sent.id}
        values |= {"sent_mail": mail.id, "sent_version": mail.version}
        if app.due.update(state["pk"], STATE, values, only_if={"had": had if "had" in fresh else None}):
            look_at(app, drip, state["candidate"], int(fresh["step"]), app.clock.now())
            return


def _forget(app: "App", items: Iterable[Item]) -> None:
    for item in items:
        app.due.delete(item["pk"], item["sk"])
