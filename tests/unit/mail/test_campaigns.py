"""A blast from its check to its end, against the embedded org."""

import pytest

from integration import campaigns
from integration.errors import Rejected
from integration.ports import Queue
from integration.records import CampaignLink, Candidate, ContactPoint, MessageTemplate, RecruitingCampaign
from integration.sending import Reason, control, recover, suppress, totals
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import campaign, deliver, join, person, pool, record, template


@pytest.fixture
def blast(app, org):
    """An approved blast to a pool of three."""
    in_pool = pool(app)
    for number in (1, 2, 3):
        person(app, number, in_pool)
    return campaign(app, in_pool)


def test_check_finds_what_a_person_has_to_put_right(app, org):
    wrong = template(app, **{MessageTemplate.BODY: "<mj-section><mj-column><mj-txet>Hi {{ frist_name }}</mj-txet>"})
    made = campaign(app, pool(app), templates=[wrong], status="Draft")
    with pytest.raises(Rejected) as rejected:
        campaigns.check(app, made)
    assert "Did you mean first_name?" in rejected.value.message
    assert record(app, made)["Status__c"] == "Draft"


def test_a_time_zone_that_nobody_knows_is_told(app, blast):
    app.salesforce.update(RecruitingCampaign.API_NAME, blast, {"Status__c": "Draft", "Time_Zone__c": "Mars/Base"})
    with pytest.raises(Rejected, match=r"“Mars/Base” is no time zone\. Write one like Europe/Dublin"):
        campaigns.check(app, blast)


def test_the_campaigns_time_zone_counts_from_launch_on(app, blast):
    app.salesforce.update(RecruitingCampaign.API_NAME, blast, {"Time_Zone__c": "America/New_York"})
    campaigns.launch(app, blast)
    assert control.read(app, blast).zone == "America/New_York"


def test_check_approval_and_launch_follow_each_other(app, org):
    in_pool = pool(app)
    person(app, 1, in_pool)
    made = campaign(app, in_pool, status="Draft")
    with pytest.raises(Rejected, match="Launch is not possible while the campaign is Draft"):
        campaigns.launch(app, made)
    assert "1 person can be reached" in campaigns.check(app, made)
    campaigns.request_approval(app, made)
    campaigns.approve(app, made)
    campaigns.launch(app, made)
    assert record(app, made)["Status__c"] == "Running"


def test_blast_reaches_everybody_once_and_is_done(app, blast):
    campaigns.launch(app, blast)
    deliver(app, Queue.MAIL)
    campaigns.tend(app)
    shown = record(app, blast)
    assert (shown["Status__c"], shown["Sent__c"], shown["Pending__c"], shown["Audience_Size__c"]) == ("Done", 3, 0, 3)
    assert sorted(mail["To"] for mail in app_sent_mail(app)) == [f"person{n}@people.example" for n in (1, 2, 3)]


def test_second_launch_sends_nothing_twice(app, blast):
    campaigns.launch(app, blast)
    campaigns.launch(app, blast)
    assert deliver(app, Queue.MAIL) == 2
    assert len(app_sent_mail(app)) == 3


def test_audience_is_frozen_at_launch(app, blast):
    campaigns.launch(app, blast)
    in_pool = app.sends.get(f"campaign#{blast}", "plan")["included"][0]
    person(app, 9, in_pool)
    campaigns.launch(app, blast)
    deliver(app, Queue.MAIL)
    assert totals(app, blast).audience == 3
    assert "person9@people.example" not in [mail["To"] for mail in app_sent_mail(app)]


def test_template_that_changes_after_launch_changes_nothing(app, blast):
    campaigns.launch(app, blast)
    (row,) = app.salesforce.query("SELECT Id FROM Message_Template__c")
    app.salesforce.update(MessageTemplate.API_NAME, row["Id"], {MessageTemplate.SUBJECT: "Something else"})
    campaigns.launch(app, blast)
    deliver(app, Queue.MAIL)
    assert {mail["Subject"] for mail in app_sent_mail(app)} == {"News for First1", "News for First2", "News for First3"}


