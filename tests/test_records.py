"""records/ and model/vocabulary.py spell what sf_metadata/ declares."""

import inspect
from enum import StrEnum
from pathlib import Path

import pytest

from integration import records
from integration.metadata.permissions import takes_field_permissions
from integration.metadata.read import read
from integration.model import vocabulary

SCHEMA = read(Path(__file__).parents[1] / "sf_metadata" / "main" / "default")
STANDARD = {"Id", "Name", "OwnerId", "CreatedDate", "CreatedById", "LastModifiedById", "SystemModstamp"}
RECORDS = {
    found.API_NAME: found
    for found in vars(records).values()
    if inspect.isclass(found) and issubclass(found, records.SObject) and hasattr(found, "API_NAME")
}
NAMES = [
    (api_name, value)
    for api_name, found in RECORDS.items()
    for constant, value in inspect.getmembers(found)
    if constant.isupper() and constant != "API_NAME" and value not in STANDARD
]
PICKLISTS = {
    "Command": None,  # the union of every Command__c, below
    "Notice": None,  # written by flows, below
    "CommandStatus": ["Recruiting_Command__c.Status__c"],
    "MailTopic": ["Recruiting_Campaign__c.Purpose__c"],
    "AlertFrequency": ["Job_Alert__c.Frequency__c"],
    "MailFrequency": ["Candidate__c.Mail_Frequency__c"],
    "Lifecycle": ["Candidate__c.Lifecycle__c"],
    "EngagementBand": ["Candidate__c.Engagement_Band__c"],
    "LawfulBasis": ["Candidate__c.Lawful_Basis__c"],
    "Availability": ["Candidate__c.Availability__c"],
    "ContactKind": ["Contact_Point__c.Kind__c"],
    "ContactStatus": ["Contact_Point__c.Status__c"],
    "TagKind": ["Tag__c.Kind__c"],
    "PoolKind": ["Talent_Pool__c.Kind__c"],
    "PoolStatus": ["Talent_Pool__c.Status__c"],
    "PoolReview": ["Talent_Pool__c.Review__c"],
    "BulkActionKind": ["Bulk_Action__c.Action__c"],
    "BulkStatus": ["Bulk_Action__c.Status__c"],
    "MembershipState": ["Pool_Membership__c.State__c"],
    "MembershipStage": ["Pool_Membership__c.Stage__c"],
    "AddedBy": ["Pool_Membership__c.Added_By__c"],
    "EmploymentType": ["Job_Requisition__c.Employment_Type__c"],
    "SalaryUnit": ["Job_Requisition__c.Salary_Unit__c"],
    "RequisitionStatus": ["Job_Requisition__c.Status__c"],
    "PostingStatus": ["Job_Posting__c.Status__c"],
    "PageStatus": ["Landing_Page__c.Status__c"],
    "TemplateStatus": ["Message_Template__c.Status__c"],
    "ConnectionStatus": ["ATS_Connection__c.Status__c"],
    "ConnectionKind": ["ATS_Connection__c.Kind__c"],
    "ConnectionHealth": ["ATS_Connection__c.Health__c"],
    "ImportStatus": ["Candidate_Import__c.Status__c"],
    "SearchSource": ["Prospect_Search__c.Sources__c", "Prospect_Result__c.Source__c"],
    "SearchStatus": ["Prospect_Search__c.Status__c"],
    "Repeat": ["Prospect_Search__c.Repeat__c"],
    "Decision": ["Prospect_Result__c.Decision__c"],
    "QuickAddStatus": ["Quick_Add__c.Status__c"],
    "PairStatus": ["Duplicate_Pair__c.Status__c"],
    "PairKeep": ["Duplicate_Pair__c.Keep__c"],
    "PrivacyKind": ["Privacy_Request__c.Kind__c"],
    "PrivacyStatus": ["Privacy_Request__c.Status__c"],
    "CampaignKind": ["Recruiting_Campaign__c.Kind__c"],
    "CampaignStatus": ["Recruiting_Campaign__c.Status__c"],
    "TimeZoneMode": ["Recruiting_Campaign__c.Time_Zone_Mode__c"],
    "WaitFor": ["Campaign_Step__c.Wait_For__c"],
    "AtTimeOut": ["Campaign_Step__c.At_Time_Out__c"],
    "DecidedBy": ["Recruiting_Campaign__c.Decided_By__c"],
    "StepCondition": ["Campaign_Step__c.Condition__c"],
    "AudienceMode": ["Campaign_Audience__c.Mode__c"],
    "EnrollmentState": ["Campaign_Enrollment__c.State__c"],
    "Purpose": ["Consent__c.Purpose__c"],
    "ConsentState": ["Consent__c.State__c"],
    "Touch": ["Touchpoint__c.Kind__c"],
    "Stage": ["Application__c.Stage__c"],
    "AttributionModel": ["Operations__c.Attribution_Model__c"],
    "OperationsStatus": ["Operations__c.Status__c"],
    "SpendKind": ["Source_Spend__c.Kind__c"],
    "ChannelStatus": ["Channel__c.Status__c"],
    "ChannelKind": ["Channel__c.Kind__c"],
    "EventStatus": ["Recruiting_Event__c.Status__c"],
    "AttendanceState": ["Event_Attendance__c.State__c"],
    "CostModel": ["Channel__c.Cost_Model__c"],
    "ReferralModel": ["Channel__c.Referral_Model__c"],
    "ReferralStatus": ["Referral__c.Status__c"],
    "BonusState": ["Referral__c.Bonus_State__c"],
}
ENUMS = {
    name: found
    for name, found in vars(vocabulary).items()
    if inspect.isclass(found) and issubclass(found, StrEnum) and found is not StrEnum
}


