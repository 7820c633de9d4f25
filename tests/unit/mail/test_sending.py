"""One chunk through the ledger: who gets a mail, who does not, and what is written down."""

import dataclasses

import pytest

from integration.model.event import Event, Kind
from integration.model.ledger import ledger_pk
from integration.ports import MailInDoubt, MailRefused, MailSendingPaused, MailThrottled, Queue
from integration.sending import Reason, control, resume_everything, send_chunk, settle, suppress
from integration.sending.control import pause_everything
from integration.sending.one import chunk_key
from integration.sending.pacing import Pacer
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.letters import CAMPAIGN, STEP, plenty, published, queue_message, recipient


class Provider:
    """The provider's side: what it accepted, and what it answers next."""

    def __init__(self):
        self.accepted = []
        self.answers = []
        self.before = None

    def send(self, raw, *, sender, recipient, tags):
        if self.before:
            self.before(recipient)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, MailInDoubt) or answer is None:
            self.accepted.append(recipient)
        if answer is not None:
            raise answer
        return f"id-{len(self.accepted)}"


@pytest.fixture
def provider(app):
    app.mailer = Provider()
    return app.mailer


def row(app, number=1):
    key = recipient(number)["key"]
    return app.sends.get(ledger_pk(CAMPAIGN, STEP, "1", key), key)


def run(app, *numbers, **changes):
    send_chunk(app, queue_message(*(recipient(number) for number in numbers), **changes), plenty)


def event(kind, number=1, **changes):
    facts = {"id": "e1", "kind": kind, "at": "2026-03-02T09:00:05+00:00", "campaign": CAMPAIGN, "step": STEP}
    return Event(**{**facts, "version": "1", "candidate": recipient(number)["key"], "message_id": "m1", **changes})


def test_mail_goes_out_with_tags_and_one_click_headers(app):
    published(app)
    run(app, 1)
    (mail,) = app_sent_mail(app)
    assert mail["To"] == "person1@people.example"
    assert mail["Subject"] == "News for Ada"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://jobs.warmbench.example/u/")
    assert row(app)["state"] == "accepted"
    assert row(app)["message_id"]


def test_second_copy_of_a_chunk_sends_nothing(app, provider):
    published(app)
    run(app, 1, 2)
    run(app, 1, 2)
    assert provider.accepted == ["person1@people.example", "person2@people.example"]


def test_throttled_mail_leaves_no_row_and_comes_again(app, provider):
    published(app)
    provider.answers = [None, MailThrottled("slow down")]
    run(app, 1, 2, 3)
    assert row(app, 2) is None
    assert row(app, 1)["state"] == "accepted"
    assert provider.accepted == ["person1@people.example"]
    app.clock.move(seconds=10)
    run(app, 1, 2, 3)
    assert provider.accepted == [f"person{number}@people.example" for number in (1, 2, 3)]


def test_throttling_makes_every_worker_of_the_sender_wait(app, provider):
    published(app)
    provider.answers = [MailThrottled("slow down")]
    run(app, 1)
    slot = app.pace.get("sender#jobs@mail.warmbench.example", "slot")
    assert slot["free_from"] == int(app.clock.now().timestamp() * 1000) + 1_000


def blocked_seconds(app):
    slot = app.pace.get("sender#jobs@mail.warmbench.example", "slot")
    return round(slot["free_from"] / 1000 - app.clock.now().timestamp())


def test_patience_doubles_while_nothing_gets_through(app, provider):
    published(app)
    provider.answers = [MailThrottled("slow down")] * 2
    run(app, 1, throttled=2)
    assert blocked_seconds(app) == 4
    app.clock.move(minutes=5)
    run(app, 1, throttled=50)
    assert blocked_seconds(app) == 256


def test_chunk_that_moves_on_does_not_add_up_its_refusals(app, provider):
    published(app)
    provider.answers = [None, MailThrottled("slow down")]
    run(app, 1, 2, throttled=6)
    assert blocked_seconds(app) == 1


def test_lost_reply_is_held_and_never_sent_again(app, provider):
    published(app)
    provider.answers = [MailInDoubt("no answer")]
    run(app, 1)
    assert row(app)["state"] == "intent"
    app.clock.move(minutes=16)
    run(app, 1)
    assert row(app)["state"] == "in_doubt"
    run(app, 1)
    assert provider.accepted == ["person1@people.example"]


def test_late_event_settles_a_mail_in_doubt(app, provider):
    published(app)
    provider.answers = [MailInDoubt("no answer")]
    run(app, 1)
    app.clock.move(minutes=16)
    run(app, 1)
    settle(app, event(Kind.SEND))
    assert row(app)["state"] == "settled"


def test_event_builds_a_lost_row_again(app, provider):
    published(app)
    settle(app, event(Kind.DELIVERY))
    run(app, 1)
    assert row(app)["state"] == "settled"
    assert provider.accepted == []


