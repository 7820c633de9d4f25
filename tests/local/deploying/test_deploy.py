"""A package becomes part of the org, as a whole or not at all."""

import pytest

from tests.local.deploying.conftest import an_object, field, manifest, package, rule, zipped


def test_new_object_can_be_written_to(org):
    result = org.deploy(package(Extra__c=an_object(field("Note__c"), label="Extra")))
    assert (result["status"], result["numberComponentsDeployed"], result["numberComponentsTotal"]) == (
        "Succeeded",
        2,
        2,
    )
    record_id = org.sf.Extra__c.create({"Name": "a", "Note__c": "b"})["id"]
    assert org.sf.Extra__c.get(record_id)["Note__c"] == "b"


def test_success_tells_what_was_created_and_what_changed(org):
    text = an_object(field("Code__c", body="<length>50</length>"), field("New__c"))
    done = org.deploy(package(Pool__c=text))["details"]["componentSuccesses"]
    flags = {each["fullName"]: (each["componentType"], each["created"], each["changed"]) for each in done}
    assert flags == {
        "package.xml": ("", False, True),
        "Pool__c": ("CustomObject", False, False),
        "Pool__c.Code__c": ("CustomField", False, True),
        "Pool__c.New__c": ("CustomField", True, True),
    }


def test_new_field_keeps_the_rows(org):
    record_id = org.sf.Pool__c.create({"Name": "a", "Code__c": "x", "Size__c": 5})["id"]
    files = {
        "objects/Pool__c.object": an_object(field("Note__c"), field("Flag__c", "Checkbox", ""), own=False),
        "package.xml": manifest(CustomField=["Pool__c.Note__c", "Pool__c.Flag__c"]),
    }
    assert org.deploy(zipped(files))["success"]
    row = org.sf.Pool__c.get(record_id)
    assert [row[name] for name in ("Code__c", "Size__c", "Note__c", "Flag__c")] == ["x", 5.0, None, False]


def test_new_rule_holds_at_once(org):
    assert org.deploy(package(Pool__c=an_object(rule("Small", "Size__c &gt; 5"))))["success"]
    assert org.refusal("Pool__c", {"Name": "a", "Size__c": 6})[1] == "Small is broken."


def test_failure_names_file_and_line_and_changes_nothing(org):
    broken = an_object(field("Fine__c"), field("Odd__c", "Text", "<length>40</length><bogus>1</bogus>"), own=False)
    (failure,) = org.failures(package(Pool__c=broken))
    assert failure == ("Pool__c.Odd__c", "objects/Pool__c.object", 9, "unknown element <bogus> in CustomField")
    assert "Fine__c" not in org.fields("Pool__c")


def test_unknown_function_is_found_in_its_line(org):
    (failure,) = org.failures(package(Pool__c=an_object(rule("Odd", "NOSUCH(Size__c)"), own=False)))
    assert failure[:3] == ("Pool__c.Odd", "objects/Pool__c.object", 5)
    assert "the function NOSUCH is not known" in failure[3]


def test_every_fault_is_told(org):
    broken = an_object(field("A__c", "Summary"), field("B__c", "Nonsense"), own=False)
    assert {each[0] for each in org.failures(package(Pool__c=broken))} == {"Pool__c.A__c", "Pool__c.B__c"}


@pytest.mark.parametrize("true", [True, "true", "True"])
def test_dry_run_changes_nothing(org, true):
    result = org.deploy(package(Pool__c=an_object(field("New__c"))), checkOnly=true, purgeOnDelete="False")
    assert (result["status"], result["checkOnly"]) == ("Succeeded", True)
    assert "New__c" not in org.fields("Pool__c")


def test_without_rollback_the_good_components_stay(org):
    mixed = an_object(field("Fine__c"), field("Odd__c", "Nonsense"), own=False)
    result = org.deploy(package(Pool__c=mixed), rollbackOnError=False)
    assert (result["status"], result["numberComponentErrors"]) == ("SucceededPartial", 1)
    assert org.fields("Pool__c") & {"Fine__c", "Odd__c"} == {"Fine__c"}


def test_rules_of_the_house_are_warnings(org):
    done = org.deploy(package(Pool__c=an_object(field("New__c"))))["details"]["componentSuccesses"]
    (warned,) = (each for each in done if each["fullName"] == "Pool__c.New__c")
    assert warned["problemType"] == "Warning"
    assert "has no description" in warned["problem"]


