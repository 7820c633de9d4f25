"""Merges and unmerges in the embedded org."""

from datetime import UTC, datetime

import pytest

from integration import commands
from integration.candidates import Origin, Person, State, find_or_create
from integration.candidates.merging import images, merge, unmerge
from integration.candidates.pairs import keep_apart, pair_key
from integration.errors import Rejected
from integration.model.identity import Name, email, phone
from integration.records import (
    Application,
    Candidate,
    CandidateTag,
    Consent,
    ContactPoint,
    DuplicatePair,
    PoolMembership,
    Touchpoint,
)
from integration.registration.writing import known
from integration.sending.suppression import Reason, release, suppress, suppressed_among, why_not
from integration.soql import equals, select
from tests.unit.people import merging as given
from tests.unit.people.killing import killed_at

ORIGIN = Origin(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), collected_from="A test")
KEEP_FIRST = {DuplicatePair.KEEP: "First"}


@pytest.fixture
def two(app, org):
    return given.two(app, ORIGIN)


def rows(app, record, *fields):
    return app.salesforce.query(select(record.API_NAME, fields))


def status(app, pair):
    return app.salesforce.get(DuplicatePair.API_NAME, pair, [DuplicatePair.STATUS])[DuplicatePair.STATUS]


def test_everything_that_hangs_on_either_hangs_on_the_one_that_remains(app, two):
    ann, anna = two
    bakers, job = given.pool(app), given.requisition(app)
    given.member(app, bakers, anna.id)
    given.consent(app, anna.id, "c1")
    given.touch(app, anna.id, "t1")
    given.application(app, anna.id, job)
    app.salesforce.create(
        CandidateTag.API_NAME, {CandidateTag.CANDIDATE: anna.id, CandidateTag.TAG: given.tag(app, "x")}
    )
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    for record in (PoolMembership, Consent, Touchpoint, Application, CandidateTag, ContactPoint):
        assert {row[record.CANDIDATE] for row in rows(app, record, record.CANDIDATE)} == {ann.id}, record
    assert [row["Id"] for row in rows(app, Candidate, "Id")] == [ann.id]
    [member] = rows(app, PoolMembership, PoolMembership.KEY)
    assert member[PoolMembership.KEY] == f"{bakers}|{ann.id}"
    assert status(app, pair) == "Merged"


def test_empty_fields_are_filled_and_the_outcome_says_why(app, two):
    ann, anna = two
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    row = app.salesforce.get(Candidate.API_NAME, ann.id, [Candidate.EMAIL, Candidate.PHONE, Candidate.TITLE])
    assert row == {Candidate.EMAIL: "ann@a.example", Candidate.PHONE: "+353861234567", Candidate.TITLE: "Tester"}
    told = app.salesforce.get(DuplicatePair.API_NAME, pair, [DuplicatePair.OUTCOME, DuplicatePair.SURVIVOR])
    assert "Phone: the other record (only the other record has one)" in told[DuplicatePair.OUTCOME]
    assert "ann@a.example" not in told[DuplicatePair.OUTCOME]
    assert told[DuplicatePair.SURVIVOR] == ann.id
    primary = [row for row in rows(app, ContactPoint, ContactPoint.KEY, ContactPoint.PRIMARY) if row["Primary__c"]]
    assert sorted(row["Key__c"] for row in primary) == ["email:ann@a.example", "phone:+353861234567"]


def test_of_two_memberships_of_one_pool_the_stronger_state_stays(app, two):
    ann, anna = two
    bakers = given.pool(app)
    given.member(app, bakers, ann.id, State__c="Left", Stage__c="Contacted")
    given.member(app, bakers, anna.id, Stage__c="Interested", Rating__c=4)
    merge(app, given.pair(app, ann.id, anna.id, **KEEP_FIRST))
    [member] = rows(app, PoolMembership, "Candidate__c", "State__c", "Stage__c", "Rating__c")
    assert member == {"Candidate__c": ann.id, "State__c": "Member", "Stage__c": "Interested", "Rating__c": 4}


def test_of_two_applications_for_one_job_the_further_stage_stays(app, two):
    ann, anna = two
    job = given.requisition(app)
    given.application(app, ann.id, job, "Applied")
    given.application(app, anna.id, job, "Interview", ATS_Id__c="gh:7")
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    before = given.world(app)
    merge(app, pair)
    [one] = rows(app, Application, "Candidate__c", "Stage__c", "ATS_Id__c")
    assert one == {"Candidate__c": ann.id, "Stage__c": "Interview", "ATS_Id__c": "gh:7"}
    unmerge(app, pair)
    assert given.world(app) == before


def test_without_a_wish_the_record_that_was_used_more_remains(app, two):
    ann, anna = two
    merge(app, given.pair(app, ann.id, anna.id))
    assert [row["Id"] for row in rows(app, Candidate, "Id")] == [anna.id]  # two addresses against one


