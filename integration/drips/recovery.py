"""After an unclean stop: the last step of everybody once more."""

from collections import defaultdict
from typing import TYPE_CHECKING

from integration.drips.org import people_of
from integration.drips.plan import AT_A_TIME, STATE, Drip, all_running, enrolled_pk, enrollment_pk, steps_for
from integration.drips.stepping import queue_step
from integration.model.series import Step
from integration.model.variant import Variant
from integration.ports import Item, Record

if TYPE_CHECKING:
    from integration.app import App


def recover(app: "App") -> int:
    """After an unclean stop: queues the last step of each enrollment again; what went is in the ledger."""
    count = 0
    for drip in all_running(app):
        keys = [str(item["sk"]) for item in app.due.query(enrolled_pk(drip.campaign))]
        for start in range(0, len(keys), AT_A_TIME):
            count += _queue_last(app, drip, keys[start : start + AT_A_TIME])
    return count


def _queue_last(app: "App", drip: Drip, keys: list[str]) -> int:
    found = app.due.get_many([(enrollment_pk(drip.campaign, key), STATE) for key in keys])
    states = [state for state in found.values() if state.get("sent_step")]
    people = people_of(app, [str(state["candidate_id"]) for state in states])
    batches: dict[tuple[Step, Variant], list[Record]] = defaultdict(list)
    for state in states:
        if person := people.get(str(state["candidate_id"])):
            batches[_sent(app, drip, state)].append(person)
    for (step, mail), persons in batches.items():
        queue_step(app, drip, step, mail, persons)
    return len(states)


def _sent(app: "App", drip: Drip, state: Item) -> tuple[Step, Variant]:
    """The step that somebody got last and the mail of it, as they were then."""
    lead, mail = str(state["sent_step"]), str(state.get("sent_mail") or state["sent_step"])
    known = next((step for step in steps_for(app, drip, state) if step.id == lead), None)
    version = str(state["sent_version"])
    step = known if known and mail in known.ids else Step(mail, version, 0)
    return step, Variant(mail, version, "", 100.0)
