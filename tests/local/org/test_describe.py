"""Describe: the keys that recorded answers of real orgs have, and what they say of a field."""

import json
from pathlib import Path

KEYS = json.loads((Path(__file__).parent / "describe_keys.json").read_text())


def fields_of(small, name):
    return {field["name"]: field for field in getattr(small.sf, name).describe()["fields"]}


def test_describe_has_the_keys_of_a_real_org(small):
    described = small.sf.Pool__c.describe()
    assert set(described) >= set(KEYS["describe"])
    assert all(set(field) >= set(KEYS["field"]) for field in described["fields"])
    assert set(small.sf.describe()["sobjects"][0]) >= set(KEYS["object"])


def test_fields_say_what_they_are(small):
    fields = fields_of(small, "Pool__c")
    kinds = {name: field["type"] for name, field in fields.items()}
    assert kinds["Size__c"] == "double"
    assert kinds["Tags__c"] == "multipicklist"
    assert kinds["Geo__c"] == "location"
    assert fields["Key__c"]["externalId"]
    assert fields["Key__c"]["unique"]
    assert (fields["Label__c"]["calculated"], fields["Label__c"]["updateable"]) == (True, False)
    assert [value["value"] for value in fields["Kind__c"]["picklistValues"]] == ["Static", "Dynamic"]
    assert fields["Parent__c"]["referenceTo"] == ["Pool__c"]
    assert fields["Parent__c"]["relationshipName"] == "Parent__r"
    assert not fields_of(small, "Member__c")["Pool__c"]["updateable"]


def test_parent_knows_its_children(small):
    children = {each["relationshipName"]: each for each in small.sf.Pool__c.describe()["childRelationships"]}
    assert (children["Members__r"]["cascadeDelete"], children["Members__r"]["field"]) == (True, "Pool__c")
    assert children["Guards__r"]["restrictedDelete"]


def test_unchanged_metadata_is_not_sent_again(small):
    first = small.call("GET", "sobjects/Pool__c/describe")
    for headers in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = small.call("GET", "sobjects/Pool__c/describe", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    old = {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    assert small.call("GET", "sobjects/Pool__c/describe", headers=old).status_code == 200


def test_global_describe_lists_standard_objects_too(small):
    names = {each["name"]: each["keyPrefix"] for each in small.sf.describe()["sobjects"]}
    assert names["User"] == "005"
    assert names["ContentVersion"] == "068"
    assert names["Pool__c"].startswith("a0")


def test_list_of_resources_leads_to_the_caller(small):
    resources = small.call("GET", "").json()
    assert resources["sobjects"] == "/services/data/v62.0/sobjects"
    found = small.session.get(resources["identity"], headers={"Authorization": f"Bearer {small.token}"}).json()
    assert found["username"] == "admin@warmbench.local"


def test_unchanged_metadata_has_no_body_inside_a_composite_request_either(small):
    since = small.call("GET", "sobjects").headers["Last-Modified"]
    part = {"method": "GET", "url": "/services/data/v62.0/sobjects/Account/describe", "referenceId": "one"}
    body = {"compositeRequest": [{**part, "httpHeaders": {"If-Modified-Since": since}}]}
    (answer,) = small.call("POST", "composite", json=body).json()["compositeResponse"]
    assert (answer["httpStatusCode"], answer["body"]) == (304, None)
    assert set(answer["httpHeaders"]) == {"ETag", "Last-Modified"}


def test_links_are_those_of_the_kind_of_object(small):
    custom, event = (getattr(small.sf, name).describe()["urls"] for name in ("Pool__c", "Changed__e"))
    assert custom["uiNewRecord"] == f"{small.url}/{small.app.catalog.objects['Pool__c'].prefix}/e"
    assert custom["layouts"] == "/services/data/v62.0/sobjects/Pool__c/describe/layouts"
    assert set(event) == {"describe", "eventSchema", "rowTemplate", "sobject"}
    assert "caseArticleSuggestions" in small.sf.Case.describe()["urls"]
    listed = {each["name"]: each["urls"] for each in small.sf.describe()["sobjects"]}
    assert "uiNewRecord" not in listed["Pool__c"]
    assert set(listed["Profile"]) == {"describe", "rowTemplate", "sobject"}


def test_standard_fields_tell_what_only_they_are(small):
    fields = fields_of(small, "Contact")
    assert fields["MailingAddress"]["type"] == "address"
    assert fields["MailingAddress"]["soapType"] == "urn:address"
    assert (fields["MailingCity"]["compoundFieldName"], fields["Email"]["idLookup"]) == ("MailingAddress", True)
    assert (fields["FirstName"]["extraTypeInfo"], fields["FirstName"]["permissionable"]) == ("personname", False)
    assert (fields["IsEmailBounced"]["calculated"], fields["IsEmailBounced"]["createable"]) == (False, False)
    assert fields_of(small, "Task")["Subject"]["type"] == "combobox"
