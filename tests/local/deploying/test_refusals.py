"""An org does not start on metadata that it would silently misread: each fault is told by file and line."""

import subprocess
import sys
from pathlib import Path

import pytest

from integration.local.org.app import OrgApp
from integration.metadata.read import read
from integration.metadata.refusal import UnsupportedMetadata
from tests.metadata.faults import copy_of_the_tree, replace

ROOT = Path(__file__).parents[3]
RULE = "objects/Candidate__c/validationRules/Rating_One_To_Five.validationRule-meta.xml"
FLOW = "flows/Candidate_Name.flow-meta.xml"
UNKNOWN = {
    "objects/Tag__c/Tag__c.object-meta.xml": ("<label>Tag", "CustomObject"),
    "objects/Tag__c/fields/Kind__c.field-meta.xml": ("<label>Kind", "CustomField"),
    RULE: ("<active>", "ValidationRule"),
    FLOW: ("<apiVersion>", "Flow"),
    "permissionsets/Warmbench_Recruiter.permissionset-meta.xml": ("<label>", "PermissionSet"),
    "sharingRules/Pool_Membership__c.sharingRules-meta.xml": ("<accessLevel>", "SharingCriteriaRule"),
}


def lines_of(refused, folder):
    """`path:line: what`, paths below the folder."""
    return [line.partition(f"{folder}/")[2] for line in str(refused.value).splitlines()[1:]]


def test_every_unknown_element_is_told_with_file_and_line(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    wanted = set()
    for file, (before, kind) in UNKNOWN.items():
        replace(folder / file, before, f"<bogus>1</bogus>{before}")
        number = next(n for n, line in enumerate((folder / file).read_text().splitlines(), 1) if "<bogus>" in line)
        wanted.add(f"{file}:{number}: unknown element <bogus> in {kind}")
    with pytest.raises(UnsupportedMetadata) as refused:
        OrgApp(read(folder))
    assert set(lines_of(refused, folder)) == wanted


def test_unknown_field_type_hides_no_other_fault(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / "objects/Tag__c/fields/Kind__c.field-meta.xml", "<type>Picklist", "<type>Nonsense")
    replace(folder / RULE, "<active>", "<bogus>1</bogus><active>")
    with pytest.raises(UnsupportedMetadata) as refused:
        OrgApp(read(folder))
    assert len(lines_of(refused, folder)) == 2


def test_what_cannot_be_run_is_told_with_file_and_line(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / RULE, "<errorConditionFormula>", "<errorConditionFormula>NOSUCH(Rating__c) &amp;&amp; ")
    loop = "<loops><name>Each</name><label>Each</label><locationX>1</locationX><locationY>1</locationY></loops>"
    replace(folder / FLOW, "<interviewLabel>", f"{loop}<interviewLabel>")
    with pytest.raises(UnsupportedMetadata) as refused:
        OrgApp(read(folder))
    told = {line.partition(":")[0]: line.split(":", 2)[1:] for line in lines_of(refused, folder)}
    assert "the function NOSUCH is not known" in told[RULE][1]
    assert "element loops Each is not supported" in told[FLOW][1]
    for file, word in ((RULE, "NOSUCH"), (FLOW, "<loops>")):
        assert word in (folder / file).read_text().splitlines()[int(told[file][0]) - 1]


def test_metadata_of_a_kind_that_is_not_implemented_is_told(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    (folder / "workflows").mkdir()
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<Workflow xmlns="http://soap.sforce.com/2006/04/metadata"/>'
    (folder / "workflows/Tag__c.workflow-meta.xml").write_text(head)
    with pytest.raises(UnsupportedMetadata, match="does not implement metadata of type Workflow"):
        OrgApp(read(folder))


def test_command_ends_with_one_and_names_the_place(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / RULE, "<active>", "<bogus>1</bogus><active>")
    command = [sys.executable, "-m", "integration.local.org.serve", "--port", "0", "--metadata", folder]
    command += ["--database", tmp_path / "org.db"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "Rating_One_To_Five.validationRule-meta.xml:4: unknown element <bogus> in ValidationRule" in done.stderr
    assert "Traceback" not in done.stderr
