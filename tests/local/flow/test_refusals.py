"""Flows that cannot be run as written are named before the org starts."""

from pathlib import Path

import pytest

from integration.local.org.catalog import build
from integration.local.org.flow import FlowError, FlowRunner
from integration.metadata.read import read

from .conftest import catalog, flow

EMPTY = "<assignments><name>First</name></assignments>"


def assign(to, value, operator="Assign"):
    return (
        f"<assignments><name>First</name><assignmentItems><assignToReference>{to}</assignToReference>"
        f"<operator>{operator}</operator><value>{value}</value></assignmentItems></assignments>"
    )


@pytest.mark.parametrize(
    ("body", "options", "problem"),
    [
        (EMPTY + "<loops><name>Each</name></loops>", {}, "element loops Each is not supported"),
        (EMPTY + "<screens><name>Ask</name></screens>", {}, "element screens Ask is not supported"),
        (EMPTY, {"start": "<scheduledPaths/>"}, "scheduledPaths in start start is not supported"),
        (EMPTY, {"trigger": "RecordBeforeDelete"}, "the trigger RecordBeforeDelete is not supported"),
        (EMPTY, {"on": "Delete"}, "starting on Delete is not supported"),
        (EMPTY, {"target": "Nowhere"}, "nothing is called Nowhere"),
        (EMPTY, {"object_name": "Nope__c"}, "there is no object Nope__c"),
        (EMPTY, {"start": "<filterFormula>1 + 1</filterFormula>"}, "a condition must be true or false, not number"),
        (
            "<recordCreates><name>First</name><object>Parent__c</object></recordCreates>",
            {},
            "recordCreates First is not supported before the save",
        ),
        (
            "<recordCreates><name>First</name><inputReference>x</inputReference></recordCreates>",
            {"trigger": "RecordAfterSave"},
            "inputReference in recordCreates First is not supported",
        ),
        (
            "<recordLookups><name>First</name><object>Parent__c</object></recordLookups>",
            {"trigger": "RecordAfterSave"},
            "recordLookups First: only the first record, stored automatically, is supported",
        ),
        (assign("$Record.Nope__c", "<stringValue>x</stringValue>"), {}, "Thing__c has no field Nope__c"),
        (assign("$Record.Computed__c", "<stringValue>x</stringValue>"), {}, "has no field Computed__c that can be"),
        (assign("$Record.Count__c", "<stringValue>x</stringValue>"), {}, "Count__c is number and cannot take text"),
        (assign("Nope", "<stringValue>x</stringValue>"), {}, "Nope cannot be assigned"),
        (assign("$Record.Text__c", "<elementReference>Nope</elementReference>"), {}, "Nope is not known in this flow"),
        (assign("$Record.Text__c", "<stringValue>{!x}</stringValue>"), {}, "merge fields in a text are not supported"),
        (assign("$Record.Text__c", "<stringValue>x</stringValue>", "AddItem"), {}, "operator AddItem is not supported"),
        (
            EMPTY + "<variables><name>V</name><dataType>SObject</dataType></variables>",
            {},
            "variables V: the data type SObject is not supported",
        ),
        (
            EMPTY + "<formulas><name>V</name><dataType>Number</dataType><expression>NOPE()</expression></formulas>",
            {},
            "the function NOPE is not known",
        ),
        (
            EMPTY + "<formulas><name>V</name><dataType>Number</dataType><expression>{!V} + 1</expression></formulas>",
            {},
            "formula V refers to itself",
        ),
        (
            EMPTY + '<formulas><name>V</name><dataType>Number</dataType><expression>"a"</expression></formulas>',
            {},
            "formula V is declared number but gives text",
        ),
    ],
)
def test_problem_names_flow_and_element(body, options, problem):
    with pytest.raises(FlowError) as refused:
        FlowRunner(catalog(flow("Wrong", body, **options)))
    assert any(each.startswith("Wrong: ") and problem in each for each in refused.value.problems)


def test_all_problems_are_listed_together():
    flows = [flow(name, EMPTY + "<loops><name>Each</name></loops>") for name in ("One", "Two")]
    with pytest.raises(FlowError) as refused:
        FlowRunner(catalog(*flows))
    assert [each.partition(":")[0] for each in refused.value.problems] == ["One", "Two"]


def test_flows_of_the_metadata_can_be_run():
    known = build(read(Path(__file__).parents[3] / "sf_metadata/main/default"))
    runner = FlowRunner(known)
    assert runner.has_before_save("Pool_Membership__c", is_new=True)
    assert runner.has_after_save("Job_Requisition__c", is_new=False)
