"""After an unclean stop: everything that was on its way is queued once more. The ledger keeps it from going twice."""

from typing import TYPE_CHECKING

from integration import log
from integration.ports import Item, Queue
from integration.sending.control import campaign_pk
from integration.sending.counting import plan_of

if TYPE_CHECKING:
    from integration.app import App


def chunk_names(plan: Item) -> list[str]:
    """The chunks of a frozen audience: its hash, so that no two freezes mix, and a number."""
    return [f"{plan['audience_hash'][:12]}-{number:05}" for number in range(int(plan["chunks"]))]


def chunk_messages(campaign: str, plan: Item, use: str = "") -> list[Item]:
    """A message for each chunk that may go: of an audience with variants the rest only once `use` is decided."""
    lead, names = plan["steps"][0], chunk_names(plan)
    if "parts" not in plan:
        return [
            {"campaign": campaign, "step": lead["id"], "version": lead["version"], "chunk": chunk} for chunk in names
        ]
    versions = {str(one["id"]): str(one["version"]) for one in lead["variants"]}
    found, start = [], 0
    for part in plan["parts"]:
        step, some = part["step"] or use, names[start : start + int(part["chunks"])]
        start += int(part["chunks"])
        if not step:
            continue
        whole = {
            "campaign": campaign,
            "step": step,
            "version": versions[step],
            "frozen_as": [lead["id"], lead["version"]],
        }
        whole["variants"] = [[one, version] for one, version in versions.items() if one != step]
        found += [{**whole, "chunk": chunk} for chunk in some]
    return found


def variants_sk(step: Item) -> str:
    """Where the decision between the variants of a step stands; other versions of them are another test."""
    return "variants#" + "+".join(f"{one['id']}-v{one['version']}" for one in step.get("variants", ()))


RUNNING = "running"
"""Partition that lists the campaigns in progress; sort key is the campaign's id."""


def running(app: "App") -> list[str]:
    """The ids of all campaigns that were launched and are not over."""
    return [str(item["sk"]) for item in app.sends.query(RUNNING)]


def recover(app: "App") -> int:
    """Queues every chunk that is not known to be done, and the last step of everybody in a drip.

    Gives how many; queueing one twice does no harm.
    """
    from integration import drips  # drips send, so they know this package

    count = drips.recover(app)
    for campaign in running(app):
        plan = plan_of(app, campaign)
        if plan is None or "chunks" not in plan:
            continue
        done = {item["sk"] for item in app.sends.query(campaign_pk(campaign), prefix="chunk#") if item["done"]}
        decided = app.sends.get(campaign_pk(campaign), variants_sk(plan["steps"][0])) or {}
        missing = [
            message
            for message in chunk_messages(campaign, plan, str(decided.get("use", "")))
            if f"chunk#{message['step']}-v{message['version']}#{message['chunk']}" not in done
        ]
        app.queues.send_many(Queue.MAIL, missing)
        count += len(missing)
        log.event("campaign.recovered", campaign=campaign, chunks=len(missing))
    return count
