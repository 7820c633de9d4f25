"""Edits of a drip under way: the difference in words and numbers first, then exactly that for exactly those."""

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest

from integration import campaigns, drips
from integration.campaigns import revising
from integration.errors import Rejected
from integration.ports import Queue
from integration.records import CampaignStep, Candidate, PoolMembership, RecruitingCampaign
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import campaign, deliver, person, pool, record, template


@pytest.fixture
def in_pool(app, org):
    return pool(app)


@pytest.fixture
def drip(app, in_pool):
    """Day 0, 3 and 7."""
    names = [template(app, f"Mail {n}", Subject__c=f"Mail {n}") for n in (1, 2, 3)]
    made = campaign(app, in_pool, kind="Drip", delays=(0, 3, 4), templates=names)
    campaigns.launch(app, made)
    return made


def crowd(app, in_pool, size, first=1):
    """Ids of the memberships of many new candidates."""
    people = [
        {
            Candidate.FIRST_NAME: "First",
            Candidate.LAST_NAME: f"Last{number}",
            Candidate.EMAIL: f"person{number}@people.example",
            Candidate.CANDIDATE_KEY: f"01CAND{number:020}",
        }
        for number in range(first, first + size)
    ]
    made = [one.id for one in app.salesforce.create_many(Candidate.API_NAME, people)]
    rows = [
        {PoolMembership.POOL: in_pool, PoolMembership.CANDIDATE: one, PoolMembership.STATE: "Member"} for one in made
    ]
    return [one.id for one in app.salesforce.create_many(PoolMembership.API_NAME, rows)]


def step(app, made, number):
    rows = app.salesforce.query(f"SELECT Id FROM Campaign_Step__c WHERE Campaign__c = '{made}' ORDER BY Order__c")
    return rows[number - 1]["Id"]


def delay(app, made, number, days):
    app.salesforce.update(CampaignStep.API_NAME, step(app, made, number), {CampaignStep.DELAY_DAYS: days})


def run(app, **later):
    app.clock.move(**later)
    for _ in range(2):
        app.clock.move(minutes=1)
        drips.run_due(app)
        deliver(app, Queue.MAIL)


def sent(app):
    return [mail["Subject"] for mail in app_sent_mail(app)]


def queued(app):
    """How many mails of each step wait in the queue, taken off it."""
    counted: dict[str, int] = {}
    for message in app_queue_messages(app, Queue.MAIL):
        counted[message["step"]] = counted.get(message["step"], 0) + len(message["recipients"])
    return counted


def changes(app, made):
    revising.review(app, made)
    return record(app, made)[RecruitingCampaign.CHANGES]


@pytest.mark.parametrize(("two", "one"), [(6, 4), pytest.param(300, 200, marks=pytest.mark.slow)])
def test_everybody_who_waits_gets_exactly_what_was_shown(app, in_pool, drip, two, one):
    early = crowd(app, in_pool, two)
    drips.enrol(app, early)
    app.clock.move(minutes=1)
    drips.run_due(app)
    app.clock.move(days=4)
    drips.run_due(app)  # they have two mails
    late = crowd(app, in_pool, one, first=two + 1)
    drips.enrol(app, late)
    app.clock.move(minutes=1)
    drips.run_due(app)  # they have one
    queued(app)
    delay(app, drip, 2, 1)
    text = changes(app, drip)
    everybody = two + one
    assert f"{everybody} people wait; Apply to waiting changes something for {everybody} of them:" in text
    assert f"{one} people get Step 2 “Mail 2” 2 days earlier." in text
    assert f"{everybody} people get Step 3 “Mail 3” 2 days earlier." in text
    assert f"new members and {everybody} who wait run on version 2" in revising.apply_to_waiting(app, drip)
    # The first joined 4 days and 1 minute ago: step 3 has moved from day 7 to day 5.
    app.clock.move(days=1)
    drips.run_due(app)
    assert queued(app) == {step(app, drip, 2): one, step(app, drip, 3): two}
    app.clock.move(days=3, hours=23)
    drips.run_due(app)
    assert queued(app) == {}
    app.clock.move(hours=2)
    drips.run_due(app)
    assert queued(app) == {step(app, drip, 3): one}
    rows = app.salesforce.query("SELECT Series_Version__c, State__c FROM Campaign_Enrollment__c")
    assert {(row["Series_Version__c"], row["State__c"]) for row in rows} == {(2, "Done")}
    for _ in range(10):
        app.clock.move(days=1)
        drips.run_due(app)
    assert queued(app) == {}


