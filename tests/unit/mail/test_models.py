"""The pure rules of mail, by tables and by properties."""

import email
import email.policy
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise, permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.messages import engine
from integration.model import address, pace
from integration.model.campaign import MOVES, refusal
from integration.model.ledger import FINAL, SENT, State, all_shards, before, ledger_pk, moved, shard_of
from integration.model.message import MAIL_TOKEN, REPLY_TOKEN, Block, Message, Slot, Writer
from integration.model.mime import date_text, header_text, mailbox, quoted, quoted_token
from integration.model.schedule import Window, due_at, minute_of, next_open, this_minute, zone_of
from integration.model.series import Place, Step, due_of
from integration.model.vocabulary import CampaignStatus, Command

DUBLIN, KOLKATA, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Dublin", "Asia/Kolkata", "America/New_York"))
OFFICE = Window(time(9), time(17))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# the ledger


@pytest.mark.parametrize("order", [*permutations([State.ACCEPTED, State.IN_DOUBT, State.SETTLED])])
def test_mail_that_went_ends_settled_in_every_order_of_the_facts(order):
    state = State.INTENT
    for fact in order:
        state = moved(state, fact)
    assert state is State.SETTLED


@given(st.lists(st.sampled_from(State)))
def test_row_never_goes_back(facts):
    state, seen = None, []
    for fact in facts:
        state = moved(state, fact)
        seen.append(state)
    assert all(later is state or first is not State.SETTLED for first, later in pairwise(seen))
    assert len({one for one in seen if one in SENT}) <= 2


@pytest.mark.parametrize("state", State)
def test_only_a_missing_row_can_be_claimed(state):
    assert state not in before(State.INTENT)
    assert None in before(State.INTENT)


def test_provider_event_proves_more_than_any_state():
    assert all(moved(state, State.SETTLED) is State.SETTLED for state in (None, *State))


def test_intent_is_the_only_state_that_is_not_final():
    assert set(State) - FINAL == {State.INTENT}


@given(st.text(min_size=1))
def test_shards_have_two_digits(key):
    assert shard_of(key) in all_shards()
    assert ledger_pk("c", "s", "1", key) == f"c#s-v1#{shard_of(key)}"


# campaigns


@pytest.mark.parametrize(
    ("command", "status", "allowed"),
    [
        (Command.LAUNCH, CampaignStatus.DRAFT, False),
        (Command.LAUNCH, CampaignStatus.APPROVED, True),
        (Command.LAUNCH, CampaignStatus.RUNNING, True),
        (Command.LAUNCH, CampaignStatus.CANCELLED, False),
        (Command.CHECK, CampaignStatus.RUNNING, False),
        (Command.APPROVE, CampaignStatus.DRAFT, False),
        (Command.PAUSE, CampaignStatus.DONE, False),
        (Command.RESUME, CampaignStatus.CANCELLED, False),
        (Command.CANCEL, CampaignStatus.PAUSED, True),
        (Command.CANCEL, CampaignStatus.DONE, False),
    ],
)
def test_what_a_campaign_allows(command, status, allowed):
    assert (refusal(command, status) == "") is allowed


def test_every_refusal_says_what_to_do():
    for command, move in MOVES.items():
        for status in set(CampaignStatus) - move.allowed:
            assert refusal(command, status).endswith(move.otherwise)


# calendars


@pytest.mark.parametrize(
    ("joined", "days", "zone", "expected"),
    [
        ("2026-03-02T10:00", 0, DUBLIN, "2026-03-02T10:00"),  # within the hours: at once
        ("2026-03-02T05:00", 0, DUBLIN, "2026-03-02T09:00"),
        ("2026-03-02T18:00", 0, DUBLIN, "2026-03-03T09:00"),
        ("2026-03-02T10:00", 3, DUBLIN, "2026-03-05T10:00"),
        ("2026-03-27T10:00", 3, DUBLIN, "2026-03-30T09:00"),  # ten o'clock stays ten o'clock over summer time
        ("2026-03-02T10:00", 1, KOLKATA, "2026-03-03T10:00"),  # half-hour zone: 15:30 there
        ("2026-03-02T12:00", 1, KOLKATA, "2026-03-04T03:30"),  # 17:30 there is too late
        ("2028-02-28T10:00", 1, DUBLIN, "2028-02-29T10:00"),  # leap day
        ("2026-10-24T10:00", 1, DUBLIN, "2026-10-25T11:00"),
    ],
)
def test_step_is_due_inside_the_hours_of_the_person(joined, days, zone, expected):
    assert due_at(at(joined), days, OFFICE, zone) == at(expected)


