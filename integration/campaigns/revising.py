"""Edits of a drip under way: shown first in words and numbers, then applied to those who wait or to new members only.

Frozen versions are kept: each enrollment runs on its own to the end, unless it is taken over to a new one.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from integration import log
from integration.campaigns import variants
from integration.campaigns.checking import problems, who_commanded
from integration.campaigns.launching import write_links
from integration.campaigns.reading import Campaign, drafts, read
from integration.campaigns.steps import frozen, mails_of, refuse_dead_links, source_of
from integration.drips.plan import AT_A_TIME, STATE, Drip, enrolled_pk, enrollment_pk, find, place_of, steps_for
from integration.drips.taking_over import take_over
from integration.errors import Rejected
from integration.messages import make, publish
from integration.messages.findings import in_words
from integration.model.message import Message
from integration.model.revision import affected, difference, outline
from integration.model.series import Place, Step
from integration.model.vocabulary import Command, EnrollmentState
from integration.ports import Item, Value
from integration.records import CampaignStep, RecruitingCampaign
from integration.sending import control
from integration.sending.counting import PLAN, plan_of

if TYPE_CHECKING:
    from integration.app import App

REVIEW = "review"
LONGEST = 30_000


@dataclass(frozen=True)
class Revision:
    """The steps as they would be applied now."""

    campaign: Campaign
    drip: Drip
    plan: Item
    steps: list[Step]
    messages: list[Message]

    @property
    def mark(self) -> str:
        """Changes when anything of what was shown does."""
        facts = [[step.as_item() for step in self.steps], self.campaign.included, self.campaign.excluded]
        return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def is_news(self) -> bool:
        same_pools = (self.campaign.included, self.campaign.excluded) == (self.plan["included"], self.plan["excluded"])
        return not same_pools or list(self.drip.steps) != self.steps


def review(app: "App", campaign_id: str) -> str:
    """Changes nothing for anybody: writes down what the edited steps would change, for whom."""
    revision = _revision(app, campaign_id)
    if not revision.is_news:
        text = "Nothing differs from what is running."
    else:
        places: Counter[tuple[int, Place]] = Counter()
        plans = {revision.drip.number: revision.drip.steps}
        for state in (each for part in waiting(app, revision.drip) for each in part):
            version = int(state.get("plan", 1))
            plans[version] = steps_for(app, revision.drip, state)
            places[version, place_of(state)] += 1
        text = _in_words(revision, places, plans)
    app.sends.put({"pk": control.campaign_pk(campaign_id), "sk": REVIEW, "mark": revision.mark})
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign_id, {RecruitingCampaign.CHANGES: text[:LONGEST]})
    return "Read what would change under Changes, then Apply to waiting or Apply to new members."


def apply_to_waiting(app: "App", campaign_id: str) -> str:
    """Key: the reviewed steps. New members and everybody who waits get the new version."""
    return _apply(app, campaign_id, waiting_too=True)


def apply_to_new(app: "App", campaign_id: str) -> str:
    """Key: the reviewed steps. Who is in runs on their version to the end."""
    return _apply(app, campaign_id, waiting_too=False)


def waiting(app: "App", drip: Drip) -> Iterator[list[Item]]:
    """Everybody who is under way in a drip, part by part."""
    keys = [str(item["sk"]) for item in app.due.query(enrolled_pk(drip.campaign))]
    for start in range(0, len(keys), AT_A_TIME):
        places = [(enrollment_pk(drip.campaign, key), STATE) for key in keys[start : start + AT_A_TIME]]
        yield [state for state in app.due.get_many(places).values() if state["state"] == EnrollmentState.ACTIVE]


def _apply(app: "App", campaign_id: str, *, waiting_too: bool) -> str:
    revision = _revision(app, campaign_id)
    reviewed = app.sends.get(control.campaign_pk(campaign_id), REVIEW)
    if reviewed is None or reviewed["mark"] != revision.mark:
        raise Rejected("The steps are not as they were reviewed. Use Review changes, read what it found, then apply.")
    # A second run goes on where the first was cut off: the new version stands already, people may be missing.
    if revision.plan.get("mark") != revision.mark:
        if not revision.is_news:
            raise Rejected("Nothing differs from what is running, so there is nothing to apply.")
        _freeze(app, revision)
    drip = find(app, campaign_id)
    count = sum(take_over(app, drip, part) for part in waiting(app, drip)) if drip and waiting_too else 0
    command = Command.APPLY_TO_WAITING if waiting_too else Command.APPLY_TO_NEW
    _tell(app, revision, drip.number if drip else 1, command)
    log.event("campaign.revised", campaign=campaign_id, waiting=count)
    if waiting_too:
        return f"Applied: new members and {count:,} who wait run on version {drip.number if drip else 1}."
    return f"Applied: new members run on version {drip.number if drip else 1}; who is in stays on theirs."


def _freeze(app: "App", revision: Revision) -> None:
    """Mails first, then the old version's copy, then the new one: whatever cuts this off, no version lacks anything."""
    for message in revision.messages:
        publish(app, message)
    write_links(app, revision.messages)
    pk, plan = control.campaign_pk(revision.campaign.id), revision.plan
    number = int(plan.get("number", 1))
    app.sends.put({**plan, "sk": f"{PLAN}#{number}"}, unless_exists=True)
    values: dict[str, Any] = {
        "steps": [step.as_item() for step in revision.steps],
        "number": number + 1,
        "mark": revision.mark,
        "included": revision.campaign.included,
        "excluded": revision.campaign.excluded,
        "folders": revision.campaign.folders,
        "all_steps": _every_version(plan, mails_of(revision.steps)),
        "test": variants.Test.of(revision.campaign).as_item(),
    }
    app.sends.update(pk, PLAN, values, only_if={"number": plan.get("number")})


