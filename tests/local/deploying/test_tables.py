"""Tables follow the metadata, and no value gets lost on the way."""

import threading

import pytest

from tests.local.deploying.conftest import an_object, field, package, rule


def deployed(org, *fields, **options):
    return org.deploy(package(Pool__c=an_object(*fields, own=False)), **options)


@pytest.fixture
def filled(org):
    for name, code, size in (("a", "same", 1), ("b", "same", 2)):
        org.sf.Pool__c.create({"Name": name, "Code__c": code, "Size__c": size})
    return org


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (field("Code__c", "Number", "<precision>5</precision><scale>0</scale>"), "cannot change from Text to Number"),
        (field("Code__c", body="<length>3</length>"), "cannot be shortened to 3: 2 records have more characters"),
        (field("Code__c", body="<length>40</length><unique>true</unique>"), "several records hold the same value"),
        (field("Size__c", "Number", "<precision>5</precision><scale>0</scale><formula>1</formula>"), "a formula"),
        (
            field(
                "Master__c", "MasterDetail", "<referenceTo>Pool__c</referenceTo><relationshipName>M</relationshipName>"
            ),
            "cannot be added to an object that has records",
        ),
    ],
)
def test_change_that_the_data_forbids_is_refused(filled, changed, problem):
    ((name, file, _, text),) = filled.failures(
        package(Pool__c=an_object(changed, own="Master" in changed).replace("ReadWrite", "ControlledByParent"))
    )
    assert name.startswith("Pool__c.")
    assert file == "objects/Pool__c.object"
    assert problem in text
    assert [row["Code__c"] for row in filled.sf.query("SELECT Code__c FROM Pool__c")["records"]] == ["same", "same"]


def test_text_becomes_long_and_keeps_its_values(filled):
    body = "<length>1000</length><visibleLines>3</visibleLines>"
    assert deployed(filled, field("Code__c", "LongTextArea", body))["success"]
    assert {row["Code__c"] for row in filled.sf.query("SELECT Code__c FROM Pool__c")["records"]} == {"same"}


def test_text_becomes_case_sensitive_and_keeps_its_values(filled):
    body = "<length>40</length><externalId>true</externalId><caseSensitive>true</caseSensitive>"
    assert deployed(filled, field("Code__c", body=body))["success"]
    count = filled.sf.query("SELECT COUNT() FROM Pool__c WHERE Code__c = 'same'")["totalSize"]
    assert count == 2


def test_empty_field_may_become_anything(org):
    org.sf.Pool__c.create({"Name": "a"})
    assert deployed(org, field("Code__c", "Checkbox", "<defaultValue>true</defaultValue>"))["success"]
    assert org.sf.query("SELECT Code__c FROM Pool__c")["records"][0]["Code__c"] is False


def test_deleted_field_is_gone_and_its_values_are_set_aside(filled):
    result = filled.deploy(package(destructive={"CustomField": ["Pool__c.Code__c"]}))
    assert result["success"]
    assert [each["fullName"] for each in result["details"]["componentSuccesses"] if each["deleted"]] == [
        "Pool__c.Code__c"
    ]
    assert "Code__c" not in filled.fields("Pool__c")
    with filled.app.store.reading() as connection:
        values = connection.execute('SELECT "_deleted_1_Code__c" FROM Pool__c').fetchall()
    assert values == [("same",), ("same",)]


def test_field_deployed_again_begins_empty(filled):
    filled.deploy(package(destructive={"CustomField": ["Pool__c.Code__c"]}))
    assert deployed(filled, field("Code__c"))["success"]
    assert {row["Code__c"] for row in filled.sf.query("SELECT Code__c FROM Pool__c")["records"]} == {None}


def test_deleted_object_is_gone_and_may_come_back(filled):
    assert filled.deploy(package(destructive={"CustomObject": ["Pool__c"]}))["success"]
    assert filled.call("GET", "sobjects/Pool__c/describe").status_code == 404
    assert filled.deploy(package(Pool__c=an_object(field("Code__c"))))["success"]
    assert filled.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


def test_field_that_a_rule_needs_is_not_deleted(filled):
    assert filled.deploy(package(Pool__c=an_object(rule("Small", "Size__c &gt; 5"), own=False)))["success"]
    (failure,) = filled.failures(package(destructive={"CustomField": ["Pool__c.Size__c"]}))
    assert failure[0] == "Pool__c.Small"
    assert "needs what this deployment removes" in failure[3]


def test_deleting_what_is_not_there_is_no_failure(org):
    assert org.deploy(package(destructive={"CustomField": ["Pool__c.Nope__c"]}))["success"]


def test_people_go_on_writing_while_fields_are_deployed(served):
    org = served()
    stop, refused, made = threading.Event(), [], []

    def write():
        while not stop.is_set():
            answer = org.call("POST", "sobjects/Pool__c", json={"Name": "a", "Code__c": "x"})
            (made if answer.status_code == 201 else refused).append(answer.json())

    writers = [threading.Thread(target=write) for _ in range(3)]
    for each in writers:
        each.start()
    results = [deployed(org, field(f"New_{number}__c"))["success"] for number in range(4)]
    stop.set()
    for each in writers:
        each.join()
    assert (results, refused) == ([True] * 4, [])
    assert org.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == len(made) > 0


def test_bulk_job_under_way_sees_the_new_fields(served):
    org = served()
    job = org.call("POST", "jobs/ingest", json={"object": "Pool__c", "operation": "insert", "lineEnding": "LF"}).json()
    org.call("PUT", f"jobs/ingest/{job['id']}/batches", data="Name,New__c\na,b\n", headers={"Content-Type": "text/csv"})
    assert deployed(org, field("New__c"))["success"]
    org.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
    assert org.sf.query("SELECT New__c FROM Pool__c")["records"][0]["New__c"] == "b"
