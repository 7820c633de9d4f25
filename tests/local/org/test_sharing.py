"""Sharing: records that are not shared are not there for anybody but their owner and those with the rights over all."""

import dataclasses

import pytest

from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from integration.metadata.refusal import UnsupportedMetadata
from tests.local.org.conftest import MEMBER, URL, Small
from tests.local.org.rights import ask, rule, shared_schema

NOT_THERE = (404, "NOT_FOUND")
NOT_THIS = (400, "INSUFFICIENT_ACCESS_OR_READONLY")
NO_REACH = (400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY")
RULES = (rule(("Open__c", "equals", "False")), rule(("Colour__c", "equals", "Red"), access="Read", name="Red"))


@pytest.fixture
def shared():
    """Private pools with their members, guards that all may read; the recruiter's rows are `mine`."""
    models = {"Pool__c": "Private", "Member__c": "ControlledByParent", "Guard__c": "Read"}
    app = OrgApp(shared_schema(RULES, **models), url=URL)
    with session_for(app, URL) as session:
        small = Small(app, session)
        recruiter = small.client("recruiter")
        small.mine = recruiter.Pool__c.create({"Name": "Mine", "Key__c": "mine", "Legacy__c": "old"})["id"]
        small.member = recruiter.Member__c.create({"Pool__c": small.mine, "Note__c": "x", "Key__c": "m"})["id"]
        yield small
    app.close()


def names(small, kind, soql="SELECT Name FROM Pool__c ORDER BY Name"):
    return [each["Name"] for each in small.client(kind).query(soql)["records"]]


def test_private_record_is_its_owners_alone(shared):
    assert names(shared, "recruiter") == names(shared, "admin") == names(shared, "integration") == ["Mine"]
    assert names(shared, "manager") == []
    assert ask(shared, "manager", "GET", f"sobjects/Pool__c/{shared.mine}") == NOT_THERE
    assert ask(shared, "manager", "GET", "sobjects/Pool__c/Key__c/mine") == NOT_THERE
    assert ask(shared, "manager", "GET", f"composite/sobjects/Pool__c?ids={shared.mine}&fields=Id") == [None]
    assert ask(shared, "manager", "GET", f"sobjects/Pool__c/{shared.mine}/Members__r") == NOT_THERE


@pytest.mark.parametrize(
    ("soql", "number"),
    [
        ("SELECT COUNT() FROM Pool__c", 0),
        ("SELECT Id FROM Member__c", 0),
        ("SELECT Id FROM Member__c WHERE Pool__c IN (SELECT Id FROM Pool__c)", 0),
        ("SELECT Id FROM Guard__c WHERE Pool__c IN (SELECT Pool__c FROM Member__c)", 0),
        ("SELECT Id FROM Guard__c WHERE Pool__r.Name = 'Mine'", 0),
        ("SELECT Id FROM Guard__c WHERE Pool__r.Label__c = 'Mine (Static)'", 0),
        ("SELECT Id FROM Guard__c", 1),
    ],
)
def test_hidden_records_count_nowhere_in_a_query(shared, soql, number):
    shared.client("recruiter").Guard__c.create({"Pool__c": shared.mine})
    assert shared.client("manager").query(soql)["totalSize"] == number
    assert shared.client("recruiter").query(soql)["totalSize"] == 1


def test_groups_and_children_leave_hidden_records_out(shared):
    manager = shared.client("manager")
    own = manager.Pool__c.create({"Name": "Own", "Parent__c": None})["id"]
    shared.sf.Pool__c.update(shared.mine, {"Parent__c": own})
    grouped = manager.query("SELECT Name, COUNT(Id) n FROM Pool__c GROUP BY Name")["records"]
    assert [(each["Name"], each["n"]) for each in grouped] == [("Own", 1)]
    (record,) = manager.query("SELECT Id, (SELECT Id FROM Children__r) FROM Pool__c")["records"]
    assert record["Children__r"] is None


def test_hidden_parent_is_null_and_its_id_is_shown(shared):
    shared.client("recruiter").Guard__c.create({"Pool__c": shared.mine})
    soql = "SELECT Pool__c, Pool__r.Name, Pool__r.Label__c FROM Guard__c"
    (record,) = shared.client("manager").query(soql)["records"]
    assert (record["Pool__c"], record["Pool__r"]) == (shared.mine, None)
    (record,) = shared.client("recruiter").query(soql)["records"]
    assert record["Pool__r"]["Label__c"] == "Mine (Static)"


def test_bulk_query_and_search_leave_hidden_records_out(shared):
    job = {"operation": "query", "query": "SELECT Id FROM Pool__c"}
    made = ask(shared, "manager", "POST", "jobs/query", json=job)
    assert ask(shared, "manager", "GET", f"jobs/query/{made['id']}")["numberRecordsProcessed"] == 0
    found = shared.call(
        "GET", "search", token=shared.app.issue_token("manager"), params={"q": "FIND {Mine} RETURNING Pool__c(Name)"}
    )
    assert found.json() == {"searchRecords": []}


def test_hidden_record_cannot_be_written(shared):
    for kind in ("manager", "viewer"):
        path = f"sobjects/Pool__c/{shared.mine}"
        assert ask(shared, kind, "PATCH", path, json={"Name": "Yours"}) == NO_REACH
        assert ask(shared, kind, "DELETE", path) == NO_REACH
        assert ask(shared, kind, "PATCH", "sobjects/Pool__c/Key__c/mine", json={"Name": "Yours"}) == NO_REACH
    assert names(shared, "recruiter") == ["Mine"]


def test_key_that_may_occur_twice_matches_what_is_seen(shared):
    made = ask(shared, "manager", "PATCH", "sobjects/Pool__c/Legacy__c/old", json={"Name": "New"})
    assert made["created"]
    records = [{"attributes": {"type": "Pool__c"}, "Legacy__c": "old", "Name": "Newer"}]
    (changed,) = ask(shared, "viewer", "PATCH", "composite/sobjects/Pool__c/Legacy__c", json={"records": records})
    assert changed["created"]
    assert names(shared, "admin") == ["Mine", "New", "Newer"]


def test_rule_opens_records_to_read_or_to_edit(shared):
    path = f"sobjects/Pool__c/{shared.mine}"
    shared.sf.Pool__c.update(shared.mine, {"Colour__c": "red"})
    assert names(shared, "manager") == ["Mine"]
    assert ask(shared, "manager", "PATCH", path, json={"Name": "Yours"}) == NOT_THIS
    shared.sf.Pool__c.update(shared.mine, {"Open__c": False})
    assert ask(shared, "manager", "PATCH", path, json={"Name": "Ours"}) is None
    assert ask(shared, "manager", "DELETE", path) == NOT_THIS
    assert ask(shared, "manager", "PATCH", path, json={"OwnerId": shared.app.user("manager").id}) == NOT_THIS


def test_details_follow_their_master(shared):
    path = f"sobjects/Member__c/{shared.member}"
    assert ask(shared, "manager", "GET", path) == NOT_THERE
    shared.sf.Pool__c.update(shared.mine, {"Colour__c": "Red"})
    assert ask(shared, "manager", "GET", path)["Note__c"] == "x"
    assert ask(shared, "manager", "PATCH", path, json={"Note__c": "y"}) == NOT_THIS
    new = {"Pool__c": shared.mine, "Note__c": "n"}
    assert ask(shared, "manager", "POST", "sobjects/Member__c", json=new) == NO_REACH
    shared.sf.Pool__c.update(shared.mine, {"Open__c": False})
    assert ask(shared, "manager", "PATCH", path, json={"Note__c": "y"}) is None
    assert ask(shared, "manager", "POST", "sobjects/Member__c", json=new)["success"]
    assert ask(shared, "manager", "DELETE", path) is None


def test_master_that_need_only_be_read_lets_its_readers_write(shared):
    fields = {**MEMBER.fields, "Pool__c": dataclasses.replace(MEMBER.fields["Pool__c"], needs_master_read=True)}
    schema = shared_schema(RULES, Pool__c="Private", Member__c="ControlledByParent")
    schema.objects["Member__c"] = dataclasses.replace(schema.objects["Member__c"], fields=fields)
    app = OrgApp(schema, url=URL)
    with session_for(app, URL) as session:
        small = Small(app, session)
        red = small.client("recruiter").Pool__c.create({"Name": "Red", "Colour__c": "Red"})["id"]
        member = {"Pool__c": red, "Note__c": "x"}
        assert ask(small, "manager", "POST", "sobjects/Member__c", json=member)["success"]
    app.close()


def test_lookup_to_a_hidden_record_is_refused(shared):
    guard = {"Pool__c": shared.mine}
    assert ask(shared, "manager", "POST", "sobjects/Guard__c", json=guard) == NO_REACH
    by_key = {"Pool__r": {"Key__c": "mine"}}
    assert ask(shared, "manager", "POST", "sobjects/Guard__c", json=by_key) == NO_REACH
    answer = shared.call("POST", "sobjects/Guard__c", token=shared.app.issue_token("manager"), json=guard).json()
    assert answer[0]["message"] == f"insufficient access rights on cross-reference id: {shared.mine[:15]}"
    assert ask(shared, "recruiter", "POST", "sobjects/Guard__c", json=guard)["success"]


def test_public_read_only_record_is_changed_by_its_owner(shared):
    guard = shared.client("recruiter").Guard__c.create({})["id"]
    path = f"sobjects/Guard__c/{guard}"
    assert ask(shared, "manager", "GET", path)["Id"] == guard
    assert ask(shared, "manager", "PATCH", path, json={"Name": "x"}) == NOT_THIS
    assert ask(shared, "recruiter", "PATCH", path, json={"Name": "x"}) is None


def test_deleting_with_the_master_asks_for_nothing_on_the_details(shared):
    assert ask(shared, "recruiter", "DELETE", f"sobjects/Pool__c/{shared.mine}") is None
    assert shared.sf.query("SELECT COUNT() FROM Member__c")["totalSize"] == 0


def test_notes_and_files_are_seen_by_whoever_sees_their_record(shared):
    recruiter = shared.client("recruiter")
    note = recruiter.Note.create({"Title": "T", "ParentId": shared.mine})["id"]
    file = {"Title": "F", "PathOnClient": "f.txt", "VersionData": "eA==", "FirstPublishLocationId": shared.mine}
    version = recruiter.ContentVersion.create(file)["id"]
    paths = [f"sobjects/Note/{note}", f"sobjects/ContentVersion/{version}"]
    content = f"{paths[1]}/VersionData"
    assert [ask(shared, "manager", "GET", path) for path in (*paths, content)] == [NOT_THERE] * 3
    shared.sf.Pool__c.update(shared.mine, {"Colour__c": "Red"})
    assert [ask(shared, "manager", "GET", path)["Title"] for path in paths] == ["T", "F"]
    assert shared.call("GET", content, token=shared.app.issue_token("manager")).content == b"x"
    assert ask(shared, "manager", "PATCH", paths[0], json={"Title": "U"}) == NOT_THIS


def test_those_above_in_the_roles_reach_what_those_below_own(shared):
    with shared.app.store.writing() as connection:
        for role, above in (("00Etop", None), ("00Emiddle", "00Etop"), ("00Elow", "00Emiddle")):
            connection.execute("INSERT INTO UserRole (Id, Name, ParentRoleId) VALUES (?, ?, ?)", (role, role, above))
        for kind, role in (("manager", "00Etop"), ("recruiter", "00Elow"), ("viewer", "00Elow")):
            connection.execute("UPDATE User SET UserRoleId = ? WHERE Username = ?", (role, f"{kind}@warmbench.local"))
    assert (names(shared, "manager"), names(shared, "viewer")) == (["Mine"], [])
    assert ask(shared, "manager", "PATCH", f"sobjects/Pool__c/{shared.mine}", json={"Name": "Ours"}) is None
    assert ask(shared, "manager", "DELETE", f"sobjects/Pool__c/{shared.mine}") is None


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"kind": "owner"}, "rules of the kind owner"),
        ({"kind": "guest"}, "rules of the kind guest"),
        ({"shared_to": ("role",)}, "sharing with role"),
        ({"boolean_filter": "1 OR 2"}, "a boolean filter"),
        ({"owned_by_all": False}, "leaving out records of some owners"),
        ({"access": "All"}, "the access level All"),
        ({"criteria": (("Seen_At__c", "equals", "TODAY"),)}, "equals on Seen_At__c"),
        ({"criteria": (("Label__c", "equals", "x"),)}, "equals on Label__c"),
        ({"criteria": (("Name", "lessThan", "x"),)}, "lessThan on Name"),
        ({"criteria": (("Size__c", "equals", "x"),)}, "x is no value of Size__c"),
        ({"criteria": (("Nothing__c", "equals", "x"),)}, "has no field Nothing__c"),
        ({"criteria": ()}, "a rule without criteria"),
    ],
)
def test_org_does_not_start_on_a_rule_that_it_cannot_follow(wrong, text):
    given = {"criteria": (("Open__c", "equals", "True"),)} | wrong
    criteria = given.pop("criteria")
    with pytest.raises(UnsupportedMetadata, match=text) as refused:
        OrgApp(shared_schema([rule(*criteria, name="Odd", **given)], Pool__c="Private"))
    assert "sharing rule Odd of Pool__c" in str(refused.value)


