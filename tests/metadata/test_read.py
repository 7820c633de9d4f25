"""The schema that the check and the embedded org share."""

import pytest

from integration.metadata.read import read
from tests.metadata.faults import SOURCE, copy_of_the_tree, replace


@pytest.fixture(scope="module")
def schema():
    return read(SOURCE)


def test_field_with_its_limits(schema):
    key = schema.objects["Pool_Membership__c"].fields["Key__c"]
    assert (key.type, key.length, key.unique, key.external_id) == ("Text", 80, True, True)


def test_lookup_and_master(schema):
    pool = schema.objects["Pool_Membership__c"].fields["Pool__c"]
    assert (pool.reference_to, pool.relationship_name, pool.delete_constraint) == (
        "Talent_Pool__c",
        "Pool_Memberships",
        "SetNull",
    )
    assert schema.objects["Consent__c"].fields["Candidate__c"].type == "MasterDetail"


def test_picklist_with_its_default(schema):
    kind = schema.objects["Campaign_Audience__c"].fields["Mode__c"]
    assert [(value.name, value.default) for value in kind.picklist] == [("Include", True), ("Exclude", False)]
    assert kind.restricted


def test_formula_keeps_blanks(schema):
    cost = schema.objects["Source_Result__c"].fields["Cost_Per_Hire__c"]
    assert cost.formula == "IF(Hires__c > 0, Spend_Home__c / Hires__c, null)"
    assert (cost.type, cost.scale, cost.blanks_as_zero) == ("Number", 2, False)


def test_numbered_and_named_objects(schema):
    assert (schema.objects["Consent__c"].name_type, schema.objects["Consent__c"].name_format) == (
        "AutoNumber",
        "CO-{00000000}",
    )
    assert schema.objects["Candidate__c"].name_type == "Text"


def test_event_is_told_from_objects(schema):
    assert [found.name for found in schema.objects.values() if found.is_event] == ["Recruiting_Command__e"]


def test_flow_with_what_starts_it(schema):
    flow = schema.flows["Candidate_Name"]
    assert (flow.active, flow.object, flow.trigger, flow.record_trigger) == (
        True,
        "Candidate__c",
        "RecordBeforeSave",
        "CreateAndUpdate",
    )
    assert flow.xml.findtext("assignments/assignmentItems/assignToReference") == "$Record.Name"


def test_validation_rule(schema):
    rules = {rule.name: rule for rule in schema.objects["Candidate__c"].rules}
    assert rules["Country_Is_A_Code"].display_field == "Country__c"
    assert 'REGEX(Country__c, "[A-Z]{2}")' in rules["Country_Is_A_Code"].condition


def test_service_may_do_everything_and_viewer_only_look(schema):
    service, viewer = (schema.permission_sets[f"Warmbench_{name}"] for name in ("Integration", "Recruiting_Viewer"))
    assert service.custom_permissions == {"Warmbench_Service"}
    assert service.user_permissions == {"ApiEnabled", "BulkApiHardDelete", "EditTask"}
    assert all(access.modify_all for access in service.objects.values())
    assert not any(access.edit or access.create or access.delete for access in viewer.objects.values())
    assert not any(access.editable for access in viewer.fields.values())


def test_labels_are_read(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    (folder / "labels").mkdir(exist_ok=True)
    (folder / "labels" / "More.labels-meta.xml").write_text(
        '<CustomLabels xmlns="http://soap.sforce.com/2006/04/metadata"><labels><fullName>Greeting</fullName>'
        "<value>Hello</value></labels></CustomLabels>"
    )
    assert read(folder).labels["Greeting"] == "Hello"


def test_unknown_field_type_names_file_and_type(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / "objects/Tag__c/fields/Kind__c.field-meta.xml", "<type>Picklist", "<type>Summary")
    with pytest.raises(
        ValueError, match=r"Kind__c\.field-meta\.xml:9: the embedded org does not implement fields of type Summary"
    ):
        read(folder)


def test_folder_without_objects_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no objects/ here"):
        read(tmp_path)
