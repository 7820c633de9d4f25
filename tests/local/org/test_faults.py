"""Faults on demand, as a client meets them."""

import time

import pytest


def arm(small, **fault):
    answer = small.call("POST", "/warmbench/faults", json=fault)
    assert answer.status_code == 200, answer.text
    return answer.json()["faults"]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("expired", 401, "INVALID_SESSION_ID"),
        ("limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("unavailable", 503, "SERVER_UNAVAILABLE"),
    ],
)
def test_fault_answers_as_often_as_asked(small, kind, status, code):
    arm(small, kind=kind, times=2)
    answers = [small.call("POST", "sobjects/Pool__c", json={"Name": "a"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 201]
    assert answers[0].json()[0]["errorCode"] == code
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 1


def test_lost_answer_means_the_work_was_done(small):
    arm(small, kind="lost")
    assert small.call("POST", "sobjects/Pool__c", json={"Name": "a"}).status_code == 502
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 1


def test_fault_meets_its_path_alone(small):
    arm(small, kind="unavailable", path="/jobs/")
    assert small.call("GET", "limits").status_code == 200
    assert small.call("GET", "jobs/ingest").status_code == 503


def test_some_rows_are_locked(small):
    arm(small, kind="lock", times=2, every=3)
    records = [{"attributes": {"type": "Pool__c"}, "Name": str(number)} for number in range(9)]
    answer = small.call("POST", "composite/sobjects", json={"records": records}).json()
    assert [each["success"] for each in answer] == [True, True, False, True, True, False, True, True, True]
    assert answer[2]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


def test_slow_answer_comes(small):
    arm(small, kind="slow", seconds=0.05)
    started = time.monotonic()
    assert small.call("GET", "limits").status_code == 200
    assert time.monotonic() - started >= 0.05


def test_faults_are_the_admins_and_can_be_cleared(small):
    assert arm(small, kind="limit", times=5)[0]["times"] == 5
    token = small.app.issue_token("recruiter")
    assert small.call("POST", "/warmbench/faults", json={"kind": "limit"}, token=token).status_code == 403
    assert small.call("DELETE", "/warmbench/faults").json() == {"faults": []}
    assert small.call("GET", "limits").status_code == 200


@pytest.mark.parametrize("fault", [{}, {"kind": "odd"}, {"kind": "limit", "times": 0}, {"kind": "limit", "path": "("}])
def test_fault_that_makes_no_sense_is_refused(small, fault):
    assert small.call("POST", "/warmbench/faults", json=fault).status_code == 400
