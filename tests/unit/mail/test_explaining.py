"""Why somebody got a mail or not: foretold before, explained after, for a thousand pairs of every kind."""

import random
from datetime import timedelta

import pytest

from integration import campaigns
from integration.campaigns.audience import PERSON
from integration.campaigns.explaining import explain, why
from integration.errors import Rejected
from integration.model.decision import Outcome
from integration.model.ledger import SENT
from integration.ports import MailInDoubt, MailRefused, Queue
from integration.records import Candidate, PoolMembership, RecruitingCampaign
from integration.sending import Reason, control, suppress
from integration.sending.aliases import join
from integration.sending.counting import plan_of
from integration.soql import select
from tests.unit.mail import story
from tests.unit.mail.test_sending import Provider

PEOPLE, CAMPAIGNS = 125, 8
REFUSALS = [MailRefused("no"), MailInDoubt("no answer")]


class Books(Provider):
    """Notes which campaign's mail went to whom; now and then it refuses one, or its answer is lost."""

    def __init__(self, chance):
        super().__init__()
        self.chance, self.went = chance, set()

    def send(self, raw, *, sender, recipient, tags):
        self.answers = [self.chance.choice([None] * 30 + REFUSALS)]
        answer = self.answers[0]
        told = super().send(raw, sender=sender, recipient=recipient, tags=tags) if answer is None else None
        if answer is not None:
            raise answer
        self.went.add((tags["campaign"], tags["candidate"]))
        return told


def a_world(app, chance):
    """People of every kind in two pools."""
    rows = []
    for number in range(1, PEOPLE + 1):
        shared = number if chance.random() > 0.03 else max(1, number - 1)
        rows.append(
            {
                Candidate.FIRST_NAME: f"First{number}",
                Candidate.LAST_NAME: "Last",
                Candidate.CANDIDATE_KEY: f"01CAND{number:020}",
                Candidate.EMAIL: f"person{shared}@people.example" if chance.random() > 0.03 else None,
                Candidate.TIME_ZONE: chance.choice([None, "Asia/Kolkata", "America/New_York", "Europe/Dublin"]),
                Candidate.DO_NOT_CONTACT: chance.random() < 0.03,
            }
        )
    ids = [outcome.id for outcome in app.salesforce.create_many(Candidate.API_NAME, rows)]
    pools = [story.pool(app, name) for name in ("One", "Two")]
    places = [(one, pool) for one in ids for pool in pools if chance.random() < 0.7]
    app.salesforce.create_many(
        PoolMembership.API_NAME,
        [
            {
                PoolMembership.POOL: pool,
                PoolMembership.CANDIDATE: one,
                PoolMembership.STATE: chance.choice(["Member"] * 9 + ["Left"]),
            }
            for one, pool in places
        ],
    )
    return pools


def something_happens(app, chance, keys):
    """Opt-outs, pauses, merges, holds: between the launch and the sending."""
    now = app.clock.now()
    for key in keys:
        match chance.randrange(12):
            case 0:
                suppress(app, key, chance.choice([Reason.UNSUBSCRIBED, Reason.COMPLAINED, Reason.BOUNCED]), now)
            case 1:
                suppress(app, key, Reason.PAUSED, now, until=now + timedelta(days=chance.choice([1, 30])))
            case 2:
                app.people.update(f"person#{key}", "hold", {"until": (now + timedelta(hours=5)).isoformat()})
            case 3:
                at = (now - timedelta(days=1)).isoformat()
                app.people.update(f"person#{key}", "hold", {"contact_at": at, "contact": "Call"})
            case 4 if chance.random() < 0.3:
                join(app, key, chance.choice([other for other in keys if other != key]))


def settings(chance, app):
    given = {"cap": chance.choice([0, 1, 2]), "cap_days": chance.choice([1, 7]), "hold_days": chance.choice([0, 3])}
    if chance.random() < 0.4:
        given |= {"window_start": "09:00:00.000Z", "window_end": "17:00:00.000Z", "own_zones": True}
    if chance.random() < 0.3:
        given["ends"] = (app.clock.now() + timedelta(hours=chance.choice([3, 30]))).isoformat()
    return given


