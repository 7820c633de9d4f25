"""Object permissions: at every door, who may not read does not see the object and who may not write is told so."""

import pytest

from tests.local.org.rights import ask

NOT_THERE = (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "sobjects/Guard__c", None),
        ("GET", "sobjects/Guard__c/describe", None),
        ("GET", "sobjects/Guard__c/{guard}", None),
        ("POST", "sobjects/Guard__c", {"Pool__c": None}),
        ("PATCH", "sobjects/Guard__c/{guard}", {"Pool__c": None}),
        ("DELETE", "sobjects/Guard__c/{guard}", None),
        ("GET", "composite/sobjects/Guard__c?ids={guard}&fields=Id", None),
        ("POST", "composite/sobjects", {"records": [{"attributes": {"type": "Guard__c"}}]}),
        ("POST", "sobjects/Changed__e", {"Record__c": "x"}),
    ],
)
def test_object_without_read_is_not_there(guarded, method, path, body):
    path = path.format(guard=guarded.guard)
    assert ask(guarded, "recruiter", method, path, json=body) == NOT_THERE


def test_hidden_object_is_missing_from_the_list_of_all(guarded):
    names = [each["name"] for each in ask(guarded, "recruiter", "GET", "sobjects")["sobjects"]]
    assert "Guard__c" not in names
    assert {"Pool__c", "Member__c", "User", "Task"} <= set(names)


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT Id FROM Guard__c",
        "SELECT COUNT() FROM Guard__c",
        "SELECT COUNT(Id) FROM Guard__c",
        "SELECT Id FROM Pool__c WHERE Id IN (SELECT Pool__c FROM Guard__c)",
    ],
)
def test_query_does_not_know_a_hidden_object(guarded, soql):
    assert ask(guarded, "recruiter", "GET", "query", params={"q": soql}) == (400, "INVALID_TYPE")


def test_query_does_not_know_the_children_of_a_hidden_object(guarded):
    soql = "SELECT Id, (SELECT Id FROM Guards__r) FROM Pool__c"
    assert ask(guarded, "recruiter", "GET", "query", params={"q": soql}) == (400, "INVALID_TYPE")
    described = ask(guarded, "recruiter", "GET", "sobjects/Pool__c/describe")
    assert "Guards__r" not in [each["relationshipName"] for each in described["childRelationships"]]


def test_bulk_does_not_know_a_hidden_object(guarded):
    job = {"object": "Guard__c", "operation": "insert"}
    assert ask(guarded, "recruiter", "POST", "jobs/ingest", json=job) == (400, "INVALIDENTITY")
    query = {"operation": "query", "query": "SELECT Id FROM Guard__c"}
    assert ask(guarded, "recruiter", "POST", "jobs/query", json=query) == (400, "INVALID_TYPE")


def test_bulk_jobs_of_others_are_not_there(guarded):
    recruiter = guarded.client("recruiter").bulk2.Pool__c
    (job,) = recruiter.insert(records=[{"Name": "South"}], wait=0)
    path = f"jobs/ingest/{job['job_id']}"
    assert ask(guarded, "viewer", "GET", path) == NOT_THERE
    assert ask(guarded, "viewer", "GET", f"{path}/successfulResults") == NOT_THERE
    assert ask(guarded, "viewer", "GET", "jobs/ingest")["records"] == []
    assert ask(guarded, "recruiter", "GET", path)["id"] == ask(guarded, "admin", "GET", path)["id"]


def test_counts_leave_hidden_objects_out(guarded):
    counted = ask(guarded, "recruiter", "GET", "limits/recordCount?sObjects=Pool__c,Guard__c")["sObjects"]
    assert [each["name"] for each in counted] == ["Pool__c"]


