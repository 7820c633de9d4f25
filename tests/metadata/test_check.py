"""The command `warmbench check` and the product's own metadata."""

import json
import time

import pytest

from integration.metadata.check import check, main
from tests.metadata.faults import SOURCE, copy_of_the_tree, replace

FLOW = "flows/Talent_Pool_Command.flow-meta.xml"


def test_own_metadata_has_no_findings():
    assert check(SOURCE).findings == ()


def test_check_takes_less_than_two_seconds():
    started = time.process_time()
    check(SOURCE)
    assert time.process_time() - started < 2


def test_clean_tree_ends_with_zero(capsys):
    assert main([str(SOURCE)]) == 0
    assert " files, 0 findings, " in capsys.readouterr().out


def test_finding_is_printed_with_file_and_line(tmp_path, capsys):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / FLOW, "<apiVersion>63.0", "<apiVersion>67.0")
    assert main([str(folder)]) == 1
    first, summary = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{folder / FLOW}:3: apiVersion 67.0 is newer")
    assert " files, 1 finding, " in summary


def test_findings_as_json(tmp_path, capsys):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / FLOW, "<apiVersion>63.0", "<apiVersion>67.0")
    main([str(folder), "--json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["path"], finding["line"]) == (str(folder / FLOW), 3)


def test_unreadable_file_hides_no_schema_fault(tmp_path):
    folder = copy_of_the_tree(tmp_path)
    replace(folder / FLOW, "<apiVersion>63.0", "<apiVersion>67.0")
    replace(folder / "tabs/Brand__c.tab-meta.xml", "</CustomTab>", "")
    messages = [finding.message for finding in check(folder).findings]
    assert [message.partition(":")[0] for message in messages][1] == "is not well-formed XML"
    assert "apiVersion 67.0" in messages[0]


def test_wrong_folder_is_a_clear_message(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "no objects/ in this folder" in capsys.readouterr().err
