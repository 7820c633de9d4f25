"""Referrals in the org: decided, approved, paid, rejected and taken back; known to merging and erasing."""

from datetime import timedelta

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest

from integration import commands
from integration.ats import applying
from integration.candidates import Person, find_or_create
from integration.candidates.merging import merge, unmerge
from integration.model.ats_event import AtsEvent
from integration.model.identity import Name, email
from integration.model.vocabulary import Stage
from integration.privacy.erasing import erase
from integration.records import (
    Application,
    Candidate,
    Channel,
    DuplicatePair,
    JobRequisition,
    PrivacyRequest,
    Referral,
)
from integration.referrals import facts
from integration.referrals.daily import decide_daily
from integration.referrals.deciding import review
from integration.sweep import sweep
from tests.unit.people import merging as given
from tests.unit.people.test_erasure import ORIGIN

STATE = (Referral.BONUS_STATE, Referral.EXPLANATION)


class Desk:
    """Ann recommended Bob for a job, by short calls."""

    def __init__(self, app, org):
        self.app, self.org = app, org
        people = [("Ann", "ann@here.example"), ("Bob", "bob@else.example"), ("Cleo", "cleo@here.example")]
        found = find_or_create(
            app, [Person(name, Name(name, f"{name}sen"), (email(to),), {}) for name, to in people], ORIGIN
        )
        self.ann, self.bob, self.cleo = (one.id for one in found)
        self.job = app.salesforce.create(JobRequisition.API_NAME, {JobRequisition.TITLE: "Night nurse"})

    def channel(self, **values):
        row = {"Name": "Referrals", Channel.KEY: "referrals", Channel.KIND: "Referral", Channel.ACTIVE: True}
        return self.app.salesforce.create(Channel.API_NAME, row | values)

    def refer(self, referrer=None, days=0, **values):
        row = {
            Referral.REFERRER: referrer or self.ann,
            Referral.CANDIDATE: self.bob,
            Referral.REQUISITION: self.job,
            Referral.REFERRED_AT: self.at(days),
        }
        return self.app.salesforce.create(Referral.API_NAME, row | values)

    def apply(self, days=1, hired=None):
        row = {
            Application.CANDIDATE: self.bob,
            Application.REQUISITION: self.job,
            Application.STAGE: "Applied",
            Application.APPLIED_AT: self.at(days),
        }
        if hired is not None:
            row |= {Application.STAGE: "Hired", Application.HIRED_AT: self.at(hired)}
            self.app.salesforce.update(Candidate.API_NAME, self.bob, {Candidate.LIFECYCLE: "Employee"})
        return self.app.salesforce.create(Application.API_NAME, row)

    def at(self, days):
        return (self.app.clock.now() + timedelta(days=days)).isoformat(timespec="seconds")

    def command(self, referral, word, seat="manager"):
        """As a person gives it; the record's message."""
        seat = getattr(self.org.client(seat), Referral.API_NAME)
        seat.update(referral, {Referral.COMMAND: word})
        newest = self.org.rows("SELECT Id FROM Recruiting_Command__c ORDER BY CreatedDate DESC, Id DESC")[0]
        commands.run(self.app, newest["Id"])
        return self.app.salesforce.get(Referral.API_NAME, referral, [Referral.MESSAGE])[Referral.MESSAGE]

    def read(self, referral, *fields):
        row = self.app.salesforce.get(Referral.API_NAME, referral, fields or STATE)
        return tuple(row[name] for name in fields or STATE)


@pytest.fixture
def desk(app, org):
    decide_daily(app)  # the first sweep of all only notes the day
    return Desk(app, org)


@pytest.fixture
def due(desk):
    """A referral whose bonus may be paid."""
    referral = desk.refer()
    desk.apply(hired=10)
    desk.app.clock.move(days=100)
    return referral


def test_referral_by_hand_is_decided_by_check(desk):
    seat = getattr(desk.org.client("recruiter"), Referral.API_NAME)
    referral = seat.create({Referral.REFERRER: desk.ann, Referral.CANDIDATE: desk.bob, Referral.REQUISITION: desk.job})
    assert "exclusive up to" in desk.command(referral["id"], "Check", "recruiter")
    state, expires, key = desk.read(referral["id"], Referral.BONUS_STATE, Referral.EXPIRES_ON, Referral.KEY)
    assert (state, key) == ("Open", f"by hand {referral['id']}")
    assert expires