def test_time_that_summer_time_skips_is_not_lost():
    assert next_open(at("2026-03-29T00:30"), Window(time(1, 30), time(3)), DUBLIN) == at("2026-03-29T01:30")


@pytest.mark.parametrize(("hour", "inside"), [(21, False), (22, True), (1, True), (2, False)])
def test_window_may_run_past_midnight(hour, inside):
    assert Window(time(22), time(2)).contains(time(hour)) is inside


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 60),
    st.sampled_from([DUBLIN, KOLKATA, NEW_YORK]),
)
def test_due_time_is_always_in_the_window_and_never_early(joined, days, zone):
    due = due_at(joined, days, OFFICE, zone)
    assert OFFICE.contains(due.astimezone(zone).time())
    assert due >= joined
    assert timedelta(days=days, hours=-1) <= due - joined <= timedelta(days=days + 1, hours=1)


def test_late_step_is_not_followed_at_once_by_the_next():
    steps = [Step("a", "1", 0), Step("b", "1", 3), Step("c", "1", 7)]
    sent = at("2026-03-20T10:00")
    place = Place(due=sent, anchor=at("2026-03-02T10:00"), number=2, sent=sent, sent_step="b")
    assert due_of(steps, place, Window(), DUBLIN) == sent + timedelta(days=1)


def test_minutes_are_looked_at_when_they_have_come():
    assert minute_of(at("2026-03-02T10:00:01")) == "2026-03-02T10:01Z"
    assert this_minute(at("2026-03-02T10:01:59")) == "2026-03-02T10:01Z"


@pytest.mark.parametrize(
    "names", [("Mars/Olympus", "Europe/Dublin"), ("", None, "Europe/Dublin"), ("../x", "Europe/Dublin"), ()]
)
def test_unknown_zone_falls_back(names):
    assert str(zone_of(*names)) == "Europe/Dublin"


# pace


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.floats(0.5, 200))
def test_no_second_has_more_than_the_rate(counts, rate):
    free, times = 0.0, []
    for count in counts:
        slots = pace.reserve(free, 1_000.0, count, rate)
        if slots is None:
            break
        times += [slots.at(number) for number in range(count)]
        free = slots.end
    gaps = [later - first for first, later in pairwise(times)]
    assert all(gap > 1 / rate - 1e-6 for gap in gaps)


def test_slot_too_far_ahead_is_not_kept():
    assert pace.reserve(1_000.0 + pace.FURTHEST + 1, 1_000.0, 1, 1) is None


# addresses


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Ada@People.Example", "Ada@People.Example"),
        (" ada@people.example ", "ada@people.example"),
        ("ada@müller.example", "ada@xn--mller-kva.example"),
        ("ada@people.example\r\nBcc: x@y.example", ""),
        ("ada@people.example\n", "ada@people.example"),
        ("ada, bob@people.example", ""),
        ("<ada@people.example>", ""),
        ("ada@b@people.example", ""),
        ('"a b"@people.example', ""),
        ("ada@localhost", ""),
        ("ada@people..example", ""),
        ("ada@-people.example", ""),
        ("ädä@people.example", ""),
        (f"{'a' * 65}@people.example", ""),
        ("", ""),
    ],
)
def test_address_is_sendable_as_one_recipient_or_not_at_all(given, expected):
    assert address.sendable(given) == expected


def test_fingerprint_is_the_same_for_one_address_and_needs_the_salt():
    assert address.fingerprint("A@b.example", b"x") == address.fingerprint(" a@B.example", b"x")
    assert address.fingerprint("a@b.example", b"x") != address.fingerprint("a@b.example", b"y")


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [((), True), (("people.example",), True), (("@people.example",), True), (("example",), False)],
)
def test_allow_list_names_domains_or_addresses(allowed, expected):
    assert address.is_allowed("Ada@People.example", allowed) is expected


# the wire form


def decoded(raw):
    return (
        email.message_from_bytes(
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + raw
        )
        .get_payload(decode=True)
        .decode()
    )


plain_text = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))


@given(st.lists(plain_text, max_size=8))
def test_pieces_encoded_apart_read_as_one_and_no_line_is_too_long(pieces):
    raw = b"".join(quoted(piece) for piece in pieces)
    assert decoded(raw) == "".join(pieces)
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))


