"""Mails in doubt: listed on the campaign, sent again at most once for each command, or left."""

import pytest

from integration import campaigns
from integration.campaigns import doubting
from integration.model.ledger import ledger_pk
from integration.ports import MailInDoubt, MailRefused, MailThrottled, Queue
from integration.records import CampaignEnrollment, RecruitingCampaign
from integration.sending import Reason, suppress
from integration.sending.counting import plan_of
from integration.soql import select
from tests.unit.mail import story
from tests.unit.mail.test_sending import Provider

KEY = f"01CAND{1:020}"


@pytest.fixture
def doubted(app, org):
    """A blast to two people; the answer for the first was lost and no event came."""
    in_pool = story.pool(app)
    for number in (1, 2):
        story.person(app, number, in_pool)
    one = story.campaign(app, in_pool)
    app.mailer = Provider()
    app.mailer.answers = [MailInDoubt("no answer")]
    campaigns.launch(app, one)
    deliver(app)
    held_back(app)
    app.mailer.accepted.clear()
    return one


def deliver(app):
    return story.deliver(app, Queue.MAIL)


def held_back(app):
    """The chunk comes again after the horizon, and what is in doubt by then is listed."""
    app.clock.move(minutes=20)
    campaigns.tend(app)
    deliver(app)
    campaigns.tend(app)


def row(app, one):
    step = plan_of(app, one)["steps"][0]
    return app.sends.get(ledger_pk(one, step["id"], step["version"], KEY), KEY)


def listed(app):
    fields = [CampaignEnrollment.STATE, CampaignEnrollment.EXIT_REASON]
    return app.salesforce.query(select(CampaignEnrollment.API_NAME, fields))


def test_mail_in_doubt_is_listed_on_the_campaign(app, doubted):
    (held,) = listed(app)
    assert held[CampaignEnrollment.STATE] == "Held"
    assert held[CampaignEnrollment.EXIT_REASON].startswith("In doubt: no answer and no event since 2026-03-02 09:00")
    assert story.record(app, doubted)[RecruitingCampaign.IN_DOUBT] == 1


def test_nothing_is_sent_again_by_itself(app, doubted):
    for _ in range(3):
        app.clock.move(hours=1)
        campaigns.tend(app)
        deliver(app)
    assert app.mailer.accepted == []


def test_send_again_sends_one_more_copy_however_often_it_comes(app, doubted):
    assert doubting.send_again(app, doubted) == "1 are sent once more."
    doubting.send_again(app, doubted)
    deliver(app)
    assert app.mailer.accepted == ["person1@people.example"]
    assert (row(app, doubted)["state"], row(app, doubted)["again"]) == ("accepted", 1)
    campaigns.tend(app)
    told = story.record(app, doubted)
    assert (told[RecruitingCampaign.SENT], told[RecruitingCampaign.IN_DOUBT]) == (2, 0)


def test_second_copy_may_be_in_doubt_too_and_needs_a_second_command(app, doubted):
    app.mailer.answers = [MailInDoubt("no answer")]
    doubting.send_again(app, doubted)
    deliver(app)
    held_back(app)
    assert row(app, doubted)["state"] == "in_doubt"
    doubting.send_again(app, doubted)
    deliver(app)
    assert app.mailer.accepted == ["person1@people.example"] * 2
    assert row(app, doubted)["again"] == 2


def test_refused_second_copy_leaves_the_doubt(app, doubted):
    app.mailer.answers = [MailRefused("no")]
    doubting.send_again(app, doubted)
    deliver(app)
    assert row(app, doubted)["state"] == "in_doubt"


def test_throttled_second_copy_comes_again(app, doubted):
    app.mailer.answers = [MailThrottled("slow down")]
    doubting.send_again(app, doubted)
    deliver(app)
    app.clock.move(minutes=1)
    doubting.send_again(app, doubted)
    deliver(app)
    assert app.mailer.accepted == ["person1@people.example"]


def test_whoever_opted_out_meanwhile_gets_no_second_copy(app, doubted):
    doubting.send_again(app, doubted)
    suppress(app, KEY, Reason.UNSUBSCRIBED, app.clock.now())
    deliver(app)
    assert app.mailer.accepted == []
    assert row(app, doubted)["again_refused"] == "unsubscribed"


def test_left_mail_stays_counted_and_is_offered_no_more(app, doubted):
    assert doubting.leave(app, doubted).startswith("1 are left")
    assert doubting.send_again(app, doubted) == "0 are sent once more."
    (held,) = listed(app)
    assert held[CampaignEnrollment.EXIT_REASON] == "Left in doubt by a person"
    assert row(app, doubted)["state"] == "in_doubt"