def test_refused_mail_fails_with_the_reason(app, provider):
    published(app)
    provider.answers = [MailRefused("MessageRejected")]
    run(app, 1)
    assert (row(app)["state"], row(app)["reason"]) == ("failed", "MessageRejected")


def test_refused_account_pauses_the_campaign_without_failures(app, provider):
    published(app)
    provider.answers = [MailSendingPaused("AccountSuspendedException")]
    run(app, 1, 2)
    assert row(app, 1) is None
    assert control.read(app, CAMPAIGN).leave == "paused"
    control.resume(app, CAMPAIGN)
    (message,) = app_queue_messages(app, Queue.MAIL)
    send_chunk(app, message, plenty)
    assert len(provider.accepted) == 2


def test_opt_out_in_the_middle_of_a_chunk_is_honoured(app, provider):
    published(app)

    def person_2_opts_out(address):
        if address.startswith("person1@"):
            suppress(app, recipient(2)["key"], Reason.UNSUBSCRIBED, app.clock.now())

    provider.before = person_2_opts_out
    run(app, 1, 2, 3)
    assert provider.accepted == ["person1@people.example", "person3@people.example"]
    assert (row(app, 2)["state"], row(app, 2)["reason"]) == ("suppressed", "unsubscribed")


def test_pause_in_the_middle_stops_within_a_second_and_resume_sends_the_rest_once(app, provider):
    published(app)

    def pause_after_the_second(address):
        app.clock.move(seconds=2)
        if address.startswith("person2@"):
            control.pause(app, CAMPAIGN, "a person")

    provider.before = pause_after_the_second
    run(app, *range(1, 6))
    assert len(provider.accepted) == 2
    provider.before = None
    assert control.resume(app, CAMPAIGN) == 1
    for message in app_queue_messages(app, Queue.MAIL):
        send_chunk(app, message, plenty)
    assert sorted(provider.accepted) == [f"person{number}@people.example" for number in range(1, 6)]


def test_global_switch_parks_every_campaign(app, provider):
    published(app)
    pause_everything(app, "unclean stop")
    run(app, 1)
    assert provider.accepted == []
    assert resume_everything(app) == 1
    send_chunk(app, *app_queue_messages(app, Queue.MAIL), plenty)
    assert len(provider.accepted) == 1


def test_cancelled_campaign_sends_nothing_more(app, provider):
    published(app)
    control.cancel(app, CAMPAIGN)
    run(app, 1)
    assert provider.accepted == []
    assert app_queue_messages(app, Queue.MAIL) == []


def time_running_out(*milliseconds):
    """What the worker is told at each look, the last again and again."""
    left = list(milliseconds)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_nothing_is_begun_when_time_runs_out(app, provider):
    published(app)
    send_chunk(app, queue_message(recipient(1)), time_running_out(10_000, 1_400))
    assert row(app) is None
    assert len(app_queue_messages(app, Queue.MAIL)) == 1


def test_a_worker_with_a_second_of_time_begins_while_more_than_two_fifths_are_left(app):
    published(app)
    send_chunk(app, queue_message(recipient(1)), time_running_out(1_000, 390))
    assert row(app) is None
    send_chunk(app, queue_message(recipient(1)), time_running_out(1_000, 410))
    assert row(app)["state"] == "accepted"


def test_addresses_outside_the_allow_list_are_suppressed(app, provider):
    published(app)
    app.config = dataclasses.replace(app.config, mail_allow_list=("warmbench.example",))
    run(app, 1)
    assert row(app)["state"] == "suppressed"
    assert provider.accepted == []


@pytest.mark.parametrize(
    "address", ["", "no-at", "a@b", "a b@c.example", "x@c.example\r\nBcc: y@z.example", "ä@c.example"]
)
def test_address_that_no_mail_can_have_fails_alone(app, provider, address):
    published(app)
    send_chunk(app, queue_message(recipient(1, email=address), recipient(2)), plenty)
    assert row(app, 1)["state"] == "failed"
    assert provider.accepted == ["person2@people.example"]


def test_hard_bounce_stops_the_address_for_everybody(app, provider):
    published(app)
    run(app, 1)
    settle(app, event(Kind.BOUNCE, detail="Permanent/General 5.1.1"))
    other = recipient(2, email="Person1@people.example")
    send_chunk(app, queue_message(other), plenty)
    assert row(app, 2)["reason"] == "bounced"


def test_soft_bounce_stops_nobody(app, provider):
    published(app)
    run(app, 1)
    settle(app, event(Kind.BOUNCE, detail="Transient/MailboxFull"))
    send_chunk(app, queue_message(recipient(1), version="1", step=STEP), plenty)
    assert app.people.get(f"person#{recipient(1)['key']}", "suppression") is None


def soft_bounces(app, *days, detail="Transient/MailboxFull"):
    for day in days:
        settle(app, event(Kind.BOUNCE, detail=detail, message_id=f"m{day}", at=f"2026-03-{day:02}T09:00:05+00:00"))