def test_org_does_not_start_on_an_unknown_sharing_model():
    with pytest.raises(UnsupportedMetadata, match="does not implement the sharing model Secret"):
        OrgApp(shared_schema(Pool__c="Secret"))


@pytest.fixture
def private_pool(org):
    """A recruiter's private pool with a member that the service added."""
    recruiter, service = org.client("recruiter"), org.client("integration")
    person = recruiter.Candidate__c.create({"Last_Name__c": "Byrne"})["id"]
    pool = recruiter.Talent_Pool__c.create({"Name": "Secret", "Kind__c": "Static", "Private__c": True})["id"]
    return service.Pool_Membership__c.create({"Pool__c": pool, "Candidate__c": person, "State__c": "Member"})["id"]


def seen_by(org, kind):
    return [row["Id"] for row in org.client(kind).query("SELECT Id FROM Pool_Membership__c")["records"]]


def test_members_of_a_private_pool_are_for_its_owner(org, private_pool):
    seen = {kind: seen_by(org, kind) for kind in ("recruiter", "manager", "viewer", "integration", "admin")}
    assert seen == {
        "recruiter": [private_pool],
        "manager": [],
        "viewer": [],
        "integration": [private_pool],
        "admin": [private_pool],
    }


def test_members_of_a_public_pool_are_for_everybody(org, private_pool):
    (pool,) = org.rows("SELECT Id FROM Talent_Pool__c")
    org.client("recruiter").Talent_Pool__c.update(pool["Id"], {"Private__c": False})
    org.client("integration").Pool_Membership__c.update(private_pool, {"Stage__c": "Replied"})
    assert seen_by(org, "manager") == seen_by(org, "viewer") == [private_pool]
    assert org.client("manager").Pool_Membership__c.update(private_pool, {"Stage__c": "Interested"}) == 204


def test_candidates_of_colleagues_are_shared_with_what_hangs_on_them(org):
    recruiter = org.client("recruiter")
    person = recruiter.Candidate__c.create({"Last_Name__c": "Byrne"})["id"]
    recruiter.Contact_Point__c.create({"Candidate__c": person, "Kind__c": "Email", "Value__c": "b@a.example"})
    assert len(org.client("viewer").query("SELECT Id FROM Contact_Point__c")["records"]) == 1
    point = org.rows("SELECT Id FROM Contact_Point__c")[0]["Id"]
    assert org.client("manager").Contact_Point__c.update(point, {"Primary__c": True}) == 204


def test_service_reads_the_file_of_a_recruiters_import(org):
    recruiter = org.client("recruiter")
    record = recruiter.Candidate_Import__c.create({"Name": "March"})["id"]
    file = {"Title": "F", "PathOnClient": "f.csv", "VersionData": "eA==", "FirstPublishLocationId": record}
    version = recruiter.ContentVersion.create(file)["id"]
    assert org.client("integration").ContentVersion.get(version)["Title"] == "F"
