"""Mail that has to wait: for the cap, a pause, or a recruiter who talks to the person; and what becomes of it."""

from datetime import timedelta

import pytest

from integration.campaigns import tend
from integration.model.ledger import ledger_pk
from integration.model.vocabulary import MailFrequency
from integration.ports import MailRefused, Queue
from integration.sending import Reason, control, send_chunk, suppress
from integration.sending.mails import claim
from integration.sending.suppression import note_frequency
from tests.app_fixture import app_queue_messages
from tests.unit.mail.letters import STEP, plenty, published, queue_message, recipient
from tests.unit.mail.test_sending import Provider

CAMPAIGNS = [f"a0C00000000000{number}AAA" for number in (1, 2, 3)]
WHOM = "person1@people.example"


@pytest.fixture
def provider(app):
    app.mailer = Provider()
    for campaign in CAMPAIGNS:
        published(app, campaign=campaign)
    return app.mailer


def run(app, campaign, number=1):
    send_chunk(app, queue_message(recipient(number), campaign=campaign), plenty)


def row(app, campaign, number=1):
    key = recipient(number)["key"]
    return app.sends.get(ledger_pk(campaign, STEP, "1", key), key) or {}


def released(app):
    """What waited and is due now, taken by the senders."""
    tend(app)
    messages = app_queue_messages(app, Queue.MAIL)
    for message in messages:
        send_chunk(app, message, plenty)
    return len(messages)


def with_cap(app, most=1, days=1, **settings):
    for campaign in CAMPAIGNS:
        control.start(app, campaign, {"cap": most, "cap_days": days, "zone": "Europe/Dublin", **settings})


def test_three_campaigns_in_a_day_reach_a_person_once(app, provider):
    with_cap(app)
    for campaign in CAMPAIGNS:
        run(app, campaign)
    assert provider.accepted == [WHOM]
    assert [row(app, campaign).get("state") for campaign in CAMPAIGNS] == ["accepted", None, None]


def test_what_the_cap_put_off_goes_on_the_next_days(app, provider):
    with_cap(app)
    for campaign in CAMPAIGNS:
        run(app, campaign)
    assert released(app) == 0
    app.clock.move(hours=15)  # midnight in Dublin
    assert released(app) == 2
    assert len(provider.accepted) == 2
    app.clock.move(days=1)
    assert released(app) == 1
    assert len(provider.accepted) == 3


def test_who_wants_one_mail_a_week_gets_the_next_a_week_later(app, provider):
    note_frequency(app, recipient(1)["key"], MailFrequency.WEEKLY)
    ends = (app.clock.now() + timedelta(days=20)).isoformat()
    for campaign in CAMPAIGNS[:2]:
        control.start(app, campaign, {"zone": "Europe/Dublin", "ends": ends})
        run(app, campaign)
    app.clock.move(days=6)
    assert released(app) == 0
    app.clock.move(days=1)
    assert released(app) == 1
    assert provider.accepted == [WHOM, WHOM]


def test_mail_over_the_cap_ends_suppressed_when_the_campaign_ends(app, provider):
    ends = (app.clock.now() + timedelta(hours=10)).isoformat()
    with_cap(app, ends=ends)
    run(app, CAMPAIGNS[0])
    run(app, CAMPAIGNS[1])
    told = row(app, CAMPAIGNS[1])
    assert (told["state"], told["reason"]) == ("suppressed", "over the cap of 1 in a day, past the end of the campaign")


def test_the_last_place_under_the_cap_is_taken_once(app, provider):
    """Another campaign writes to the person between our look and our claim."""
    with_cap(app)
    key = recipient(1)["key"]
    put = app.people.update

    def meanwhile(pk, sk, values, *, only_if=None):
        app.people.update = put
        assert claim(app, key, None, "another|mail", app.clock.now())
        return put(pk, sk, values, only_if=only_if)

    app.people.update = meanwhile
    run(app, CAMPAIGNS[0])
    assert provider.accepted == []
    assert row(app, CAMPAIGNS[0]) == {}


def test_mail_that_the_provider_refused_takes_no_place(app, provider):
    with_cap(app)
    provider.answers = [MailRefused("bad")]
    run(app, CAMPAIGNS[0])
    run(app, CAMPAIGNS[1])
    assert provider.accepted == [WHOM]


def test_a_second_look_at_the_same_mail_does_not_count_twice(app, provider):
    with_cap(app, most=2)
    key = recipient(1)["key"]
    own = f"{CAMPAIGNS[0]}|{STEP}-v1"
    assert claim(app, key, None, own, app.clock.now())  # a worker that died before its row was written
    run(app, CAMPAIGNS[0])
    run(app, CAMPAIGNS[1])
    assert len(provider.accepted) == 2


def test_pause_puts_mail_off_until_it_is_over(app, provider):
    until = app.clock.now() + timedelta(days=3)
    suppress(app, recipient(1)["key"], Reason.PAUSED, app.clock.now(), until=until)
    run(app, CAMPAIGNS[0])
    assert row(app, CAMPAIGNS[0]) == {}
    app.clock.move(days=3)
    assert released(app) == 1
    assert provider.accepted == [WHOM]


def test_pause_for_longer_than_the_campaign_waits_is_accounted_for_at_once(app, provider):
    suppress(app, recipient(1)["key"], Reason.PAUSED, app.clock.now(), until=app.clock.now() + timedelta(days=90))
    run(app, CAMPAIGNS[0])
    told = row(app, CAMPAIGNS[0])
    assert (told["state"], told["reason"]) == ("suppressed", "has paused mail, past the end of the campaign")


def test_opt_out_while_waiting_ends_the_wait(app, provider):
    with_cap(app)
    run(app, CAMPAIGNS[0])
    run(app, CAMPAIGNS[1])
    suppress(app, recipient(1)["key"], Reason.UNSUBSCRIBED, app.clock.now())
    app.clock.move(hours=15)
    assert released(app) == 1
    assert row(app, CAMPAIGNS[1])["reason"] == "unsubscribed"


def test_a_week_of_waiting_is_enough(app, provider):
    """Each look finds the cap used up again: the mail is given up, not kept for ever."""
    with_cap(app)
    key = recipient(1)["key"]
    for day in range(9):
        item = app.people.get(f"person#{key}", "mails")
        claim(app, key, item, f"other|{day}", app.clock.now())
        if day == 0:
            run(app, CAMPAIGNS[0])
        else:
            released(app)
        app.clock.move(days=1)
    assert provider.accepted == []
    assert row(app, CAMPAIGNS[0])["state"] == "suppressed"