@pytest.mark.slow
def test_a_thousand_explanations_give_the_real_outcome(app, org):
    chance = random.Random(20)
    app.mailer = Books(chance)
    pools = a_world(app, chance)
    people = app.salesforce.query(select(Candidate.API_NAME, PERSON, order_by=[Candidate.CANDIDATE_KEY]))
    template, brand = story.template(app), story.a_brand(app)
    seen, foretold = set(), 0
    for number in range(CAMPAIGNS):
        excluded = pools[1] if number == 3 else None
        one = story.campaign(app, pools[number % 2], excluded=excluded, templates=[template], brand=brand)
        campaigns.launch(app, one)
        app.sends.update(f"campaign#{one}", control.CONTROL, settings(chance, app))
        something_happens(app, chance, [str(p[Candidate.CANDIDATE_KEY]) for p in chance.sample(people, 15)])
        if number == 6:
            control.pause(app, one, "Paused by a person.")
        plan = plan_of(app, one)
        before = {person[Candidate.ID]: why(app, one, plan, 0, person) for person in people}
        story.deliver(app, Queue.MAIL)
        for person in people:
            key = str(person[Candidate.CANDIDATE_KEY])
            told = why(app, one, plan, 0, person)
            real = outcome_of(app, one, key, told)
            assert real is not None, (number, key, told.outcome)
            seen.add(real)
            merged = "merged" in told.outcome
            if not merged and (told.row or {}).get("state") not in ("failed", "in_doubt", "intent"):
                foretold += 1
                assert before[person[Candidate.ID]].decision.outcome is told.decision.outcome, (number, key)
        app.clock.move(hours=7)
    assert seen == {"sent", "stopped", "deferred", "failed", "in doubt"}
    assert foretold > 900


def outcome_of(app, campaign, key, told):
    """What really happened, from the provider's books; None when the explanation says something else."""
    went = (campaign, key) in app.mailer.went
    state = (told.row or {}).get("state")
    if state == "failed":
        return None if went else "failed"
    if state == "intent":
        return "in doubt"
    passed = told.decision.outcome is Outcome.PASSED
    if went:
        return "sent" if passed and state in SENT and told.outcome == "sent" else None
    if passed:
        return None
    return str(told.decision.outcome) if (state == "suppressed") == bool(told.row) else None


@pytest.fixture
def sent(app, org):
    in_pool = story.pool(app)
    who, _ = story.person(app, 1, in_pool)
    story.person(app, 2, in_pool, **{Candidate.DO_NOT_CONTACT: True})
    one = story.campaign(app, in_pool)
    return one, who


def asked(app, one, who):
    app.salesforce.update(RecruitingCampaign.API_NAME, one, {RecruitingCampaign.EXPLAIN_CANDIDATE: who})
    message = explain(app, one)
    return message, story.record(app, one)[RecruitingCampaign.EXPLANATION]


def test_recruiter_reads_the_rules_in_order_with_links(app, sent):
    one, who = sent
    campaigns.launch(app, one)
    suppress(app, f"01CAND{1:020}", Reason.UNSUBSCRIBED, app.clock.now())
    story.deliver(app, Queue.MAIL)
    message, text = asked(app, one, who)
    assert message == "step 1: not sent: unsubscribed."
    assert text.index("✓ Not sent before") < text.index("✗ No opt-out, bounce or complaint: unsubscribed")
    assert f'href="/{who}"' in text
    assert "in the zone Europe/Dublin (from the campaign)" in text


def test_somebody_who_was_left_out_is_told_why(app, sent):
    one, _ = sent
    campaigns.launch(app, one)
    rows = app.salesforce.query(select(Candidate.API_NAME, [Candidate.ID], order_by=[Candidate.CANDIDATE_KEY]))
    assert asked(app, one, rows[1]["Id"])[0] == "step 1: not sent: such people are not to be contacted."


def test_somebody_who_joined_later_is_told_so(app, sent):
    one, _ = sent
    campaigns.launch(app, one)
    late, _ = story.person(app, 3)
    assert asked(app, one, late)[0] == "step 1: not sent: is in no pool of this campaign."


def test_nothing_is_explained_before_the_launch(app, sent):
    one, who = sent
    with pytest.raises(Rejected, match="has not been launched"):
        asked(app, one, who)


def test_nobody_is_chosen(app, sent):
    with pytest.raises(Rejected, match="Choose whom to explain"):
        explain(app, sent[0])
