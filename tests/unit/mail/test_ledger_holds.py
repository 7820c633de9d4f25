"""Whatever order things happen in: nobody is mailed twice, nobody is lost, and an opt-out holds (I1 to I4)."""

import contextlib
import dataclasses

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from moto import mock_aws

from integration.app import App
from integration.messages import publish
from integration.model.event import Event, Kind
from integration.model.ledger import SENT, State, ledger_pk
from integration.ports import MailInDoubt, MailRefused, MailThrottled, Queue
from integration.sending import Reason, control, send_chunk, settle, suppress
from tests.app_fixture import CONFIG, REGION, _make_account, app_queue_messages
from tests.clock import FrozenClock
from tests.unit.mail.letters import CAMPAIGN, STEP, plenty, published, queue_message, recipient

PEOPLE = range(1, 9)


class Killed(BaseException):
    """SIGKILL, as far as one call can tell."""


class Provider:
    """Accepts into its own books, which are the truth; what it answers is drawn by the test."""

    def __init__(self):
        self.books = []
        self.answers = []

    def send(self, raw, *, sender, recipient, tags):
        answer = self.answers.pop(0) if self.answers else "ok"
        if answer in {"ok", "reply lost", "killed after"}:
            self.books.append(tags["candidate"])
        if answer.startswith("killed"):
            raise Killed
        if answer == "throttled":
            raise MailThrottled("slow down")
        if answer == "refused":
            raise MailRefused("MessageRejected")
        if answer in {"reply lost", "request lost"}:
            raise MailInDoubt("no answer")
        return f"id-{len(self.books)}"


ANSWERS = ["ok", "ok", "ok", "throttled", "refused", "reply lost", "request lost", "killed before", "killed after"]


COMPILED = []


def _message(app):
    """Compiled once for all examples: what is under test here is the ledger."""
    if not COMPILED:
        COMPILED.append(published(app))
    return COMPILED[0]


class Sending(RuleBasedStateMachine):
    opted_out = Bundle("opted_out")

    def __init__(self):
        super().__init__()
        self.aws = mock_aws()
        self.aws.start()
        self.app = App(dataclasses.replace(CONFIG, queue_urls=_make_account()))
        self.app.clock = FrozenClock()
        self.provider = self.app.mailer = Provider()
        self.out = {}
        publish(self.app, _message(self.app))
        self.message = queue_message(*(recipient(number) for number in PEOPLE))

    def teardown(self):
        self.aws.stop()

    @initialize(answers=st.lists(st.sampled_from(ANSWERS), min_size=5, max_size=8))
    def first_worker_takes_the_chunk(self, answers):
        self.worker_takes_the_chunk(answers)

    @rule(answers=st.lists(st.sampled_from(ANSWERS), min_size=3, max_size=8))
    def worker_takes_the_chunk(self, answers):
        self.provider.answers = list(answers)
        with contextlib.suppress(Killed):
            send_chunk(self.app, self.message, plenty)
        self.provider.answers = []
        app_queue_messages(self.app, Queue.MAIL)  # the chunk comes again whenever the test says so

    @rule(number=st.sampled_from(PEOPLE), kind=st.sampled_from([Kind.SEND, Kind.DELIVERY, Kind.BOUNCE]))
    def event_of_a_mail_that_went_arrives(self, number, kind):
        key = recipient(number)["key"]
        if key in self.provider.books:
            facts = {"campaign": CAMPAIGN, "step": STEP, "version": "1", "candidate": key, "message_id": "m"}
            settle(self.app, Event(id="e", kind=kind, at=self.app.clock.now().isoformat(), **facts))

    @rule(number=st.sampled_from(PEOPLE))
    def person_opts_out(self, number):
        key = recipient(number)["key"]
        suppress(self.app, key, Reason.UNSUBSCRIBED, self.app.clock.now())
        self.out.setdefault(key, self.provider.books.count(key))

    @rule(minutes=st.sampled_from([1, 20]))
    def time_passes(self, minutes):
        self.app.clock.move(minutes=minutes)

    @rule()
    def campaign_is_paused_and_resumed(self):
        control.pause(self.app, CAMPAIGN, "a person")
        send_chunk(self.app, self.message, plenty)
        control.resume(self.app, CAMPAIGN)

    @rule()
    def ledger_rows_written_since_are_lost_but_told_again(self):
        """A restored snapshot: rows go, the provider's events come again."""
        for number in PEOPLE:
            key = recipient(number)["key"]
            if self.state(key) in SENT:
                self.app.sends.delete(ledger_pk(CAMPAIGN, STEP, "1", key), key)
                self.event_of_a_mail_that_went_arrives(number, Kind.SEND)

    def state(self, key):
        row = self.app.sends.get(ledger_pk(CAMPAIGN, STEP, "1", key), key)
        return State(row["state"]) if row else None

    @invariant()
    def nobody_has_two(self):
        assert len(self.provider.books) == len(set(self.provider.books))

    @invariant()
    def books_agree(self):
        for number in PEOPLE:
            key = recipient(number)["key"]
            went, state = key in self.provider.books, self.state(key)
            assert not (state in SENT and not went), (key, state)
            assert not (state in {State.SUPPRESSED, State.FAILED, None} and went), (key, state)

    @invariant()
    def opt_out_holds(self):
        assert all(self.provider.books.count(key) == before for key, before in self.out.items())

    @rule()
    def in_the_end_everybody_is_accounted_for(self):
        for _ in range(3):
            self.worker_takes_the_chunk([])
            self.time_passes(20)
        assert all(self.state(recipient(number)["key"]) not in {None, State.INTENT} for number in PEOPLE)


@pytest.mark.parametrize("orders", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_ledger_holds_in_any_order(monkeypatch, orders):
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    limits = settings(
        max_examples=orders, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Sending, settings=limits)