def test_those_who_wait_keep_their_version_when_only_new_members_get_the_change(app, in_pool, drip):
    _, first = person(app, 1, in_pool)
    drips.enrol(app, [first])
    run(app)
    delay(app, drip, 2, 1)
    changes(app, drip)
    revising.apply_to_new(app, drip)
    _, second = person(app, 2, in_pool)
    drips.enrol(app, [second])
    run(app, days=2)
    assert [mail["To"] for mail in app_sent_mail(app)][-1].startswith("person2")
    assert sent(app) == ["Mail 1", "Mail 1"]
    run(app, days=1)
    assert sorted(sent(app)) == ["Mail 1", "Mail 1", "Mail 2", "Mail 2"]


def test_a_changed_mail_is_a_new_version_and_nobody_gets_a_step_twice(app, in_pool, drip):
    _, first = person(app, 1, in_pool)
    drips.enrol(app, [first])
    run(app)
    for number in (1, 2):
        new = template(app, f"New {number}", Subject__c=f"New {number}")
        app.salesforce.update(CampaignStep.API_NAME, step(app, drip, number), {CampaignStep.TEMPLATE: new})
    text = changes(app, drip)
    assert "1 person gets a changed mail in Step 2 “New 2”." in text
    assert "New 1" not in text.partition("Whoever joins later")[0]
    revising.apply_to_waiting(app, drip)
    run(app, days=3)
    run(app, days=4)
    assert sent(app) == ["Mail 1", "New 2", "Mail 3"]
    versions = app.salesforce.query("SELECT Version__c FROM Campaign_Step__c ORDER BY Order__c")
    assert [row["Version__c"] for row in versions] == [2, 2, 1]


def test_a_step_that_is_put_in_or_taken_out_is_told(app, in_pool, drip):
    _, first = person(app, 1, in_pool)
    drips.enrol(app, [first])
    run(app)
    values = {CampaignStep.CAMPAIGN: drip, CampaignStep.ORDER: 2, CampaignStep.DELAY_DAYS: 1}
    app.salesforce.delete_many(CampaignStep.API_NAME, [step(app, drip, 2)])
    app.salesforce.create(
        CampaignStep.API_NAME, {**values, CampaignStep.TEMPLATE: template(app, "Extra", Subject__c="Extra")}
    )
    text = changes(app, drip)
    assert "1 person gets a new step: Step 2 “Extra”." in text
    assert "1 person no longer gets “Mail 2”." in text
    assert "1 person gets Step 3 “Mail 3” 2 days earlier." in text
    revising.apply_to_waiting(app, drip)
    run(app, days=1)
    run(app, days=4)
    assert sent(app) == ["Mail 1", "Extra", "Mail 3"]


def test_only_what_was_reviewed_is_applied(app, in_pool, drip):
    delay(app, drip, 2, 1)
    with pytest.raises(Rejected, match="Use Review changes"):
        revising.apply_to_waiting(app, drip)
    changes(app, drip)
    delay(app, drip, 2, 2)
    with pytest.raises(Rejected, match="Use Review changes"):
        revising.apply_to_new(app, drip)
    assert record(app, drip)[RecruitingCampaign.SERIES_VERSION] == 1


@pytest.mark.slow
def test_applying_that_was_cut_off_goes_on(app, in_pool, drip, monkeypatch):
    drips.enrol(app, crowd(app, in_pool, 3))
    delay(app, drip, 2, 1)
    changes(app, drip)
    with monkeypatch.context() as cut:
        cut.setattr("integration.campaigns.revising.take_over", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            revising.apply_to_waiting(app, drip)
    assert "3 who wait run on version 2" in revising.apply_to_waiting(app, drip)
    assert "0 who wait run on version 2" in revising.apply_to_waiting(app, drip)


def test_nothing_to_review_says_so(app, in_pool, drip):
    assert changes(app, drip) == "Nothing differs from what is running."


def test_a_blast_or_a_draft_has_nothing_to_review(app, in_pool):
    with pytest.raises(Rejected, match="Only a drip that was launched"):
        revising.review(app, campaign(app, in_pool, kind="Drip"))


@pytest.mark.parametrize("command", ["Apply to waiting", "Apply to new members", "Approve"])
def test_a_recruiter_cannot_approve_or_apply_and_a_manager_can(app, org, drip, command):
    with pytest.raises(SalesforceMalformedRequest, match="Only a recruiting manager"):
        org.client("recruiter").Recruiting_Campaign__c.update(drip, {"Command__c": command})
    org.client("manager").Recruiting_Campaign__c.update(drip, {"Command__c": command})
