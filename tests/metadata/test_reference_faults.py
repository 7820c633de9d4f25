"""Every cross-reference can fail."""

import pytest

from integration.metadata.check import check
from tests.metadata.faults import Fault, assert_found, cases, copy_of_the_tree

LAYOUT = "layouts/Talent_Pool__c-Talent pool Layout.layout-meta.xml"
LIST = "objects/Talent_Pool__c/listViews/Dynamic.listView-meta.xml"
OBJECT = "objects/Talent_Pool__c/Talent_Pool__c.object-meta.xml"
LOOKUP = "objects/Talent_Pool__c/fields/Parent__c.field-meta.xml"
RULE = "objects/Talent_Pool__c/validationRules/Dynamic_Pool_Needs_A_Rule.validationRule-meta.xml"
COMPACT = "objects/Talent_Pool__c/compactLayouts/Talent_pool_Highlights.compactLayout-meta.xml"
SHARING = "sharingRules/Pool_Membership__c.sharingRules-meta.xml"
DASHBOARD = "dashboards/Warmbench/Source_effectiveness.dashboard-meta.xml"
REPORT = "reports/Warmbench/Source_effectiveness.report-meta.xml"
REPORT_TYPE = "reportTypes/Warmbench_Source_Results.reportType-meta.xml"
COST = "objects/Source_Result__c/fields/Cost_Per_Hire__c.field-meta.xml"
APPROVAL = "objects/Recruiting_Campaign__c/validationRules/Approval_Needs_The_Right.validationRule-meta.xml"