def _every_version(plan: Item, items: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Everything that was ever sent under this campaign, for its totals."""
    known = [*(plan.get("all_steps") or plan["steps"]), *items]
    pairs = dict.fromkeys((str(item["id"]), str(item["version"])) for item in known)
    return [{"id": step, "version": version} for step, version in pairs]


def _revision(app: "App", campaign_id: str) -> Revision:
    """Raises Rejected when the campaign is no drip under way, or its steps cannot be sent."""
    campaign, drip, plan = read(app, campaign_id), find(app, campaign_id), plan_of(app, campaign_id)
    if drip is None or plan is None:
        raise Rejected(
            "Only a drip that was launched and is not over can be changed. Before that, edit it and use Check.",
            field=RecruitingCampaign.STATUS,
            value=campaign.status,
        )
    if errors := [finding for finding in problems(app, campaign) if finding.error]:
        raise Rejected(f"Put this right and review again:\n{in_words(errors)}")
    wanted, messages = [], []
    highest = _highest(plan)
    current = {one.id: one for step in drip.steps for one in step.mails}
    for draft in drafts(app, campaign):
        same = current.get(draft.step)
        version = same.version if same and same.source == source_of(draft) else str(highest.get(draft.step, 0) + 1)
        draft = replace(draft, version=version)
        message, findings = make(app, draft)
        if message is None:
            raise Rejected(f"A message cannot be sent as it is:\n{in_words(findings)}")
        wanted.append(draft)
        messages.append(message)
    steps = frozen(campaign, wanted, messages)
    refuse_dead_links(campaign, steps)
    return Revision(campaign, drip, plan, steps, messages)


def _highest(plan: Item) -> dict[str, int]:
    highest: dict[str, int] = {}
    for item in plan.get("all_steps") or plan["steps"]:
        highest[item["id"]] = max(highest.get(item["id"], 0), int(item["version"]))
    return highest


def _in_words(revision: Revision, places: Counter[tuple[int, Place]], plans: dict[int, Sequence[Step]]) -> str:
    total, touched = places.total(), affected(places, plans, revision.steps)
    lines = difference(places, plans, revision.steps) or ["Nothing changes for those who wait."]
    return "\n".join(
        [
            f"{total:,} {'person waits' if total == 1 else 'people wait'}; Apply to waiting changes something for"
            f" {touched:,} of them:",
            *lines,
            "",
            "Apply to new members changes nothing for them. Whoever joins later gets, with either:",
            outline(revision.steps),
        ]
    )


def _tell(app: "App", revision: Revision, number: int, command: Command) -> None:
    values: dict[str, Value] = {
        RecruitingCampaign.SERIES_VERSION: number,
        RecruitingCampaign.APPROVED_AT: app.clock.now().isoformat(timespec="seconds"),
        RecruitingCampaign.APPROVED_BY: who_commanded(app, revision.campaign.id, command),
    }
    app.salesforce.update(RecruitingCampaign.API_NAME, revision.campaign.id, values)
    rows: list[dict[str, Value]] = [
        {CampaignStep.ID: one["id"], CampaignStep.VERSION: int(one["version"])} for one in mails_of(revision.steps)
    ]
    app.salesforce.update_many(CampaignStep.API_NAME, rows)
