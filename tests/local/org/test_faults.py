"""Faults on demand, as a client meets them."""

import time
from datetime import timedelta

import pytest
import requests

from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from tests.local.org.conftest import SMALL, URL, Small


def arm(small, **fault):
    answer = small.call("POST", "/warmbench/faults", json=fault)
    assert answer.status_code == 200, answer.text
    return answer.json()["faults"]


def names(small, soql="SELECT Name FROM Pool__c ORDER BY Name"):
    return [row["Name"] for row in small.sf.query(soql)["records"]]


def publish(small, *names):
    for name in names:
        assert small.call("POST", "sobjects/Changed__e", json={"Record__c": name}).status_code == 201


def heard(small):
    return [event["payload"]["Record__c"] for event in small.app.events_after(0)]


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


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({}, "kind must be one of expired, limit"),
        ({"kind": "odd"}, "kind must be one of"),
        ({"kind": ["lock"]}, "kind must be one of"),
        ({"kind": "limit", "often": 3, "colour": "x"}, "limit does not take colour, often; it takes every, kind"),
        ({"kind": "slow", "code": "X"}, "slow does not take code"),
        ({"kind": "limit", "times": 0}, "times must be a whole number above 0"),
        ({"kind": "limit", "times": 1.5}, "times must be"),
        ({"kind": "limit", "every": True}, "every must be"),
        ({"kind": "limit", "path": "("}, "path must be a regular expression"),
        ({"kind": "slow", "seconds": -1}, "seconds must be"),
        ({"kind": "partial", "code": "not a code"}, "code must be an error code"),
        ({"kind": "lock", "object": "Nope__c"}, "Nope__c is not in this org"),
        ({"kind": "job_failed", "rows": -1}, "rows must be"),
    ],
)
def test_fault_that_makes_no_sense_is_refused_by_name(small, fault, named):
    answer = small.call("POST", "/warmbench/faults", json=fault)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_ARGUMENT")
    assert named in answer.json()[0]["message"]
    assert small.call("GET", "/warmbench/faults").json() == {"faults": []}


def test_faults_are_off_unless_asked_for(small_template):
    app = OrgApp(SMALL, url=URL, template=small_template)
    with session_for(app, URL) as session:
        answer = Small(app, session).call("POST", "/warmbench/faults", json={"kind": "limit"})
    app.close()
    assert answer.status_code == 404
    assert "warmbench org --faults" in answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_striking_is_told_without_data(small, capsys):
    arm(small, kind="lock", object="pool__c")
    small.refusal("Pool__c", {"Name": "Ann Lee"})
    assert (
        capsys.readouterr().err == "warmbench org: fault lock strikes: Pool__c /services/data/v62.0/sobjects/Pool__c\n"
    )


def test_every_third_request_until_cleared(small):
    arm(small, kind="unavailable", times=None, every=3)
    assert [small.call("GET", "limits").status_code for _ in range(7)] == [200, 200, 503, 200, 200, 503, 200]
    small.call("DELETE", "/warmbench/faults")
    assert [small.call("GET", "limits").status_code for _ in range(3)] == [200] * 3


def test_dropped_connection_means_the_work_was_done(small):
    arm(small, kind="dropped")
    with pytest.raises(requests.ConnectionError):
        small.call("POST", "sobjects/Pool__c", json={"Name": "a"})
    assert names(small) == ["a"]


def test_rows_of_one_object_fail_with_the_code_asked_for(small):
    arm(small, kind="partial", code="STORAGE_LIMIT_EXCEEDED", times=2, every=2, object="Pool__c")
    guards = [{"attributes": {"type": "Guard__c"}} for _ in range(3)]
    pools = [{"attributes": {"type": "Pool__c"}, "Name": str(number)} for number in range(4)]
    answer = small.call("POST", "composite/sobjects", json={"records": guards + pools}).json()
    assert [each["success"] for each in answer] == [True, True, True, True, False, True, False]
    assert answer[4]["errors"][0]["statusCode"] == "STORAGE_LIMIT_EXCEEDED"
    assert names(small) == ["0", "2"]


