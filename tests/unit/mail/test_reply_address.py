"""Where answers to campaign mail go: a signed address that any mail server carries unharmed."""

import base64
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.messages import message_of_mark
from integration.messages.making import MARKS
from integration.model import reply_address
from integration.model.link import Purpose, Signer
from integration.model.reply_address import mark_of
from integration.sending import send_chunk
from tests.app_fixture import app_sent_mail
from tests.unit.mail.letters import CAMPAIGN, STEP, plenty, published, queue_message, recipient

OLD, NEW = b"an old key of thirty-two bytes..", b"a new key of thirty-two bytes..."
SIGNER = Signer("k2", {"k1": OLD, "k2": NEW}, OLD)
KEYS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)
MARKS_IN_USE = st.builds(mark_of, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))


@pytest.fixture
def answerable(app):
    app.config = dataclasses.replace(app.config, inbound_domain="in.kestrel.example")
    return app


def sent(app, **changes):
    send_chunk(app, queue_message(recipient(**changes)), plenty)
    return app_sent_mail(app)[-1]


@given(MARKS_IN_USE, KEYS, st.booleans())
def test_token_says_what_went_in_whatever_case_servers_make_of_it(mark, key, upper):
    token = reply_address.token(SIGNER, mark, key)
    assert token == token.lower()
    assert len(reply_address.LOCAL + token) <= 64
    answered = reply_address.read(SIGNER, token.upper() if upper else token)
    assert (answered.mark, answered.candidate) == (mark, key)


@given(MARKS_IN_USE, KEYS, st.integers(0, 57), st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"))
def test_one_changed_character_is_refused(mark, key, place, other):
    token = reply_address.token(SIGNER, mark, key)
    changed = token[:place] + other + token[place + 1 :]
    assert (reply_address.read(SIGNER, changed) is None) == (changed != token)


@given(st.text(max_size=80))
def test_no_other_text_is_a_token(text):
    assert reply_address.read(SIGNER, text) is None
    assert reply_address.first_in(SIGNER, text) is None


def test_token_of_an_older_key_still_counts_and_one_of_a_key_that_is_gone_does_not():
    token = reply_address.token(Signer("k1", {"k1": OLD}, OLD), "abcdef", "0" * 26)
    assert reply_address.read(SIGNER, token)
    assert reply_address.read(Signer("k2", {"k2": NEW}, OLD), token) is None


def test_token_is_no_token_for_another_door():
    text = "abcdef" + "0" * 26
    other = SIGNER.seal(Purpose.MAIL, text)
    assert reply_address.read(SIGNER, text + other) is None


def test_true_token_is_found_behind_false_ones():
    true = reply_address.token(SIGNER, "abcdef", "0" * 26)
    text = f"References: <{'a' * 58}@x> <{true.upper()}@in.example> <CAF=x@mail.gmail.com>"
    assert reply_address.first_in(SIGNER, text) == reply_address.Answered("abcdef", "0" * 26)


def test_mail_says_where_answers_go(answerable):
    published(answerable)
    mail = sent(answerable)
    (to,) = mail["Reply-To"].addresses
    assert to.display_name == "Kestrel Mühlen & Söhne"
    assert (to.domain, len(to.username) <= 64) == ("in.kestrel.example", True)
    answered = reply_address.read(answerable.links, to.username.removeprefix("reply+"))
    assert answered.candidate == recipient()["key"]
    assert message_of_mark(answerable, answered.mark) == (CAMPAIGN, STEP, "1")


def test_mail_names_itself_once_more_for_programs_that_answer_elsewhere(answerable):
    published(answerable)
    mail = sent(answerable)
    assert reply_address.first_in(answerable.links, mail["References"]).candidate == recipient()["key"]
    page, by_mail = (part.strip() for part in mail["List-Unsubscribe"].split(","))
    assert page.startswith("<https://jobs.warmbench.example/u/")
    assert by_mail == f"<mailto:{mail['Reply-To'].addresses[0].addr_spec}?subject=unsubscribe>"


def test_without_an_inbound_domain_answers_go_to_the_sender(app):
    published(app)
    mail = sent(app)
    assert (mail["Reply-To"], mail["References"]) == (None, None)
    assert "mailto" not in mail["List-Unsubscribe"]


def test_person_without_a_key_and_transactional_mail_have_no_such_address(answerable):
    published(answerable)
    assert sent(answerable, key="test.01K")["Reply-To"] is None
    message = published(answerable, version="2", transactional=True)
    assert message.reply_mark == ""


def test_mark_of_another_message_is_left_to_it(answerable):
    taken = mark_of(CAMPAIGN, STEP, "1")
    other = {"pk": f"{MARKS}#{taken}", "sk": MARKS, "campaign": "x", "step": "y", "version": "z"}
    answerable.sends.put(other)
    published(answerable)
    published(answerable)
    local = sent(answerable)["Reply-To"].addresses[0].username
    mark = reply_address.read(answerable.links, local.removeprefix("reply+")).mark
    assert mark == mark_of(CAMPAIGN, STEP, "1", 1)
    assert message_of_mark(answerable, mark) == (CAMPAIGN, STEP, "1")
    assert message_of_mark(answerable, taken) == ("x", "y", "z")


def test_seal_is_128_bits_of_the_signature():
    seal = SIGNER.seal(Purpose.REPLY, "text")
    assert len(base64.b32decode(seal.upper() + "=" * 6)) == 16
