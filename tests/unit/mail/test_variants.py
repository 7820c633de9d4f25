"""Variants of a blast on the real parts: a test first, one decision, the rest with what was decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import campaigns, events, rollup
from integration.campaigns.explaining import explain
from integration.campaigns.variants import REST, part_of
from integration.errors import Rejected
from integration.model.event import Event, Kind
from integration.ports import Queue
from integration.records import Application, CampaignStep, JobRequisition
from integration.sending import recover, totals
from integration.sending.aliases import join
from tests.app_fixture import app_sent_mail
from tests.unit.mail.story import campaign, deliver, person, pool, record, template

SMALL = {"Sample_Per_Variant__c": 5, "Test_Percent__c": 50, "Decide_After_Hours__c": 4}


def blast(app, people=40, letters="AB", status="Approved", **changes):
    in_pool = pool(app)
    for number in range(people):
        person(app, number, in_pool)
    names = [template(app, f"Mail {letter}", Subject__c=f"Mail {letter}") for letter in letters]
    made = campaign(app, in_pool, delays=[0] * len(letters), templates=names, status=status, **{**SMALL, **changes})
    for row, letter in zip(steps(app, made), letters, strict=True):
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], {"Order__c": 1, "Variant__c": letter})
    return made


def steps(app, made):
    fields = "Id, Variant__c, Winner__c, Variant_Result__c, Sent__c, Human_Clicks__c"
    return app.salesforce.query(
        f"SELECT {fields} FROM Campaign_Step__c WHERE Campaign__c = '{made}' ORDER BY Variant__c, Order__c"
    )


def sent(app):
    """Subject -> addresses."""
    found = {}
    for mail in app_sent_mail(app):
        found.setdefault(mail["Subject"], set()).add(mail["To"])
    return found


def test_the_rest_waits_until_the_test_is_decided(app, org):
    made = blast(app)
    campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    tested = sent(app)
    assert set(tested) == {"Mail A", "Mail B"}
    assert 8 < sum(map(len, tested.values())) < 32
    campaigns.tend(app)
    app.clock.move(hours=4)
    campaigns.tend(app)
    assert deliver(app, Queue.MAIL) == 0
    assert record(app, made)["Status__c"] == "Running"


def after_test(app, **changes):
    """A blast whose test has gone out: its id, and variant -> candidate keys."""
    made = blast(app, **changes)
    campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    campaigns.tend(app)
    groups = {
        row["Variant__c"]: [
            item["sk"] for shard in range(16) for item in app.sends.query(f"{made}#{row['Id']}-v1#{shard:02}")
        ]
        for row in steps(app, made)
    }
    return made, groups


def clicks(app, made, letter, keys, **later):
    step = next(row["Id"] for row in steps(app, made) if row["Variant__c"] == letter)
    app.clock.move(**(later or {"minutes": 30}))
    at = app.clock.now().isoformat()
    mail = {"campaign": made, "step": step, "version": "1", "link": "1", "target": "https://jobs.example/1"}
    browser = {"method": "GET", "user_agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    story = [
        Event(id=f"{letter}{key}{kind}", kind=kind, at=at, candidate=key, **mail, **browser)
        for key in keys
        for kind in (Kind.OPEN, Kind.CLICK)
    ]
    assert events.receive(app, [(event.id, event) for event in story]) == []


def decide(app):
    app.clock.move(hours=4, minutes=15)
    campaigns.tend(app)


def test_who_waits_gets_the_winner_and_nobody_two_variants(app, org):
    made, groups = after_test(app)
    clicks(app, made, "B", groups["B"])
    decide(app)
    deliver(app, Queue.MAIL)
    campaigns.tend(app)
    mails = sent(app)
    assert len(mails["Mail A"]) == len(groups["A"])
    assert not mails["Mail A"] & mails["Mail B"]
    assert len(mails["Mail A"] | mails["Mail B"]) == len(app_sent_mail(app)) == 40
    assert [row["Winner__c"] for row in steps(app, made)] == [False, True]
    assert steps(app, made)[0]["Variant_Result__c"].startswith("B won (chance of such a lead")
    assert (record(app, made)["Status__c"], totals(app, made).sent) == ("Done", 40)


def test_clicks_that_come_later_count_but_change_no_decision(app, org):
    made, groups = after_test(app)
    clicks(app, made, "B", groups["B"])
    decide(app)
    before = [row["Variant_Result__c"] for row in steps(app, made)]
    clicks(app, made, "A", groups["A"])
    app.clock.move(hours=1)
    rollup.run(app)
    campaigns.tend(app)
    deliver(app, Queue.MAIL)
    after = steps(app, made)
    assert [row["Variant_Result__c"] for row in after] == before
    assert [row["Human_Clicks__c"] for row in after] == [len(groups["A"]), len(groups["B"])]
    assert len(sent(app)["Mail B"]) == 40 - len(groups["A"])


def test_a_click_after_the_moment_does_not_decide_even_when_it_is_known(app, org):
    made, groups = after_test(app)
    clicks(app, made, "B", groups["B"], hours=4, minutes=1)
    app.clock.move(minutes=14)
    campaigns.tend(app)
    assert "B 0 of" in steps(app, made)[0]["Variant_Result__c"]


def test_without_a_difference_the_first_is_used_and_it_is_said(app, org):
    made, groups = after_test(app)
    decide(app)
    deliver(app, Queue.MAIL)
    assert len(sent(app)["Mail B"]) == len(groups["B"])
    assert [row["Winner__c"] for row in steps(app, made)] == [False, False]
    assert "which is no proof for it" in steps(app, made)[1]["Variant_Result__c"]


def test_too_small_a_sample_waits_for_nothing_and_is_told(app, org):
    made, _ = after_test(app, people=6)
    assert steps(app, made)[0]["Variant_Result__c"].startswith("Not enough people: 5 per variant were wanted")
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 6


def test_applications_can_decide(app, org):
    made, groups = after_test(app, Decided_By__c="Applications")
    job = app.salesforce.create(JobRequisition.API_NAME, {"Name": "Job", JobRequisition.TITLE: "Welder"})
    app.clock.move(minutes=5)
    for key in groups["A"]:
        (row,) = app.salesforce.query(f"SELECT Id FROM Candidate__c WHERE Candidate_Key__c = '{key}'")
        values = {Application.CANDIDATE: row["Id"], Application.REQUISITION: job, Application.KEY: f"{key}|job"}
        app.salesforce.create(Application.API_NAME, {**values, Application.APPLIED_AT: app.clock.now().isoformat()})
    decide(app)
    assert [row["Winner__c"] for row in steps(app, made)] == [True, False]


def test_recovery_and_a_second_launch_send_nothing_twice_and_nothing_early(app, org):
    made, groups = after_test(app)
    campaigns.launch(app, made)
    recover(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == len(groups["A"]) + len(groups["B"])
    decide(app)
    recover(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 40


def test_a_pause_holds_what_was_decided_and_cancel_drops_it(app, org):
    made, groups = after_test(app)
    campaigns.pause(app, made)
    decide(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == len(groups["A"]) + len(groups["B"])
    campaigns.resume(app, made)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 40


def test_a_cancelled_test_decides_nothing(app, org):
    made, groups = after_test(app)
    campaigns.cancel(app, made)
    decide(app)
    assert deliver(app, Queue.MAIL) == 0
    assert len(app_sent_mail(app)) == len(groups["A"]) + len(groups["B"])


def test_why_names_the_mail_of_the_person_and_the_wait_of_the_rest(app, org):
    made, groups = after_test(app)
    keys = {
        row["Candidate_Key__c"]: row["Id"]
        for row in app.salesforce.query("SELECT Id, Candidate_Key__c FROM Candidate__c")
    }
    mine = groups["B"][0]
    rest = min(keys.keys() - {*groups["A"], *groups["B"]})
    for key, words in ((mine, "step 1: sent"), (rest, "its variants are being tested on others")):
        app.salesforce.update("Recruiting_Campaign__c", made, {"Explain_Candidate__c": keys[key]})
        assert words in explain(app, made)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([{"Variant__c": "A"}, {"Variant__c": None, "Order__c": 2}], "has variant A only"),
        ([{"Variant__c": "A"}, {"Variant__c": "a"}], "has variant A 2 times"),
        ([{"Share__c": 50}, {}], "not 100 per cent together"),
        ([{"Share__c": 50}, {"Share__c": 40}], "not 100 per cent together"),
        ([{"Delay_Days__c": 1}, {}], "differ in days"),
    ],
)
def test_check_says_what_is_wrong_with_variants(app, org, changes, words):
    made = blast(app, people=1, status="Draft")
    for row, values in zip(steps(app, made), changes, strict=True):
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], values)
    with pytest.raises(Rejected, match=words):
        campaigns.check(app, made)


def test_check_says_how_many_people_a_test_needs(app, org):
    made = blast(app, people=4, status="Draft", Sample_Per_Variant__c=100, Test_Percent__c=20)
    with pytest.raises(Rejected, match=r"4 people can be reached, but 100 per variant .* need 1,221 people"):
        campaigns.check(app, made)


@given(st.text(min_size=1), st.lists(st.integers(1, 100), min_size=2, max_size=5), st.integers(1, 100))
def test_a_key_belongs_to_one_part_for_good(key, shares, percent):
    step = {"id": "step", "variants": [{"share": share} for share in shares]}
    part = part_of(step, percent)(key)
    assert part == part_of(step, percent)(key)
    assert part == REST or 0 <= part < len(shares)
    assert part_of(step, 100)(key) != REST


def test_of_two_keys_that_became_one_person_only_one_gets_a_variant(app, org):
    made, groups = after_test(app)
    clicks(app, made, "B", groups["B"])
    (loser, *_), before = groups["A"], len(app_sent_mail(app))
    rest = {f"01CAND{number:020}" for number in range(40)} - {*groups["A"], *groups["B"]}
    join(app, loser, min(rest))
    decide(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) - before == len(rest) - 1