def test_the_stricter_wish_about_contact_wins(app, two):
    ann, anna = two
    app.salesforce.update(Candidate.API_NAME, anna.id, {Candidate.DO_NOT_CONTACT: True})
    suppress(app, anna.key, Reason.UNSUBSCRIBED, app.clock.now())
    assert why_not(app, ann.key, "ann@a.example") is None
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    assert why_not(app, ann.key, "ann@a.example") is Reason.UNSUBSCRIBED
    assert suppressed_among(app, [ann.key]) == {ann.key}
    assert app.salesforce.get(Candidate.API_NAME, ann.id, [Candidate.DO_NOT_CONTACT])[Candidate.DO_NOT_CONTACT] is True
    unmerge(app, pair)
    assert why_not(app, ann.key, "ann@a.example") is None
    assert why_not(app, anna.key, "anna@b.example") is Reason.UNSUBSCRIBED


def test_a_no_said_through_an_old_link_holds_for_the_person_and_outlives_the_unmerge(app, two):
    ann, anna = two
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    suppress(app, anna.key, Reason.UNSUBSCRIBED, app.clock.now())  # a link in a mail sent before the merge
    assert why_not(app, ann.key, "ann@a.example") is Reason.UNSUBSCRIBED
    unmerge(app, pair)
    assert why_not(app, ann.key, "ann@a.example") is Reason.UNSUBSCRIBED
    assert why_not(app, anna.key, "anna@b.example") is Reason.UNSUBSCRIBED


def test_a_merged_person_may_ask_for_mail_again(app, two):
    ann, anna = two
    suppress(app, anna.key, Reason.UNSUBSCRIBED, app.clock.now())
    merge(app, given.pair(app, ann.id, anna.id, **KEEP_FIRST))
    assert release(app, ann.key) is True
    assert why_not(app, ann.key, "ann@a.example") is None


def test_unmerge_restores_both_people_their_memberships_and_consents(app, two):
    ann, anna = two
    bakers, cooks, job = given.pool(app), given.pool(app, "Cooks"), given.requisition(app)
    given.member(app, bakers, ann.id, State__c="Left", Rating__c=2)
    given.member(app, bakers, anna.id, Stage__c="Interested", Next_Touch_On__c="2026-04-01")
    given.member(app, cooks, anna.id)
    given.consent(app, ann.id, "c1")
    given.consent(app, anna.id, "c2", "Withdrawn")
    given.touch(app, anna.id, "t1")
    given.application(app, ann.id, job)
    given.application(app, anna.id, job, "Interview")
    tag = given.tag(app, "x")
    for one in two:
        app.salesforce.create(CandidateTag.API_NAME, {CandidateTag.CANDIDATE: one.id, CandidateTag.TAG: tag})
    app.salesforce.update(Candidate.API_NAME, anna.id, {Candidate.ATS_ID: "gh:1", Candidate.LIFECYCLE: "Applicant"})
    before = given.world(app)
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    row = app.salesforce.get(Candidate.API_NAME, ann.id, [Candidate.ATS_ID, Candidate.LIFECYCLE])
    assert row == {Candidate.ATS_ID: "gh:1", Candidate.LIFECYCLE: "Applicant"}
    unmerge(app, pair)
    assert given.world(app) == before
    assert status(app, pair) == "Unmerged"


def test_what_happened_since_the_merge_stays_with_the_survivor(app, two):
    ann, anna = two
    bakers = given.pool(app)
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    app.salesforce.update(
        Candidate.API_NAME, ann.id, {Candidate.TITLE: "Head tester", Candidate.PHONE: "+353861111111"}
    )
    given.consent(app, ann.id, "since")
    given.member(app, bakers, ann.id)
    unmerge(app, pair)
    row = app.salesforce.get(Candidate.API_NAME, ann.id, [Candidate.TITLE, Candidate.PHONE])
    assert row == {Candidate.TITLE: "Head tester", Candidate.PHONE: "+353861111111"}
    assert [row[Consent.CANDIDATE] for row in rows(app, Consent, Consent.CANDIDATE)] == [ann.id]
    assert [row["Candidate__c"] for row in rows(app, PoolMembership, "Candidate__c")] == [ann.id]


def test_an_unmerged_pair_is_not_proposed_again_and_may_be_merged_again(app, two):
    ann, anna = two
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    before = given.world(app)
    for _ in range(2):
        merge(app, pair)
        unmerge(app, pair)
    assert given.world(app) == before
    again = next(
        row["Id"] for row in rows(app, Candidate, "Id", Candidate.CANDIDATE_KEY) if row["Candidate_Key__c"] == anna.key
    )
    row = app.salesforce.get(DuplicatePair.API_NAME, pair, [DuplicatePair.KEY])
    assert row[DuplicatePair.KEY] == pair_key(ann.id, again)


def test_merging_twice_changes_nothing(app, two):
    ann, anna = two
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    after = given.world(app)
    assert merge(app, pair) == "These records were merged already."
    assert given.world(app) == after


def test_a_merged_person_comes_back_under_the_record_that_remains(app, two):
    ann, anna = two
    merge(app, given.pair(app, ann.id, anna.id, **KEEP_FIRST))
    [found] = find_or_create(app, [Person("later", Name("Anna", "Lee"), (email("anna@b.example"),))], ORIGIN)
    assert (found.id, found.state) == (ann.id, State.UNCHANGED)


