"""Decides between the variants of a step: once, at a moment that follows from the mails that went, and for good."""

from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from integration import log, soql
from integration.model.experiment import Count, Outcome, Verdict, decided
from integration.model.fold import fold
from integration.model.ledger import SENT, all_shards
from integration.model.verdict import SETTLED_AFTER, Watch, time_of
from integration.model.vocabulary import CampaignKind, DecidedBy
from integration.ports import Item, Queue, Value
from integration.records import Application, CampaignStep
from integration.sending.control import Leave, campaign_pk, state_of
from integration.sending.counting import PLAN, ledger_rows
from integration.sending.recovery import chunk_messages, variants_sk

if TYPE_CHECKING:
    from integration.app import App

ON_ITS_WAY = timedelta(minutes=10)
"""So long after the moment of decision an event of before may still arrive, and its verdict settle."""


def look(app: "App", campaign: str, plan: Item) -> None:
    """Key: step. Decides when it is time; a decision that stands is only carried out."""
    for step in _tested(app, campaign, plan):
        place = campaign_pk(campaign), variants_sk(step)
        item = app.sends.get(*place) or {}
        if "use" not in item and (values := _decision(app, campaign, plan, step, item)):
            if app.sends.update(*place, values, only_if={"use": None}):
                log.event("variants.decided", campaign=campaign, outcome=values["outcome"])
            item = app.sends.get(*place) or {}
        if "use" in item and "done" not in item and state_of(app, campaign)[0] is not Leave.CANCELLED:
            if plan["kind"] != CampaignKind.DRIP:
                _let_go(app, campaign, plan, str(item["use"]))
            _tell(app, step, item)
            app.sends.update(*place, {"done": True})


def _tested(app: "App", campaign: str, plan: Item) -> list[Item]:
    """The steps with variants: of a drip also those of versions that people still run on."""
    steps = [step for step in plan["steps"] if "variants" in step]
    if plan["kind"] == CampaignKind.DRIP:
        older = app.sends.query(campaign_pk(campaign), prefix=f"{PLAN}#")
        steps += [step for version in older for step in version["steps"] if "variants" in step]
    return list({variants_sk(step): step for step in reversed(steps)}.values())


def _decision(app: "App", campaign: str, plan: Item, step: Item, item: Item) -> dict[str, Any] | None:
    """None: it is not time yet. The moment is fixed by the mails alone, before anybody looks at what came of them."""
    test, now = plan["test"], app.clock.now()
    if "moment" not in item:
        if not _is_tested(app, campaign, plan, step):
            return None
        moment = now + timedelta(hours=float(test["hours"]))
        place = campaign_pk(campaign), variants_sk(step)
        app.sends.update(*place, {"sampled": now.isoformat(), "moment": moment.isoformat()}, only_if={"moment": None})
        item = app.sends.get(*place) or {}
    people = {one["id"]: _got(app, campaign, one, item["sampled"]) for one in step["variants"]}
    moment = datetime.fromisoformat(item["moment"])
    too_few = min(len(keys) for keys in people.values()) < int(test["least"])
    if too_few:
        moment = min(moment, now)  # the test is over, so waiting brings nobody
    elif now < moment + SETTLED_AFTER + ON_ITS_WAY:
        return None
    by_clicks = test["by"] != DecidedBy.APPLICATIONS
    hits = _clicked(app, campaign, people, moment) if by_clicks else _applied(app, people, moment)
    counts = [Count(one["variant"], len(people[one["id"]]), hits[one["id"]]) for one in step["variants"]]
    verdict = decided(counts, int(test["least"]))
    return {
        "use": step["variants"][verdict.use]["id"],
        "outcome": verdict.outcome,
        "counts": [[count.variant, count.people, count.hits] for count in counts],
        "decided_at": now.isoformat(),
        "words": in_words(verdict, counts, test, moment),
    }


def _is_tested(app: "App", campaign: str, plan: Item, step: Item) -> bool:
    """Whether everybody of the test has got a mail, or will not get one; of a drip, whether each variant went enough.

    Only mails are counted here: a moment that followed from what came of them would find winners in noise.
    """
    if plan["kind"] == CampaignKind.DRIP:
        least = int(plan["test"]["least"])
        return all(_went(app, campaign, one, least) for one in step["variants"])
    done = [item for item in app.sends.query(campaign_pk(campaign), prefix="chunk#") if item["done"]]
    return len(done) >= sum(int(part["chunks"]) for part in plan["parts"] if part["step"])


