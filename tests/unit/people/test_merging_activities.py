"""Files, notes, tasks and events of merged people; and that no reference to a candidate is forgotten."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from integration.candidates import Origin
from integration.candidates.merging import children, images, merge, unmerge
from integration.metadata.read import read
from integration.privacy import in_org
from integration.records import Candidate, DuplicatePair, PoolMembership, PrivacyRequest, RecruitingCampaign
from tests.unit.people import merging as given

ORIGIN = Origin(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), collected_from="A test")
KEEP_FIRST = {DuplicatePair.KEEP: "First"}
PAIRS = {(DuplicatePair.API_NAME, name) for name in (DuplicatePair.FIRST, DuplicatePair.SECOND, DuplicatePair.SURVIVOR)}


@pytest.fixture
def two(app, org):
    return given.two(app, ORIGIN)


@pytest.fixture
def pair(app, two):
    return given.pair(app, two[0].id, two[1].id, **KEEP_FIRST)


def files_on(org, record_id):
    links = org.rows(
        f"SELECT ContentDocument.Title, ShareType FROM ContentDocumentLink WHERE LinkedEntityId = '{record_id}'"
    )
    return sorted((link["ContentDocument"]["Title"], link["ShareType"]) for link in links)


def again(app, two):
    rows = app.salesforce.query(f"SELECT Id FROM Candidate__c WHERE Candidate_Key__c = '{two[1].key}'")
    return rows[0]["Id"]


def test_files_hang_on_the_record_that_remains_and_come_back(app, org, two, pair):
    ann, anna = two
    app.salesforce.attach_file(ann.id, "ann.pdf", b"%PDF")
    app.salesforce.attach_file(anna.id, "anna.pdf", b"%PDF")
    version = app.salesforce.attach_file(ann.id, "both.pdf", b"%PDF")
    [row] = org.rows(f"SELECT ContentDocumentId FROM ContentVersion WHERE Id = '{version}'")
    app.salesforce.create("ContentDocumentLink", {**row, "LinkedEntityId": anna.id, "ShareType": "V"})
    before = files_on(org, ann.id), files_on(org, anna.id)
    merge(app, pair)
    assert files_on(org, ann.id) == [("ann", "V"), ("anna", "V"), ("both", "V")]
    unmerge(app, pair)
    assert (files_on(org, ann.id), files_on(org, again(app, two))) == before


def test_a_file_that_was_taken_off_since_the_merge_stays_off(app, org, two, pair):
    ann, anna = two
    app.salesforce.attach_file(anna.id, "anna.pdf", b"%PDF")
    merge(app, pair)
    [link] = org.rows(f"SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '{ann.id}'")
    app.salesforce.delete_many("ContentDocumentLink", [link["Id"]])
    unmerge(app, pair)
    assert (files_on(org, ann.id), files_on(org, again(app, two))) == ([], [])


@pytest.mark.parametrize("name", ["Task", "Event"])
def test_tasks_and_events_hang_on_the_record_that_remains_and_come_back(app, org, two, pair, name):
    ann, anna = two
    when = {"ActivityDateTime": "2026-03-04T10:00:00Z", "DurationInMinutes": 30} if name == "Event" else {}
    for one in two:
        app.salesforce.create(name, {"Subject": f"Call {one.key}", "WhatId": one.id, **when})
    merge(app, pair)
    assert [row["WhatId"] for row in org.rows(f"SELECT WhatId FROM {name}")] == [ann.id, ann.id]
    unmerge(app, pair)
    found = {row["Subject"]: row["WhatId"] for row in org.rows(f"SELECT Subject, WhatId FROM {name}")}
    assert found == {f"Call {ann.key}": ann.id, f"Call {anna.key}": again(app, two)}


def test_what_somebody_asked_about_their_data_is_asked_of_the_record_that_remains(app, org, two, pair):
    ann, anna = two
    app.salesforce.create(PrivacyRequest.API_NAME, {PrivacyRequest.CANDIDATE: anna.id, PrivacyRequest.KIND: "Erasure"})
    merge(app, pair)
    assert org.rows("SELECT Candidate__c FROM Privacy_Request__c") == [{"Candidate__c": ann.id}]
    unmerge(app, pair)
    assert org.rows("SELECT Candidate__c FROM Privacy_Request__c") == [{"Candidate__c": again(app, two)}]


def test_the_point_on_the_map_goes_with_the_city_and_comes_back(app, org, two, pair):
    ann, anna = two
    latitude, longitude = children.WHERE
    app.salesforce.update(Candidate.API_NAME, anna.id, {Candidate.CITY: "Cork", latitude: 51.9, longitude: -8.5})
    before = org.rows("SELECT City__c, Geo__Latitude__s FROM Candidate__c ORDER BY Candidate_Key__c")
    merge(app, pair)
    row = app.salesforce.get(Candidate.API_NAME, ann.id, [Candidate.CITY, latitude, longitude])
    assert row == {Candidate.CITY: "Cork", latitude: 51.9, longitude: -8.5}
    unmerge(app, pair)
    assert org.rows("SELECT City__c, Geo__Latitude__s FROM Candidate__c ORDER BY Candidate_Key__c") == before


def test_why_and_how_well_somebody_fitted_a_pool_comes_back(app, two, pair):
    bakers = given.pool(app)
    for number, one in enumerate(two):
        given.member(app, bakers, one.id, **{PoolMembership.REASON: f"reason {number}", PoolMembership.SCORE: number})
    before = app.salesforce.query("SELECT Reason__c, Score__c FROM Pool_Membership__c ORDER BY Score__c")
    merge(app, pair)
    unmerge(app, pair)
    assert app.salesforce.query("SELECT Reason__c, Score__c FROM Pool_Membership__c ORDER BY Score__c") == before


def test_a_merge_below_another_is_undone_after_that_one(app, two, pair):
    """Ann takes in Anna, Zoe takes in Ann: undone in turn, everybody has again what was theirs."""
    ann, anna = two
    zoe = app.salesforce.create(Candidate.API_NAME, {Candidate.LAST_NAME: "Hart", Candidate.CANDIDATE_KEY: "zoe-key"})
    bakers = given.pool(app)
    for one in (anna.id, zoe):
        given.member(app, bakers, one)
    given.consent(app, anna.id, "c1")
    before = given.world(app)
    merge(app, pair)
    second = given.pair(app, zoe, ann.id, **KEEP_FIRST)
    merge(app, second)
    assert app.salesforce.get(DuplicatePair.API_NAME, pair, ["Survivor__c"]) == {"Survivor__c": zoe}
    unmerge(app, second)
    unmerge(app, pair)
    assert given.world(app) == before
    assert images.load(app, pair).state == "unmerged"


def test_every_reference_to_a_candidate_is_known_to_merging_and_to_erasing():
    schema = read(Path(__file__).parents[3] / "sf_metadata" / "main" / "default")
    lookups = {
        (found.name, field.name)
        for found in schema.objects.values()
        for field in found.fields.values()
        if field.reference_to == Candidate.API_NAME
    }
    assert len(lookups) > 10
    # A choice of whom to look at is no row of a person: the platform empties it, and erasing what was said of them.
    lookups -= {(RecruitingCampaign.API_NAME, field) for field in in_org.CHOSEN}
    moved = {(child.object, child.lookup) for child in (*children.MOVED, children.BROUGHT)}
    assert lookups - moved - PAIRS == set(), "merging/children.py does not name these"
    erased = {(child.object, child.lookup) for child in (*in_org.ERASED, children.BROUGHT)}
    assert lookups - erased - PAIRS == {(PrivacyRequest.API_NAME, PrivacyRequest.CANDIDATE)}, "the certificate stays"
