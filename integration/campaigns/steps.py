"""The steps of a campaign as its path: what a recruiter chose on each record, in the words of the rules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256

from integration.campaigns import variants
from integration.campaigns.reading import Campaign
from integration.errors import Rejected
from integration.messages import Draft
from integration.messages.findings import Finding
from integration.model.message import Message
from integration.model.series import Ask, Step
from integration.model.signal import SignalKind
from integration.model.variant import Variant
from integration.model.vocabulary import AtTimeOut, StepCondition, WaitFor
from integration.ports import Item, Record
from integration.records import CampaignStep, MessageTemplate, parent

_WAITS = {
    WaitFor.OPEN: SignalKind.OPENED,
    WaitFor.CLICK: SignalKind.CLICKED,
    WaitFor.REPLY: SignalKind.REPLIED,
    WaitFor.REGISTRATION: SignalKind.REGISTERED,
    WaitFor.APPLICATION: SignalKind.APPLIED,
    WaitFor.ATTENDANCE: SignalKind.ATTENDED,
    WaitFor.NO_SHOW: SignalKind.NO_SHOW,
}
_OF_MAILS = frozenset({SignalKind.OPENED, SignalKind.CLICKED, SignalKind.REPLIED})


def frozen(campaign: Campaign, drafts: Sequence[Draft], messages: Sequence[Message]) -> list[Step]:
    """The path that these records and messages make. `About link` becomes the numbers of the links it means."""
    days, steps = 0, []
    places = variants.places(campaign)
    by_order = {_number(rows[0], CampaignStep.ORDER): str(rows[0][CampaignStep.ID]) for rows in reversed(places)}
    made = {message.step: (draft, message) for draft, message in zip(drafts, messages, strict=False)}
    for rows in places:
        row = rows[0]
        days += _number(row, CampaignStep.DELAY_DAYS)
        if str(row[CampaignStep.ID]) not in made:
            continue
        names = {str(one[CampaignStep.ID]): _template_name(one) for one in rows}
        several = [_variant(one, *made[str(one["id"])], names[str(one["id"])]) for one in variants.items_of(rows)]
        draft, message = made[str(row[CampaignStep.ID])]
        about = by_order.get(_number(row, CampaignStep.ABOUT_STEP), "")
        links = _links(str(row.get(CampaignStep.ABOUT_LINK) or ""), _ids_at(places, about), messages)
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
            name=_template_name(row),
            variants=tuple(several),
            hold_out=float(row.get(CampaignStep.HOLD_OUT_PERCENT) or 0),
        )
        steps.append(step)
    return steps


def _variant(item: Item, draft: Draft, message: Message, name: str) -> Variant:
    return Variant.from_item({**item, "version": message.version, "source": source_of(draft), "name": name})


def _template_name(row: Record) -> str:
    return str(row.get(parent(CampaignStep.TEMPLATE, MessageTemplate.NAME)) or "")


def _ids_at(places: Sequence[Sequence[Record]], lead: str) -> frozenset[str]:
    """The ids of the mails of the step that has this one first."""
    return frozenset(str(row[CampaignStep.ID]) for rows in places for row in rows if rows[0][CampaignStep.ID] == lead)


def source_of(draft: Draft) -> str:
    """Mark of everything a mail is made of, but for its version."""
    facts = json.dumps(asdict(replace(draft, version="")), sort_keys=True, default=str)
    return sha256(facts.encode()).hexdigest()[:32]


def findings(campaign: Campaign) -> list[Finding]:
    """What is wrong with the waits and conditions, as errors with what to do."""
    found = []
    orders = [_number(row, CampaignStep.ORDER) for row in campaign.steps]
    for row, order in zip(campaign.steps, orders, strict=True):
        found += _hold_out(campaign, order, float(row.get(CampaignStep.HOLD_OUT_PERCENT) or 0))
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


def _hold_out(campaign: Campaign, order: int, percent: float) -> list[Finding]:
    if percent and not campaign.is_drip:
        text = f"step {order} has a Hold out, which is for drips. Empty it; the campaign has a Hold out of its own."
        return [Finding("Steps", 0, text)]
    if not 0 <= percent <= 50:
        return [Finding("Steps", 0, f"step {order} holds out {percent:g} %. Enter 0 to 50 per cent.")]
    return []


def mails_of(steps: Sequence[Step]) -> list[dict[str, str]]:
    """Every mail of a path, each variant for itself."""
    return [{"id": one.id, "version": one.version} for step in steps for one in step.mails]


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


def _links(part: str, about: frozenset[str], messages: Sequence[Message]) -> tuple[str, ...]:
    if not part:
        return ()
    meant = [each for each in messages if not about or each.step in about]
    found = {one.number for each in meant for one in each.links if part in one.target}
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
