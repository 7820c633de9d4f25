"""The chain of rules: which one decides, until when, and that it can be evaluated again."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.decision import Name, Outcome, cap_opens, decide, open_hours
from integration.model.facts import Facts
from integration.model.schedule import Window, zone_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
OFFICE = Window(time(9), time(17))
PLAIN = Facts(NOW, zone="Europe/Dublin", ends=NOW + timedelta(days=7))


def decided(**changes):
    return decide(replace(PLAIN, **changes))


def test_nothing_speaks_against_a_plain_mail():
    assert decided().outcome is Outcome.PASSED
    assert decided().deciding is None


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"row": "settled"}, Name.LEDGER, "it was sent"),
        ({"row": "suppressed", "row_reason": "unsubscribed"}, Name.LEDGER, "unsubscribed"),
        ({"row": "in_doubt"}, Name.LEDGER, "it is not known whether it was sent"),
        ({"left_out": "are held out to measure the effect"}, Name.AUDIENCE, "are held out to measure the effect"),
        ({"leave": "cancelled"}, Name.CANCELLED, "the campaign was cancelled"),
        ({"address": False}, Name.ADDRESS, "no mail can be sent to this address"),
        ({"allowed": False}, Name.STAGE, "not on the list of this stage"),
        ({"refusal": "complained"}, Name.RIGHTS, "complained"),
        ({"twin": "01B"}, Name.TWIN, "has this mail under a record merged with this one"),
        ({"ends": NOW}, Name.ENDED, "the campaign has ended"),
        ({"paused_until": NOW + timedelta(days=90)}, Name.ENDED, "has paused mail, past the end of the campaign"),
    ],
)
def test_one_fact_stops_the_mail(changes, name, reason):
    decision = decided(**changes)
    assert (decision.outcome, decision.deciding.name, decision.reason) == (Outcome.STOPPED, name, reason)


@pytest.mark.parametrize(
    ("changes", "name", "until"),
    [
        ({"leave": "paused"}, Name.RUNNING, None),
        ({"paused_until": LATER}, Name.PAUSE, LATER),
        ({"hold_until": LATER}, Name.OWNER, LATER),
        ({"contact_at": NOW - timedelta(days=1), "hold_days": 3, "contact": "Call"}, Name.OWNER, LATER),
        ({"cap": 1, "cap_days": 1, "mails": (NOW,)}, Name.CAP, datetime(2026, 3, 3, tzinfo=UTC)),
        ({"wish_days": 7, "mails": (NOW,)}, Name.WISH, datetime(2026, 3, 9, tzinfo=UTC)),
        ({"full_until": LATER}, Name.LIMIT, LATER),
        ({"window": Window(time(10), time(17))}, Name.HOURS, NOW + timedelta(hours=1)),
    ],
)
def test_one_fact_puts_the_mail_off(changes, name, until):
    decision = decided(**changes)
    assert (decision.outcome, decision.deciding.name, decision.until) == (Outcome.DEFERRED, name, until)


def test_what_stops_for_good_comes_before_what_waits():
    assert decided(paused_until=LATER, refusal="unsubscribed").reason == "unsubscribed"


def test_a_mail_waits_for_the_last_of_its_reasons_and_then_for_the_hours():
    decision = decided(paused_until=LATER, hold_until=LATER.replace(hour=20), window=OFFICE)
    assert (decision.reason, decision.until) == ("has paused mail", LATER.replace(day=5, hour=9))


def test_transactional_mail_asks_only_what_protects_the_person():
    assert decided(transactional=True, paused_until=LATER, cap=1, mails=(NOW,)).outcome is Outcome.PASSED
    assert decided(transactional=True, refusal="erased").outcome is Outcome.STOPPED


def test_cap_counts_calendar_days_where_the_person_is():
    zone = ZoneInfo("Asia/Tokyo")
    sent = datetime(2026, 3, 2, 14, 59, tzinfo=UTC)  # 23:59 there
    assert cap_opens([sent], 1, 1, sent + timedelta(seconds=30), zone) == datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert cap_opens([sent], 1, 1, sent + timedelta(minutes=1), zone) is None
    assert cap_opens([sent], 2, 1, sent, zone) is None
    assert cap_opens([sent], 1, 7, sent, zone) == datetime(2026, 3, 8, 15, tzinfo=UTC)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
zones = st.sampled_from(
    ["Europe/Dublin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham", "Mars/Base", ""]
)


@given(moments, zones, st.booleans(), st.lists(moments, max_size=5))
def test_every_mail_goes_inside_the_hours_on_a_day_for_mail(at, zone, working_days, holidays):
    """Summer time, half-hour zones, a zone that nobody knows, holidays: all 09:00 to 17:00 local (row 58)."""
    days = tuple(day.date().isoformat() for day in holidays)
    facts = Facts(at, window=OFFICE, zone=zone, working_days=working_days, holidays=days)
    opens = open_hours(at, OFFICE, zone_of(zone), facts.is_free)
    local = opens.astimezone(zone_of(zone))
    assert time(9) <= local.time() < time(17)
    assert opens >= at
    assert not working_days or (local.weekday() < 5 and local.date().isoformat() not in days)
    assert decide(replace(facts, now=opens)).outcome is Outcome.PASSED


facts_of_any_kind = st.builds(
    Facts,
    now=moments,
    left_out=st.sampled_from(["", "", "", "left"]),
    leave=st.sampled_from(["running", "running", "paused", "cancelled"]),
    ends=st.none() | moments,
    refusal=st.sampled_from(["", "", "unsubscribed"]),
    paused_until=st.none() | moments,
    contact_at=st.none() | moments,
    hold_days=st.integers(0, 5),
    cap=st.integers(0, 2),
    cap_days=st.integers(1, 7),
    mails=st.lists(moments, max_size=4).map(tuple),
    window=st.sampled_from([OFFICE, Window(), Window(time(22), time(2))]),
    zone=zones,
    working_days=st.booleans(),
    holidays=st.sampled_from([(), ("2026-12-25", "2026-12-26")]),
)


@given(facts_of_any_kind)
def test_facts_that_were_kept_give_the_same_decision(facts):
    assert Facts.of_row(facts.kept()) == facts
    assert decide(Facts.of_row(facts.kept())) == decide(facts)


@given(facts_of_any_kind)
def test_mail_that_is_put_off_is_asked_again_later_and_before_the_end(facts):
    decision = decide(facts)
    if decision.outcome is Outcome.DEFERRED and decision.until is not None:
        assert decision.until > facts.now
        assert facts.ends is None or decision.until < facts.ends
