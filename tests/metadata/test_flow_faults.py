"""Every rule for flows can fail."""

from tests.metadata.faults import Fault, assert_found, cases, without

COMMAND = "flows/Talent_Pool_Command.flow-meta.xml"
NAME = "flows/Candidate_Name.flow-meta.xml"
KEY = "flows/Pool_Membership_Key.flow-meta.xml"
FAULT_PATH = """        <faultConnector>
            <targetReference>Leave_It_To_The_Sweep</targetReference>
        </faultConnector>
"""


@cases(
    connector_leads_nowhere=Fault(
        COMMAND, ">Publish_Event</target", ">Publish</target", "Publish, which is no element", ">Publish<"
    ),
    nothing_leads_to_an_element=Fault(
        COMMAND, ">Publish_Event</target", ">Not_Recorded</target", "nothing leads to Publish_Event", ">Publish_Event<"
    ),
    fault_path_missing=Fault(COMMAND, FAULT_PATH, "", "Publish_Event has no fault path", "<name>Publish_Event"),
    unknown_start_object=Fault(
        COMMAND, "<object>Talent_Pool__c", "<object>Pool__c", "no object Pool__c to start from", "<object>Pool__c"
    ),
    unknown_created_object=Fault(
        COMMAND, "<object>Recruiting_Command__c", "<object>Command__c", "there is no object Command__c", "<object>Comm"
    ),
    unknown_field_of_created_record=Fault(
        COMMAND, "<field>Record_Id__c", "<field>Record__c", "Recruiting_Command__c has no field Record__c", "Record__c"
    ),
    unknown_word_of_created_record=Fault(
        COMMAND, "<stringValue>New", "<stringValue>Fresh", "Status__c has no value 'Fresh'", "Fresh"
    ),
    unknown_resource=Fault(
        COMMAND, "<elementReference>Command_Word", "<elementReference>Word", "Word is no element", ">Word<"
    ),
    unknown_field_in_filter=Fault(
        COMMAND, "CHANGED({!$Record.Command__c", "CHANGED({!$Record.Order__c", "has no field Order__c", "Order__c"
    ),
    unknown_function_in_formula=Fault(COMMAND, "CASESAFEID(", "SAFEID(", "SAFEID is not a function", "SAFEID"),
    name_outside_merge_braces=Fault(
        NAME, "({!$Record.First_Name__c})", "(First_Name__c)", "First_Name__c stands outside", "<expression>"
    ),
    unknown_parent_field=Fault(
        KEY, "$Record.Pool__r.Private__c", "$Record.Pool__r.Secret__c", "has no field Pool__r.Secret__c", "Secret__c"
    ),
    parent_of_no_lookup=Fault(
        KEY, "$Record.Pool__r.Private__c", "$Record.Stage__r.Private__c", "has no field Stage__r", "Stage__r"
    ),
    unknown_assigned_field=Fault(
        KEY, "<assignToReference>$Record.Key__c", "<assignToReference>$Record.Keys__c", "no field Keys__c", "Keys__c"
    ),
    assignment_after_save=Fault(
        COMMAND, ">Left_To_Sweep</assign", ">$Record.Name</assign", "set after the save", "Record.Name"
    ),
    assignment_to_unknown_variable=Fault(
        COMMAND, "<assignToReference>Left_To_Sweep", "<assignToReference>Left", "Left is no variable", ">Left<"
    ),
    element_the_org_does_not_run=Fault(
        NAME, "    <description>", "    <loops><name>Each</name><label>Each</label><locationX>0</locationX>"
        "<locationY>0</locationY></loops>\n    <description>", "does not run <loops>", "<loops>",
    ),
    two_elements_of_one_name=Fault(
        COMMAND, "<name>Org_Id</name>", "<name>Command_Word</name><!-- same -->", "two elements are called", "same -->"
    ),
    unknown_global_value=Fault(
        COMMAND, ">$Record.Id</element", ">$User.Name</element", "$User.Name is not a value", "$User.Name"
    ),
    unknown_permission=Fault(
        "flows/Candidate_Contact_Rights.flow-meta.xml", "$Permission.Warmbench_Service", "$Permission.Service",
        "no custom permission Service", "<filterFormula>",
    ),
    description_missing=without(NAME, "description", "has no description"),
)  # fmt: skip
def test_faulty_flow_is_found(tmp_path, fault):
    assert_found(tmp_path, fault)
