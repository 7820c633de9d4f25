"""Every rule for permission sets can fail."""

from integration.metadata.check import check
from tests.metadata.faults import SOURCE, Fault, assert_found, cases, copy_of_the_tree, replace

RECRUITER = "permissionsets/Warmbench_Recruiter.permissionset-meta.xml"
SERVICE = "permissionsets/Warmbench_Integration.permissionset-meta.xml"


def _granted(field, editable="true", readable="true"):
    return (
        f"    <fieldPermissions>\n        <editable>{editable}</editable>\n        <field>{field}</field>\n"
        f"        <readable>{readable}</readable>\n    </fieldPermissions>\n"
    )


def _adding(field, message, at, **access):
    marker = "    <hasActivationRequired>"
    return Fault(RECRUITER, marker, _granted(field, **access) + marker, message, at)


@cases(
    unknown_field=_adding("Candidate__c.Shoe_Size__c", "Candidate__c has no field Shoe_Size__c", "Shoe_Size__c"),
    required_field=_adding("Talent_Pool__c.Kind__c", "is required: Salesforce refuses", "Talent_Pool__c.Kind__c"),
    master_detail=_adding(
        "Consent__c.Candidate__c", "is a master-detail: Salesforce refuses", "Consent__c.Candidate__c"
    ),
    unknown_object=Fault(
        RECRUITER, "<object>Talent_Pool__c", "<object>Pool__c", "there is no object Pool__c", "<object>Pool__c"
    ),
    unknown_tab=Fault(RECRUITER, "<tab>Talent_Pool__c", "<tab>Pool__c", "<tabSettings> names Pool__c", "<tab>Pool__c"),
    unknown_app=Fault(
        RECRUITER, "<application>Warmbench", "<application>Bench", "<applicationVisibilities> names Bench", "Bench<"
    ),
    unknown_custom_permission=Fault(
        SERVICE, "<name>Warmbench_Service", "<name>Service", "<customPermissions> names Service", "<name>Service"
    ),
)
def test_faulty_permission_set_is_found(tmp_path, fault):
    assert_found(tmp_path, fault)


def test_editable_formula_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    granted = _granted("Source_Result__c.Cost_Per_Hire__c", editable="false")
    replace(folder / RECRUITER, granted, granted.replace("false", "true"))
    assert ["is computed and cannot be editable" in finding.message for finding in check(folder).findings] == [True]


def test_editable_but_unreadable_field_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    granted = _granted("Candidate__c.Employer__c")
    replace(folder / RECRUITER, granted, granted.replace("<readable>true", "<readable>false"))
    assert ["is editable but not readable" in finding.message for finding in check(folder).findings] == [True]


def test_right_without_what_it_needs_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / SERVICE, "<allowDelete>true", "<allowDelete>false")
    messages = [finding.message for finding in check(folder).findings]
    assert messages == ["modifyAllRecords on ATS_Connection__c needs allowDelete as well"]


def test_field_in_no_permission_set_is_found(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    for path in folder.glob("permissionsets/*"):
        for editable in ("true", "false"):
            path.write_text(path.read_text().replace(_granted("Candidate__c.Employer__c", editable=editable), ""))
    found = check(folder).findings
    assert [(finding.path, finding.message) for finding in found] == [
        (
            folder / "objects/Candidate__c/fields/Employer__c.field-meta.xml",
            "stands in no permission set: nobody could see it",
        )
    ]


def test_only_the_service_may_act_as_the_service():
    holders = [path.name for path in SOURCE.glob("permissionsets/*") if "Warmbench_Service" in path.read_text()]
    assert holders == ["Warmbench_Integration.permissionset-meta.xml"]
