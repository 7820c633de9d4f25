"""Ids of what changed or was deleted in a span of time."""

from datetime import UTC, datetime, timedelta

import pytest

from integration.local.org.delete import delete


def ask(small, what, start, end, name="Pool__c"):
    return small.call("GET", f"sobjects/{name}/{what}", params={"start": start, "end": end})


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


@pytest.fixture
def now():
    return datetime.now(UTC).replace(second=0, microsecond=0)


def test_changed_records_are_told(small, now):
    first, second, gone = (small.sf.Pool__c.create({"Name": name})["id"] for name in "abc")
    small.sf.Pool__c.delete(gone)
    body = ask(small, "updated", text(now - timedelta(days=29)), text(now + timedelta(minutes=5))).json()
    assert sorted(body["ids"]) == sorted([first, second])
    assert set(body) == {"ids", "latestDateCovered"}
    assert body["latestDateCovered"].endswith(":00.000+0000")
    assert ask(small, "updated", text(now - timedelta(days=2)), text(now - timedelta(days=1))).json()["ids"] == []


def test_deleted_records_are_told_with_their_time(small, now):
    _, gone = (small.sf.Pool__c.create({"Name": name})["id"] for name in "ab")
    small.sf.Pool__c.delete(gone)
    body = ask(small, "deleted", text(now - timedelta(days=14)), text(now + timedelta(minutes=5))).json()
    assert set(body) == {"deletedRecords", "earliestDateAvailable", "latestDateCovered"}
    ((deleted_on, record_id),) = [(each["deletedDate"], each["id"]) for each in body["deletedRecords"]]
    assert record_id == gone
    assert abs(datetime.fromisoformat(deleted_on) - now) < timedelta(minutes=5)


def test_records_deleted_for_good_are_told(small, now):
    _, binned, gone = (small.sf.Pool__c.create({"Name": name})["id"] for name in "abc")
    member = small.sf.Member__c.create({"Pool__c": gone, "Note__c": "n"})["id"]
    small.sf.Pool__c.delete(binned)
    with small.app.engine.transaction(small.app.user("admin"), small.app.now()) as transaction:
        delete(transaction, [binned, gone], for_good=True)
    span = text(now - timedelta(hours=1)), text(now + timedelta(minutes=5))
    told = [each["id"] for each in ask(small, "deleted", *span).json()["deletedRecords"]]
    assert sorted(told) == sorted([binned, gone])
    assert [each["id"] for each in ask(small, "deleted", *span, "Member__c").json()["deletedRecords"]] == [member]


def test_future_is_not_covered(small, now):
    body = ask(small, "updated", text(now - timedelta(hours=1)), text(now + timedelta(days=5))).json()
    assert abs(datetime.fromisoformat(body["latestDateCovered"]) - now) <= timedelta(minutes=1)
    past = ask(small, "updated", text(now - timedelta(hours=2)), text(now - timedelta(hours=1))).json()
    assert datetime.fromisoformat(past["latestDateCovered"]) == now - timedelta(hours=1)


def test_seconds_of_the_span_are_ignored(small, now):
    small.app.set_clock(-120)
    record = small.sf.Pool__c.create({"Name": "a"})["id"]
    small.app.set_clock(0)
    end = now.replace(second=59) + timedelta(minutes=1)
    start = now.replace(second=59) - timedelta(minutes=3)
    assert ask(small, "updated", text(start), text(end)).json()["ids"] == [record]


def test_time_zones_and_unencoded_plus_are_understood(small, now):
    record = small.sf.Pool__c.create({"Name": "a"})["id"]
    for zone in ("+00:00", " 00:00", "Z", "-00:00", ".000Z", ""):
        start, end = (f"{each:%Y-%m-%dT%H:%M:%S}{zone}" for each in (now, now + timedelta(minutes=2)))
        assert ask(small, "updated", start, end).json()["ids"] == [record], zone


GOOD = timedelta(days=-1)
LATER = timedelta()


@pytest.mark.parametrize("what", ["updated", "deleted"])
@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (None, LATER, "MISSING_ARGUMENT"),
        (GOOD, None, "MISSING_ARGUMENT"),
        ("", LATER, "MISSING_ARGUMENT"),
        ("yesterday", LATER, "INVALID_INPUT"),
        (GOOD, "2026-13-01T00:00:00Z", "INVALID_INPUT"),
        ("0001-01-01T00:00:00+14:00", LATER, "INVALID_INPUT"),
        (GOOD, "1764115200", "INVALID_INPUT"),
        (LATER, GOOD, "INVALID_REPLICATION_DATE"),
        (GOOD, GOOD, "INVALID_REPLICATION_DATE"),
        (timedelta(days=-32), LATER, "INVALID_REPLICATION_DATE"),
    ],
)
def test_bad_span_is_refused(small, now, what, start, end, code):
    start, end = (text(now + each) if isinstance(each, timedelta) else each for each in (start, end))
    answer = ask(small, what, start, end)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code), answer.text


def test_deletions_are_told_for_a_shorter_time(small, now):
    start, end = text(now - timedelta(days=16)), text(now)
    assert ask(small, "updated", start, end).status_code == 200
    assert ask(small, "deleted", start, end).json()[0]["errorCode"] == "INVALID_REPLICATION_DATE"


def test_objects_without_rows_are_refused(small, now):
    start, end = text(now - timedelta(hours=1)), text(now)
    assert ask(small, "updated", start, end, "Nope__c").status_code == 404
    assert ask(small, "updated", start, end, "Changed__e").json()[0]["errorCode"] == "INVALID_TYPE_FOR_OPERATION"


def test_span_follows_the_clock_of_the_org(small, now):
    small.app.set_clock(40 * 86_400)
    answer = ask(small, "updated", text(now), text(now + timedelta(days=40)))
    assert answer.json()[0]["errorCode"] == "INVALID_REPLICATION_DATE"
