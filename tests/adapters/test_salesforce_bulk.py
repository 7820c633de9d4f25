"""Bulk 2.0 against jobs that fail, stall, leave rows untouched or lose count."""

import csv
import io
import json
import re

import pytest
import requests
import responses

from integration.adapters.salesforce import SalesforceFault, bulk, connect
from integration.errors import TryAgain

HOST = "https://acme.my.salesforce.com"
JOBS = f"{HOST}/services/data/v63.0/jobs"
SECRET = {"login_url": "https://login.salesforce.com", "client_id": "app", "client_secret": "s3cret"}
ROWS = [{"Key__c": f"K{n}", "Name__c": f'n,{n}\n"x"', "Flag__c": True, "Gone__c": None} for n in range(2_001)]


class Jobs:
    """The ingest side of an org: job n treats the rows with keys in `untouched[n]` and `failing` accordingly."""

    def __init__(self, mock):
        self.uploads, self.states, self.polls = [], [], 0
        self.untouched, self.failing, self.lost = {}, {}, set()
        self.slow = 0
        mock.post(
            "https://login.salesforce.com/services/oauth2/token", json={"access_token": "t", "instance_url": HOST}
        )
        for method, path, answer in (
            ("POST", r"ingest", self._open),
            ("PUT", r"ingest/(\d+)/batches", self._upload),
            ("PATCH", r"ingest/(\d+)", self._set_state),
            ("GET", r"ingest/(\d+)", self._state),
            ("GET", r"ingest/(\d+)/successfulResults", self._succeeded),
            ("GET", r"ingest/(\d+)/failedResults", self._failed),
            ("GET", r"ingest/(\d+)/unprocessedrecords", self._unprocessed),
        ):
            mock.add_callback(method, _pattern(path), callback=answer)

    def _open(self, request):
        self.states.append("Open")
        self.uploads.append([])
        return _json({"id": str(len(self.states) - 1), "state": "Open"})

    def _upload(self, request):
        text = request.body.decode()  # responses has read the file
        self.uploads[-1] = list(csv.DictReader(io.StringIO(text, newline="")))
        return 201, {}, ""

    def _set_state(self, request):
        self.states[-1] = json.loads(request.body)["state"]
        return _json({"id": "0"})

    def _state(self, request):
        self.polls += 1
        return _json({"state": "InProgress" if self.polls <= self.slow else "JobComplete"})

    def _of_job(self, request):
        job = int(request.url.split("/")[-2])
        return self.uploads[job], self.untouched.get(job, set())

    def _succeeded(self, request):
        rows, untouched = self._of_job(request)
        made = [row for row in rows if row["Key__c"] not in {*untouched, *self.failing, *self.lost}]
        return _csv(["sf__Id", "sf__Created"], made, lambda row: ["a01" + row["Key__c"].rjust(15, "0"), "true"])

    def _failed(self, request):
        rows, untouched = self._of_job(request)
        failed = [row for row in rows if row["Key__c"] in self.failing and row["Key__c"] not in untouched]
        return _csv(["sf__Id", "sf__Error"], failed, lambda row: ["", self.failing[row["Key__c"]]])

    def _unprocessed(self, request):
        rows, untouched = self._of_job(request)
        return _csv([], [row for row in rows if row["Key__c"] in untouched], lambda row: [])


def _pattern(path):
    return re.compile(re.escape(JOBS) + "/" + path + "$")


def _json(body):
    return 200, {}, json.dumps(body)


def _csv(columns, rows, cells_of):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, *ROWS[0]])
    writer.writerows([*cells_of(row), *row.values()] for row in rows)
    return 200, {"Content-Type": "text/csv"}, out.getvalue()


@pytest.fixture
def edge():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def jobs(edge):
    return Jobs(edge)


@pytest.fixture
def waits():
    return []


@pytest.fixture
def org(jobs, waits):
    return connect(SECRET, sleep=waits.append)


def test_rows_travel_as_csv_in_a_fixed_order(org, jobs):
    outcomes = org.upsert_many("Thing__c", "Key__c", ROWS)
    assert all(outcome.success and outcome.created for outcome in outcomes)
    assert [outcome.id[-5:].lstrip("0") for outcome in outcomes[:2]] == ["K0", "K1"]
    assert list(jobs.uploads[0][0]) == ["Key__c", "Name__c", "Flag__c", "Gone__c"]
    assert jobs.uploads[0][7] == {"Key__c": "K7", "Name__c": 'n,7\n"x"', "Flag__c": "true", "Gone__c": "#N/A"}
    assert jobs.states == ["UploadComplete"]


def test_field_a_row_leaves_out_is_left_alone(org, jobs):
    org.upsert_many("Thing__c", "Key__c", [*ROWS[:-1], {"Key__c": "K2000"}])
    assert jobs.uploads[0][-1] == {"Key__c": "K2000", "Name__c": "", "Flag__c": "", "Gone__c": ""}


