"""A sender that warms up: exact counts each day and provider, and nobody else waits for it."""

from collections import Counter

import pytest

from integration.campaigns import tend
from integration.model.pace import provider_of, warm_up
from integration.ports import MailThrottled, Queue
from integration.sending import control, quota, send_chunk
from tests.app_fixture import app_queue_messages
from tests.unit.mail.letters import CAMPAIGN, plenty, published, queue_message, recipient
from tests.unit.mail.test_sending import Provider

OTHER = "a0C000000000009AAA"


def test_plan_grows_by_thirty_percent_a_day():
    assert [warm_up(day) for day in range(-1, 5)] == [0, 50, 65, 84, 109, 142]
    days = next(days for days in range(30) if sum(warm_up(day) for day in range(days)) >= 5_000)
    assert days == 14


@pytest.mark.parametrize(
    ("address", "provider"),
    [("a@GMail.com", "gmail"), ("a@googlemail.com", "gmail"), ("a@live.com", "outlook"), ("a@b.example", "b.example")],
)
def test_addresses_count_for_the_provider_that_judges(address, provider):
    assert provider_of(address) == provider


@pytest.fixture
def sender(app):
    app.mailer = Provider()
    for campaign in (CAMPAIGN, OTHER):
        published(app, campaign=campaign)
        control.start(app, campaign, {"sender": "jobs@new.example", "warm_up_from": "2026-03-02"})


def people(first, last, domain):
    return [recipient(number, email=f"person{number}@{domain}") for number in range(first, last)]


def a_day(app):
    """What goes today, by domain; the clock then moves on to the next day."""
    app.mailer.accepted.clear()
    tend(app)
    for message in app_queue_messages(app, Queue.MAIL):
        send_chunk(app, message, plenty)
    app.clock.move(days=1)
    return Counter(address.partition("@")[2] for address in app.mailer.accepted)


def queued(app, those, **changes):
    for start in range(0, len(those), 20):
        app.queues.send(Queue.MAIL, queue_message(*those[start : start + 20], **changes))


@pytest.mark.slow
def test_daily_counts_are_exact_and_other_providers_and_campaigns_go_on(app, sender):
    queued(app, people(1, 121, "gmail.com"))
    queued(app, people(200, 210, "b.example"))
    queued(app, people(300, 305, "hotmail.com"), campaign=OTHER)
    assert a_day(app) == {"gmail.com": 50, "b.example": 10, "hotmail.com": 5}
    assert a_day(app) == {"gmail.com": 65}
    assert a_day(app) == {"gmail.com": 5}


def test_limit_of_the_day_counts_all_providers_together(app, sender):
    control.start(app, CAMPAIGN, {"warm_up_from": None, "daily_limit": 7})
    queued(app, [*people(1, 6, "gmail.com"), *people(6, 11, "b.example")])
    assert a_day(app).total() == 7
    assert a_day(app).total() == 3


def test_mail_that_was_throttled_takes_no_place_of_the_day(app, sender):
    app.mailer.answers = [MailThrottled("slow down")]
    send_chunk(app, queue_message(*people(1, 2, "gmail.com")), plenty)
    settings = control.read(app, CAMPAIGN)
    ((pk, sk, _),) = quota.places(settings, "a@gmail.com", app.clock.now())
    assert app.pace.get(pk, sk)["used"] == 0


def test_the_last_place_of_the_day_is_taken_once(app, sender):
    control.start(app, CAMPAIGN, {"warm_up_from": None, "daily_limit": 1})
    settings, now = control.read(app, CAMPAIGN), app.clock.now()
    assert [quota.take(app, settings, "a@b.example", now) for _ in range(3)] == [True, False, False]
