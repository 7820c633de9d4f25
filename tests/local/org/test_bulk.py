"""Bulk API 2.0: jobs, their files, what becomes of each row."""

import csv
import io
import time

import pytest

from integration.local.org.app import OrgApp
from integration.local.org.bulk import jobs, uploads
from integration.local.org.bulk.work import unfinished
from integration.local.org.inprocess import session_for
from tests.local.org.conftest import URL, Small


def job_of(small, operation="insert", name="Pool__c", **options):
    answer = small.call("POST", "jobs/ingest", json={"object": name, "operation": operation, **options})
    assert answer.status_code == 200, answer.text
    return answer.json()


def load(small, text, operation="insert", name="Pool__c", **options):
    """A job that has been worked off, as it is shown."""
    job = job_of(small, operation, name, **options)
    path = f"jobs/ingest/{job['id']}"
    data = text if isinstance(text, bytes) else text.encode()
    assert small.call("PUT", f"{path}/batches", data=data).status_code == 201
    closed = small.call("PATCH", path, json={"state": "UploadComplete"}).json()
    assert closed["state"] == "UploadComplete"
    return small.call("GET", path).json()


def rows(small, job, kind, delimiter=","):
    text = small.call("GET", f"jobs/ingest/{job['id']}/{kind}").content.decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_new_job_is_open_and_says_where_to_put_rows(small):
    job = job_of(small, "upsert", "pool__c", externalIdFieldName="key__c")
    assert (job["state"], job["object"], job["externalIdFieldName"]) == ("Open", "Pool__c", "Key__c")
    assert job["contentUrl"] == f"services/data/v62.0/jobs/ingest/{job['id']}/batches"
    assert {"concurrencyMode", "contentType", "apiVersion", "lineEnding", "columnDelimiter"} <= set(job)


def test_rows_succeed_and_fail_one_by_one(small):
    job = load(small, "name,KIND__C\nGood,Dynamic\nBad,Odd\n")
    assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == ("JobComplete", 2, 1)
    (good,) = rows(small, job, "successfulResults")
    (bad,) = rows(small, job, "failedResults")
    assert list(good) == ["sf__Id", "sf__Created", "name", "KIND__C"]
    assert (good["sf__Created"], good["name"]) == ("true", "Good")
    assert bad["sf__Id"] == ""
    assert bad["sf__Error"] == (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Kind: bad value for restricted picklist field: Odd:Kind__c --"
    )
    assert rows(small, job, "unprocessedrecords") == []


def test_missing_field_is_worded_as_recorded_from_an_org(small):
    pool = small.sf.Pool__c.create({"Name": "a"})["id"]
    job = load(small, f"Pool__c,Key__c\n{pool},k\n", name="Member__c")
    (bad,) = rows(small, job, "failedResults")
    assert bad["sf__Error"] == "REQUIRED_FIELD_MISSING:Required fields are missing: [Note__c]:Note__c --"


def test_upsert_updates_what_is_there(small):
    record_id = small.sf.Pool__c.create({"Name": "old", "Key__c": "k1"})["id"]
    job = load(small, "Key__c,Name\nK1,new\nk2,other\n", "upsert", externalIdFieldName="Key__c")
    done = rows(small, job, "successfulResults")
    assert [(row["sf__Id"] == record_id, row["sf__Created"]) for row in done] == [(True, "false"), (False, "true")]
    assert small.sf.Pool__c.get(record_id)["Name"] == "new"


def test_empty_cell_leaves_and_mark_clears(small):
    record_id = small.sf.Pool__c.create({"Name": "a", "Legacy__c": "x", "Colour__c": "Red"})["id"]
    load(small, f"Id,Legacy__c,Colour__c\n{record_id},,#N/A\n", "update")
    read = small.sf.Pool__c.get(record_id)
    assert (read["Legacy__c"], read["Colour__c"]) == ("x", None)


