"""Why did, or did not, this person get this mail: the sender's own chain of rules, evaluated again and put in words."""

from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from integration import soql
from integration.campaigns.audience import PERSON, is_held_out, left_out_of, recipient_in, recipient_of
from integration.campaigns.variants import REST, part_of
from integration.drips.picking import foreseen
from integration.drips.plan import STATE, enrollment_pk
from integration.errors import Rejected
from integration.messages import writer
from integration.model import tongue
from integration.model.decision import Decision, Name, Outcome, Rule, decide
from integration.model.facts import Facts
from integration.model.ledger import SENT, State
from integration.model.series import Step as StepOfDrip
from integration.model.vocabulary import CampaignKind, ConsentState, EnrollmentState, MembershipState
from integration.ports import Item, Record
from integration.records import Candidate, Consent, ContactPoint, PoolMembership, RecruitingCampaign
from integration.sending import control
from integration.sending.counting import PLAN, plan_of
from integration.sending.deciding import Step, known
from integration.sending.recipients import Recipient
from integration.sending.recovery import variants_sk
from integration.sending.suppression import Reason

if TYPE_CHECKING:
    from integration.app import App


@dataclass(frozen=True)
class Why:
    """What became of one mail, or will, and the chain that leads there."""

    decision: Decision
    facts: Facts
    row: Item | None = None
    mail: str = ""
    """Of variants: which one, and why that one."""

    @property
    def outcome(self) -> str:
        """In words: what the recruiter asks for first."""
        if self.row:
            state = State(self.row["state"])
            words = {State.INTENT: "being sent", State.IN_DOUBT: "in doubt: nobody knows whether it went"}
            if state in SENT:
                return "sent"
            return words.get(state) or f"not sent: {self.row.get('reason') or state}"
        if self.decision.outcome is Outcome.STOPPED:
            return f"not sent: {self.decision.reason}"
        if self.decision.outcome is Outcome.DEFERRED:
            return f"waits{_until(self.decision.until)}: {self.decision.reason}"
        return "goes as soon as it is this person's turn"


def explain(app: "App", campaign_id: str) -> str:
    """Key: campaign and candidate. Writes the chain of every step for the candidate that the record names."""
    fields = [RecruitingCampaign.EXPLAIN_CANDIDATE]
    candidate = app.salesforce.get(RecruitingCampaign.API_NAME, campaign_id, fields)[fields[0]]
    if not candidate:
        raise Rejected("Choose whom to explain first, under Explain candidate.", field=fields[0])
    rows = app.salesforce.query(
        soql.select(Candidate.API_NAME, PERSON, where=soql.equals(Candidate.ID, str(candidate)))
    )
    if not rows:
        raise Rejected("The candidate was deleted.", field=fields[0], value=str(candidate))
    plan = plan_of(app, campaign_id)
    if plan is None:
        raise Rejected("The campaign has not been launched, so nothing has been decided yet.", field="Status")
    plan = _own_version(app, campaign_id, plan, rows[0])
    found = [why(app, campaign_id, plan, number, rows[0]) for number in range(len(plan["steps"]))]
    text = "".join(_in_words(app, campaign_id, rows[0], number, one) for number, one in enumerate(found))
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign_id, {RecruitingCampaign.EXPLANATION: text[:32_000]})
    steps = "; ".join(f"step {number + 1}: {one.outcome}" for number, one in enumerate(found))
    return f"{steps[:900]}."


def why(app: "App", campaign: str, plan: Item, number: int, person: Record) -> Why:
    """Key: candidate and step. The facts that the sender kept, or those of this moment when it has not decided yet."""
    key = str(person[Candidate.CANDIDATE_KEY] or "")
    one, mail = _variant(app, campaign, plan, number, key)
    step = Step(campaign, str(one["id"]), str(one["version"]))
    row = app.sends.get(*step.row_of(key))
    if row and "state" in row:
        now = app.clock.now()
        facts = Facts.of_row(row["facts"]) if "facts" in row else Facts(now, row=row["state"])
        return Why(decide(facts), facts, row, _with_language(app, step, person, mail))
    mail = _with_language(app, step, person, mail)
    if plan["kind"] == CampaignKind.DRIP:
        return replace(_of_drip(app, step, plan["steps"][number], number, person), mail=mail)
    found = replace(_of_blast(app, step, plan, person), mail=mail)
    if not one.get("waits") or found.decision.outcome is Outcome.STOPPED:
        return found
    rule = Rule(Name.DUE, Outcome.DEFERRED, "its variants are being tested on others", None, "campaign")
    return replace(found, decision=Decision((rule, *found.decision.rules)))


