"""Platform events: in order, after the commit, to the admin alone."""

import threading
import time


def test_event_is_published_with_its_fields(small):
    answer = small.call("POST", "sobjects/Changed__e", json={"Record__c": "x"})
    assert answer.status_code == 201
    assert answer.json()["id"].startswith("e00")
    (event,) = small.app.events_after(0)
    assert (event["event"], event["payload"]["Record__c"]) == ("Changed__e", "x")
    assert {"CreatedDate", "CreatedById"} <= set(event["payload"])


def test_event_obeys_field_rules(small):
    assert small.refusal("Changed__e", {})[0] == "REQUIRED_FIELD_MISSING"
    assert small.refusal("Changed__e", {"Record__c": "x" * 19})[0] == "STRING_TOO_LONG"
    assert small.app.events_after(0) == []


def test_event_of_an_undone_call_is_not_published(small):
    parts = [("Changed__e", {"Record__c": "x"}), ("Pool__c", {"Kind__c": "Odd"})]
    requests = [
        {"method": "POST", "url": f"/services/data/v62.0/sobjects/{name}", "referenceId": name[:4], "body": body}
        for name, body in parts
    ]
    small.call("POST", "composite", json={"compositeRequest": requests, "allOrNone": True})
    assert small.app.events_after(0) == []


def test_reader_asks_on_from_where_it_was(small):
    for name in "abc":
        small.call("POST", "sobjects/Changed__e", json={"Record__c": name})
    first = small.call("GET", "/warmbench/events?after=0").json()
    assert [event["payload"]["Record__c"] for event in first["events"]] == ["a", "b", "c"]
    second = small.call("GET", f"/warmbench/events?after={first['events'][0]['sequence']}").json()
    assert [event["payload"]["Record__c"] for event in second["events"]] == ["b", "c"]
    assert small.call("GET", f"/warmbench/events?after={first['last']}&wait=0").json()["events"] == []


def test_waiting_reader_is_woken(small):
    answers = []
    reader = threading.Thread(
        target=lambda: answers.append(small.call("GET", "/warmbench/events?after=0&wait=15").json())
    )
    started = time.monotonic()
    reader.start()
    small.call("POST", "sobjects/Changed__e", json={"Record__c": "x"})
    reader.join(timeout=10)
    assert len(answers[0]["events"]) == 1
    assert time.monotonic() - started < 5


def test_only_the_admin_reads_events_and_moves_the_clock(small):
    for token, status in ((small.app.issue_token("integration"), 403), ("nonsense", 401)):
        assert small.call("GET", "/warmbench/events?wait=0", token=token).status_code == status
        assert small.call("POST", "/warmbench/clock", token=token, json={"offset_seconds": 9}).status_code == status
        assert small.call("GET", "/warmbench/stats", token=token).status_code == status


def test_clock_moves_the_orgs_time(small):
    before = small.app.now()
    assert small.call("POST", "/warmbench/clock", json={"offset_seconds": 86_400 * 3}).status_code == 200
    made = small.sf.Pool__c.create({"Name": "a"})["id"]
    assert (small.app.now() - before).days == 3
    assert small.sf.Pool__c.get(made)["CreatedDate"] > before.strftime("%Y-%m-%dT%H:%M:%S")
    assert small.sf.query("SELECT COUNT() FROM Pool__c WHERE CreatedDate = TODAY")["totalSize"] == 1
    for wrong in ("1", None, True):
        assert small.call("POST", "/warmbench/clock", json={"offset_seconds": wrong}).status_code == 400


def test_calls_are_counted_by_kind(small):
    small.sf.query("SELECT Id FROM Pool__c")
    small.sf.Pool__c.create({"Name": "a"})
    stats = small.call("GET", "/warmbench/stats").json()
    assert stats["calls"] == 2
    assert stats["by_kind"] == {"query GET": 1, "record POST": 1}


def test_allowance_of_calls_begins_anew_each_day(small):
    assert small.call("GET", "limits").headers["Sforce-Limit-Info"] == "api-usage=1/15000"
    small.app.set_clock(86_400)
    assert small.call("GET", "limits").headers["Sforce-Limit-Info"] == "api-usage=1/15000"
    assert small.app.usage.total() == 2


def test_reader_and_composite_writer_do_not_wait_for_each_other(small):
    requests = [
        {
            "method": "POST",
            "url": "/services/data/v62.0/sobjects/Changed__e",
            "referenceId": f"r{number}",
            "body": {"Record__c": str(number)},
        }
        for number in range(25)
    ]
    body = {"compositeRequest": requests, "allOrNone": True}
    seen = []

    def read():
        last = 0
        while last < 500:
            answer = small.call("GET", f"/warmbench/events?after={last}&wait=15").json()
            seen.extend(event["payload"]["Record__c"] for event in answer["events"])
            last = answer["last"]

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    for _ in range(20):
        assert small.call("POST", "composite", json=body).status_code == 200
    reader.join(timeout=20)
    assert seen == [str(number) for number in range(25)] * 20
