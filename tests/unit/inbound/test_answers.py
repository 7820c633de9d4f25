"""Who or what answered, for mails as the usual programs and servers write them, in ten languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.answers import judge
from integration.model.incoming import Kind
from integration.model.quoting import own_text
from integration.model.stop_words import asks_to_stop
from integration.replies.opening import opened
from tests.unit.inbound import corpus


def verdict(raw):
    return judge(opened(raw))


@pytest.mark.parametrize("name", corpus.QUOTED)
def test_only_what_the_person_wrote_is_theirs(name):
    text, own = corpus.QUOTED[name]
    assert opened(corpus.mail(text)).own_text == own
    assert verdict(corpus.mail(text)).kind is Kind.PERSON


@pytest.mark.parametrize("name", corpus.AWAY)
def test_absence_is_told_with_the_day_of_return(name):
    subject, text, extra, back = corpus.AWAY[name]
    told = verdict(corpus.mail(text, subject=subject, extra=extra))
    assert (told.kind, told.back_on) == (Kind.OUT_OF_OFFICE, back)


@pytest.mark.parametrize("name", corpus.AUTOMATIC)
def test_other_machines_are_of_no_consequence(name):
    subject, text, extra = corpus.AUTOMATIC[name]
    assert verdict(corpus.mail(text, subject=subject, extra=extra)).kind is Kind.AUTOMATIC


def test_person_who_answers_an_absence_is_a_person():
    assert verdict(corpus.mail("Enjoy!", subject="Re: Out of office")).kind is Kind.PERSON


@pytest.mark.parametrize("text", corpus.STOP)
def test_wish_for_no_more_mail_is_heard(text):
    assert verdict(corpus.mail(text)).kind is Kind.REMOVE_ME


@pytest.mark.parametrize("text", corpus.NO_STOP)
def test_other_words_are_no_wish(text):
    assert verdict(corpus.mail(text)).kind is Kind.PERSON


def test_doubtful_words_are_pointed_out():
    assert verdict(corpus.mail("How do I unsubscribe my old address and keep this one?")).asks_to_stop


def test_mail_to_the_unsubscribe_address_is_a_wish():
    assert verdict(corpus.mail("", subject="unsubscribe")).kind is Kind.REMOVE_ME
    assert verdict(corpus.mail("x" * 200, subject="unsubscribe")).kind is Kind.PERSON


@pytest.mark.parametrize("name", corpus.BOUNCES)
def test_bounce_is_typed_by_its_status(name):
    raw, bounce, status = corpus.BOUNCES[name]
    told = verdict(raw)
    assert (told.kind, told.bounce, told.status) == (Kind.BOUNCE, bounce, status)


@pytest.mark.parametrize("raw", [corpus.QMAIL, corpus.EXIM])
def test_bounce_in_words_is_a_bounce(raw):
    assert (verdict(raw).kind, verdict(raw).bounce) == (Kind.BOUNCE, "Permanent")


def test_delivery_and_receipt_are_nothing_to_act_on():
    assert verdict(corpus.dsn("2.0.0", "250 ok", action="delivered")).kind is Kind.AUTOMATIC
    assert verdict(corpus.RECEIPT).kind is Kind.AUTOMATIC


def test_feedback_report_is_a_complaint():
    assert verdict(corpus.ARF).kind is Kind.COMPLAINT
    assert verdict(corpus.ARF.replace(b"abuse\r", b"not-spam\r")).kind is Kind.AUTOMATIC


NASTY = {
    "an endless introduction": "On " + "a " * 40_000,
    "introductions without end": "On Monday 10:00 x wrote\n" * 4_000,
    "only verbs": "schrieb wrote " * 8_000,
    "almost a rule": "-" * 90_000,
    "dates": "until 1.1. " * 9_000,
    "denials": "don't " * 15_000 + "remove me",
    "stops": "no more " * 12_000,
    "a wall of spaces": " " * 99_000 + "x",
    "line ends": "\n" * 99_000,
    "from lines": "From: x\n" * 12_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_text_made_to_be_slow_is_judged(name):
    assert verdict(corpus.mail(NASTY[name], extra=corpus.REPLIED)).kind
    asks_to_stop(NASTY[name])
    own_text(NASTY[name])


@given(st.text(max_size=500))
def test_no_text_breaks_the_rules(text):
    own_text(text)
    asks_to_stop(text)
    verdict(corpus.mail(text.replace("\r", "")) if text.isprintable() else corpus.mail("x"))