def test_nobody_types_a_decision_and_only_managers_pay(desk, due):
    seat = getattr(desk.org.client("recruiter"), Referral.API_NAME)
    with pytest.raises(SalesforceMalformedRequest, match="recruiting manager"):
        seat.update(due, {Referral.COMMAND: "Approve payment"})
    with pytest.raises(SalesforceMalformedRequest, match="two people"):
        seat.create({Referral.REFERRER: desk.ann, Referral.CANDIDATE: desk.ann})


@pytest.mark.parametrize("model", ["Per candidate", "Per job"])
@pytest.mark.parametrize(("apart", "states"), [(89, ("Earned", "Not eligible")), (91, ("Not eligible", "Earned"))])
def test_two_referrers_within_and_after_the_window(desk, model, apart, states):
    desk.channel(**{Channel.REFERRAL_MODEL: model})
    first, second = desk.refer(), desk.refer(desk.cleo, apart)
    desk.apply(apart, hired=apart + 5)
    desk.app.clock.move(days=apart + 6)
    review(desk.app, desk.bob)
    assert (desk.read(first)[0], desk.read(second)[0]) == states


def test_terms_of_the_channel_count(desk):
    desk.channel(**{Channel.REFERRAL_WINDOW_DAYS: 10, Channel.BONUS_AFTER_DAYS: 0})
    late, held = desk.refer(), desk.refer(desk.cleo, 11)
    desk.apply(11, hired=11)
    desk.app.clock.move(days=12)
    review(desk.app, desk.bob)
    assert (desk.read(late)[0], desk.read(held)[0]) == ("Not eligible", "Due")


def test_hiring_manager_is_not_paid_for_the_own_job(desk):
    desk.app.salesforce.update(
        JobRequisition.API_NAME, desk.job, {JobRequisition.HIRING_MANAGER_EMAIL: "Ann@here.example"}
    )
    referral = desk.refer()
    desk.apply(hired=2)
    review(desk.app, desk.bob)
    state, words = desk.read(referral)
    assert state == "Not eligible"
    assert words.startswith("Hiring managers are not paid for their own jobs (Night nurse, ")


def test_open_duplicate_pair_of_the_two_holds_the_bonus_until_it_is_decided(desk):
    referral = desk.refer()
    desk.apply(hired=2)
    pair = given.pair(desk.app, desk.ann, desk.bob, **{DuplicatePair.STATUS: "Open"})
    review(desk.app, desk.bob)
    state, words = desk.read(referral)
    assert state == "Not eligible"
    assert "DP-" in words
    desk.app.salesforce.update(DuplicatePair.API_NAME, pair, {DuplicatePair.STATUS: "Different people"})
    assert desk.command(referral, "Check").startswith("Earned. ")


def test_bonus_is_approved_and_paid_when_it_is_due_and_not_before(desk, due):
    referral = due
    desk.app.clock.move(days=-5)  # day 95: five days are missing
    assert "this one is “Earned”" in desk.command(referral, "Approve payment")
    desk.app.clock.move(days=5)
    assert "Choose Approve payment first" in desk.command(referral, "Mark paid")
    assert desk.command(referral, "Approve payment").startswith("Payment approved on ")
    assert "already" in desk.command(referral, "Approve payment")
    assert desk.command(referral, "Mark paid").startswith("Marked as paid on ")
    state, words = desk.read(referral)
    assert state == "Paid"
    assert words.startswith("Recommended on ")
    assert words.endswith(f"Paid on {desk.app.clock.now().date()}.")
    assert "paid" in desk.command(referral, "Reject")
    assert desk.command(referral, "Restore").startswith("Restored. Due. ")
    assert desk.read(referral, Referral.STATUS, Referral.PAID_ON) == ("Active", None)


def test_who_left_in_time_forfeits_and_who_left_later_does_not(desk, due):
    review(desk.app, desk.bob)
    assert desk.read(due)[0] == "Due"
    desk.app.salesforce.update(Candidate.API_NAME, desk.bob, {Candidate.LIFECYCLE: "Alumni"})
    review(desk.app, desk.bob)
    assert desk.read(due)[0] == "Due"


def test_who_left_before_the_day_forfeits(desk, due):
    desk.app.salesforce.update(Candidate.API_NAME, desk.bob, {Candidate.LIFECYCLE: "Alumni"})
    review(desk.app, desk.bob)
    state, words = desk.read(due)
    assert state == "Forfeited"
    assert "not on record as an employee any more" in words


def test_rejecting_frees_the_claim_and_restoring_takes_it_back(desk):
    first, second = desk.refer(), desk.refer(desk.cleo, 5)
    desk.apply(6)
    desk.app.salesforce.update(Referral.API_NAME, first, {Referral.REASON: "Came by an agency"})
    desk.command(first, "Reject", "recruiter")
    assert desk.read(first)[1].startswith("Rejected by a recruiter: Came by an agency.")
    assert desk.read(second)[0] == "Eligible"
    desk.command(first, "Restore", "recruiter")
    assert (desk.read(first)[0], desk.read(second)[0]) == ("Eligible", "Not eligible")


