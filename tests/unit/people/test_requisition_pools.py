"""The pool of a job: made when it opens, with ranked suggestions, and frozen when it closes."""

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest

from integration import pools
from integration.model.suggestion import Person, is_named, job_of, judged
from integration.model.vocabulary import AddedBy
from integration.records import (
    Application,
    Candidate,
    JobLocation,
    JobRequisition,
    PoolMembership,
    TalentPool,
)
from integration.soql import equals, select
from integration.syndication import close_requisition, open_requisition
from tests.unit.people.pooling import members, membership, person, tag

JOB = job_of("Senior ICU Nurse (m/w/d)", "You know <b>ICU</b> care, C++ is a plus", "Nursing")


def test_a_jobs_title_is_its_telling_words():
    assert JOB.title_words == ("icu", "nurse")


@pytest.mark.parametrize(
    ("known", "score", "reasons"),
    [
        (Person(("Nurse",)), 20, ("title: nurse",)),
        (Person(("Sales",), ("icu", "C++")), 20, ("skills: C++, icu",)),
        (Person(("ICU nurse",), ("ICU",), 12.4, "Ward nurse"), 80,
         ("title: icu, nurse", "skills: ICU", "lives 12 km away", "applied for Ward nurse in Nursing")),
        (Person((), (), 1.0), None, ()),
        (Person(("Sales",), ("Excel",), 80.0), None, ()),
    ],
)  # fmt: skip
def test_points_come_from_visible_criteria(known, score, reasons):
    found = judged(JOB, known)
    assert (found and found.score, found.reasons if found else ()) == (score, reasons)


def test_a_skill_counts_by_its_whole_words():
    assert [is_named(skill, JOB) for skill in ("C++", "C", "icu care", "care home", "")] == [
        True,
        False,
        True,
        False,
        False,
    ]


@pytest.fixture
def job(app):
    made = app.salesforce.create(
        JobRequisition.API_NAME,
        {"Title__c": "ICU Nurse", "Description__c": "<p>Triage</p>", "Department__c": "Nursing", "Name": "R-1"},
    )
    app.salesforce.create(
        JobLocation.API_NAME, {JobLocation.REQUISITION: made, JobLocation.CITY: "Cork", JobLocation.COUNTRY: "IE"}
    )
    return made


def pool_of(app, job):
    fields = [TalentPool.ID, TalentPool.NAME, TalentPool.KIND, TalentPool.FROZEN]
    [row] = app.salesforce.query(select(TalentPool.API_NAME, fields, where=equals(TalentPool.REQUISITION, job)))
    return row


def applied(app, candidate, requisition):
    app.salesforce.create(
        Application.API_NAME, {Application.CANDIDATE: candidate, Application.REQUISITION: requisition}
    )


def test_a_job_that_opens_gets_a_pool_with_ranked_suggestions(app, job):
    best = person(app, Title__c="ICU nurse", City__c="Cork", Country__c="IE")
    second = person(app, Desired_Role__c="Nurse")
    skilled = person(app, Title__c="Paramedic", City__c="Cork", Country__c="IE")
    for name in ("Triage", "ICU"):
        tag(app, skilled, name, "Skill")
    person(app, Title__c="ICU nurse", Do_Not_Contact__c=True)
    person(app, Title__c="ICU nurse", Do_Not_Rehire__c=True)
    person(app, Title__c="ICU nurse", Lifecycle__c="Employee")
    person(app, Title__c="Plumber", City__c="Cork", Country__c="IE")
    applicant, here = person(app), person(app, Title__c="ICU nurse")
    other = app.salesforce.create(JobRequisition.API_NAME, {"Title__c": "Ward nurse", "Department__c": "Nursing"})
    applied(app, applicant, other)
    applied(app, best, other)
    applied(app, here, job)
    told = open_requisition(app, job)
    assert told.endswith("3 people are proposed in its talent pool.")
    pool = pool_of(app, job)
    assert (pool["Name"], pool["Kind__c"]) == ("ICU Nurse", "Requisition")
    assert members(app, pool["Id"], "Proposed") == {best, second, skilled}
    fields = [PoolMembership.CANDIDATE, PoolMembership.SCORE, PoolMembership.REASON]
    rows = app.salesforce.query(select(PoolMembership.API_NAME, fields, order_by=[f"-{PoolMembership.SCORE}"]))
    assert [(row[PoolMembership.CANDIDATE], row[PoolMembership.SCORE]) for row in rows] == [
        (best, 70), (skilled, 35), (second, 20)]  # fmt: skip
    assert rows[0][PoolMembership.REASON] == "title: icu, nurse; lives 0 km away; applied for Ward nurse in Nursing"


def test_opening_twice_is_one_pool_and_a_rejected_suggestion_stays_rejected(app, job):
    one = person(app, Title__c="ICU nurse")
    open_requisition(app, job)
    pool = pool_of(app, job)["Id"]
    app.salesforce.update(TalentPool.API_NAME, pool, {"Name": "My nurses"})
    row = membership(app, pool, one)["Id"]
    app.salesforce.update(PoolMembership.API_NAME, row, {PoolMembership.STATE: "Rejected"})
    open_requisition(app, job)
    assert pool_of(app, job)["Name"] == "My nurses"
    assert members(app, pool, "Rejected") == {one}


def test_a_job_that_closes_freezes_its_pool_and_one_that_opens_again_thaws_it(app, job):
    one, late = person(app, Title__c="ICU nurse"), person(app)
    open_requisition(app, job)
    pool = pool_of(app, job)["Id"]
    pools.join(app, pool, [one], AddedBy.MANUAL)
    close_requisition(app, job)
    assert pool_of(app, job)[TalentPool.FROZEN] is True
    for added_by in (AddedBy.MANUAL, AddedBy.IMPORT, AddedBy.LANDING_PAGE):
        assert pools.join(app, pool, [one, late], added_by, again=True).stayed_out == (late,)
    assert members(app, pool) == {one}
    open_requisition(app, job)
    assert pools.join(app, pool, [late], AddedBy.MANUAL).stayed_out == ()
    assert members(app, pool) == {one, late}


def test_nobody_who_fits_is_said(app, job):
    person(app, Title__c="Plumber")
    assert "nobody in the org fits" in open_requisition(app, job)
    assert app.salesforce.count(f"SELECT COUNT() FROM {Candidate.API_NAME}") == 1


def test_a_frozen_pool_refuses_whom_somebody_adds_by_hand(app, org):
    recruiter = org.client("recruiter").Pool_Membership__c
    pool = app.salesforce.create(TalentPool.API_NAME, {"Name": "Closed", TalentPool.KIND: "Static"})
    inside, outside = person(app), person(app)
    made = recruiter.create({PoolMembership.POOL: pool, PoolMembership.CANDIDATE: inside})["id"]
    app.salesforce.update(TalentPool.API_NAME, pool, {TalentPool.FROZEN: True})
    with pytest.raises(SalesforceMalformedRequest, match="the pool is frozen and takes nobody new"):
        recruiter.create({PoolMembership.POOL: pool, PoolMembership.CANDIDATE: outside})
    recruiter.update(made, {PoolMembership.RATING: 4})
    recruiter.update(made, {PoolMembership.STATE: "Left"})
    with pytest.raises(SalesforceMalformedRequest, match="Open the requisition again"):
        recruiter.update(made, {PoolMembership.STATE: "Member"})
    app.salesforce.update(TalentPool.API_NAME, pool, {TalentPool.FROZEN: False})
    recruiter.update(made, {PoolMembership.STATE: "Member"})
    assert members(app, pool) == {inside}