def test_failed_rows_keep_their_place_code_and_field(org, jobs):
    jobs.failing = {"K5": "REQUIRED_FIELD_MISSING:Required fields are missing: [Name__c]:Name__c --"}
    outcomes = org.upsert_many("Thing__c", "Key__c", ROWS)
    assert [place for place, outcome in enumerate(outcomes) if not outcome.success] == [5]
    assert (outcomes[5].code, outcomes[5].fields) == ("REQUIRED_FIELD_MISSING", ("Name__c",))
    assert outcomes[5].message == "Name is empty. Fill it in."


def test_untouched_rows_alone_are_submitted_again(org, jobs):
    jobs.untouched = {0: {"K3", "K1999"}}
    outcomes = org.upsert_many("Thing__c", "Key__c", ROWS)
    assert all(outcome.success for outcome in outcomes)
    assert [row["Key__c"] for row in jobs.uploads[1]] == ["K3", "K1999"]


def test_rows_untouched_twice_are_reported(org, jobs):
    jobs.untouched = {0: {"K3"}, 1: {"K3"}}
    outcomes = org.upsert_many("Thing__c", "Key__c", ROWS)
    assert [(place, o.code) for place, o in enumerate(outcomes) if not o.success] == [(3, "UNPROCESSED")]
    assert len(jobs.uploads) == 2


def test_job_that_loses_a_row_is_an_alarm(org, jobs):
    jobs.lost = {"K3"}
    with pytest.raises(SalesforceFault, match=r"2000 \+ 0 results for 2001 rows"):
        org.upsert_many("Thing__c", "Key__c", ROWS)


def test_polling_starts_short_and_grows(org, jobs, waits):
    jobs.slow = 20
    org.upsert_many("Thing__c", "Key__c", ROWS)
    assert waits[0] == 0.05
    assert waits == sorted(waits)
    assert max(waits) == 2.0


def test_job_without_end_is_aborted_and_tried_later(org, jobs, waits):
    jobs.slow = 10_000
    with pytest.raises(TryAgain):
        org.upsert_many("Thing__c", "Key__c", ROWS)
    assert 600 <= sum(waits) <= 605
    assert jobs.states == ["Aborted"]


def test_upload_whose_answer_is_lost_is_aborted(org, jobs, edge):
    edge.replace("PUT", _pattern(r"ingest/(\d+)/batches"), body=requests.ConnectionError("reset"))
    with pytest.raises(TryAgain):
        org.upsert_many("Thing__c", "Key__c", ROWS)
    assert jobs.states == ["Aborted"]


def test_shards_stay_below_the_size_of_a_job(org, jobs, monkeypatch):
    monkeypatch.setattr(bulk, "SHARD_BYTES", 20_000)
    outcomes = org.upsert_many("Thing__c", "Key__c", ROWS)
    assert all(outcome.success for outcome in outcomes)
    assert len(jobs.uploads) > 2
    assert [row["Key__c"] for upload in jobs.uploads for row in upload] == [row["Key__c"] for row in ROWS]


def test_rows_with_one_key_are_written_one_after_the_other(org, jobs, edge):
    again = [{"id": "a01000000000001AAA", "success": True, "created": False, "errors": []}]
    edge.patch(f"{HOST}/services/data/v63.0/composite/sobjects/Thing__c/Key__c", json=again)
    outcomes = org.upsert_many("Thing__c", "Key__c", [*ROWS, {"Key__c": "k0", "Flag__c": False}, {"Flag__c": True}])
    assert (outcomes[0].created, outcomes[2_001].created) == (True, False)
    assert outcomes[2_002].code == "MISSING_ARGUMENT"
    assert len(jobs.uploads[0]) == 2_001


def test_query_streams_page_by_page(org, edge):
    edge.post(f"{JOBS}/query", json={"id": "q1", "state": "UploadComplete"})
    edge.get(f"{JOBS}/query/q1", json={"state": "JobComplete"})
    pages = {None: ('Id,Pool__r.Name\n1,"a\nb"\n2,\n', "next"), "next": ("Id,Pool__r.Name\n3,Zoë\u2028\n", "null")}
    asked = []

    def answer(request):
        asked.append(request.params.get("locator"))
        text, following = pages[asked[-1]]
        return 200, {"Sforce-Locator": following, "Content-Type": "text/csv"}, text.encode()

    edge.add_callback("GET", f"{JOBS}/query/q1/results", callback=answer)
    rows = org.bulk_rows("SELECT Id, Pool__r.Name FROM Pool_Membership__c")
    assert next(rows) == {"Id": "1", "Pool__r.Name": "a\nb"}
    assert asked == [None]
    assert list(rows) == [{"Id": "2", "Pool__r.Name": None}, {"Id": "3", "Pool__r.Name": "Zoë\u2028"}]


def test_query_job_that_fails_is_an_alarm(org, edge):
    edge.post(f"{JOBS}/query", json={"id": "q1"})
    edge.get(f"{JOBS}/query/q1", json={"state": "Failed", "errorMessage": "secret text"})
    with pytest.raises(SalesforceFault, match="Failed"):
        list(org.bulk_rows("SELECT Id FROM Pool_Membership__c"))