def _went(app: "App", campaign: str, variant: Item, least: int) -> bool:
    rows = ledger_rows(app, campaign, str(variant["id"]), str(variant["version"]))
    return sum(1 for _ in islice((row for row in rows if row["state"] in SENT), least)) == least


def _got(app: "App", campaign: str, variant: Item, until: str) -> dict[str, Item]:
    """Candidate key -> row, of those who got a variant."""
    rows = ledger_rows(app, campaign, str(variant["id"]), str(variant["version"]))
    return {str(row["sk"]): row for row in rows if row["state"] in SENT and row["at"] <= until}


def _clicked(app: "App", campaign: str, people: dict[str, dict[str, Item]], moment: datetime) -> dict[str, int]:
    """Of the people of each variant, how many clicked by the moment, as it was judged when it had settled."""
    from integration import rollup  # it tells drips, which know this package

    settled = moment + SETTLED_AFTER
    whole = Watch()
    for shard in all_shards():
        watch = Watch()
        fold(
            (one for one in rollup.raw_events(app, campaign, shard) if time_of(one) <= moment), watch=watch, now=settled
        )
        whole.add(watch)
    crowds, hits = whole.crowds(), dict.fromkeys(people, 0)
    for shard in all_shards():
        events = [one for one in rollup.raw_events(app, campaign, shard) if time_of(one) <= moment]
        for mail, counts in fold(events, crowds=crowds, now=settled).mails.items():
            key, step, _ = mail.split("|")
            hits[step] = hits.get(step, 0) + (counts["human_clicks"] > 0 and key in people.get(step, ()))
    return hits


def _applied(app: "App", people: dict[str, dict[str, Item]], moment: datetime) -> dict[str, int]:
    """Of the people of each variant, how many applied between their mail and the moment."""
    begun = min((str(row["at"]) for rows in people.values() for row in rows.values()), default=moment.isoformat())
    where = soql.both(
        soql.compare(Application.APPLIED_AT, ">=", datetime.fromisoformat(begun)),
        soql.compare(Application.APPLIED_AT, "<=", moment),
    )
    fields = [Application.CANDIDATE, Application.APPLIED_AT]
    applied: dict[str, datetime] = {}
    for row in app.salesforce.rows(soql.select(Application.API_NAME, fields, where=where)):
        at = datetime.fromisoformat(str(row[Application.APPLIED_AT]).replace("+0000", "+00:00"))
        applied[str(row[Application.CANDIDATE])] = max(at, applied.get(str(row[Application.CANDIDATE]), at))
    return {
        step: sum(
            str(row["candidate_id"]) in applied
            and applied[str(row["candidate_id"])] >= datetime.fromisoformat(row["at"])
            for row in rows.values()
        )
        for step, rows in people.items()
    }


def in_words(verdict: Verdict, counts: list[Count], test: Item, moment: datetime) -> str:
    """What was decided and on what, for the step's record."""
    numbers = ", ".join(
        f"{count.variant} {count.hits:,} of {count.people:,} ({100 * count.rate:.1f} %)" for count in counts
    )
    use = counts[verdict.use].variant
    ends = {
        Outcome.WINNER: f"{use} won (chance of such a lead without a difference: {100 * verdict.p:.2g} %).",
        Outcome.NO_DIFFERENCE: f"No difference that could not be chance; {use} is used, which is no proof for it.",
        Outcome.TOO_FEW: f"Not enough people: {int(test['least']):,} per variant were wanted. {use} is used.",
    }
    at = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"{ends[verdict.outcome]} {test['by']} by {at}: {numbers}. What comes later does not change this."


def _let_go(app: "App", campaign: str, plan: Item, use: str) -> None:
    """The rest of a blast's audience. Whatever is repeated here does no harm."""
    tested = {message["chunk"] for message in chunk_messages(campaign, plan)}
    rest = [message for message in chunk_messages(campaign, plan, use) if message["chunk"] not in tested]
    app.queues.send_many(Queue.MAIL, rest)


def _tell(app: "App", step: Item, item: Item) -> None:
    """What was decided, on the record of each variant."""
    rows: list[dict[str, Value]] = [
        {
            CampaignStep.ID: one["id"],
            CampaignStep.WINNER: one["id"] == item["use"] and item["outcome"] == Outcome.WINNER,
            CampaignStep.VARIANT_RESULT: str(item["words"]),
        }
        for one in step["variants"]
    ]
    app.salesforce.update_many(CampaignStep.API_NAME, rows)
