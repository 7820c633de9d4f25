"""After an unclean stop: the last step of everybody once more."""

from collections import defaultdict
from typing import TYPE_CHECKING

from integration.drips.org import people_of
from integration.drips.plan import AT_A_TIME, STATE, Drip, all_running, enrollment_pk
from integration.drips.stepping import queue_step
from integration.ports import Record

if TYPE_CHECKING:
    from integration.app import App


def recover(app: "App") -> int:
    """After an unclean stop: queues the last step of each enrollment again; what went is in the ledger."""
    count = 0
    for drip in all_running(app):
        items = [
            item
            for item in app.due.query(f"enrolled#{drip.campaign}")
            if (state := app.due.get(enrollment_pk(drip.campaign, item["sk"]), STATE)) and int(state["step"]) > 0
        ]
        keys = [str(item["sk"]) for item in items]
        for start in range(0, len(keys), AT_A_TIME):
            count += _queue_last(app, drip, keys[start : start + AT_A_TIME])
    return count


def _queue_last(app: "App", drip: Drip, keys: list[str]) -> int:
    states = app.due.get_many([(enrollment_pk(drip.campaign, key), STATE) for key in keys])
    people = people_of(app, [str(state["candidate_id"]) for state in states.values()])
    batches: dict[int, list[Record]] = defaultdict(list)
    for state in states.values():
        if person := people.get(str(state["candidate_id"])):
            batches[int(state["step"]) - 1].append(person)
    for number, persons in batches.items():
        queue_step(app, drip, drip.steps[number], persons)
    return len(states)