def test_parent_by_external_id_in_a_header(small):
    pool = small.sf.Pool__c.create({"Name": "a", "Key__c": "k"})["id"]
    job = load(small, "Pool__r.Key__c,Note__c\nk,n\nnone,n\n", name="Member__c")
    assert small.sf.query("SELECT Pool__c FROM Member__c")["records"][0]["Pool__c"] == pool
    (bad,) = rows(small, job, "failedResults")
    assert bad["sf__Error"].startswith("INVALID_FIELD:Foreign key external ID: none not found for field Key__c")


def test_value_of_the_wrong_type_fails_its_row_alone(small):
    job = load(small, "Name,Size__c\na,many\nb,2\n")
    (bad,) = rows(small, job, "failedResults")
    assert bad["sf__Error"] == "INVALID_TYPE_ON_FIELD_IN_RECORD:Size: value not of required type: many:Size__c --"
    assert job["numberRecordsFailed"] == 1


def test_cells_may_hold_quotes_delimiters_and_line_breaks(small):
    text = '"line one\nline ""two"", three"'
    load(small, f"Name;Text__c\na;{text}\n", columnDelimiter="SEMICOLON")
    assert small.sf.query("SELECT Text__c FROM Pool__c")["records"][0]["Text__c"] == 'line one\nline "two", three'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Nope__c\nx\n", "InvalidBatch : No such column 'Nope__c'"),
        ("Name\r\nx\r\n", "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF"),
        ("Name,Key__c\nonly one\n", "InvalidBatch : The 'CSV' content doesn't match the header"),
        ('Name\n"open\n', "InvalidBatch : Error parsing CSV"),
        (b"Name\n\xff\xfe\n", "ClientInputError : The file is not UTF-8"),
    ],
)
def test_file_that_cannot_be_read_fails_the_job(small, data, reason):
    job = load(small, data)
    assert job["state"] == "Failed"
    assert job["errorMessage"].startswith(reason)
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


def test_empty_file_is_no_error(small):
    assert load(small, "")["state"] == "JobComplete"


def test_byte_order_mark_is_not_part_of_the_header(small):
    assert load(small, b"\xef\xbb\xbfName\na\n")["numberRecordsFailed"] == 0


def test_delete_and_hard_delete(small):
    made = [small.sf.Pool__c.create({"Name": name})["id"] for name in "ab"]
    load(small, f"Id\n{made[0]}\n", "delete")
    assert small.sf.query_all("SELECT Id FROM Pool__c", include_deleted=True)["totalSize"] == 2
    answer = small.call("POST", "jobs/ingest", json={"object": "Pool__c", "operation": "hardDelete"})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "FEATURENOTENABLED")


def test_hard_delete_leaves_nothing(org):
    sf = org.client("integration")
    record_id = sf.Candidate__c.create({"Last_Name__c": "Byrne"})["id"]
    sf.Contact_Point__c.create(
        {"Candidate__c": record_id, "Kind__c": "Email", "Value__c": "a@b.ie", "Key__c": "e:a@b.ie"}
    )
    (job,) = sf.bulk2.Candidate__c.hard_delete(records=[{"Id": record_id}], wait=0)
    assert job["numberRecordsFailed"] == 0
    for name in ("Candidate__c", "Contact_Point__c"):
        assert sf.query_all(f"SELECT Id FROM {name}", include_deleted=True)["totalSize"] == 0


def test_aborted_job_hands_its_rows_back(small):
    job = job_of(small)
    small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=b"Name\na\nb\n")
    assert small.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert [row["Name"] for row in rows(small, job, "unprocessedrecords")] == ["a", "b"]
    assert small.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "UploadComplete"}).status_code == 400


def test_closed_job_takes_no_more_rows(small):
    job = load(small, "Name\na\n")
    answer = small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=b"Name\nb\n")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALIDJOBSTATE")


def test_job_is_listed_and_deleted(small):
    job = load(small, "Name\na\n")
    assert [each["id"] for each in small.call("GET", "jobs/ingest").json()["records"]] == [job["id"]]
    assert small.call("DELETE", f"jobs/ingest/{job['id']}").status_code == 204
    assert small.call("GET", f"jobs/ingest/{job['id']}").status_code == 404


