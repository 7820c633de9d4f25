"""Mails of which nobody knows whether they went: listed on the campaign, and sent again only when a person says so."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import log, soql
from integration.campaigns.audience import PERSON, recipient_in, recipient_of
from integration.errors import Rejected
from integration.model.ledger import State
from integration.model.vocabulary import CampaignKind, EnrollmentState
from integration.ports import Item, Queue, Value
from integration.records import CampaignEnrollment, Candidate
from integration.sending import control
from integration.sending.control import Leave
from integration.sending.counting import ledger_rows, plan_of
from integration.sending.recipients import Recipient
from integration.sending.recovery import RUNNING

if TYPE_CHECKING:
    from integration.app import App

PER_MESSAGE = 20
WATCHED = timedelta(hours=1)
"""How long a campaign is counted again after its mails were sent again."""
LISTED = "listed"
LEFT = "left"


def show(app: "App", campaign: str) -> int:
    """Idempotency key: campaign and candidate. Lists each held mail on the campaign once; gives how many there are."""
    plan = plan_of(app, campaign) or {"steps": ()}
    fresh = [row for _, row in _held(app, campaign, plan) if not row.get(LISTED)]
    is_blast = plan.get("kind") != CampaignKind.DRIP
    if fresh:
        _write(app, campaign, {str(row["candidate_id"]): _listed(row, is_blast=is_blast) for row in fresh})
        for row in fresh:
            app.sends.update(row["pk"], row["sk"], {LISTED: True}, only_if={"state": State.IN_DOUBT})
    return len(fresh)


def send_again(app: "App", campaign: str) -> str:
    """Key: the row and its number of attempts. At most one more copy of each listed mail, however often it runs."""
    plan = _plan(app, campaign)
    groups: dict[tuple[str, str, int], list[Recipient]] = defaultdict(list)
    rows = list(_held(app, campaign, plan))
    people = _people(app, campaign, plan, rows)
    for step, row in rows:
        number = int(row.get("again") or 0) + 1
        if recipient := people.get((str(step["id"]), str(row["sk"]))):
            wanted = {"again_wanted": number}
            allowed = {"state": State.IN_DOUBT, "again": row.get("again")}
            if app.sends.update(row["pk"], row["sk"], wanted, only_if=allowed):
                groups[str(step["id"]), str(step["version"]), number].append(recipient)
    until = (app.clock.now() + WATCHED).isoformat()
    app.sends.put({"pk": control.campaign_pk(campaign), "sk": control.AGAIN, "until": until})
    app.sends.put({"pk": RUNNING, "sk": campaign})  # a campaign that is done is counted once more
    app.queues.send_many(Queue.MAIL, _messages(campaign, groups))
    count = sum(len(group) for group in groups.values())
    _write(app, campaign, {one.id: _settled("Sent again by a person") for group in groups.values() for one in group})
    log.event("mails.sent_again", campaign=campaign, count=count)
    lost = len(rows) - count
    return f"{count:,} are sent once more." + (f" {lost:,} cannot be: their candidate is gone." if lost else "")


def leave(app: "App", campaign: str) -> str:
    """Key: the row. Nothing more is sent; the mails stay counted as in doubt and are listed no longer."""
    plan = plan_of(app, campaign) or {"steps": ()}
    left = []
    for _, row in _held(app, campaign, plan):
        if app.sends.update(row["pk"], row["sk"], {LEFT: True, LISTED: True}, only_if={"state": State.IN_DOUBT}):
            left.append(row)
    _write(app, campaign, {str(row["candidate_id"]): _settled("Left in doubt by a person") for row in left})
    return f"{len(left):,} are left as they are: nobody knows whether they went, and nothing more is sent."


def _plan(app: "App", campaign: str) -> Item:
    plan = plan_of(app, campaign)
    if plan is None or control.state_of(app, campaign)[0] is Leave.CANCELLED:
        raise Rejected("Nothing is sent any more: the campaign was cancelled or never launched.", field="Status")
    return plan


def _held(app: "App", campaign: str, plan: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Item]]:
    for step in plan.get("all_steps") or plan["steps"]:
        for row in ledger_rows(app, campaign, str(step["id"]), str(step["version"])):
            if row.get("state") == State.IN_DOUBT and not row.get(LEFT):
                yield step, row


def _people(
    app: "App", campaign: str, plan: Item, rows: list[tuple[Mapping[str, Any], Item]]
) -> dict[tuple[str, str], Recipient]:
    """Of a blast the line that was frozen, of a drip the record as it is."""
    found: dict[tuple[str, str], Recipient] = {}
    if plan.get("kind") != CampaignKind.DRIP:
        for step, row in rows:
            one = recipient_in(app, campaign, plan, str(row["sk"]))
            if one is not None:
                found[str(step["id"]), one.key] = one
        return found
    ids = sorted({str(row["candidate_id"]) for _, row in rows})
    where = soql.is_in(Candidate.ID, ids)
    records = app.salesforce.query(soql.select(Candidate.API_NAME, PERSON, where=where)) if ids else []
    by_key = {str(one[Candidate.CANDIDATE_KEY]): recipient_of(one) for one in records if one[Candidate.EMAIL]}
    return {(str(step["id"]), key): by_key[key] for step, row in rows if (key := str(row["sk"])) in by_key}


def _messages(campaign: str, groups: Mapping[tuple[str, str, int], list[Recipient]]) -> Iterator[dict[str, Any]]:
    for (step, version, number), people in groups.items():
        for start in range(0, len(people), PER_MESSAGE):
            part = [one.as_json() for one in people[start : start + PER_MESSAGE]]
            yield {"campaign": campaign, "step": step, "version": version, "again": number, "recipients": part}


def _listed(row: Item, *, is_blast: bool) -> dict[str, Value]:
    at = str(row.get("at", ""))[:16].replace("T", " ")
    words = f"In doubt: no answer and no event since {at} UTC. Send again or Leave it."
    held: dict[str, Value] = {CampaignEnrollment.STATE: EnrollmentState.HELD} if is_blast else {}
    return {**held, CampaignEnrollment.EXIT_REASON: words}


def _settled(words: str) -> dict[str, Value]:
    return {CampaignEnrollment.EXIT_REASON: words}


def _write(app: "App", campaign: str, values: Mapping[str, dict[str, Value]]) -> None:
    rows = [
        {
            CampaignEnrollment.KEY: f"{campaign}|{candidate}",
            CampaignEnrollment.CAMPAIGN: campaign,
            CampaignEnrollment.CANDIDATE: candidate,
            **fields,
        }
        for candidate, fields in values.items()
        if candidate
    ]
    for outcome in (
        app.salesforce.upsert_many(CampaignEnrollment.API_NAME, CampaignEnrollment.KEY, rows) if rows else ()
    ):
        if not outcome.success:
            log.event("enrollment.refused", code=outcome.code)