def _with_language(app: "App", step: Step, person: Record, mail: str) -> str:
    """Which mail it is, and of one that is written in several languages which, and why."""
    message = writer(app, step.campaign, step.step, step.version).message
    if not message.translations:
        return mail
    wanted, known = str(person.get(Candidate.LANGUAGE) or ""), [one.language for one in message.translations]
    words = tongue.why(wanted, message.language, tongue.spoken(wanted, message.language, known))
    return "; ".join(filter(None, (mail, words)))


def _own_version(app: "App", campaign: str, plan: Item, person: Record) -> Item:
    """The plan that somebody in a drip runs on."""
    place = enrollment_pk(campaign, str(person[Candidate.CANDIDATE_KEY] or "")), STATE
    state = app.due.get(*place) if plan["kind"] == CampaignKind.DRIP else None
    if state is None or int(state.get("plan", 1)) == int(plan.get("number", 1)):
        return plan
    return app.sends.get(control.campaign_pk(campaign), f"{PLAN}#{int(state.get('plan', 1))}") or plan


def _variant(app: "App", campaign: str, plan: Item, number: int, key: str) -> tuple[Item, str]:
    """The mail that a person gets at one place of the campaign: of variants theirs, or the one that was decided on."""
    step: Item = plan["steps"][number]
    if "variants" not in step:
        return step, ""
    if plan["kind"] == CampaignKind.DRIP:
        mail, reason = foreseen(app, campaign, key, StepOfDrip.from_item(step))
        return mail.as_item(), reason
    part = part_of(step, float(plan["test"]["percent"]))(key)
    if part != REST:
        one = dict(step["variants"][part])
        return one, f"variant {one['variant']}, by chance, for the test"
    use = (app.sends.get(control.campaign_pk(campaign), variants_sk(step)) or {}).get("use")
    won = next((one for one in step["variants"] if one["id"] == use), None)
    return (won, f"variant {won['variant']}, which was decided on") if won else ({**step, "waits": True}, "")


def _of_blast(app: "App", step: Step, plan: Item, person: Record) -> Why:
    key, candidate = str(person[Candidate.CANDIDATE_KEY] or ""), str(person[Candidate.ID])
    lead = plan["steps"][0]  # of variants too: their audience lies there
    frozen = recipient_in(app, step.campaign, plan, key)
    if frozen is not None:
        return _now(app, step, frozen)
    left_out = left_out_of(app, step.campaign, str(lead["id"]), str(lead["version"]), plan, candidate)
    if left_out:
        return _outside(app, f"such people {left_out}", candidate)
    return _outside(app, *_membership(app, plan, candidate, "when the audience was frozen"))


def _of_drip(app: "App", step: Step, item: Item, number: int, person: Record) -> Why:
    candidate = str(person[Candidate.ID])
    state = app.due.get(enrollment_pk(step.campaign, str(person[Candidate.CANDIDATE_KEY] or "")), STATE)
    if state is None:
        plan = plan_of(app, step.campaign) or {}
        if is_held_out(step.campaign, candidate, float(plan.get("hold_out", 0))):
            return _outside(app, "is held out to measure the effect", "campaign")
        return _outside(app, *_membership(app, plan, candidate, "when it could be enrolled"))
    passed_over = [why for one, why in state.get("left_out", ()) if one == item["id"]]
    if passed_over and item["id"] not in state.get("had", ()):
        return _outside(app, f"was passed over: {passed_over[-1]}", candidate)
    if state["state"] == EnrollmentState.EXITED:
        return _outside(app, f"left the campaign: {state.get('reason') or 'no reason noted'}", candidate)
    current = _now(app, step, recipient_of({**person, Candidate.EMAIL: person.get(Candidate.EMAIL) or ""}))
    if int(state["step"]) > number or state["state"] != EnrollmentState.ACTIVE:
        return current
    due = datetime.fromisoformat(state["due_at"]) if int(state["step"]) == number else None
    rule = Rule(Name.DUE, Outcome.DEFERRED, "its day has not come", due, "campaign")
    return replace(current, decision=Decision((rule, *current.decision.rules)))