@cases(
    layout_names_unknown_field=Fault(LAYOUT, "Kind__c", "Sort__c", "Talent_Pool__c has no field Sort__c", "Sort__c"),
    layout_shows_a_field_twice=Fault(
        LAYOUT, ">Refreshed_At__c<", ">Review__c<!-- again --><", "Review__c stands twice", "again"
    ),
    layout_leaves_out_a_required_field=Fault(
        LAYOUT, "<field>Kind__c", "<field>CreatedDate", "Kind__c is required and missing"
    ),
    related_list_of_another_object=Fault(
        LAYOUT,
        "Campaign_Audience__c.Pool__c",
        "Campaign_Audience__c.Campaign__c",
        "is no lookup to",
        "e__c.Campaign__c",
    ),
    related_list_names_unknown_column=Fault(
        LAYOUT, "<fields>Mode__c", "<fields>Modus__c", "Campaign_Audience__c has no column Modus__c", "Modus__c"
    ),
    list_view_names_unknown_column=Fault(
        LIST, "<columns>Kind__c", "<columns>Sort__c", "Talent_Pool__c has no column Sort__c", "Sort__c"
    ),
    list_view_filters_by_unknown_field=Fault(
        LIST, "<field>Kind__c", "<field>Sort__c", "Talent_Pool__c has no field Sort__c to filter by", "Sort__c"
    ),
    list_view_filters_by_unknown_word=Fault(
        LIST, "<value>Dynamic", "<value>Dynamisch", "Kind__c has no value 'Dynamisch'", "Dynamisch"
    ),
    search_shows_unknown_field=Fault(
        OBJECT, "Fields>Kind__c", "Fields>Sort__c", "has no field Sort__c to show in searches", "Sort__c"
    ),
    compact_layout_missing=Fault(
        OBJECT, "Talent_pool_Highlights", "Pool_Highlights", "no compact layout Pool_Highlights", "Pool_Highlights"
    ),
    compact_layout_names_unknown_field=Fault(COMPACT, "Kind__c", "Sort__c", "has no field Sort__c", "Sort__c"),
    lookup_to_nothing=Fault(
        LOOKUP, "<referenceTo>Talent_Pool__c", "<referenceTo>Pool__c", "looks up Pool__c, which does not", "Pool__c"
    ),
    relationship_name_twice=Fault(
        "objects/Candidate_Import__c/fields/Pool__c.field-meta.xml",
        "<relationshipName>Candidate_Imports",
        "<relationshipName>Campaign_Audiences",
        "relationship name Campaign_Audiences on Talent_Pool__c is already used by Campaign_Audience__c.Pool__c",
        "<relationshipName>",
    ),
    file_and_full_name_differ=Fault(LOOKUP, "Parent__c</full", "Folder__c</full", "is called Folder__c", "fullName"),
    rule_shows_error_at_unknown_field=Fault(
        RULE, "<errorDisplayField>Rule__c", "<errorDisplayField>Rules__c", "no field Rules__c to show", "Rules__c"
    ),
    rule_names_unknown_field=Fault(RULE, "LEN(Rule__c)", "LEN(Rules__c)", "has no field Rules__c", "Rules__c"),
    rule_names_unknown_word=Fault(RULE, '"Dynamic"', '"Dynamisch"', "has no value 'Dynamisch'", "Dynamisch"),
    rule_calls_unknown_function=Fault(RULE, "LEN(", "LENGTH(", "LENGTH is not a function", "LENGTH"),
    rule_asks_for_unknown_permission=Fault(
        APPROVAL, "$Permission.Warmbench_Approve", "$Permission.Sign", "no custom permission Sign", "$Permission.Sign"
    ),
    rule_uses_another_global_value=Fault(
        APPROVAL, "$Permission.Warmbench_Approve", "$Profile.Name", "$Profile.Name is not a value", "$Profile"
    ),
    formula_field_names_unknown_field=Fault(COST, "Spend_Home__c", "Spend__c", "has no field Spend__c", "Spend__c"),
    sharing_rule_names_unknown_field=Fault(SHARING, "Private__c", "Secret__c", "no field Secret__c", "Secret__c"),
    app_shows_unknown_tab=Fault(
        "applications/Warmbench.app-meta.xml",
        "<tabs>Talent_Pool__c",
        "<tabs>Pool__c",
        "no tab Pool__c",
        "<tabs>Pool__c",
    ),
    report_names_unknown_column=Fault(REPORT, "$Hires__c", "$Heirs__c", "no column Source_Result__c$Heirs__c", "Heirs"),
    report_of_unknown_type=Fault(
        REPORT,
        "<reportType>Warmbench_Source_Results__c",
        "<reportType>Sources__c",
        "no report type Sources",
        "Sources__c",
    ),
    dashboard_shows_unknown_column=Fault(
        DASHBOARD, "$Hires__c", "$Heirs__c", "has no column Source_Result__c$Heirs__c", "Heirs"
    ),
    dashboard_shows_unknown_report=Fault(
        DASHBOARD, "Warmbench/Source_eff", "Warmbench/Sauce_eff", "no report Warmbench/Sauce_effectiveness", "Sauce"
    ),
    report_type_names_unknown_field=Fault(REPORT_TYPE, "Hires__c", "Heirs__c", "has no field Heirs__c", "Heirs__c"),
    report_type_of_unknown_object=Fault(
        REPORT_TYPE, "<baseObject>Source_Result__c", "<baseObject>Result__c", "no object Result__c", "<baseObject>"
    ),
)
def test_dangling_reference_is_found(tmp_path, fault):
    assert_found(tmp_path, fault)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tabs/Tag__c.tab-meta.xml", "tabs/Label__c.tab-meta.xml", "no object Label__c for this tab"),
        (LAYOUT, "layouts/Pool__c-Pool Layout.layout-meta.xml", "is named after Pool__c, which is no object"),
        (SHARING, "sharingRules/Pool__c.sharingRules-meta.xml", "is named after Pool__c, which is no object"),
        (
            REPORT,
            "reports/Elsewhere/Source_effectiveness.report-meta.xml",
            "lies in Elsewhere, which is no report folder",
        ),
        (
            DASHBOARD,
            "dashboards/Elsewhere/Source_effectiveness.dashboard-meta.xml",
            "lies in Elsewhere, which is no dashboard folder",
        ),
        (OBJECT, "objects/Pool__c/Talent_Pool__c.object-meta.xml", "lies in the folder of Pool__c"),
    ],
)
def test_misnamed_file_is_found(tmp_path, old, new, message):
    folder = copy_of_the_tree(tmp_path)
    (folder / "tabs" / "Tag__c.tab-meta.xml").write_text((folder / "tabs" / "Brand__c.tab-meta.xml").read_text())
    (folder / new).parent.mkdir(exist_ok=True)
    (folder / old).rename(folder / new)
    found = [finding.message for finding in check(folder).findings if finding.path == folder / new]
    assert any(message in each for each in found), found
