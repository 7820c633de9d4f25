"""Campaigns that stop by themselves: at 0.1 % complaints or 5 % bounces, never for one complaint of twenty."""

import pytest

from integration import campaigns
from integration.events import receive
from integration.model.event import Event, Kind
from integration.model.health import Health, reason_to_stop
from integration.ports import Queue
from integration.records import RecruitingCampaign
from integration.sending import control
from integration.sending.counting import PLAN, plan_of
from tests.unit.mail import story
from tests.unit.mail.test_sending import Provider


@pytest.mark.parametrize(
    ("sent", "bounces", "complaints", "word"),
    [
        (20, 0, 1, ""),
        (2_999, 0, 3, "complaints"),
        (3_001, 0, 3, ""),
        (100, 5, 0, "bounced"),
        (101, 5, 0, ""),
        (20, 4, 2, ""),
        (0, 0, 0, ""),
    ],
)
def test_shares_and_least_numbers(sent, bounces, complaints, word):
    reason = reason_to_stop(Health(sent, bounces, complaints), "this campaign")
    assert (word in reason) if word else reason == ""


@pytest.fixture
def blast(app, org):
    in_pool = story.pool(app)
    for number in range(1, 21):
        story.person(app, number, in_pool)
    app.mailer = Provider()
    return launched(app, in_pool, story.a_brand(app)), in_pool


def launched(app, in_pool, brand):
    one = story.campaign(app, in_pool, brand=brand)
    campaigns.launch(app, one)
    story.deliver(app, Queue.MAIL)
    return one


def told(app, one, kind, numbers, detail="Permanent/General"):
    step = plan_of(app, one)["steps"][0]
    facts = {"kind": kind, "at": app.clock.now().isoformat(), "campaign": one, "step": step["id"]}
    facts |= {"version": step["version"], "detail": detail if kind is Kind.BOUNCE else ""}
    events = [
        Event(id=f"{one}{kind}{number}", candidate=f"01CAND{number:020}", message_id=f"m{number}", **facts)
        for number in numbers
    ]
    assert receive(app, [(event.id, event) for event in events * 2]) == []
    campaigns.tend(app)
    return story.record(app, one)


@pytest.fixture
def clock_days(app):
    return lambda days: app.clock.move(days=days)


def is_running(app, one):
    return control.read(app, one).leave == "running"


def test_one_complaint_of_twenty_stops_nothing(app, blast):
    told(app, blast[0], Kind.COMPLAINT, [1])
    assert is_running(app, blast[0])


def test_three_complaints_of_twenty_pause_the_campaign_in_words(app, blast):
    keep_open(app, blast[0])
    record = told(app, blast[0], Kind.COMPLAINT, [1, 2, 3])
    assert record[RecruitingCampaign.STATUS] == "Paused"
    assert record[RecruitingCampaign.MESSAGE].startswith("Paused by Warmbench: 3 complaints about 20 mails")


def keep_open(app, one):
    """Somebody still waits, so the campaign is not done."""
    item = next(iter(app.sends.query(f"campaign#{one}", prefix="chunk#")))
    app.sends.update(item["pk"], item["sk"], {"done": False})


def test_bounces_pause_but_full_mailboxes_do_not(app, blast):
    keep_open(app, blast[0])
    told(app, blast[0], Kind.BOUNCE, range(1, 11), "Transient/MailboxFull")
    assert is_running(app, blast[0])
    told(app, blast[0], Kind.BOUNCE, range(11, 16))
    assert not is_running(app, blast[0])


def test_whoever_resumes_has_seen_what_was_there(app, blast):
    one = blast[0]
    keep_open(app, one)
    told(app, one, Kind.COMPLAINT, [1, 2, 3])
    campaigns.resume(app, one)
    told(app, one, Kind.COMPLAINT, [4, 5])
    assert is_running(app, one)
    told(app, one, Kind.COMPLAINT, [6])
    assert not is_running(app, one)


def test_trouble_is_held_against_the_mails_of_the_same_week(app, blast, clock_days):
    """A long campaign's many good mails of last month do not hide a bad week."""
    one = blast[0]
    keep_open(app, one)
    item = next(iter(app.sends.query(f"campaign#{one}", prefix="chunk#")))
    app.sends.update(item["pk"], item["sk"], {"accepted": 10_000})
    app.sends.update(item["pk"], PLAN, {"audience": 20_000})
    for _ in range(10):
        clock_days(1)
        campaigns.tend(app)
    told(app, one, Kind.COMPLAINT, [1, 2, 3])
    assert not is_running(app, one)


def test_trouble_seen_more_than_a_week_ago_hides_nothing_new(app, blast, clock_days):
    one = blast[0]
    keep_open(app, one)
    told(app, one, Kind.COMPLAINT, [1, 2, 3])
    campaigns.resume(app, one)
    clock_days(9)
    told(app, one, Kind.COMPLAINT, [4, 5])
    assert is_running(app, one)
    told(app, one, Kind.COMPLAINT, [6])
    assert not is_running(app, one)


def test_campaigns_of_one_sender_stop_together(app, blast):
    one, in_pool = blast
    brand = app.salesforce.get(RecruitingCampaign.API_NAME, one, [RecruitingCampaign.BRAND])[RecruitingCampaign.BRAND]
    other = launched(app, in_pool, brand)
    for each in (one, other):
        keep_open(app, each)
    told(app, one, Kind.COMPLAINT, [1, 2])
    told(app, other, Kind.COMPLAINT, [3])
    assert not is_running(app, one)
    assert not is_running(app, other)
    assert "the sender jobs@" in story.record(app, one)[RecruitingCampaign.MESSAGE]