def test_job_and_rows_in_one_call(small):
    parts = {
        "job": ("", '{"object": "Pool__c", "operation": "insert"}', "application/json"),
        "content": ("content", b"Name\na\n", "text/csv"),
    }
    job = small.call("POST", "jobs/ingest", files=parts).json()
    assert small.call("GET", f"jobs/ingest/{job['id']}").json()["state"] == "JobComplete"


def test_interrupted_job_goes_on_where_it_was(tmp_path, small_template):
    """A stop between two chunks neither loses rows nor saves any twice."""
    file = tmp_path / "org.db"
    first = OrgApp(small_template.catalog.schema, file)
    with first.store.writing() as connection:
        admin = first.user("admin")
        job = {"id": "750WB0000000001YAA", "operation": "insert", "object": "Pool__c", "createdById": admin.id}
        job |= {"state": "InProgress", "columnDelimiter": "COMMA", "lineEnding": "LF", "numberRecordsProcessed": 200}
        data = "Name\n" + "".join(f"P{number}\n" for number in range(500))
        jobs.add(connection, "ingest", job | uploads.keep(first.store, io.BytesIO(data.encode())))
    first.close()
    second = OrgApp(small_template.catalog.schema, file)
    assert unfinished(second) == []
    done = jobs.find(second.store, "ingest", job["id"])
    with second.store.reading() as connection:
        names = [row[0] for row in connection.execute("SELECT Name FROM Pool__c ORDER BY Id")]
    second.close()
    assert (done["state"], done["numberRecordsProcessed"]) == ("JobComplete", 500)
    assert names == [f"P{number}" for number in range(200, 500)]


def test_query_job_hands_out_pages(small):
    load(small, "Name,Open__c\n" + "".join(f"P{number:04},false\n" for number in range(1201)))
    asked = {"operation": "query", "query": "SELECT Name, Open__c FROM Pool__c ORDER BY Name"}
    job = small.call("POST", "jobs/query", json=asked).json()
    assert job["state"] == "UploadComplete"
    assert small.call("GET", f"jobs/query/{job['id']}").json()["state"] == "JobComplete"
    names, locator, sizes = [], "", []
    while locator != "null":
        params = {"maxRecords": "700"} | ({"locator": locator} if locator else {})
        answer = small.call("GET", f"jobs/query/{job['id']}/results", params=params)
        page = list(csv.DictReader(io.StringIO(answer.text)))
        names += [row["Name"] for row in page]
        sizes.append(answer.headers["Sforce-NumberOfRecords"])
        locator = answer.headers["Sforce-Locator"]
    assert names == [f"P{number:04}" for number in range(1201)]
    assert sizes == ["700", "501"]
    assert page[0]["Open__c"] == "false"


@pytest.mark.parametrize(
    "text", ["SELECT COUNT(Id) FROM Pool__c", "SELECT Id, (SELECT Id FROM Members__r) FROM Pool__c", "SELECT"]
)
def test_query_job_refuses_what_bulk_cannot(small, text):
    answer = small.call("POST", "jobs/query", json={"operation": "query", "query": text})
    assert answer.status_code == 400


def test_bug_in_one_job_does_not_stop_the_next(small_template, tmp_path, capfd):
    """A thread works the jobs off; what breaks one of them must not end it."""
    app = OrgApp(small_template.catalog.schema, tmp_path / "org.db", url=URL, background=True)
    with session_for(app, URL) as session:
        small = Small(app, session)
        first, second = (job_of(small, "insert", name) for name in ("Guard__c", "Pool__c"))
        with app.store.writing() as connection:
            connection.execute("DROP TABLE Guard__c")
        for job in (first, second):
            small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=b"Name\na\n")
            small.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
        shown = [_ended(small, job) for job in (first, second)]
    app.close()
    assert [job["state"] for job in shown] == ["Failed", "JobComplete"]
    assert shown[0]["errorMessage"] == "InternalServerError : OperationalError"
    assert "no such table" in capfd.readouterr().err


def _ended(small, job):
    for _ in range(500):
        shown = small.call("GET", f"jobs/ingest/{job['id']}").json()
        if shown["state"] in ("JobComplete", "Failed"):
            return shown
        time.sleep(0.01)
    raise AssertionError(shown)
