"""The steps of a campaign as its path: what a recruiter chose on each record, in the words of the rules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256

from integration.campaigns.reading import Campaign
from integration.errors import Rejected
from integration.messages import Draft
from integration.messages.findings import Finding
from integration.model.message import Message
from integration.model.series import Ask, Step
from integration.model.signal import SignalKind
from integration.model.vocabulary import AtTimeOut, StepCondition, WaitFor
from integration.ports import Record
from integration.records import CampaignStep, MessageTemplate, parent

_WAITS = {
    WaitFor.OPEN: SignalKind.OPENED,
    WaitFor.CLICK: SignalKind.CLICKED,
    WaitFor.REPLY: SignalKind.REPLIED,
    WaitFor.REGISTRATION: SignalKind.REGISTERED,
    WaitFor.APPLICATION: SignalKind.APPLIED,
}
_OF_MAILS = frozenset({SignalKind.OPENED, SignalKind.CLICKED, SignalKind.REPLIED})


def frozen(campaign: Campaign, drafts: Sequence[Draft], messages: Sequence[Message]) -> list[Step]:
    """The path that these records and messages make. `About link` becomes the numbers of the links it means."""
    days, steps = 0, []
    by_order = {_number(row, CampaignStep.ORDER): str(row[CampaignStep.ID]) for row in reversed(campaign.steps)}
    for row, draft, message in zip(campaign.steps, drafts, messages, strict=False):
        days += _number(row, CampaignStep.DELAY_DAYS)
        about = by_order.get(_number(row, CampaignStep.ABOUT_STEP), "")
        links = _links(str(row.get(CampaignStep.ABOUT_LINK) or ""), about, messages)
        kind, unless = _condition(row)
        step = Step(
            id=message.step,
            version=message.version,
            day=days,
            wait=_ask(_WAITS.get(_wait(row)), about, links),
            wait_days=_number(row, CampaignStep.WAIT_DAYS),
            at_time_out=AtTimeOut(str(row.get(CampaignStep.AT_TIME_OUT) or AtTimeOut.SKIP)),
            only_if=_ask(kind, about, links),
            unless=unless,
            source=source_of(draft),
            name=str(row.get(parent(CampaignStep.TEMPLATE, MessageTemplate.NAME)) or ""),
        )
        steps.append(step)
    return steps


def source_of(draft: Draft) -> str:
    """Mark of everything a mail is made of, but for its version."""
    facts = json.dumps(asdict(replace(draft, version="")), sort_keys=True, default=str)
    return sha256(facts.encode()).hexdigest()[:32]


def findings(campaign: Campaign) -> list[Finding]:
    """What is wrong with the waits and conditions, as errors with what to do."""
    found = []
    orders = [_number(row, CampaignStep.ORDER) for row in campaign.steps]
    for row, order in zip(campaign.steps, orders, strict=True):
        waits, (kind, _) = _WAITS.get(_wait(row)), _condition(row)
        if row.get(CampaignStep.ABOUT_LINK) and SignalKind.CLICKED not in {waits, kind}:
            text = f"step {order} names a link but depends on no click. Choose Click or Clicked, or empty About link."
            found.append(Finding("Steps", 0, text))
        if not waits and not kind:
            continue
        if not campaign.is_drip:
            text = (
                f"step {order} waits or has a condition, which only a drip can. Make it a drip, or empty both fields."
            )
            found.append(Finding("Steps", 0, text))
        about, has = row.get(CampaignStep.ABOUT_STEP), {waits, kind} & _OF_MAILS
        if about is not None and _number(row, CampaignStep.ABOUT_STEP) not in [one for one in orders if one < order]:
            text = f"step {order} is about mail {_number(row, CampaignStep.ABOUT_STEP)}, but no earlier step has that"
            text += " order. Enter the order of an earlier step, or empty the field."
            found.append(Finding("Steps", 0, text))
        if has and order == min(orders):
            text = f"step {order} is the first and depends on a mail before it. Choose Nothing and Everybody there."
            found.append(Finding("Steps", 0, text))
    return found


def refuse_dead_links(campaign: Campaign, steps: Sequence[Step]) -> None:
    """Raises Rejected when a step is about a link that no mail has: nobody could ever take that path."""
    named = {str(row[CampaignStep.ID]): str(row.get(CampaignStep.ABOUT_LINK) or "") for row in campaign.steps}
    for step in steps:
        asks = [ask for ask in (step.wait, step.only_if) if ask is not None]
        if any(_NO_LINK in ask.links for ask in asks):
            text = f"No mail has a link with “{named[step.id]}” in its address. Correct About link of “{step.name}”."
            raise Rejected(text, field=CampaignStep.ABOUT_LINK, value=named[step.id])


_NO_LINK = "none"
"""Stands for a link that is nowhere, so that its step is never taken for one about any link."""


def _links(part: str, about: str, messages: Sequence[Message]) -> tuple[str, ...]:
    if not part:
        return ()
    found = {one.number for each in messages if about in ("", each.step) for one in each.links if part in one.target}
    return tuple(sorted(found)) or (_NO_LINK,)


def _ask(kind: SignalKind | None, about: str, links: tuple[str, ...]) -> Ask | None:
    if kind is None:
        return None
    return Ask(kind, about if kind in _OF_MAILS else "", links if kind is SignalKind.CLICKED else ())


def _condition(row: Record) -> tuple[SignalKind | None, bool]:
    word = str(row.get(CampaignStep.CONDITION) or StepCondition.EVERYBODY)
    if word == StepCondition.EVERYBODY:
        return None, False
    unless = word.startswith("Not ")
    return SignalKind(word.removeprefix("Not ").lower()), unless


def _wait(row: Record) -> WaitFor:
    return WaitFor(str(row.get(CampaignStep.WAIT_FOR) or WaitFor.NOTHING))


def _number(row: Mapping[str, object], field: str) -> int:
    return int(float(str(row.get(field) or 0)))
