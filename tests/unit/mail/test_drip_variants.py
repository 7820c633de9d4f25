"""Variants of a step in a drip, on the real parts: picked for good, decided once, then everybody new gets one mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import campaigns, drips, events
from integration.campaigns import revising
from integration.campaigns.explaining import explain
from integration.model.event import Event, Kind
from integration.model.experiment import assigned
from integration.model.schedule import ALWAYS
from integration.model.series import Act, Ask, Place, Step, decide
from integration.model.signal import Signal, SignalKind
from integration.model.variant import Variant, is_held_out, picked
from integration.ports import Queue
from integration.records import CampaignStep, RecruitingCampaign
from integration.sending import recover, totals
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import campaign, deliver, person, pool, record, template
from tests.unit.mail.test_series import START, UTC

TEST = {"Sample_Per_Variant__c": 3, "Decide_After_Hours__c": 4}
KEY = "01CAND{:020}"


@pytest.fixture
def in_pool(app, org):
    return pool(app)


def drip(app, in_pool, launch=True, **changes):
    """Day 0 in the variants A and B, day 2 for those who clicked in it."""
    names = [template(app, f"Mail {letter}", Subject__c=f"Mail {letter}") for letter in "ABC"]
    made = campaign(app, in_pool, kind="Drip", delays=(0, 0, 2), templates=names, **{**TEST, **changes})
    for row, letter in zip(steps(app, made), "AB", strict=False):
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], {"Order__c": 1, "Variant__c": letter})
    app.salesforce.update(CampaignStep.API_NAME, steps(app, made)[-1]["Id"], {"Condition__c": "Clicked"})
    if launch:
        campaigns.launch(app, made)
    return made


def steps(app, made):
    fields = "Id, Name, Variant__c, Winner__c, Variant_Result__c, Version__c, Template__c"
    return app.salesforce.query(
        f"SELECT {fields} FROM Campaign_Step__c WHERE Campaign__c = '{made}' ORDER BY Order__c, Variant__c, Key__c"
    )


def join(app, in_pool, numbers):
    drips.enrol(app, [person(app, number, in_pool)[1] for number in numbers])
    minute(app)


def minute(app, **later):
    app.clock.move(**(later or {"minutes": 1}))
    drips.run_due(app)
    deliver(app, Queue.MAIL)


def got(app):
    """Subject -> numbers of the people."""
    found = {}
    for mail in app_sent_mail(app):
        found.setdefault(mail["Subject"], set()).add(int(mail["To"].partition("@")[0].removeprefix("person")))
    return found


def click(app, made, letter, numbers):
    step = next(row["Id"] for row in steps(app, made) if row["Variant__c"] == letter)
    at = app.clock.now().isoformat()
    mail = {"campaign": made, "step": step, "version": "1", "link": "1", "target": "https://jobs.example/1"}
    browser = {"method": "GET", "user_agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    story = [
        Event(id=f"{letter}{number}{kind}", kind=kind, at=at, candidate=KEY.format(number), **mail, **browser)
        for number in numbers
        for kind in (Kind.OPEN, Kind.CLICK)
    ]
    assert events.receive(app, [(event.id, event) for event in story]) == []


def decided(app, made):
    """A test of twelve people in which everybody clicked in B, and nobody in A."""
    campaigns.tend(app)
    app.clock.move(hours=1)
    click(app, made, "B", got(app)["Mail B"])
    app.clock.move(hours=3, minutes=15)
    campaigns.tend(app)


def test_each_person_gets_one_variant_and_after_the_decision_the_winner(app, in_pool):
    made = drip(app, in_pool)
    join(app, in_pool, range(12))
    first = got(app)
    lead = steps(app, made)[0]["Id"]
    expected = {number for number in range(12) if assigned(KEY.format(number), lead, [50, 50]) == 0}
    assert first == {"Mail A": expected, "Mail B": set(range(12)) - expected}
    decided(app, made)
    assert [row["Winner__c"] for row in steps(app, made)[:2]] == [False, True]
    assert steps(app, made)[0]["Variant_Result__c"].startswith("B won (chance of such a lead")
    join(app, in_pool, range(12, 20))
    assert got(app)["Mail A"] == first["Mail A"]
    assert got(app)["Mail B"] == first["Mail B"] | set(range(12, 20))
    assert totals(app, made).sent == 20


def test_nothing_is_decided_before_the_sample_has_gone_and_its_hours_are_over(app, in_pool):
    made = drip(app, in_pool, Sample_Per_Variant__c=4)
    join(app, in_pool, range(4))
    app.clock.move(days=3)
    campaigns.tend(app)
    campaigns.tend(app)
    assert steps(app, made)[0]["Variant_Result__c"] is None
    join(app, in_pool, range(4, 12))
    campaigns.tend(app)
    app.clock.move(hours=4)
    campaigns.tend(app)  # an event of the last minute may be on its way
    assert steps(app, made)[0]["Variant_Result__c"] is None
    app.clock.move(minutes=15)
    campaigns.tend(app)
    assert "No difference" in steps(app, made)[0]["Variant_Result__c"]


def test_a_late_click_rewrites_no_decision(app, in_pool):
    made = drip(app, in_pool)
    join(app, in_pool, range(12))
    decided(app, made)
    before = [(row["Variant_Result__c"], row["Winner__c"]) for row in steps(app, made)]
    click(app, made, "A", got(app)["Mail A"])
    app.clock.move(hours=5)
    campaigns.tend(app)
    assert [(row["Variant_Result__c"], row["Winner__c"]) for row in steps(app, made)] == before
    join(app, in_pool, [12])
    assert 12 in got(app)["Mail B"]


def test_a_run_cut_off_before_the_decision_sends_no_second_variant_after_it(app, in_pool):
    made = drip(app, in_pool)
    join(app, in_pool, range(12))
    campaigns.tend(app)
    app.clock.move(hours=1)
    click(app, made, "B", got(app)["Mail B"])
    app.clock.move(hours=3)
    late = next(n for n in range(12, 40) if assigned(KEY.format(n), steps(app, made)[0]["Id"], [50, 50]) == 0)
    drips.enrol(app, [person(app, late, in_pool)[1]])
    app.clock.move(minutes=1)
    place = next(drips.plan.enrollment_pk(made, KEY.format(late)) for _ in "1")
    before = app.due.get(place, "state")
    entries = [item for index in app.due.query("minutes") for item in app.due.query(index["sk"])]
    drips.run_due(app)
    app_queue_messages(app, Queue.MAIL)  # lost with the run, and so is what it wrote behind the queue
    app.due.put(before)
    for entry in entries:
        app.due.put({"pk": "minutes", "sk": entry["pk"]})
        app.due.put(entry)
    app.clock.move(minutes=14)
    campaigns.tend(app)
    minute(app)
    recover(app)
    deliver(app, Queue.MAIL)
    assert late in got(app)["Mail A"]
    assert late not in got(app)["Mail B"]


def test_a_click_in_any_variant_is_one_in_the_step(app, in_pool):
    made = drip(app, in_pool)
    join(app, in_pool, range(6))
    whom = {letter: min(got(app)[f"Mail {letter}"]) for letter in "AB"}
    for letter, number in whom.items():
        step = next(row["Id"] for row in steps(app, made) if row["Variant__c"] == letter)
        at = app.clock.now().isoformat()
        drips.hear(app, [Signal(SignalKind.CLICKED, KEY.format(number), at, letter, campaign=made, step=step)])
    minute(app, days=2, minutes=1)
    assert got(app)["Mail C"] == set(whom.values())


def test_other_variants_are_a_difference_and_a_new_test(app, in_pool):
    made = drip(app, in_pool)
    join(app, in_pool, range(12))
    decided(app, made)
    new = template(app, "New B", Subject__c="New B")
    app.salesforce.update(CampaignStep.API_NAME, steps(app, made)[1]["Id"], {CampaignStep.TEMPLATE: new})
    drips.enrol(app, [person(app, 12, in_pool)[1]])
    revising.review(app, made)
    assert "1 person gets a changed mail in Step 1 A “Mail A” or B “New B”." in record(app, made)["Changes__c"]
    revising.apply_to_waiting(app, made)
    assert [row["Version__c"] for row in steps(app, made)] == [1, 2, 1]
    minute(app)
    join(app, in_pool, range(13, 40))
    mails = got(app)
    assert "New B" in mails
    assert len(mails["Mail A"]) > 12 - len(mails["Mail B"])
    assert not mails["New B"] & (mails["Mail A"] | mails["Mail B"])


def test_shares_and_what_is_held_out_are_a_difference_too(app, in_pool):
    made = drip(app, in_pool)
    drips.enrol(app, [person(app, 1, in_pool)[1]])
    for row, share in zip(steps(app, made), (80, 20), strict=False):
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], {CampaignStep.SHARE: share})
    app.salesforce.update(CampaignStep.API_NAME, steps(app, made)[2]["Id"], {CampaignStep.HOLD_OUT_PERCENT: 10})
    revising.review(app, made)
    text = record(app, made)["Changes__c"]
    assert "gets variants by other shares (A 80 %, B 20 %) in Step 1" in text
    assert "gets Step 2 “Mail C” with 10 % held out" in text


def test_who_is_held_out_of_a_step_goes_on_without_it_and_explain_says_so(app, in_pool):
    made = drip(app, in_pool, launch=False)
    for row in steps(app, made)[:2]:
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], {CampaignStep.HOLD_OUT_PERCENT: 50})
    lead = steps(app, made)[0]["Id"]
    campaigns.launch(app, made)
    join(app, in_pool, range(10))
    out = {number for number in range(10) if is_held_out(KEY.format(number), lead, 50)}
    assert set().union(*got(app).values()) == set(range(10)) - out
    (candidate,) = app.salesforce.query(
        f"SELECT Id FROM Candidate__c WHERE Candidate_Key__c = '{KEY.format(min(out))}'"
    )
    app.salesforce.update(RecruitingCampaign.API_NAME, made, {"Explain_Candidate__c": candidate["Id"]})
    assert "step 1: not sent: was passed over: Held out to measure the effect" in explain(app, made)


def test_explain_names_the_variant_and_why_it_is_this_one(app, in_pool):
    made = drip(app, in_pool)
    join(app, in_pool, [1])
    person(app, 2)
    for whom, words in ((1, "as it was chosen for this person"), (2, "by chance, with a share of 50 %")):
        (row,) = app.salesforce.query(f"SELECT Id FROM Candidate__c WHERE Candidate_Key__c = '{KEY.format(whom)}'")
        app.salesforce.update(RecruitingCampaign.API_NAME, made, {"Explain_Candidate__c": row["Id"]})
        explain(app, made)
        assert words in record(app, made)["Explanation__c"]


def test_a_campaigns_hold_out_takes_new_members_not_in(app, in_pool):
    made = drip(app, in_pool, Hold_Out_Percent__c=50)
    join(app, in_pool, range(16))
    rows = app.salesforce.query(f"SELECT Id FROM Campaign_Enrollment__c WHERE Campaign__c = '{made}'")
    assert 0 < len(rows) == len(app_sent_mail(app)) < 16


def test_check_counts_a_step_with_variants_once(app, in_pool):
    made = drip(app, in_pool, launch=False, status="Draft")
    text = campaigns.check(app, made)
    assert "nothing wrong with 2 steps" in text
    assert "with 3 people per variant, a variant that does as well as 5 %" in text


def test_hold_out_of_a_step_is_for_drips(app, in_pool):
    made = campaign(app, in_pool, status="Draft")
    app.salesforce.update(CampaignStep.API_NAME, steps(app, made)[0]["Id"], {CampaignStep.HOLD_OUT_PERCENT: 10})
    with pytest.raises(campaigns.checking.Rejected, match="has a Hold out, which is for drips"):
        campaigns.check(app, made)


variants = st.integers(2, 4).map(
    lambda count: tuple(Variant(f"v{n}", "1", "ABCD"[n], 100 / count) for n in range(count))
)


@given(variants, st.text(min_size=1), st.integers(0, 3))
def test_a_person_keeps_a_variant_and_after_a_decision_there_is_one(mails, key, won):
    assert picked(key, "v0", mails) == picked(key, "v0", mails)
    use = mails[won % len(mails)]
    assert picked(key, "v0", mails, use.id) == use


@given(variants, st.text(min_size=1), st.integers(0, 3), st.integers(0, 100))
def test_whatever_variant_somebody_clicked_in_leads_the_same_way(mails, key, which, percent):
    path = [
        Step("v0", "1", 0, variants=mails, hold_out=percent),
        Step("b", "1", 1, only_if=Ask(SignalKind.CLICKED, "v0")),
    ]
    place = Place(due=START, anchor=START)
    first = decide(path, place, [], START, ALWAYS, UTC, key)
    if first.act is not Act.SEND:
        assert is_held_out(key, "v0", percent)
        return
    assert set(first.place.had) == {one.id for one in mails}
    heard = [Signal(SignalKind.CLICKED, key, START.isoformat(), "1", step=mails[which % len(mails)].id)]
    now = first.place.due
    assert decide(path, first.place, heard, now, ALWAYS, UTC, key).step == path[1]
    assert [Step.from_item(step.as_item()) for step in path] == path