def test_people_who_must_not_get_it_are_left_out_with_the_reason(app, org):
    in_pool, out_pool = pool(app), pool(app, "Never")
    person(app, 1, in_pool)
    person(app, 2, in_pool, **{Candidate.DO_NOT_CONTACT: True})
    person(app, 3, in_pool, **{Candidate.PAUSED_UNTIL: "2026-12-31"})
    person(app, 4, in_pool, email=None)
    person(app, 5, in_pool, email="PERSON1@people.example")
    excluded, _ = person(app, 6, in_pool)
    join(app, excluded, out_pool)
    bounced, _ = person(app, 7, in_pool)
    app.salesforce.create(
        ContactPoint.API_NAME,
        {
            ContactPoint.CANDIDATE: bounced,
            ContactPoint.KIND: "Email",
            ContactPoint.VALUE: "person7@people.example",
            ContactPoint.KEY: "email:person7@people.example",
            ContactPoint.STATUS: "Bounced",
        },
    )
    left, _ = person(app, 8)
    join(app, left, in_pool, "Left")
    made = campaign(app, in_pool, excluded=out_pool)
    said = campaigns.launch(app, made)
    assert said.startswith("Sending to 1 people. Left out: 1 are not to be contacted, 1 have an address that bounced")
    deliver(app, Queue.MAIL)
    assert [mail["To"] for mail in app_sent_mail(app)] == ["person1@people.example"]


def test_B41_blast_to_nobody_is_refused(app, org):
    made = campaign(app, pool(app))
    with pytest.raises(Rejected, match="Nobody can be reached"):
        campaigns.launch(app, made)


def test_suppressed_person_is_counted_and_the_sum_is_the_audience(app, blast):
    suppress(app, "01CAND" + "2".zfill(20), Reason.UNSUBSCRIBED, app.clock.now())
    campaigns.launch(app, blast)
    deliver(app, Queue.MAIL)
    campaigns.tend(app)
    shown = record(app, blast)
    assert (shown["Sent__c"], shown["Suppressed__c"], shown["Status__c"]) == (2, 1, "Done")
    assert shown["Message__c"] == "Done: 2 of 3 sent, 1 suppressed."


def test_paused_and_resumed_campaign_sends_each_mail_once(app, blast):
    campaigns.launch(app, blast)
    campaigns.pause(app, blast)
    deliver(app, Queue.MAIL)
    assert app_sent_mail(app) == []
    campaigns.resume(app, blast)
    campaigns.resume(app, blast)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 3


def test_cancelled_campaign_says_how_many_went(app, blast):
    campaigns.launch(app, blast)
    assert campaigns.cancel(app, blast) == "Cancelled. 0 had been sent, 3 were not."
    deliver(app, Queue.MAIL)
    assert app_sent_mail(app) == []
    with pytest.raises(Rejected, match="Only a paused campaign"):
        campaigns.resume(app, blast)


def test_scheduled_campaign_starts_by_itself(app, blast):
    app.salesforce.update(RecruitingCampaign.API_NAME, blast, {RecruitingCampaign.START_AT: "2026-03-02T11:00:00Z"})
    campaigns.launch(app, blast)
    assert record(app, blast)["Status__c"] == "Scheduled"
    campaigns.tend(app)
    assert record(app, blast)["Status__c"] == "Scheduled"
    app.clock.move(hours=2)
    campaigns.tend(app)
    assert record(app, blast)["Status__c"] == "Running"
    assert deliver(app, Queue.MAIL) == 1


def test_missed_start_is_a_persons_decision(app, blast):
    app.salesforce.update(RecruitingCampaign.API_NAME, blast, {RecruitingCampaign.START_AT: "2026-03-02T11:00:00Z"})
    campaigns.launch(app, blast)
    app.clock.move(hours=8)
    campaigns.tend(app)
    assert record(app, blast)["Status__c"] == "Approved"
    assert app_queue_messages(app, Queue.MAIL) == []


def test_links_of_the_message_stand_in_the_org(app, blast):
    campaigns.launch(app, blast)
    targets = {row[CampaignLink.TARGET] for row in app.salesforce.query("SELECT Target__c FROM Campaign_Link__c")}
    assert targets == {"https://kestrel.example/a?b=1&c=2", "https://kestrel.example/jobs"}


def test_test_mail_counts_nowhere(app, blast):
    app.salesforce.update(RecruitingCampaign.API_NAME, blast, {RecruitingCampaign.TEST_ADDRESS: "me@kestrel.example"})
    assert campaigns.send_test(app, blast) == "1 test mail on the way."
    deliver(app, Queue.MAIL)
    (mail,) = app_sent_mail(app)
    assert (mail["To"], mail["Subject"]) == ("me@kestrel.example", "[Test] News for Alex")
    assert totals(app, blast).audience == 0


def test_after_an_unclean_stop_everything_on_its_way_is_queued_once_more(app, blast):
    campaigns.launch(app, blast)
    app_queue_messages(app, Queue.MAIL)  # lost with the queue
    assert recover(app) == 1
    deliver(app, Queue.MAIL)
    assert recover(app) == 0
    assert len(app_sent_mail(app)) == 3