def is_stopped(app):
    mark = row(app)["address"]
    return (app.people.get(f"address#{mark}", "suppression") or {}).get("reason") == "bounced"


@pytest.mark.parametrize(
    ("days", "stopped"),
    [((2, 5, 9), True), ((9, 2, 5), True), ((2, 5, 10), False), ((2, 2, 2, 5, 5), False), ((2, 11, 13, 17), True)],
)
def test_three_soft_bounces_in_a_week_stop_the_address(app, provider, days, stopped):
    published(app)
    run(app, 1)
    soft_bounces(app, *days)
    assert is_stopped(app) is stopped


def test_bounces_that_are_the_mails_fault_stop_nobody(app, provider):
    published(app)
    run(app, 1)
    soft_bounces(app, 2, 3, 4, detail="Transient/MessageTooLarge")
    assert not is_stopped(app)


@pytest.mark.parametrize(
    "order", [[Kind.SEND, Kind.REJECT], [Kind.REJECT, Kind.SEND], [Kind.REJECT], [Kind.REJECT] * 2]
)
def test_a_mail_that_the_provider_kept_back_is_not_sent(app, provider, order):
    published(app)
    run(app, 1)
    for kind in order:
        settle(app, event(kind, detail="Bad content"))
    assert (row(app)["state"], row(app)["reason"]) == (
        "failed",
        "the provider took the mail, but did not send it: Bad content",
    )


def test_complaint_is_stronger_than_a_later_opt_out(app, provider):
    key = recipient(1)["key"]
    settle(app, event(Kind.COMPLAINT))
    suppress(app, key, Reason.UNSUBSCRIBED, app.clock.now())
    assert app.people.get(f"person#{key}", "suppression")["reason"] == "complained"


def test_ended_pause_lets_mail_through_again(app, provider):
    published(app)
    at = app.clock.now()
    suppress(app, recipient(1)["key"], Reason.PAUSED, at, until=at.replace(day=9))
    app.clock.move(days=8)
    run(app, 1)
    assert len(provider.accepted) == 1


def test_rate_of_a_sender_is_reserved_slot_by_slot(app, provider):
    published(app)
    app.config = dataclasses.replace(app.config, send_rate=0.1)
    run(app, 1, 2, 3)
    assert len(provider.accepted) == 1  # the next slot is ten seconds away: the chunk goes back and keeps it
    (waiting,) = [app.pace.get("sender#jobs@mail.warmbench.example", "slot")]
    assert waiting["free_from"] == int(app.clock.now().timestamp() * 1000) + 30_000


def test_a_slow_worker_gives_up_the_slots_that_passed_and_no_others(app):
    app.config = dataclasses.replace(app.config, send_rate=14.0)
    pacer, began = Pacer(app, "jobs@mail.example", CAMPAIGN, campaign_rate=5.0), app.clock.now().timestamp()
    assert pacer.seconds_to_next(50) == 0
    app.clock.move(seconds=2)  # slots of the first second are lost, five
    assert pacer.seconds_to_next(50) == 0
    assert pacer.left == 45
    assert app.pace.get(f"campaign#{CAMPAIGN}", "slot")["free_from"] == (began + 10) * 1000  # nothing more was reserved


def test_a_chunk_keeps_no_more_slots_than_it_brings_back(app, provider):
    published(app)
    app.config = dataclasses.replace(app.config, send_rate=0.1)
    brought = {"slot": app.clock.now().timestamp(), "slots": 1}
    send_chunk(app, queue_message(recipient(1), recipient(2)) | brought, plenty)
    assert len(provider.accepted) == 2  # the second by a slot that was reserved for it
    taken = app.pace.get("sender#jobs@mail.warmbench.example", "slot")["free_from"]
    assert taken == int(app.clock.now().timestamp() * 1000) + 10_000


def test_campaign_waits_for_its_hours(app, provider):
    published(app)
    control.start(
        app, CAMPAIGN, {"window_start": "10:00:00.000Z", "window_end": "17:00:00.000Z", "zone": "Europe/Dublin"}
    )
    run(app, 1)
    assert provider.accepted == []
    app.clock.move(hours=1)
    run(app, 1)
    assert len(provider.accepted) == 1


def test_chunk_of_a_frozen_audience_tells_when_it_is_done(app, provider):
    published(app)
    line = b'{"key":"01A","id":"a01","email":"a@people.example","slots":{}}\n'
    app.data.write(chunk_key(CAMPAIGN, STEP, "1", "00000"), line, content_type="application/x-ndjson")
    send_chunk(app, {"campaign": CAMPAIGN, "step": STEP, "version": "1", "chunk": "00000"}, plenty)
    item = app.sends.get(f"campaign#{CAMPAIGN}", f"chunk#{STEP}-v1#00000")
    assert (item["done"], item["accepted"], item["size"]) == (True, 1, 1)