def _words(path):
    object_name, _, field = path.partition(".")
    return [value.name for value in SCHEMA.objects[object_name].fields[field].picklist]


def _commands(object_name):
    return _words(f"{object_name}.Command__c")


@pytest.mark.parametrize("api_name", sorted(RECORDS))
def test_object_of_records_exists(api_name):
    assert api_name in SCHEMA.objects


@pytest.mark.parametrize(("api_name", "field"), NAMES)
def test_field_of_records_exists(api_name, field):
    assert field in SCHEMA.objects[api_name].fields


def test_every_object_of_the_metadata_is_spelled_in_records():
    assert set(SCHEMA.objects) - set(RECORDS) == set()


def test_every_field_of_the_metadata_is_spelled_in_records():
    declared = {(found.name, field) for found in SCHEMA.objects.values() for field in found.fields}
    assert declared - set(NAMES) == set()


def test_commanded_objects_are_the_same_on_both_sides():
    commanded = {name for name, found in RECORDS.items() if issubclass(found, records.Commanded)}
    with_command_words = {
        name
        for name, found in SCHEMA.objects.items()
        if "Command__c" in found.fields and found.fields["Command__c"].picklist
    }
    assert commanded == with_command_words


@pytest.mark.parametrize("api_name", sorted(n for n, f in RECORDS.items() if issubclass(f, records.Commanded)))
def test_commanded_object_has_a_flow_and_a_locked_status(api_name):
    assert f"{api_name.removesuffix('__c')}_Command" in SCHEMA.flows
    assert "Service_Writes_Status" in {rule.name for rule in SCHEMA.objects[api_name].rules}


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_enum_equals_its_picklist(name):
    assert name in PICKLISTS, f"say in PICKLISTS which picklist {name} stands for"
    for path in PICKLISTS[name] or ():
        assert [word.value for word in ENUMS[name]] == _words(path)


def test_every_picklist_of_fixed_words_has_an_enum():
    spelled = {path for paths in PICKLISTS.values() for path in paths or ()}
    declared = {
        f"{found.name}.{field.name}"
        for found in SCHEMA.objects.values()
        for field in found.fields.values()
        if field.picklist and field.name != "Command__c"
    }
    assert declared == spelled


def test_commands_are_the_words_of_the_command_picklists():
    offered = {word for found in RECORDS.values() if issubclass(found, records.Commanded)
               for word in _commands(found.API_NAME)}  # fmt: skip
    assert {word.value for word in vocabulary.Command} == offered


def test_notices_are_what_flows_write():
    written = {
        value.text
        for flow in SCHEMA.flows.values()
        for create in flow.xml.iterfind("recordCreates")
        for item in create.iterfind("inputAssignments")
        if item.findtext("field") == "Command__c"
        for value in item.iterfind("value/stringValue")
    }
    assert {word.value for word in vocabulary.Notice} == written


@pytest.mark.parametrize(
    ("api_name", "field"),
    [
        (api_name, field)
        for api_name, field in NAMES
        if api_name.endswith("__c") and takes_field_permissions(SCHEMA.objects[api_name].fields[field])
    ],
)
def test_service_may_read_and_write_what_it_names(api_name, field):
    access = SCHEMA.permission_sets["Warmbench_Integration"].fields[f"{api_name}.{field}"]
    is_computed = bool(SCHEMA.objects[api_name].fields[field].formula)
    assert (access.readable, access.editable) == (True, not is_computed)


@pytest.mark.parametrize(
    ("object_name", "first", "second"),
    [
        ("Pool_Membership__c", "Pool__c", "Candidate__c"),
        ("Candidate_Tag__c", "Candidate__c", "Tag__c"),
        ("Application__c", "Candidate__c", "Requisition__c"),
        ("Event_Attendance__c", "Event__c", "Candidate__c"),
        ("Campaign_Audience__c", "Campaign__c", "Pool__c"),
        ("Campaign_Enrollment__c", "Campaign__c", "Candidate__c"),
    ],
)
def test_join_object_gets_its_key_from_a_flow(object_name, first, second):
    flow = SCHEMA.flows[f"{object_name.removesuffix('__c')}_Key"]
    assert (flow.object, flow.trigger, flow.record_trigger) == (object_name, "RecordBeforeSave", "CreateAndUpdate")
    joined = f'CASESAFEID({{!$Record.{first}}}) & "|" & CASESAFEID({{!$Record.{second}}})'
    assert flow.xml.findtext("formulas/expression") == joined