def test_other_pairs_follow_the_record_that_remains_and_come_back(app, two):
    ann, anna = two
    [zoe] = find_or_create(app, [Person("z", Name("Zoe", "Hart"), (phone("+353861234567"),))], ORIGIN)
    [with_anna] = rows(app, DuplicatePair, "Id")
    keep_apart(app, with_anna["Id"])
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    row = app.salesforce.get(DuplicatePair.API_NAME, with_anna["Id"], [DuplicatePair.KEY, DuplicatePair.STATUS])
    assert row == {DuplicatePair.KEY: pair_key(ann.id, zoe.id), DuplicatePair.STATUS: "Different people"}
    unmerge(app, pair)
    where = equals(Candidate.CANDIDATE_KEY, anna.key)
    [again] = app.salesforce.query(select(Candidate.API_NAME, ["Id"], where=where))
    row = app.salesforce.get(DuplicatePair.API_NAME, with_anna["Id"], [DuplicatePair.KEY])
    assert row[DuplicatePair.KEY] == pair_key(again["Id"], zoe.id)


def test_a_pair_of_one_record_is_refused(app, two):
    ann, _ = two
    with pytest.raises(Rejected, match="only one record"):
        merge(app, app.salesforce.create(DuplicatePair.API_NAME, {DuplicatePair.FIRST: ann.id}))
    with pytest.raises(Rejected, match="the same record"):
        merge(app, given.pair(app, ann.id, ann.id))
    with pytest.raises(Rejected, match="nothing to take back"):
        unmerge(app, given.pair(app, ann.id, ann.id))


def test_the_image_is_kept_under_the_pair(app, two):
    ann, anna = two
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    image = images.load(app, pair)
    assert (image.state, image.own, image.other) == ("merged", ann.id, anna.id)
    assert list(app.data.keys("provenance/")) == [f"provenance/merges/{pair}.json"]


@pytest.fixture
def rich(app, two):
    """A pair with collisions of every kind, and the world as it was before a merge and after one."""
    ann, anna = two
    bakers, cooks, job = given.pool(app), given.pool(app, "Cooks"), given.requisition(app)
    for one in two:
        given.member(app, bakers, one.id)
        given.application(app, one.id, job)
    given.member(app, cooks, anna.id)
    given.consent(app, anna.id, "c1")
    app.salesforce.update(Candidate.API_NAME, anna.id, {Candidate.ATS_ID: "gh:1"})
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    before = given.world(app)
    merge(app, pair)
    merged = given.world(app)
    unmerge(app, pair)
    return pair, before, merged


def die_and_go_on(app, rich, number):
    """Kills a merge and an unmerge at their n-th write and runs them again; whether either came that far."""
    pair, before, merged = rich
    died = []
    for act, wanted in ((merge, merged), (unmerge, before)):
        died.append(killed_at(app, number, lambda act=act: act(app, pair)))
        act(app, pair)
        assert given.world(app) == wanted, f"{act.__name__} killed at write {number}"
    return any(died)


@pytest.mark.parametrize("number", [7, 15])
def test_killed_at_a_write_a_merge_goes_on_where_it_stopped(app, rich, number):
    assert die_and_go_on(app, rich, number)


@pytest.mark.slow
def test_killed_between_any_two_writes_a_merge_ends_the_same(app, rich):
    number = 1
    while die_and_go_on(app, rich, number):
        number += 1
    assert number > 15


def command(app, org, pair, word):
    """A recruiter sets a command on the pair, and the service runs it."""
    org.client("recruiter").Duplicate_Pair__c.update(pair, {DuplicatePair.COMMAND: word})
    rows = org.rows("SELECT Id FROM Recruiting_Command__c ORDER BY CreatedDate DESC, Id DESC")
    commands.run(app, rows[0]["Id"])
    return app.salesforce.get(DuplicatePair.API_NAME, pair, [DuplicatePair.STATUS, DuplicatePair.MESSAGE])


def test_a_recruiter_merges_and_unmerges_two_records_by_command(app, org, two):
    ann, anna = two
    made = org.client("recruiter").Duplicate_Pair__c.create(
        {DuplicatePair.FIRST: ann.id, DuplicatePair.SECOND: anna.id}
    )
    row = command(app, org, made["id"], "Merge")
    assert row == {DuplicatePair.STATUS: "Merged", DuplicatePair.MESSAGE: "Merged. Unmerge takes it back."}
    assert command(app, org, made["id"], "Different people")[DuplicatePair.STATUS] == "Merged"
    row = command(app, org, made["id"], "Unmerge")
    assert row[DuplicatePair.STATUS] == "Unmerged"
    assert command(app, org, made["id"], "Different people")[DuplicatePair.STATUS] == "Different people"


def test_a_link_of_the_record_that_went_leads_to_the_one_that_remains(app, two):
    ann, anna = two
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    assert known(app, candidate_key=anna.key).id == ann.id
    unmerge(app, pair)
    assert known(app, candidate_key=anna.key).key == anna.key
