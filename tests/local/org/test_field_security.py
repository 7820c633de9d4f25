"""Field-level security: closed fields do not exist for the user, read-only ones refuse to be written."""

import pytest

from tests.local.org.rights import ask

NO_COLUMN = (400, "INVALID_FIELD")
READ_ONLY = (400, "INVALID_FIELD_FOR_INSERT_UPDATE")


def as_recruiter(guarded, soql, **params):
    return ask(guarded, "recruiter", "GET", "query", params={"q": soql, **params})


def test_closed_fields_are_left_out_of_records_and_describe(guarded):
    shown = {"Key__c", "Size__c", "Label__c", "Parent__c", "Colour__c", "Geo__c"}
    record = ask(guarded, "recruiter", "GET", f"sobjects/Pool__c/{guarded.pool}")
    assert {name for name in record if name.endswith("__c")} == shown
    assert {"Id", "Name", "OwnerId", "CreatedDate", "SystemModstamp"} <= record.keys()
    described = ask(guarded, "recruiter", "GET", "sobjects/Pool__c/describe")["fields"]
    assert {each["name"] for each in described if each["name"].endswith("__c")} == shown
    assert "Geo__Latitude__s" in [each["name"] for each in described]


def test_naming_a_closed_field_is_refused(guarded):
    path = f"sobjects/Pool__c/{guarded.pool}?fields=Name,Kind__c"
    assert ask(guarded, "recruiter", "GET", path) == NO_COLUMN
    path = f"composite/sobjects/Pool__c?ids={guarded.pool}&fields=Kind__c"
    assert ask(guarded, "recruiter", "GET", path) == NO_COLUMN


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT Kind__c FROM Pool__c",
        "SELECT Id FROM Pool__c WHERE Kind__c = 'Static'",
        "SELECT Id FROM Pool__c ORDER BY Kind__c",
        "SELECT Parent__r.Kind__c FROM Pool__c",
        "SELECT Id FROM Pool__c WHERE Parent__r.Kind__c = 'Static'",
        "SELECT Id, (SELECT Kind__c FROM Children__r) FROM Pool__c",
        "SELECT Id FROM Member__c WHERE Pool__c IN (SELECT Id FROM Pool__c WHERE Kind__c = 'Static')",
        "SELECT COUNT() FROM Pool__c WHERE Kind__c = 'Static'",
        "SELECT Kind__c, COUNT(Id) FROM Pool__c GROUP BY Kind__c",
        "SELECT MAX(Seen_At__c) FROM Pool__c",
        "SELECT Name FROM Pool__c GROUP BY Name HAVING COUNT(Kind__c) > 1",
        "SELECT toLabel(Kind__c) FROM Pool__c",
        "SELECT Pool__r.Kind__c FROM Member__c",
    ],
)
def test_query_does_not_know_a_closed_field(guarded, soql):
    assert as_recruiter(guarded, soql) == NO_COLUMN
    assert as_recruiter(guarded, soql, columns="true") == NO_COLUMN


def test_all_fields_are_all_that_are_open(guarded):
    (record,) = as_recruiter(guarded, "SELECT FIELDS(ALL) FROM Pool__c LIMIT 1")["records"]
    assert "Kind__c" not in record
    assert "Size__c" in record


def test_bulk_query_does_not_know_a_closed_field(guarded):
    job = {"operation": "query", "query": "SELECT Kind__c FROM Pool__c"}
    assert ask(guarded, "recruiter", "POST", "jobs/query", json=job) == NO_COLUMN


def test_formula_counts_with_fields_that_its_reader_cannot_see(guarded):
    assert [each["Label__c"] for each in as_recruiter(guarded, "SELECT Label__c FROM Pool__c")["records"]] == [
        "North (Static)"
    ]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_writing_is_refused_field_by_field(guarded, method):
    path = "sobjects/Pool__c" if method == "POST" else f"sobjects/Pool__c/{guarded.pool}"
    name = {"Name": "X"}
    assert ask(guarded, "recruiter", method, path, json=name | {"Size__c": 3}) == READ_ONLY
    assert ask(guarded, "recruiter", method, path, json=name | {"Parent__r": {"Key__c": "n"}}) == READ_ONLY
    assert ask(guarded, "recruiter", method, path, json=name | {"Kind__c": "Static"}) == NO_COLUMN
    assert ask(guarded, "recruiter", method, path, json=name | {"Geo__Latitude__s": 1, "Geo__Longitude__s": 2}) != (
        READ_ONLY
    )


