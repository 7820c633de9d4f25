"""What a blast brought that would not have come anyway: those chosen for it beside those held out by chance.

Everybody who was chosen counts, whether the mail reached them or not, and whatever they applied through: so the two
sides differ by nothing but chance and the campaign.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log, soql
from integration.campaigns import audience
from integration.model.increment import Group, in_words
from integration.model.vocabulary import CampaignKind
from integration.ports import Item, Record, Value
from integration.records import Application, Candidate, RecruitingCampaign, parent
from integration.sending.counting import plan_of
from integration.sending.recipients import recipients_of
from integration.sending.recovery import chunk_names

if TYPE_CHECKING:
    from integration.app import App

NOTE = "rollup/effects.json"
"""When all were measured last."""
EVERY = timedelta(hours=1)
MEASURED_FOR = timedelta(days=120)
"""After the launch; later applications have other reasons."""
_SEARCH = 12
"""Reads that find one person in a frozen audience."""
_KEY = parent(Application.CANDIDATE, Candidate.CANDIDATE_KEY)


def measure(app: App) -> None:
    """Key: campaign and hour. Writes the effect on every blast with a hold-out that is old enough to have one."""
    now = app.clock.now()
    last = app.data.read(NOTE)
    if last and now - datetime.fromisoformat(last.decode()) < EVERY:
        return
    since = now - MEASURED_FOR
    where = soql.both(
        soql.compare(RecruitingCampaign.HOLD_OUT_PERCENT, ">", 0),
        soql.equals(RecruitingCampaign.KIND, CampaignKind.BLAST.value),
        soql.compare(RecruitingCampaign.LAUNCHED_AT, ">=", since),
    )
    fields = (RecruitingCampaign.ID, RecruitingCampaign.LAUNCHED_AT, RecruitingCampaign.EFFECT)
    found = app.salesforce.query(soql.select(RecruitingCampaign.API_NAME, fields, where=where))
    rows: list[dict[str, Value]] = []
    for row in found:
        campaign = str(row[RecruitingCampaign.ID])
        text = _effect(app, campaign, str(row[RecruitingCampaign.LAUNCHED_AT]))
        if text and text != row[RecruitingCampaign.EFFECT]:
            rows.append({RecruitingCampaign.ID: campaign, RecruitingCampaign.EFFECT: text})
    if rows:
        app.salesforce.update_many(RecruitingCampaign.API_NAME, rows)
        log.event("campaign.measured", campaigns=len(rows))
    app.data.write(NOTE, now.isoformat().encode(), content_type="text/plain")


def _effect(app: App, campaign: str, launched: str) -> str:
    """Lines for the record; blank while the campaign has no audience."""
    plan = plan_of(app, campaign)
    if not plan or not plan.get("audience_hash"):
        return ""
    held = audience.held_out(app, campaign, plan)
    if not held:
        return "Nobody was held out: the audience is too small for the percentage. No effect can be measured."
    rows = _applications(app, plan, launched)
    chosen = _chosen(app, campaign, plan, {str(row[_KEY]) for row in rows if row[_KEY]})
    lines = []
    for noun, field in (("applications", Application.APPLIED_AT), ("hires", Application.HIRED_AT)):
        did = [row for row in rows if row[field] and _since(row[field], launched)]
        lines.append(
            in_words(
                noun,
                Group(int(plan["audience"]), len({str(row[_KEY]) for row in did} & chosen)),
                Group(len(held), len({str(row[Application.CANDIDATE]) for row in did} & held)),
            )
        )
    return "\n".join(lines)


def _applications(app: App, plan: Item, launched: str) -> list[Record]:
    """Of anybody since the launch; for the campaign's job where it has one."""
    start = datetime.fromisoformat(launched)
    where = soql.either(
        soql.compare(Application.APPLIED_AT, ">=", start), soql.compare(Application.HIRED_AT, ">=", start)
    )
    if plan.get("requisition"):
        where = soql.both(where, soql.equals(Application.REQUISITION, str(plan["requisition"])))
    fields = (Application.CANDIDATE, _KEY, Application.APPLIED_AT, Application.HIRED_AT)
    return app.salesforce.query(soql.select(Application.API_NAME, fields, where=where))


def _since(at: Value, launched: str) -> bool:
    return datetime.fromisoformat(str(at)) >= datetime.fromisoformat(launched)


def _chosen(app: App, campaign: str, plan: Item, keys: Collection[str]) -> set[str]:
    """Which of these candidate keys stand in the frozen audience."""
    names = chunk_names(plan)
    if len(keys) * _SEARCH <= len(names):
        return {key for key in keys if audience.recipient_in(app, campaign, plan, key)}
    lead = plan["steps"][0]
    place = {"campaign": campaign, "step": str(lead["id"]), "version": str(lead["version"])}
    return {one.key for name in names for one in recipients_of(app, {**place, "chunk": name})} & set(keys)