@given(st.lists(plain_text, max_size=8))
def test_lines_stay_lines(lines):
    assert decoded(quoted("\n".join(lines))) == "\r\n".join(lines)


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", max_size=400))
def test_token_of_any_length_is_broken_softly(token):
    raw = b"x=\r\n" + quoted_token(token) + quoted("y")
    assert decoded(raw) == f"x{token}y"
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))


HOSTILE = [
    "Ada\r\nBcc: evil@x.example",
    "Ada\nBcc: evil@x.example",
    "Ada\rBcc: evil@x.example",
    "Ada\r\n\r\n<script>alert(1)</script>",
    "Ada\x0bBcc: evil@x.example",
    "Ada\x0cBcc: evil@x.example",
    "Ada\x1cBcc: evil@x.example",
    "Ada\x1dBcc: evil@x.example",
    "Ada\x1eBcc: evil@x.example",
    "Ada\x85Bcc: evil@x.example",
    "Ada\u2028Bcc: evil@x.example",
    "Ada\u2029Bcc: evil@x.example",
    "Ada\x00",
    "=?utf-8?B?QWRhDQpCY2M6IGV2aWxAeC5leGFtcGxl?=",
    "=?utf-8?Q?Ada=0D=0ABcc:_evil@x.example?=",
    "Ada =?utf-8?q?=0a?= Bcc: evil@x.example",
    "\ud800",
    "Ada\u202eeldA",
    "A" * 2_000,
    "Ä" * 500,
    " " * 300,
    "李娜 🙂 नीता",
    "--=_wb_0\r\nContent-Type: text/html\r\n\r\nx",
]
ALLOWED = {
    *("MIME-Version", "From", "Content-Type", "To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"),
    *("Reply-To", "References"),
}
LETTER = Message(
    campaign="c",
    step="s",
    version="1",
    sender="jobs@kestrel.example",
    headers=f"From: {mailbox('Kestrel', 'jobs@kestrel.example')}\r\n",
    unsubscribe_base="https://jobs.example/u/",
    reply_to=mailbox("Kestrel", "reply+@in.example"),
    reply_mark="abcdef",
    subject=("News for ", Slot("first_name", "you"), Block("{% if city %} in {{ city }}{% endif %}")),
    text=("Hello=\r\n", Slot("first_name"), Block("{% if city %}{{ city }}{% endif %}")),
    html=("<p>=\r\n", Slot("first_name"), Block("{% if city %}{{ city }}{% endif %}"), "</p>=\r\n"),
)


def written(**values):
    filled = {"first_name": "", "city": "", MAIL_TOKEN: "T" * 150, REPLY_TOKEN: "t" * 58, **values}
    return Writer(LETTER, engine.render).write("ada@people.example", filled, at("2026-03-02T09:00"))


def assert_one_plain_mail(raw):
    for policy in (email.policy.default, email.policy.compat32):
        mail = email.message_from_bytes(raw, policy=policy)
        assert set(mail.keys()) <= ALLOWED
        assert len(mail.keys()) == len(ALLOWED)
        assert str(mail["To"]) == "ada@people.example"
        assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("slot", ["first_name", "city"])
def test_S15_B22_no_value_adds_a_header_a_recipient_or_a_part(slot, value):
    assert_one_plain_mail(written(**{slot: value}))


@given(st.text(), st.text())
def test_S15_B22_no_text_at_all_adds_a_header(first_name, city):
    assert_one_plain_mail(written(first_name=first_name, city=city))


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=300))
def test_subject_reads_as_it_was_written(name):
    mail = email.message_from_string(header_text("Subject", name) + "\r\n\r\n", policy=email.policy.default)
    assert mail["Subject"].strip() == name.strip() or " ".join(mail["Subject"].split()) == " ".join(name.split())


@pytest.mark.parametrize(
    "name", [*HOSTILE, 'Kestrel "the" Mill', "Kestrel \\ Co", "Kestrel <x@y.example>, evil@x.example"]
)
def test_sender_name_stays_a_name(name):
    raw = f"From: {mailbox(name, 'jobs@kestrel.example')}\r\n\r\n".encode("ascii")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert list(mail.keys()) == ["From"]
    assert [one.addr_spec for one in mail["From"].addresses] == ["jobs@kestrel.example"]


def test_date_is_spelled_in_english_and_utc():
    assert date_text(datetime(2026, 7, 1, 9, 5, tzinfo=DUBLIN)) == "Wed, 01 Jul 2026 08:05:00 +0000"


def test_stored_message_reads_back_the_same():
    assert Message.from_json(LETTER.to_json()) == LETTER
