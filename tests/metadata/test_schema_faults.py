"""Every rule of the Metadata API schema can fail."""

from integration.metadata.check import check
from tests.metadata.faults import Fault, assert_found, cases, copy_of_the_tree

FIELD = "objects/Talent_Pool__c/fields/Kind__c.field-meta.xml"
NUMBER = "objects/Talent_Pool__c/fields/Member_Count__c.field-meta.xml"
PERMISSIONS = "permissionsets/Warmbench_Integration.permissionset-meta.xml"
FLOW = "flows/Talent_Pool_Command.flow-meta.xml"


@cases(
    unknown_element=Fault(FIELD, "<label>Kind</label>", "<bogus>Kind</bogus>", "unknown element <bogus>", "<bogus>"),
    word_not_in_enumeration=Fault(FIELD, "<type>Picklist", "<type>Pickliste", "'Pickliste' is not one of", "Pickliste"),
    element_given_twice=Fault(
        FIELD, "<label>Kind</label>", "<label>Kind</label>\n<label>Sort</label>", "<label> is given twice", "Sort"
    ),
    no_boolean=Fault(FIELD, "<required>true", "<required>yes", "'yes' is not true or false", "yes"),
    no_whole_number=Fault(NUMBER, "<precision>9", "<precision>nine", "'nine' is not a whole number", "nine"),
    required_element_missing=Fault(
        PERMISSIONS, "<allowCreate>true</allowCreate>", "", "required element <allowCreate> is missing", "<objectPerm"
    ),
    elements_where_a_value_belongs=Fault(
        FIELD, "<label>Kind</label>", "<label><b>Kind</b></label>", "holds elements where a value", "<b>"
    ),
    mismatched_tag=Fault(FIELD, "<CustomField", "<CustomFeild", "not well-formed", "</CustomField>"),
    version_missing=Fault(FLOW, "    <apiVersion>63.0</apiVersion>\n", "", "<apiVersion> is missing"),
    version_too_new=Fault(FLOW, "63.0", "67.0", "apiVersion 67.0 is newer than 63.0", "67.0"),
)
def test_schema_fault_is_found(tmp_path, fault):
    assert_found(tmp_path, fault)


def test_unknown_type_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    stray = folder / "objects" / "Stray.object-meta.xml"
    stray.write_text("<CustomThing/>\n")
    assert ("<CustomThing> is no metadata type of API 63.0", 1) in [
        (finding.message, finding.line) for finding in check(folder).findings if finding.path == stray
    ]


def test_stray_file_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    (folder / "objects" / "junk.txt").write_text("notes")
    assert "no metadata file" in check(folder).findings[0].message


def test_free_form_xml_of_a_component_is_left_alone(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    bundle = folder / "lwc" / "poolMembers"
    bundle.mkdir(parents=True)
    (bundle / "poolMembers.js").write_text("")
    (bundle / "poolMembers.js-meta.xml").write_text(
        '<LightningComponentBundle xmlns="http://soap.sforce.com/2006/04/metadata">'
        "<apiVersion>63.0</apiVersion><targetConfigs><targetConfig/></targetConfigs></LightningComponentBundle>"
    )
    assert check(folder).findings == ()
