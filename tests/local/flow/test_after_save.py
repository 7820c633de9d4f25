"""Flows that write other records, publish events or refuse the save."""

import pytest

from integration.local.org.errors import RowError
from integration.local.org.flow import Match

from .conftest import after, flow

AFTER = "RecordAfterSave"


def inputs(**values):
    return "".join(
        f"<inputAssignments><field>{name}</field><value>{value}</value></inputAssignments>"
        for name, value in values.items()
    )


def element(tag, name, content, *, then="", fault=""):
    connectors = "".join(
        f"<{kind}><targetReference>{target}</targetReference></{kind}>"
        for kind, target in (("connector", then), ("faultConnector", fault))
        if target
    )
    return f"<{tag}><name>{name}</name>{connectors}{content}</{tag}>"


CREATE = (
    "<object>Parent__c</object><storeOutputAutomatically>true</storeOutputAutomatically>"
    + inputs(Key__c="<elementReference>$Record.Text__c</elementReference>")
)  # fmt: skip
PUBLISH = "<object>Thing__e</object>" + inputs(Text__c="<elementReference>First</elementReference>")
ERROR = element(
    "customErrors",
    "Stop",
    "<customErrorMessages><errorMessage>Not today.</errorMessage><isFieldError>true</isFieldError>"
    "<fieldSelection>Text__c</fieldSelection></customErrorMessages>",
)
QUIET = """<assignments><name>Quiet</name><assignmentItems><assignToReference>Done</assignToReference>
    <operator>Assign</operator><value><booleanValue>true</booleanValue></value></assignmentItems></assignments>
    <variables><name>Done</name><dataType>Boolean</dataType></variables>"""
RECORD = {"Id": "a00000000000001AAA", "Text__c": "t"}


def test_row_is_written_and_its_id_published(dml):
    body = element("recordCreates", "First", CREATE, then="Tell") + element("recordCreates", "Tell", PUBLISH)
    after(flow("F", body, trigger=AFTER), dml=dml, record=RECORD)
    assert dml.created == [("Parent__c", {"Key__c": "t"})]
    assert dml.published == [("Thing__e", {"Text__c": "new-1"})]


def test_fault_of_an_event_can_end_quietly(dml):
    dml.refuse = "Thing__e"
    body = element("recordCreates", "First", CREATE, then="Tell") + element(
        "recordCreates", "Tell", PUBLISH, fault="Quiet"
    )
    after(flow("F", body + QUIET, trigger=AFTER), dml=dml, record=RECORD)
    assert (len(dml.created), dml.published) == (1, [])


def test_fault_can_refuse_the_save_in_own_words(dml):
    dml.refuse = "Parent__c"
    with pytest.raises(RowError) as refused:
        after(
            flow("F", element("recordCreates", "First", CREATE, fault="Stop") + ERROR, trigger=AFTER),
            dml=dml,
            record=RECORD,
        )
    assert refused.value.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert (refused.value.message, refused.value.fields) == ("Not today.", ("Text__c",))


def test_fault_without_a_connector_names_flow_and_element(dml):
    dml.refuse = "Parent__c"
    with pytest.raises(RowError) as refused:
        after(flow("F", element("recordCreates", "First", CREATE), trigger=AFTER), dml=dml, record=RECORD)
    assert refused.value.code == "CANNOT_EXECUTE_FLOW_TRIGGER"
    assert refused.value.message == (
        "We can't save this record because the “F label” process failed. "
        "First: REQUIRED_FIELD_MISSING: Required fields are missing: [Name]"
    )


def test_lookup_feeds_the_next_element(dml):
    lookup = (
        "<object>Parent__c</object><filterLogic>and</filterLogic><filters><field>Key__c</field>"
        "<operator>EqualTo</operator><value><elementReference>$Record.Text__c</elementReference></value></filters>"
        "<getFirstRecordOnly>true</getFirstRecordOnly><sortField>Name</sortField><sortOrder>Desc</sortOrder>"
        "<storeOutputAutomatically>true</storeOutputAutomatically>"
    )
    publish = "<object>Thing__e</object>" + inputs(Text__c="<elementReference>First.Name</elementReference>")
    body = element("recordLookups", "First", lookup, then="Tell") + element("recordCreates", "Tell", publish)
    dml.rows = [{"Id": "p1", "Name": "found"}]
    after(flow("F", body, trigger=AFTER), dml=dml, record=RECORD)
    assert dml.looked_up == [("Parent__c", [Match("Key__c", "=", "t")], "Name", True, 1)]
    assert dml.published == [("Thing__e", {"Text__c": "found"})]


def test_lookup_that_finds_nothing_is_null(dml):
    lookup = (
        "<object>Parent__c</object><filters><field>Key__c</field><operator>IsNull</operator>"
        "<value><booleanValue>false</booleanValue></value></filters><getFirstRecordOnly>true</getFirstRecordOnly>"
        "<storeOutputAutomatically>true</storeOutputAutomatically>"
    )
    publish = "<object>Thing__e</object>" + inputs(Text__c="<elementReference>First.Name</elementReference>")
    body = element("recordLookups", "First", lookup, then="Tell") + element("recordCreates", "Tell", publish)
    after(flow("F", body, trigger=AFTER), dml=dml, record=RECORD)
    assert dml.looked_up[0][1] == [Match("Key__c", "is not null")]
    assert dml.published == [("Thing__e", {"Text__c": None})]


def test_every_record_found_is_updated(dml):
    update = (
        "<object>Parent__c</object><filterLogic>and</filterLogic><filters><field>Id</field><operator>EqualTo</operator>"
        "<value><elementReference>$Record.Parent__c</elementReference></value></filters>"
        + inputs(Size__c="<numberValue>3</numberValue>")
    )
    dml.rows = [{"Id": "p1"}, {"Id": "p2"}]
    after(flow("F", element("recordUpdates", "First", update), trigger=AFTER), dml=dml, record=RECORD)
    assert dml.updated == [("Parent__c", "p1", {"Size__c": 3.0}), ("Parent__c", "p2", {"Size__c": 3.0})]


def test_the_record_itself_is_updated_with_what_was_assigned(dml):
    body = """<assignments><name>First</name><connector><targetReference>Save</targetReference></connector>
        <assignmentItems><assignToReference>$Record.Flag__c</assignToReference><operator>Assign</operator>
        <value><booleanValue>true</booleanValue></value></assignmentItems></assignments>"""
    body += element("recordUpdates", "Save", "<inputReference>$Record</inputReference>")
    after(flow("F", body, trigger=AFTER), dml=dml, record=RECORD)
    assert dml.updated == [("Thing__c", "a00000000000001AAA", {"Flag__c": True})]


def test_elements_that_lead_in_circles_are_stopped(dml):
    body = """<assignments><name>First</name><connector><targetReference>First</targetReference></connector>
        <assignmentItems><assignToReference>N</assignToReference><operator>Add</operator>
        <value><numberValue>1</numberValue></value></assignmentItems></assignments>
        <variables><name>N</name><dataType>Number</dataType></variables>"""
    with pytest.raises(RowError, match="too many elements executed"):
        after(flow("F", body, trigger=AFTER), dml=dml, record=RECORD)