def test_refused_field_is_named(guarded):
    token = guarded.app.issue_token("recruiter")
    answer = guarded.call("POST", "sobjects/Pool__c", token=token, json={"Name": "X", "Size__c": 3})
    assert answer.json() == [
        {
            "message": "Unable to create/update fields: Size__c. Please check the security settings of this field and "
            "verify that it is read/write for your profile or permission set.",
            "errorCode": "INVALID_FIELD_FOR_INSERT_UPDATE",
            "fields": ["Size__c"],
        }
    ]


def test_bulk_refuses_read_only_columns_row_by_row(guarded):
    recruiter = guarded.client("recruiter").bulk2.Pool__c
    (job,) = recruiter.insert(records=[{"Name": "X", "Size__c": "3"}], wait=0)
    assert "INVALID_FIELD_FOR_INSERT_UPDATE" in recruiter.get_failed_records(job["job_id"])


def test_bulk_does_not_know_closed_columns(guarded):
    token = guarded.app.issue_token("recruiter")
    job = {"object": "Pool__c", "operation": "insert"}
    path = f"jobs/ingest/{guarded.call('POST', 'jobs/ingest', token=token, json=job).json()['id']}"
    guarded.call("PUT", f"{path}/batches", token=token, data="Name,Kind__c\nX,Static\n")
    guarded.call("PATCH", path, token=token, json={"state": "UploadComplete"})
    assert "No such column 'Kind__c'" in guarded.call("GET", path, token=token).json()["errorMessage"]


def test_key_of_the_address_may_be_read_only(guarded):
    made = ask(guarded, "recruiter", "PATCH", "sobjects/Pool__c/Key__c/k1", json={"Name": "K"})
    assert made["created"]
    assert not ask(guarded, "recruiter", "PATCH", "sobjects/Pool__c/Key__c/k1", json={"Name": "L"})["created"]


def test_closed_key_finds_nothing(guarded):
    assert ask(guarded, "recruiter", "GET", "sobjects/Pool__c/Legacy__c/x") == (404, "NOT_FOUND")


def test_describe_tells_which_fields_can_be_written(guarded):
    described = ask(guarded, "recruiter", "GET", "sobjects/Pool__c/describe")["fields"]
    flags = {each["name"]: each["updateable"] for each in described}
    assert (flags["Name"], flags["Colour__c"], flags["Size__c"], flags["Label__c"]) == (True, True, False, False)


def test_columns_of_a_query_tell_which_fields_can_be_written(guarded):
    columns = as_recruiter(guarded, "SELECT Colour__c, Size__c FROM Pool__c", columns="true")["columnMetadata"]
    assert [(each["columnName"], each["updatable"]) for each in columns] == [("Colour__c", True), ("Size__c", False)]


def test_defaults_and_required_fields_need_no_right(guarded):
    made = ask(guarded, "recruiter", "POST", "sobjects/Pool__c", json={"Name": "X"})["id"]
    assert guarded.sf.Pool__c.get(made)["Open__c"] is True
    described = ask(guarded, "recruiter", "GET", "sobjects/Member__c/describe")["fields"]
    assert {each["name"] for each in described if each["name"].endswith("__c")} == {"Pool__c", "Note__c"}


def test_do_not_rehire_is_for_managers(org):
    person = org.client("manager").Candidate__c.create({"Last_Name__c": "Lee", "Do_Not_Rehire__c": True})["id"]
    assert "Do_Not_Rehire__c" not in org.client("recruiter").Candidate__c.get(person)
    assert org.client("manager").Candidate__c.get(person)["Do_Not_Rehire__c"] is True
    for kind in ("recruiter", "viewer"):
        answer = org.session.get(
            f"{org.url}/services/data/v62.0/query",
            params={"q": "SELECT Id FROM Candidate__c WHERE Do_Not_Rehire__c = true"},
            headers={"Authorization": f"Bearer {org.token_of(kind)}"},
        )
        assert answer.json()[0]["errorCode"] == "INVALID_FIELD"


def test_every_field_is_in_reach_of_the_service(org):
    for name, info in org.app.catalog.objects.items():
        if info.custom and not info.is_event:
            assert org.app.user("integration").access.on(name).readable == frozenset(info.fields)
