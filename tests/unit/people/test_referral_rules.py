"""Who is owed a bonus, and why: pure rules, whatever order the facts arrived in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.model.referral import PAYABLE, Applied, Claim, Terms, decide, holder
from integration.model.vocabulary import BonusState, ReferralModel

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MODELS = list(ReferralModel)
NURSE, COOK = "nurse-requisition", "cook-requisition"


def on(days):
    return START + timedelta(days=days)


def day(days):
    return on(days).date()


def claim(number, days, requisition=NURSE, **more):
    more.setdefault("referrer", f"referrer {number}")
    return Claim(id=f"c{number}", name=f"RF-{number}", at=on(days), requisition=requisition, **more)


def applied(days, requisition=NURSE, number=1, **more):
    return Applied(
        id=f"a{number}", name=f"APP-{number}", requisition=requisition, title="Night nurse", at=on(days), **more
    )


def decided(terms, claims, applications=(), *, today=0, employed=True):
    return decide(terms, claims, applications, employed=employed, today=day(today))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("apart", "winner"), [(89, "c1"), (90, "c1"), (91, "c2")])
def test_second_referrer_has_the_claim_when_the_window_of_the_first_is_over(model, apart, winner):
    claims = [claim(1, 0), claim(2, apart)]
    assert holder(Terms(model), claims, NURSE, on(apart)).id == winner


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("apart", "states"), [(89, ("Earned", "Not eligible")), (91, ("Not eligible", "Earned"))])
def test_hire_is_owed_to_whoever_held_the_claim_when_the_person_applied(model, apart, states):
    claims = [claim(1, 0), claim(2, apart)]
    found = decided(Terms(model), claims, [applied(apart, hired_on=day(120))], today=121)
    assert (found["c1"].state, found["c2"].state) == states


def test_per_job_another_job_is_another_claim():
    claims = [claim(1, 0, NURSE), claim(2, 10, COOK)]
    hire = [applied(20, COOK, hired_on=day(30))]
    per_job = decided(Terms(ReferralModel.PER_JOB), claims, hire, today=31)
    assert (per_job["c1"].state, per_job["c2"].state) == (BonusState.OPEN, BonusState.EARNED)
    per_candidate = decided(Terms(), claims, hire, today=31)
    assert (per_candidate["c1"].state, per_candidate["c2"].state) == (BonusState.EARNED, BonusState.NOT_ELIGIBLE)
    assert "RF-1 was there first, on 2026-03-02, and is exclusive up to 2026-05-31" in per_candidate["c2"].explanation


def test_recommendation_for_any_job_holds_each_job():
    claims = [claim(1, 0, ""), claim(2, 10, COOK)]
    found = decided(Terms(ReferralModel.PER_JOB), claims, [applied(20, COOK, hired_on=day(30))], today=31)
    assert (found["c1"].state, found["c2"].state) == (BonusState.EARNED, BonusState.NOT_ELIGIBLE)


def test_own_claim_that_names_the_job_stands_for_it():
    claims = [claim(1, 0, "", referrer="x"), claim(2, 5, NURSE, referrer="x")]
    found = decided(Terms(), claims, [applied(6, hired_on=day(30))], today=31)
    assert (found["c1"].state, found["c2"].state) == (BonusState.OPEN, BonusState.EARNED)


@pytest.mark.parametrize(
    ("today", "employed", "state"),
    [
        (119, True, "Earned"),
        (120, True, "Due"),
        (121, True, "Due"),
        (119, False, "Forfeited"),
        (121, False, "Forfeited"),
    ],
)
def test_bonus_is_due_only_so_many_days_after_the_hire(today, employed, state):
    hire = [applied(1, hired_on=day(30))]
    found = decided(Terms(), [claim(1, 0)], hire, today=today, employed=employed)["c1"]
    assert (found.state, found.due_on, found.application) == (state, day(120), "a1")
    assert str(day(120)) in found.explanation


def test_bonus_that_was_due_stays_due_when_the_person_leaves_later():
    hire = [applied(1, hired_on=day(30))]
    assert decided(Terms(), [claim(1, 0, was_due=True)], hire, today=200, employed=False)["c1"].state == BonusState.DUE


def test_nobody_recommends_themselves():
    found = decided(
        Terms(), [claim(1, 0, same_person="both have the e-mail address.")], [applied(1, hired_on=day(9))], today=200
    )
    assert found["c1"].state == BonusState.NOT_ELIGIBLE
    assert "Nobody can recommend themselves: both have the e-mail address." in found["c1"].explanation


def test_claim_of_oneself_keeps_nobody_else_out():
    claims = [claim(1, 0, same_person="it is one record."), claim(2, 5)]
    assert decided(Terms(), claims, [applied(6, hired_on=day(9))], today=10)["c2"].state == BonusState.EARNED


@pytest.mark.parametrize(("pays", "state"), [(False, "Not eligible"), (True, "Earned")])
def test_hiring_manager_of_the_job_is_paid_only_where_the_channel_says_so(pays, state):
    claims = [claim(1, 0, manages=frozenset({NURSE}))]
    found = decided(Terms(pays_managers=pays), claims, [applied(1, hired_on=day(9))], today=10)["c1"]
    assert found.state == state
    assert pays or "Hiring managers are not paid for their own jobs (Night nurse, APP-1)" in found.explanation


def test_who_applied_before_was_not_brought():
    found = decided(Terms(), [claim(1, 5)], [applied(4, hired_on=day(9))], today=10)["c1"]
    assert found.state == BonusState.NOT_ELIGIBLE
    assert "Applied for the job on 2026-03-06, before this recommendation of 2026-03-07" in found.explanation


def test_application_in_time_is_eligible_however_long_it_takes():
    assert decided(Terms(), [claim(1, 0)], [applied(90)], today=300)["c1"].state == BonusState.ELIGIBLE
    late = decided(Terms(), [claim(1, 0)], [applied(91)], today=300)["c1"]
    assert late.state == BonusState.NOT_ELIGIBLE
    assert "The window of 90 days ended on 2026-05-31" in late.explanation


def test_closed_application_leaves_the_claim_open_for_another_one():
    assert decided(Terms(), [claim(1, 0)], [applied(1, is_open=False)], today=5)["c1"].state == BonusState.OPEN


def test_rejection_says_its_reason_and_frees_the_claim():
    found = decided(Terms(), [claim(1, 0, rejected=True, reason="Agency"), claim(2, 5)], [applied(6)], today=7)
    assert found["c1"].explanation.startswith("Rejected by a recruiter: Agency.")
    assert found["c2"].state == BonusState.ELIGIBLE


def test_hire_that_was_paid_is_owed_to_nobody_else():
    claims = [claim(1, 0, rejected=False, paid_on=day(200), application="a1", same_person="one record"), claim(2, 5)]
    found = decided(Terms(), claims, [applied(6, hired_on=day(30))], today=210)
    assert (found["c1"].state, found["c2"].state) == (BonusState.PAID, BonusState.NOT_ELIGIBLE)
    assert "paid to RF-1" in found["c2"].explanation


_claims = st.lists(
    st.builds(
        claim,
        st.integers(1, 99),
        st.integers(0, 300),
        st.sampled_from(["", NURSE, COOK]),
        referrer=st.sampled_from(["", "x", "y", "z"]),
        same_person=st.sampled_from(["", "", "one record"]),
        rejected=st.sampled_from([False, False, False, True]),
        manages=st.sampled_from([frozenset(), frozenset({COOK})]),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
_applications = st.lists(
    st.builds(
        lambda number, requisition, days, hired: applied(
            days, requisition, number, hired_on=None if hired is None else day(days + hired)
        ),
        st.integers(1, 9),
        st.sampled_from([NURSE, COOK]),
        st.integers(0, 320),
        st.none() | st.integers(0, 60),
    ),
    max_size=3,
    unique_by=lambda one: one.id,
)
_terms = st.builds(Terms, st.sampled_from(MODELS), st.integers(1, 120), st.integers(0, 200), st.booleans())


@settings(max_examples=100, deadline=None)
@given(_terms, _claims, _applications, st.integers(0, 600), st.booleans(), st.randoms(use_true_random=False))
def test_a_hire_is_never_owed_twice_and_the_order_of_facts_does_not_matter(
    terms, claims, hires, today, employed, chance
):
    found = decided(terms, claims, hires, today=today, employed=employed)
    owed = [one.application for one in found.values() if one.state in PAYABLE]
    assert len(owed) == len(set(owed))
    assert all(owed)
    assert {one.id for one in claims} == set(found)
    assert all(one.explanation for one in found.values())
    chance.shuffle(claims)
    chance.shuffle(hires)
    assert decided(terms, claims, hires, today=today, employed=employed) == found
    by_id = {one.id: one for one in claims}
    for id, one in found.items():
        if one.state in PAYABLE:
            mine, hire = by_id[id], next(each for each in hires if each.id == one.application)
            assert mine.may_hold
            assert mine.at <= hire.at
            assert terms.pays_managers or hire.requisition not in mine.manages
            assert (one.state == BonusState.DUE) == (
                day(today) >= hire.hired_on + timedelta(days=terms.paid_after_days)
            )


@settings(max_examples=40, deadline=None)
@given(_terms, _claims, st.integers(0, 400))
def test_a_person_is_promised_to_one_referrer_at_a_time(terms, claims, today):
    """Of those whose claim to a job is open on a day, all are of one person."""
    found = decided(terms, claims, today=today)
    for requisition in (NURSE, COOK):
        live = {
            one.referrer
            for one in claims
            if one.day <= day(today)
            and found[one.id].state == BonusState.OPEN
            and (terms.model is ReferralModel.PER_CANDIDATE or one.requisition == requisition)
        }
        assert len(live) <= 1


def test_days_are_dates():
    assert isinstance(decided(Terms(), [claim(1, 0)])["c1"].expires_on, date)
