"""The Tooling API: known to be empty, or refused."""

import pytest


def ask(small, soql):
    return small.call("GET", "tooling/query/", params={"q": soql})


def test_org_has_no_apex(small):
    answer = ask(small, "select Id, Name from apexclass where NamespacePrefix = null")
    assert answer.status_code == 200
    assert answer.json() == {
        "size": 0,
        "totalSize": 0,
        "done": True,
        "queryLocator": None,
        "entityTypeName": None,
        "records": [],
    }


@pytest.mark.parametrize(
    ("soql", "status", "code"),
    [
        ("SELECT Id FROM LightningComponentBundle", 501, "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Id FROM", 400, "MALFORMED_QUERY"),
        (None, 400, "MALFORMED_QUERY"),
    ],
)
def test_what_the_org_may_have_is_not_called_empty(small, soql, status, code):
    answer = ask(small, soql)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_tests_of_apex_are_not_run(small, capsys):
    answer = small.call("POST", "tooling/runTestsAsynchronous", json={"classids": "01p000000000001AAA"})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (501, "FUNCTIONALITY_NOT_ENABLED")
    assert "does not implement Apex" in capsys.readouterr().err


def test_there_are_no_communities(small):
    assert small.call("GET", "connect/communities").json() == {"communities": [], "total": 0}
