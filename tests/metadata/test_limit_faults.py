"""Every limit and house rule can fail."""

import pytest

from integration.metadata.check import check
from tests.metadata.faults import Fault, assert_found, cases, copy_of_the_tree, replace, without

FIELD = "objects/Candidate__c/fields/Employer__c.field-meta.xml"
LOOKUP = "objects/Pool_Membership__c/fields/Pool__c.field-meta.xml"
TAG_KIND = "objects/Tag__c/fields/Kind__c.field-meta.xml"
RULE = "objects/Talent_Pool__c/validationRules/Dynamic_Pool_Needs_A_Rule.validationRule-meta.xml"
RECRUITER = "permissionsets/Warmbench_Recruiter.permissionset-meta.xml"
COMMAND = "flows/Talent_Pool_Command.flow-meta.xml"
LONG = "word " * 250


@cases(
    label_missing=Fault(FIELD, "    <label>Employer</label>\n", "", "has no label"),
    label_too_long=Fault(FIELD, ">Employer<", f">{LONG[:41]}!<", "has 42 characters, 40 are", "<label>"),
    help_missing=without(FIELD, "inlineHelpText", "has no help text"),
    description_missing=without(FIELD, "description", "has no description"),
    rule_without_description=without(RULE, "description", "has no description"),
    permission_set_without_description=without(RECRUITER, "description", "has no description"),
    help_too_long=Fault(FIELD, "<inlineHelpText>", f"<inlineHelpText>{LONG[:510]}", "510 are allowed", "<inline"),
    description_too_long=Fault(FIELD, "<description>", f"<description>{LONG[:1000]}", "1000 are allowed", "<desc"),
    message_too_long=Fault(RULE, "<errorMessage>", f"<errorMessage>{LONG[:255]}", "255 are allowed", "<errorMessage>"),
    flow_message_too_long=Fault(
        COMMAND, "<errorMessage>", f"<errorMessage>{LONG[:255]}", "255 are allowed", "<errorMessage>"
    ),
    classification_missing=Fault(
        FIELD, "    <securityClassification>Confidential</securityClassification>\n", "", "needs securityClassification"
    ),
    classification_too_low=Fault(FIELD, "Confidential", "Internal", "needs securityClassification Confidential"),
    compliance_group_missing=Fault(
        FIELD, "    <complianceGroup>PII;GDPR</complianceGroup>\n", "", "needs a complianceGroup"
    ),
    required_lookup=Fault(LOOKUP, "<required>false", "<required>true", "is a required lookup", "<required>"),
    restricting_lookup=Fault(LOOKUP, "SetNull", "Restrict", "must have deleteConstraint SetNull", "Restrict"),
    constraint_missing=Fault(LOOKUP, "    <deleteConstraint>SetNull</deleteConstraint>\n", "", "must have delete"),
    master_detail_to_a_pool=Fault(LOOKUP, "<type>Lookup", "<type>MasterDetail", "is a master-detail to", "<type>"),
    sharing_without_master=Fault(
        "objects/Tag__c/Tag__c.object-meta.xml", "ReadWrite", "ControlledByParent", "without a master", "sharingModel"
    ),
    master_without_sharing=Fault(
        "objects/Consent__c/Consent__c.object-meta.xml", "ControlledByParent", "ReadWrite", "must be", "sharingModel"
    ),
    open_picklist=Fault(
        TAG_KIND, "<restricted>true", "<restricted>false", "takes any word", "<valueSet>"
    ),
    web_address_as_text=Fault(
        "objects/Brand__c/fields/Logo_URL__c.field-meta.xml", "<type>Url", "<length>999</length><type>Text",
        "must have type Url", "<type>",
    ),
    mail_address_as_text=Fault(
        "objects/Candidate__c/fields/Email__c.field-meta.xml", "<type>Email", "<length>999</length><type>Text",
        "must have type Email", "<type>",
    ),
)  # fmt: skip
def test_broken_limit_is_found(tmp_path, fault):
    assert_found(tmp_path, fault)


@pytest.mark.parametrize("version", ["64.0", "70.0"])
def test_newer_source_version_is_found(tmp_path, version):
    folder = copy_of_the_tree(tmp_path)
    project = tmp_path / "sfdx-project.json"
    project.write_text('{\n    "sourceApiVersion": "' + version + '"\n}\n')
    assert [(finding.path, finding.line) for finding in check(folder).findings] == [(project, 2)]


def test_too_long_api_name_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    name = "A_Name_That_Goes_On_And_On_And_On_And_On_And_On"
    path = folder / FIELD.replace("Employer", name)
    (folder / FIELD).rename(path)
    replace(path, "Employer__c", f"{name}__c")
    assert any("API name has 47 characters" in finding.message for finding in check(folder).findings)


def test_object_without_a_key_of_its_own_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / "objects/Touchpoint__c/fields/Key__c.field-meta.xml", "<unique>true", "<unique>false")
    touchpoint = folder / "objects/Touchpoint__c/Touchpoint__c.object-meta.xml"
    assert [finding.path for finding in check(folder).findings if "unique external id" in finding.message] == [
        touchpoint
    ]