def _now(app: "App", step: Step, recipient: Recipient) -> Why:
    facts = known(app, step, recipient, control.read(app, step.campaign)).facts
    return Why(decide(facts), facts)


def _outside(app: "App", reason: str, record: str) -> Why:
    facts = Facts(app.clock.now(), left_out=reason, left_out_record=record)
    return Why(decide(facts), facts)


def _membership(app: "App", plan: Item, candidate: str, moment: str) -> tuple[str, str]:
    """Of somebody nobody thought of: their place in the campaign's pools today."""
    included = list(plan.get("included", ()))
    where = soql.both(soql.is_in(PoolMembership.POOL, included), soql.equals(PoolMembership.CANDIDATE, candidate))
    fields = [PoolMembership.ID, PoolMembership.STATE]
    rows = app.salesforce.query(soql.select(PoolMembership.API_NAME, fields, where=where)) if included else []
    if not rows:
        return "is in no pool of this campaign", candidate
    members = [row for row in rows if row[PoolMembership.STATE] == MembershipState.MEMBER]
    row = (members or rows)[0]
    words = f"was not a member {moment}" if members else f"is {row[PoolMembership.STATE]} in the pool, not a member"
    return words, str(row[PoolMembership.ID])


def _in_words(app: "App", campaign: str, person: Record, number: int, found: Why) -> str:
    """One step as the record shows it."""
    at = found.facts.now.isoformat(" ", timespec="minutes")[:16]
    lines = [f"<p><b>Step {number + 1}: {escape(found.outcome)}</b></p><p>As of {at} UTC"]
    if found.facts.zone:
        lines.append(f", in the zone {escape(found.facts.zone)} (from the {found.facts.zone_from})")
    if found.mail:
        lines.append(f"; {escape(found.mail)}")
    lines.append(".</p><ol>")
    for rule in found.decision.rules:
        mark = {Outcome.PASSED: "✓", Outcome.STOPPED: "✗", Outcome.DEFERRED: "⏳"}[rule.outcome]
        words = f": {escape(rule.reason)}{_until(rule.until)}" if rule.reason else ""
        lines.append(f"<li>{mark} {escape(rule.name)}{words}{_link(app, campaign, person, rule)}</li>")
    return "".join(lines) + "</ol>"


def _link(app: "App", campaign: str, person: Record, rule: Rule) -> str:
    if rule.outcome is Outcome.PASSED or not rule.record:
        return ""
    record = rule.record
    if record == "campaign":
        record = campaign
    elif record == "candidate":
        record = (_proof(app, person, rule) if rule.name is Name.RIGHTS else "") or str(person[Candidate.ID])
    return f' <a href="/{escape(record, quote=True)}">Open the record</a>' if record.isalnum() else ""


def _proof(app: "App", person: Record, rule: Rule) -> str:
    """The row that a “no” stands on: the address that bounced or complained, or the consent that was withdrawn."""
    own = str(person[Candidate.ID])
    if rule.reason in {Reason.BOUNCED, Reason.COMPLAINED}:
        where = soql.both(
            soql.equals(ContactPoint.CANDIDATE, own), soql.equals(ContactPoint.STATUS, rule.reason.capitalize())
        )
        rows = app.salesforce.query(soql.select(ContactPoint.API_NAME, [ContactPoint.ID], where=where, limit=1))
    elif rule.reason == Reason.UNSUBSCRIBED:
        where = soql.both(soql.equals(Consent.CANDIDATE, own), soql.equals(Consent.STATE, ConsentState.WITHDRAWN))
        rows = app.salesforce.query(soql.select(Consent.API_NAME, [Consent.ID], where=where, limit=1))
    else:
        rows = []
    return str(rows[0]["Id"]) if rows else ""


def _until(moment: datetime | None) -> str:
    return f" until {moment.isoformat(' ', timespec='minutes')[:16]} UTC" if moment else ""
