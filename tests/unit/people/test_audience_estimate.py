"""Before a pool or campaign is used: how many people a mail reaches, and why not the others."""

from datetime import timedelta

from integration import campaigns
from integration.campaigns.audience import reach
from integration.campaigns.reading import read
from integration.model.vocabulary import ContactStatus
from integration.pools.estimating import estimate
from integration.ports import Queue
from integration.records import ContactPoint, RecruitingCampaign, TalentPool
from integration.sending import Reason, suppress
from tests.app_fixture import app_sent_mail
from tests.unit.mail.story import campaign, deliver, join, person, pool, record


def crowd(app):
    """(included pool, excluded pool): 3 people who can be reached, and one for each reason why not."""
    included, excluded = pool(app, "In"), pool(app, "Out")
    for number in range(3):
        person(app, number, included)
    person(app, 10, included, Do_Not_Contact__c=True)
    person(app, 11, included, Paused_Until__c="2026-12-31")
    person(app, 12, included, email=None)
    person(app, 13, included, Do_Not_Rehire__c=True)
    person(app, 14, included, email="PERSON0@people.example")
    both, _ = person(app, 15, included)
    join(app, both, excluded)
    bounced, _ = person(app, 16, included)
    point = {ContactPoint.CANDIDATE: bounced, ContactPoint.KIND: "Email", ContactPoint.VALUE: "person16@people.example"}
    app.salesforce.create(
        ContactPoint.API_NAME, {**point, ContactPoint.KEY: "email:16", ContactPoint.STATUS: ContactStatus.BOUNCED.value}
    )
    now = app.clock.now()
    for number, reason in enumerate(Reason, start=20):
        person(app, number, included)
        suppress(app, f"01CAND{number:020}", reason, now)
    person(app, 30, included)
    suppress(app, "", Reason.UNSUBSCRIBED, now, address="person30@people.example")
    person(app, 31, included)
    suppress(app, f"01CAND{31:020}", Reason.PAUSED, now, until=now - timedelta(days=1))
    left, _ = person(app, 32)
    join(app, left, included, state="Left")
    proposed, _ = person(app, 33)
    join(app, proposed, included, state="Proposed")
    return included, excluded


WHY = {
    "are not to be contacted": 3,
    "have paused mail": 2,
    "have no e-mail address": 1,
    "share their address with somebody on the list": 1,
    "have an address that bounced or opted out": 1,
    "have unsubscribed": 2,
    "have an address that bounced": 1,
    "have complained about our mail": 1,
    "have been erased": 1,
}


def test_the_estimate_equals_what_the_send_then_reaches(app):
    included, excluded = crowd(app)
    made = campaign(app, included, excluded=excluded)
    found = reach(app, read(app, made))
    assert (found.members, found.excluded, found.reached, found.left_out) == (18, 1, 4, WHY)
    assert found.members == found.excluded + found.reached + sum(found.left_out.values())
    campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == found.reached
    told = record(app, made)
    assert told[RecruitingCampaign.AUDIENCE_SIZE] == 4 + 7


def test_the_check_tells_who_is_reached_and_who_not(app):
    included, excluded = crowd(app)
    told = campaigns.check(app, campaign(app, included, excluded=excluded, status="Draft"))
    assert "4 people can be reached. Not: 3 are not to be contacted" in told


def test_a_pool_is_estimated_by_command(app):
    included, _ = crowd(app)
    told = estimate(app, included)
    assert told.startswith("5 of 18 members would get a mail now.")
    text = app.salesforce.get(TalentPool.API_NAME, included, [TalentPool.ESTIMATE])[TalentPool.ESTIMATE]
    assert text.splitlines()[0] == "5 of 18 members would get a mail now."
    assert "3 are not to be contacted" in text.splitlines()


def test_an_estimate_that_leaves_nobody_out_says_no_more(app):
    one = pool(app, "One")
    person(app, 1, one)
    assert estimate(app, one) == "1 of 1 member would get a mail now."


def test_a_folder_stands_for_the_pools_in_it_each_person_once(app):
    folder = app.salesforce.create(TalentPool.API_NAME, {"Name": "All", TalentPool.KIND: "Folder"})
    first, second = pool(app, "First"), pool(app, "Second")
    for each in (first, second):
        app.salesforce.update(TalentPool.API_NAME, each, {TalentPool.PARENT: folder})
    one, _ = person(app, 1, first)
    join(app, one, second)
    person(app, 2, second)
    assert estimate(app, folder).startswith("2 of 2 members")
    made = campaign(app, folder)
    campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 2


def test_a_stages_allow_list_counts(app):
    import dataclasses

    included = pool(app)
    person(app, 1, included)
    app.config = dataclasses.replace(app.config, mail_allow_list=("warmbench.example",))
    assert estimate(app, included).startswith("0 of 1 member would")


def test_a_pool_whose_refresh_failed_says_so_beside_its_numbers(app):
    included, _ = crowd(app)
    app.salesforce.update(TalentPool.API_NAME, included, {TalentPool.STATUS: "Failed"})
    assert "The last Refresh failed" in estimate(app, included)
    app.salesforce.update(TalentPool.API_NAME, included, {TalentPool.STATUS: "Ready"})
    assert "failed" not in estimate(app, included)
