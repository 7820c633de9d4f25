"""Two people with everything on them, for the tests of merges."""

from integration import pools
from integration.candidates import Person, find_or_create
from integration.model.identity import Name, email, phone
from integration.model.vocabulary import AddedBy
from integration.pools.members import key_of
from integration.records import (
    Application,
    Candidate,
    CandidateTag,
    Consent,
    ContactPoint,
    DuplicatePair,
    JobRequisition,
    PoolMembership,
    Tag,
    TalentPool,
    Touchpoint,
)
from integration.soql import select

AT = "2026-03-01T10:00:00+00:00"
TABLES = {
    Candidate.API_NAME: [
        Candidate.CANDIDATE_KEY, Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.EMAIL, Candidate.PHONE,
        Candidate.TITLE, Candidate.CITY, Candidate.DO_NOT_CONTACT, Candidate.COLLECTED_FROM, Candidate.COLLECTED_AT,
        Candidate.LIFECYCLE, Candidate.ATS_ID, Candidate.FIELD_SOURCES, Candidate.OWNER,
    ],
    ContactPoint.API_NAME: [ContactPoint.CANDIDATE, ContactPoint.KEY, ContactPoint.PRIMARY, ContactPoint.STATUS],
    PoolMembership.API_NAME: [
        PoolMembership.CANDIDATE, PoolMembership.POOL, PoolMembership.STATE, PoolMembership.STAGE,
        PoolMembership.RATING, PoolMembership.JOINED_AT, PoolMembership.NEXT_TOUCH_ON,
    ],
    Consent.API_NAME: [Consent.CANDIDATE, Consent.KEY, Consent.PURPOSE, Consent.STATE],
    Touchpoint.API_NAME: [Touchpoint.CANDIDATE, Touchpoint.KEY, Touchpoint.KIND],
    CandidateTag.API_NAME: [CandidateTag.CANDIDATE, CandidateTag.TAG],
    Application.API_NAME: [
        Application.CANDIDATE, Application.REQUISITION, Application.STAGE, Application.APPLIED_AT, Application.ATS_ID,
    ],
}  # fmt: skip
"""What a merge must give back: fields by object."""


def two(app, origin):
    """(first, second) found candidates: Ann, and Anna whose phone is Ann's too by name."""
    return find_or_create(
        app,
        [
            Person("m1", Name("Ann", "Lee"), (email("ann@a.example"),), {Candidate.TITLE: "Tester"}),
            Person("m2", Name("Anna", "Lee"), (email("anna@b.example"), phone("+353861234567")), {}),
        ],
        origin,
    )


def pair(app, first, second, **values):
    return app.salesforce.create(
        DuplicatePair.API_NAME, {DuplicatePair.FIRST: first, DuplicatePair.SECOND: second, **values}
    )


def pool(app, name="Bakers"):
    return app.salesforce.create(TalentPool.API_NAME, {TalentPool.NAME: name, TalentPool.KIND: "Static"})


def requisition(app):
    values = {"Name": "Baker", JobRequisition.TITLE: "Baker"}
    return app.salesforce.create(JobRequisition.API_NAME, values)


def tag(app, name):
    return app.salesforce.create(Tag.API_NAME, {Tag.NAME: name, Tag.KEY: f"Tag:{name}", Tag.KIND: "Tag"})


def member(app, pool_id, candidate_id, **values):
    pools.join(app, pool_id, [candidate_id], AddedBy.MANUAL)
    rows = app.salesforce.query(select(PoolMembership.API_NAME, ["Id", PoolMembership.KEY]))
    mine = next(row for row in rows if row[PoolMembership.KEY] == key_of(pool_id, candidate_id))
    if values:
        app.salesforce.update(PoolMembership.API_NAME, mine["Id"], values)
    return mine["Id"]


def consent(app, candidate_id, key, state="Given"):
    values = {Consent.CANDIDATE: candidate_id, Consent.KEY: key, Consent.PURPOSE: "Newsletter", Consent.STATE: state}
    return app.salesforce.create(Consent.API_NAME, {**values, Consent.AT: AT})


def touch(app, candidate_id, key, kind="Called"):
    values = {Touchpoint.CANDIDATE: candidate_id, Touchpoint.KEY: key, Touchpoint.KIND: kind, Touchpoint.AT: AT}
    return app.salesforce.create(Touchpoint.API_NAME, values)


def application(app, candidate_id, requisition_id, stage="Applied", **values):
    row = {Application.CANDIDATE: candidate_id, Application.REQUISITION: requisition_id, Application.STAGE: stage}
    return app.salesforce.create(Application.API_NAME, {**row, Application.APPLIED_AT: AT, **values})


def world(app):
    """Everything in the org that a merge may touch, without the platform's ids of candidates."""
    people = {
        row["Id"]: row[Candidate.CANDIDATE_KEY]
        for row in app.salesforce.query(select(Candidate.API_NAME, ["Id", Candidate.CANDIDATE_KEY]))
    }
    found = {}
    for name, fields in TABLES.items():
        rows = app.salesforce.query(select(name, fields))
        for row in rows:
            if "Candidate__c" in row:
                row["Candidate__c"] = people[row["Candidate__c"]]
        found[name] = sorted(rows, key=lambda row: [str(row[field]) for field in fields])
    return found
