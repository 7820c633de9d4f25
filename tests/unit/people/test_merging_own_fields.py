"""Fields that a customer added to Candidate in their own org are kept by merges and given back by unmerges."""

import json

import pytest

from integration.candidates.merging import images, merge, unmerge
from integration.local.org.deploying.packing import packed
from integration.records import Candidate
from tests.org_fixture import METADATA
from tests.unit.people import merging as given
from tests.unit.people.test_merging import KEEP_FIRST, ORIGIN

FIELD = """<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>{name}</fullName><label>{label}</label>{body}
</CustomField>
"""
TEXT = "<length>40</length><type>Text</type>"
UNIQUE = "<externalId>true</externalId><length>40</length><type>Text</type><unique>true</unique>"
FORMULA = "<formula>Shoe_Size__c &amp; &quot;!&quot;</formula><type>Text</type>"
OWN = {"Shoe_Size__c": TEXT, "Badge__c": UNIQUE, "Shouted__c": FORMULA}
FIELDS = ["Shoe_Size__c", "Badge__c", "Shouted__c"]


def deploy(org, files):
    """As an administrator would, from a project of their own."""
    asked = json.dumps({"deployOptions": {"rollbackOnError": True}})
    parts = {
        "json": (None, asked, "application/json"),
        "file": ("package.zip", packed(files)[0], "application/zip"),
    }
    address = f"{org.url}/services/data/v62.0/metadata/deployRequest"
    token = {"Authorization": f"Bearer {org.token_of('admin')}"}
    made = org.session.post(address, files=parts, headers=token)
    assert made.status_code == 201, made.text
    found = org.session.get(f"{address}/{made.json()['id']}?includeDetails=true", headers=token).json()
    assert found["deployResult"]["status"] == "Succeeded", found


def rights(*, closed=()):
    """The integration user's permission set with the customer's fields in it."""
    place = "permissionsets/Warmbench_Integration.permissionset-meta.xml"
    text = (METADATA / place).read_text()
    granted = "".join(
        f"<fieldPermissions><editable>{str(name != 'Shouted__c' and name not in closed).lower()}</editable>"
        f"<field>Candidate__c.{name}</field><readable>true</readable></fieldPermissions>"
        for name in OWN
    )
    return {place: text.replace("<fieldPermissions>", f"{granted}<fieldPermissions>", 1).encode()}


@pytest.fixture
def own_fields(app, org):
    files = {
        f"objects/Candidate__c/fields/{name}.field-meta.xml": FIELD.format(
            name=name, label=name[:-3], body=body
        ).encode()
        for name, body in OWN.items()
    }
    deploy(org, {**files, **rights()})


def values(app):
    rows = app.salesforce.query("SELECT Candidate_Key__c, Shoe_Size__c, Badge__c, Shouted__c FROM Candidate__c")
    return {row[Candidate.CANDIDATE_KEY]: [row[name] for name in FIELDS] for row in rows}


def test_our_own_fields_all_have_a_rule_of_their_own(app, org):
    assert images.extras(app) == []


def test_a_field_that_a_customer_added_is_given_back_by_an_unmerge(app, org, own_fields):
    ann, anna = given.two(app, ORIGIN)
    app.salesforce.update(Candidate.API_NAME, ann.id, {"Badge__c": "A1"})
    app.salesforce.update(Candidate.API_NAME, anna.id, {"Shoe_Size__c": "41", "Badge__c": "B2"})
    before = values(app)
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    # The one that remains keeps its own, and takes what it had not; a value that is nobody else's is not taken over.
    assert values(app) == {ann.key: ["41", "A1", "41!"]}
    unmerge(app, pair)
    assert values(app) == before


def test_what_somebody_wrote_after_the_merge_stays(app, org, own_fields):
    ann, anna = given.two(app, ORIGIN)
    app.salesforce.update(Candidate.API_NAME, anna.id, {"Shoe_Size__c": "41"})
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    app.salesforce.update(Candidate.API_NAME, ann.id, {"Shoe_Size__c": "38"})
    unmerge(app, pair)
    assert {key: value[0] for key, value in values(app).items()} == {ann.key: "38", anna.key: "41"}


def test_a_field_that_was_closed_to_us_since_is_left_out_and_the_rest_comes_back(app, org, own_fields):
    ann, anna = given.two(app, ORIGIN)
    app.salesforce.update(Candidate.API_NAME, anna.id, {"Shoe_Size__c": "41", "Badge__c": "B2"})
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    deploy(org, rights(closed=["Shoe_Size__c"]))
    app.salesforce._described._kept.clear()  # five minutes later
    unmerge(app, pair)
    assert values(app)[anna.key][:2] == [None, "B2"]