def test_reader_cannot_create_or_change(guarded):
    refused = (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")
    assert ask(guarded, "viewer", "POST", "sobjects/Pool__c", json={"Name": "South", "Size__c": 3}) == refused
    assert ask(guarded, "viewer", "PATCH", f"sobjects/Pool__c/{guarded.pool}", json={"Name": "South"}) == refused
    assert ask(guarded, "viewer", "PATCH", "sobjects/Pool__c/Key__c/k", json={"Name": "South"}) == NOT_THERE


def test_delete_needs_its_own_right(guarded):
    refused = (400, "INSUFFICIENT_ACCESS_OR_READONLY")
    mine = ask(guarded, "recruiter", "POST", "sobjects/Pool__c", json={"Name": "Mine"})["id"]
    assert ask(guarded, "recruiter", "DELETE", f"sobjects/Pool__c/{mine}") == refused
    assert ask(guarded, "manager", "DELETE", f"sobjects/Pool__c/{mine}") is None


def test_rows_of_a_collection_fail_one_by_one(guarded):
    records = [{"attributes": {"type": "Member__c"}, "Note__c": "x"}, {"attributes": {"type": "Pool__c"}, "Name": "S"}]
    first, second = ask(guarded, "recruiter", "POST", "composite/sobjects", json={"records": records})
    assert first["errors"][0]["statusCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    assert first["errors"][0]["message"] == "entity type cannot be inserted: Member"
    assert second["success"]


def assign(small, kind, name):
    (found,) = small.sf.query(f"SELECT Id FROM PermissionSet WHERE Name = '{name}'")["records"]
    small.sf.PermissionSetAssignment.create({"AssigneeId": small.app.user(kind).id, "PermissionSetId": found["Id"]})


def test_upsert_needs_the_right_of_what_it_turns_out_to_be(guarded):
    guarded.sf.Pool__c.update(guarded.pool, {"Key__c": "there"})
    assign(guarded, "viewer", "Creator")
    records = [{"attributes": {"type": "Pool__c"}, "Key__c": key, "Name": "N"} for key in ("there", "new")]
    changed, made = ask(guarded, "viewer", "PATCH", "composite/sobjects/Pool__c/Key__c", json={"records": records})
    assert changed["errors"][0]["message"] == "entity type cannot be updated: Pool"
    assert made["success"]


def test_bulk_rows_fail_with_the_reason(guarded):
    (job,) = guarded.client("viewer").bulk2.Pool__c.insert(records=[{"Name": "South"}], wait=0)
    assert job["numberRecordsFailed"] == 1
    failed = guarded.client("viewer").bulk2.Pool__c.get_failed_records(job["job_id"])
    assert "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:entity type cannot be inserted: Pool" in failed


def test_describe_tells_what_the_user_may_do(guarded):
    def flags(kind):
        described = ask(guarded, kind, "GET", "sobjects/Pool__c/describe")
        assert described["fields"]
        return [described[name] for name in ("queryable", "createable", "updateable", "deletable")]

    assert flags("viewer") == [True, False, False, False]
    assert flags("recruiter") == [True, True, True, False]
    assert flags("admin") == flags("manager") == [True, True, True, True]


def test_no_field_can_be_filled_of_what_cannot_be_written(guarded):
    described = ask(guarded, "viewer", "GET", "sobjects/Pool__c/describe")
    assert not any(each["createable"] or each["updateable"] for each in described["fields"])


def test_event_is_published_with_the_right_to_create_it(guarded):
    body = {"Record__c": "x"}
    assert ask(guarded, "integration", "POST", "sobjects/Changed__e", json=body)["success"]
    assert ask(guarded, "manager", "POST", "sobjects/Changed__e", json=body) == (
        400,
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    )


def test_view_all_data_opens_every_object_and_no_closed_field(guarded):
    assert guarded.client("manager").query("SELECT COUNT() FROM Guard__c")["totalSize"] == 1
    assert ask(guarded, "manager", "GET", "query", params={"q": "SELECT Home__c FROM Guard__c"}) == (
        400,
        "INVALID_FIELD",
    )


def test_setup_is_read_by_all_and_changed_by_administrators(guarded):
    recruiter = guarded.client("recruiter")
    for name in ("Organization", "User", "Profile", "PermissionSet", "PermissionSetAssignment"):
        assert recruiter.query(f"SELECT Id FROM {name}")["totalSize"]
    user = guarded.app.user("viewer").id
    refused = (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")
    assert ask(guarded, "recruiter", "PATCH", f"sobjects/User/{user}", json={"FirstName": "X"}) == refused
    assert guarded.sf.User.update(user, {"FirstName": "X"}) == 204


def test_new_assignment_counts_from_the_next_request(guarded):
    token = guarded.app.issue_token("viewer")
    assert guarded.call("POST", "sobjects/Pool__c", token=token, json={"Name": "S"}).status_code == 400
    assign(guarded, "viewer", "Warmbench_Recruiter")
    assert guarded.call("POST", "sobjects/Pool__c", token=token, json={"Name": "S"}).status_code == 201


@pytest.mark.parametrize("kind", ["recruiter", "manager", "viewer"])
def test_nobody_writes_command_rows_but_the_service(org, kind):
    row = {"Object__c": "Talent_Pool__c", "Record_Id__c": "x", "Command__c": "Refresh", "Status__c": "New"}
    with_right = org.client("integration").Recruiting_Command__c.create(row)
    assert with_right["success"]
    answer = org.session.post(
        f"{org.url}/services/data/v62.0/sobjects/Recruiting_Command__c",
        json=row,
        headers={"Authorization": f"Bearer {org.token_of(kind)}"},
    )
    assert answer.json()[0]["errorCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"


def test_flow_writes_the_command_row_that_its_user_could_not(org):
    recruiter = org.client("recruiter")
    pool = recruiter.Talent_Pool__c.create({"Name": "Engineers", "Kind__c": "Static"})["id"]
    recruiter.Talent_Pool__c.update(pool, {"Command__c": "Refresh"})
    assert len(org.rows("SELECT Id FROM Recruiting_Command__c")) == len(org.events()) == 1


def test_viewer_looks_and_changes_nothing(org):
    org.client("recruiter").Candidate__c.create({"Last_Name__c": "Byrne"})
    viewer = org.client("viewer")
    assert [row["Name"] for row in viewer.query("SELECT Name FROM Candidate__c")["records"]] == ["Byrne"]
    for name in org.app.catalog.schema.objects:
        if not name.endswith("__e"):
            described = getattr(viewer, name).describe()
            assert [described["createable"], described["updateable"], described["deletable"]] == [False] * 3