def test_object_that_comes_along_with_its_field_is_left_alone(org):
    files = {
        "objects/Pool__c.object": an_object(field("New__c"), label="Another"),
        "package.xml": manifest(CustomField=["Pool__c.New__c"]),
    }
    assert org.deploy(zipped(files))["numberComponentsDeployed"] == 1
    assert org.sf.Pool__c.describe()["label"] == "Pool"


def test_member_that_is_not_in_the_zip_is_named(org):
    files = {"package.xml": manifest(CustomObject=["Nope__c"])}
    (failure,) = org.failures(zipped(files))
    text = "An object 'Nope__c' of type CustomObject was named in package.xml, but was not found in zipped directory"
    assert failure == ("Nope__c", "package.xml", 1, text)


def test_file_that_is_not_listed_is_named(org):
    files = {"objects/Extra__c.object": an_object(label="Extra"), "package.xml": manifest()}
    assert org.failures(zipped(files))[0][3] == "Not in package.xml"


def test_metadata_that_is_not_implemented_is_refused(org):
    files = {
        "classes/A.cls": "public class A {}",
        "workflows/Pool__c.workflow": "<Workflow/>",
        "objects/Account.object": an_object(field("X__c"), own=False),
        "package.xml": manifest(ApexClass=["A"], Workflow=["Pool__c"], CustomField=["Account.X__c"]),
    }
    problems = {each[3] for each in org.failures(zipped(files))}
    assert "the embedded org does not implement metadata of type Workflow" in problems
    assert "the embedded org does not implement metadata of type classes" in problems
    assert "the embedded org does not change standard objects" in problems


def test_field_of_an_object_that_is_not_there_is_refused(org):
    (failure,) = org.failures(package(Nope__c=an_object(field("X__c"), own=False)))
    assert "there is no object Nope__c" in failure[3]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("Pool__c", an_object(field("OwnerId"), own=False), "does not change standard fields"),
        ("Pool__c", an_object(field("bad name__c"), own=False), "is no API name"),
        ("Pool__c", an_object(field("CODE__c"), own=False), "is there twice"),
        ("POOL__c", an_object(), "is there twice"),
        ("Pool__c", "<Layout/>", "holds <Layout> where <CustomObject> belongs"),
        ("Pool__c", "<CustomObject>", "is not well-formed XML"),
        ("Pool__c", an_object(field("A__c"), field("A__c"), own=False), "stands more than once"),
        ("Pool__c", an_object(rule("Deep", "(" * 3000 + "true" + ")" * 3000), own=False), "nested too deeply"),
        ("Pool__c", an_object(field("L__c", "Lookup", "<referenceTo>No__c</referenceTo>"), own=False), "No__c"),
    ],
)
def test_object_that_cannot_be_is_refused(org, name, text, problem):
    assert any(problem in each[3] for each in org.failures(package(**{name: text})))


def test_flow_in_the_place_of_a_layout_is_refused(org):
    files = {"layouts/Pool__c-A.layout": "<Flow/>", "package.xml": manifest(Layout=["Pool__c-A"])}
    assert any("holds <Flow> where <Layout> belongs" in each[3] for each in org.failures(zipped(files)))


def test_only_admins_deploy(org):
    data = package(Pool__c=an_object(field("New__c")))
    parts = {"json": (None, '{"deployOptions": {}}'), "file": ("p.zip", data)}
    answer = org.call("POST", "metadata/deployRequest", token=org.app.issue_token("recruiter"), files=parts)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (403, "INSUFFICIENT_ACCESS")


def test_describe_is_not_taken_from_before(org):
    before = org.call("GET", "sobjects/Pool__c/describe")
    org.deploy(package(Pool__c=an_object(field("New__c"))))
    since = {"If-Modified-Since": before.headers["Last-Modified"]}
    assert org.call("GET", "sobjects/Pool__c/describe", headers=since).status_code == 200


def test_deployment_cannot_be_part_of_a_composite_request(org):
    body = {"batchRequests": [{"method": "POST", "url": "v62.0/metadata/deployRequest"}]}
    answer = org.call("POST", "composite/batch", json=body)
    assert answer.json()["results"][0]["statusCode"] in (400, 415)