def test_deciding_again_writes_nothing(desk):
    desk.refer()
    assert (review(desk.app, desk.bob), review(desk.app, desk.bob)) == (1, 0)


def test_merge_moves_both_sides_and_unmerge_gives_them_back(desk):
    made, got = desk.refer(), desk.refer(desk.cleo, **{Referral.CANDIDATE: desk.ann})
    pair = given.pair(desk.app, desk.cleo, desk.ann, **{DuplicatePair.KEEP: "First"})
    merge(desk.app, pair)
    assert desk.read(made, Referral.REFERRER) == (desk.cleo,)
    assert desk.read(got, Referral.REFERRER, Referral.CANDIDATE) == (desk.cleo, desk.cleo)
    review(desk.app, desk.cleo)
    assert desk.read(got)[1] == "Nobody can recommend themselves: it is one record."
    unmerge(desk.app, pair)
    [again] = desk.org.rows("SELECT Id FROM Candidate__c WHERE First_Name__c = 'Ann'")
    assert desk.read(made, Referral.REFERRER) == (again["Id"],)
    assert desk.read(got, Referral.REFERRER, Referral.CANDIDATE) == (desk.cleo, again["Id"])


@pytest.mark.parametrize(("who", "left"), [("bob", 0), ("ann", 1)])
def test_erasing_takes_the_referral_of_the_person_and_the_name_of_the_referrer(desk, who, left):
    referral = desk.refer()
    values = {PrivacyRequest.CANDIDATE: getattr(desk, who), PrivacyRequest.KIND: "Erasure"}
    erase(desk.app, desk.app.salesforce.create(PrivacyRequest.API_NAME, values))
    assert len(desk.org.rows("SELECT Id FROM Referral__c")) == left
    if left:
        review(desk.app, desk.bob)
        assert desk.read(referral, Referral.REFERRER, Referral.BONUS_STATE) == (None, "Not eligible")


def test_the_day_moves_what_no_event_moves_and_only_once(desk):
    """A window that ends, a bonus that falls due, somebody who left, one made by hand."""
    referral = desk.refer()
    assert decide_daily(desk.app) == 1  # made by hand
    assert desk.read(referral)[0] == "Open"
    assert decide_daily(desk.app) == 0
    desk.app.clock.move(days=91)
    assert decide_daily(desk.app) == 1
    assert desk.read(referral)[0] == "Not eligible"
    desk.app.clock.move(days=1)
    assert decide_daily(desk.app) == 0


def test_the_sweep_makes_a_bonus_due_on_its_day(desk):
    referral = desk.refer()
    desk.apply(hired=10)
    desk.app.clock.move(days=99)
    sweep(desk.app)
    assert desk.read(referral)[0] == "Earned"
    desk.app.clock.move(days=1)
    sweep(desk.app)
    assert desk.read(referral)[0] == "Due"


def test_the_day_after_somebody_left_the_bonus_is_forfeited(desk):
    referral = desk.refer()
    desk.apply(hired=10)
    decide_daily(desk.app)
    desk.app.salesforce.update(Candidate.API_NAME, desk.bob, {Candidate.LIFECYCLE: "Alumni"})
    desk.app.clock.move(days=1)
    decide_daily(desk.app)
    assert desk.read(referral)[0] == "Forfeited"


def test_a_referral_that_cannot_be_decided_holds_up_no_other(desk, monkeypatch):
    desk.refer()
    other = desk.refer(**{Referral.CANDIDATE: desk.cleo})
    real = facts.read

    def read(app, candidate):
        if candidate == desk.bob:
            raise RuntimeError("refused")
        return real(app, candidate)

    monkeypatch.setattr(facts, "read", read)
    assert decide_daily(desk.app) == 2
    assert desk.read(other, Referral.KEY) == (f"by hand {other}",)


def test_a_hire_from_the_ats_earns_the_bonus(desk):
    desk.app.salesforce.update(JobRequisition.API_NAME, desk.job, {JobRequisition.ATS_ID: "R-1"})
    referral = desk.refer()
    at = desk.app.clock.now() + timedelta(days=3)
    event = AtsEvent("candidate.hired", Stage.HIRED, at, "R-1", email="bob@else.example")
    applying.apply(desk.app, event)
    state, words = desk.read(referral)
    assert state == "Earned"
    assert f"hired on {at.date()} (Night nurse, " in words