def test_failing_row_undoes_all_or_none(small):
    arm(small, kind="partial", code="FIELD_INTEGRITY_EXCEPTION", every=2)
    pools = [{"attributes": {"type": "Pool__c"}, "Name": str(number)} for number in range(3)]
    answer = small.call("POST", "composite/sobjects", json={"records": pools, "allOrNone": True}).json()
    codes = [each["errors"][0]["statusCode"] for each in answer]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "FIELD_INTEGRITY_EXCEPTION", codes[0]]
    assert names(small) == []


def test_locked_row_is_not_deleted(small):
    made = small.sf.Pool__c.create({"Name": "a"})["id"]
    arm(small, kind="lock")
    assert small.call("DELETE", f"sobjects/Pool__c/{made}").json()[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert names(small) == ["a"]


def load(small, rows):
    job = small.call("POST", "jobs/ingest", json={"object": "Pool__c", "operation": "insert"}).json()
    lines = "Name\n" + "".join(f"P{number:03}\n" for number in range(rows))
    small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=lines.encode())
    small.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
    return f"jobs/ingest/{job['id']}"


@pytest.mark.parametrize("rows", [0, 7, 200, 333])
def test_failed_job_keeps_what_it_did_and_gives_back_the_rest(small, rows):
    arm(small, kind="job_failed", rows=rows, object="Pool__c")
    path = load(small, 450)
    shown = small.call("GET", path).json()
    assert (shown["state"], shown["numberRecordsProcessed"]) == ("Failed", rows)
    assert small.call("GET", f"{path}/successfulResults").text.count("\n") == 1 + rows
    rest = small.call("GET", f"{path}/unprocessedrecords").text.splitlines()
    assert rest == ['"Name"', *(f'"P{number:03}"' for number in range(rows, 450))]
    assert names(small) == [f"P{number:03}" for number in range(rows)]
    assert small.call("GET", load(small, 3)).json()["state"] == "JobComplete"


def test_rows_of_a_job_fail_with_the_code_asked_for(small):
    arm(small, kind="partial", code="UNKNOWN_EXCEPTION", path="/jobs/ingest/", every=5, times=2)
    path = load(small, 12)
    failed = small.call("GET", f"{path}/failedResults").text
    assert (failed.count("UNKNOWN_EXCEPTION:"), small.call("GET", path).json()["numberRecordsFailed"]) == (2, 2)


def test_delayed_commit_appears_behind_what_was_seen(small):
    small.app.set_clock(10)
    small.sf.Pool__c.create({"Name": "seen"})
    arm(small, kind="commit_delayed", seconds=600, object="Pool__c")
    small.sf.Pool__c.create({"Name": "late"})
    small.sf.Pool__c.create({"Name": "next"})
    query = "SELECT Name FROM Pool__c ORDER BY SystemModstamp, Id"
    assert names(small, query) == ["late", "seen", "next"]


def test_stamp_of_a_row_never_goes_back(small):
    made = small.sf.Pool__c.create({"Name": "a"})["id"]
    before = small.sf.Pool__c.get(made)["SystemModstamp"]
    arm(small, kind="commit_delayed", seconds=600)
    small.sf.Pool__c.update(made, {"Name": "b"})
    assert small.sf.Pool__c.get(made)["SystemModstamp"] >= before


def test_lost_event_was_committed_and_is_never_heard(small):
    arm(small, kind="event_lost", every=2)
    publish(small, "a", "b", "c")
    assert heard(small) == ["a", "c"]


def test_duplicated_event_has_one_uuid(small):
    arm(small, kind="event_duplicated", object="Changed__e")
    publish(small, "a", "b")
    assert heard(small) == ["a", "a", "b"]
    first, second, _ = small.app.events_after(0)
    assert first["uuid"] == second["uuid"]
    assert first["sequence"] < second["sequence"]


def test_reordered_event_is_overtaken(small):
    arm(small, kind="event_reordered", seconds=30, times=2)
    publish(small, "a", "b", "c")
    assert heard(small) == ["c"]
    small.app.set_clock(timedelta(seconds=31).total_seconds())
    assert heard(small) == ["c", "a", "b"]
    assert heard(small) == ["c", "a", "b"]


def test_waiting_reader_hears_an_event_that_was_held_back(small):
    arm(small, kind="event_reordered", seconds=0.2)
    publish(small, "a")
    started = time.monotonic()
    answer = small.call("GET", "/warmbench/events?after=0&wait=15").json()
    assert [event["payload"]["Record__c"] for event in answer["events"]] == ["a"]
    assert time.monotonic() - started < 5
