"""Bulk API 2.0: every method of SFBulk2Type, and those of the client behind it that people use directly."""

import csv
import io
from functools import partial
from typing import Any

from requests.exceptions import JSONDecodeError
from simple_salesforce.bulk2 import ColumnDelimiter, LineEnding, Operation
from simple_salesforce.exceptions import SalesforceOperationError, SalesforceResourceNotFound

from integration.local.fidelity._calls import Calls, holds, refused, same
from integration.local.fidelity.simple_salesforce._world import World

BULK2: Calls[World] = Calls()
_WAIT: Any = 0.05


def _people(prefix: str, number: int) -> list[dict[str, str]]:
    return [
        {
            "Candidate_Key__c": f"{prefix}-{each:04}",
            "Last_Name__c": f"Ó {prefix} {each}",
            "City__c": 'A "quoted", one\nline',
        }
        for each in range(number)
    ]


def _loaded(world: World, prefix: str, number: int) -> dict[str, str]:
    """Ids by key of freshly loaded candidates."""
    world.sf.bulk2.Candidate__c.insert(records=_people(prefix, number), wait=_WAIT)
    return _ids(world, prefix)


def _ids(world: World, prefix: str, *, include_deleted: bool = False) -> dict[str, str]:
    soql = f"SELECT Id, Candidate_Key__c FROM Candidate__c WHERE Candidate_Key__c LIKE '{prefix}-%'"
    rows = world.sf.query_all(soql, include_deleted=include_deleted)["records"]
    return {row["Candidate_Key__c"]: row["Id"] for row in rows}


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _numbers(results: list[dict[str, int]]) -> list[tuple[int, int, int]]:
    names = "numberRecordsTotal", "numberRecordsProcessed", "numberRecordsFailed"
    return [(each[names[0]], each[names[1]], each[names[2]]) for each in results]


@BULK2("SFBulk2Type.insert")
def insert(world: World) -> None:
    results = world.sf.bulk2.Candidate__c.insert(
        records=_people("insert", 250), batch_size=100, concurrency=2, line_ending=LineEnding.CRLF, wait=_WAIT
    )
    same(sorted(_numbers(results)), [(50, 50, 0), (100, 100, 0), (100, 100, 0)])
    same(len(_ids(world, "insert")), 250)
    found = world.sf.Candidate__c.get_by_custom_id("Candidate_Key__c", "insert-0007")
    same((found["Last_Name__c"], found["City__c"]), ("Ó insert 7", 'A "quoted", one\nline'))


@BULK2("SFBulk2Type.insert (from a file)")
def insert_file(world: World) -> None:
    file = world.folder / "people.csv"
    file.write_text("Candidate_Key__c|LAST_NAME__C\nfile-0001|Ní Fhile\nfile-0002|\n", encoding="utf-8")
    results = world.sf.bulk2.Candidate__c.insert(csv_file=str(file), column_delimiter=ColumnDelimiter.PIPE, wait=_WAIT)
    same(_numbers(results), [(2, 2, 0)])
    same(world.sf.Candidate__c.get_by_custom_id("Candidate_Key__c", "file-0001")["Last_Name__c"], "Ní Fhile")


@BULK2("SFBulk2Type.upsert")
def upsert(world: World) -> None:
    _loaded(world, "upsert", 3)
    rows = [{**row, "Last_Name__c": "Changed"} for row in _people("upsert", 5)]
    results = world.sf.bulk2.Candidate__c.upsert(records=rows, external_id_field="Candidate_Key__c", wait=_WAIT)
    same(_numbers(results), [(5, 5, 0)])
    made = _rows(world.sf.bulk2.Candidate__c.get_successful_records(str(results[0]["job_id"])))
    same(sorted(row["sf__Created"] for row in made), ["false", "false", "false", "true", "true"])


@BULK2("SFBulk2Type.update")
def update(world: World) -> None:
    ids = _loaded(world, "update", 4)
    rows = [{"Id": each, "Last_Name__c": "Updated", "City__c": "#N/A"} for each in ids.values()]
    rows[0] |= {"City__c": ""}
    same(_numbers(world.sf.bulk2.Candidate__c.update(records=rows, wait=_WAIT)), [(4, 4, 0)])
    soql = "SELECT Last_Name__c, City__c FROM Candidate__c WHERE Candidate_Key__c LIKE 'update-%'"
    found = world.sf.query(soql)["records"]
    same({row["Last_Name__c"] for row in found}, {"Updated"})
    same(sum(row["City__c"] is None for row in found), 3, "an empty cell keeps the value, #N/A clears it")


@BULK2("SFBulk2Type.delete")
def delete(world: World) -> None:
    ids = _loaded(world, "delete", 3)
    rows = [{"Id": each} for each in ids.values()]
    same(_numbers(world.sf.bulk2.Candidate__c.delete(records=rows, wait=_WAIT)), [(3, 3, 0)])
    same((len(_ids(world, "delete")), len(_ids(world, "delete", include_deleted=True))), (0, 3))


@BULK2("SFBulk2Type.hard_delete")
def hard_delete(world: World) -> None:
    ids = _loaded(world, "hard", 3)
    rows = [{"Id": each} for each in ids.values()]
    same(_numbers(world.service.bulk2.Candidate__c.hard_delete(records=rows, wait=_WAIT)), [(3, 3, 0)])
    same(_ids(world, "hard", include_deleted=True), {}, "what is left in the bin")


@BULK2("SFBulk2Type.query")
def query(world: World) -> None:
    soql = f"SELECT Key__c, Name FROM Tag__c WHERE Key__c LIKE 'page-%' LIMIT {world.tags}"
    pages = [_rows(str(page)) for page in world.sf.bulk2.Tag__c.query(soql, max_records=1000, wait=_WAIT)]
    same([len(page) for page in pages], [1000, 1000, world.tags - 2000])
    found = {row["Key__c"]: row["Name"] for page in pages for row in page}
    same(found, {f"page-{number:04}": f"Page {number:04}" for number in range(world.tags)})


@BULK2("SFBulk2Type.query_all")
def query_all(world: World) -> None:
    ids = _loaded(world, "all", 2)
    world.sf.Candidate__c.delete(ids["all-0000"])
    soql = "SELECT Candidate_Key__c, IsDeleted FROM Candidate__c WHERE Candidate_Key__c LIKE 'all-%'"
    (page,) = world.sf.bulk2.Candidate__c.query_all(soql, column_delimiter=ColumnDelimiter.TAB, wait=_WAIT)
    found = dict(csv.reader(io.StringIO(page), delimiter="\t"))
    same(found, {"Candidate_Key__c": "IsDeleted", "all-0000": "true", "all-0001": "false"})


@BULK2("SFBulk2Type.download")
def download(world: World) -> None:
    soql = "SELECT Key__c FROM Tag__c WHERE Key__c LIKE 'page-%'"
    holds(world.tags, "no tags")
    results = world.sf.bulk2.Tag__c.download(soql, path=str(world.folder), max_records=2000, wait=_WAIT)
    same([each["number_of_records"] for each in results], [2000, world.tags - 2000])
    same([each["locator"] for each in results][-1], "")
    keys = set()
    for each in results:
        with open(each["file"], encoding="utf-8", newline="") as file:
            keys |= {row["Key__c"] for row in csv.DictReader(file)}
    same(len(keys), world.tags)


def _half_good(world: World, prefix: str) -> str:
    """The id of a job with two good rows and one bad."""
    rows = _people(prefix, 3)
    rows[1]["Country__c"] = "Ireland"
    return str(world.sf.bulk2.Candidate__c.insert(records=rows, wait=_WAIT)[0]["job_id"])


@BULK2("SFBulk2Type.get_failed_records")
def failed_records(world: World) -> None:
    job = _half_good(world, "failed")
    (row,) = _rows(world.sf.bulk2.Candidate__c.get_failed_records(job))
    same((row["sf__Id"], row["Candidate_Key__c"]), ("", "failed-0001"))
    code = row["sf__Error"].partition(":")[0]
    holds(code in ("STRING_TOO_LONG", "FIELD_CUSTOM_VALIDATION_EXCEPTION"), f"the error is {row['sf__Error']}")


@BULK2("SFBulk2Type.get_successful_records")
def successful_records(world: World) -> None:
    job, file = _half_good(world, "good"), world.folder / "good.csv"
    world.sf.bulk2.Candidate__c.get_successful_records(job, str(file))
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    found = {row["Candidate_Key__c"]: (row["sf__Id"], row["sf__Created"], row["City__c"]) for row in rows}
    city = 'A "quoted", one\nline'
    same(found, {key: (record_id, "true", city) for key, record_id in _ids(world, "good").items()})


@BULK2("SFBulk2Type.get_unprocessed_records")
def unprocessed_records(world: World) -> None:
    client = world.sf.bulk2.Candidate__c._client
    job = client.create_job(Operation.insert)["id"]
    client.upload_job_data(job, "Last_Name__c\nNever\n")
    client.abort_job(job, False)
    same(_rows(world.sf.bulk2.Candidate__c.get_unprocessed_records(job)), [{"Last_Name__c": "Never"}])


@BULK2("SFBulk2Type.get_all_ingest_records")
def all_records(world: World) -> None:
    rows = _people("every", 3)
    for row in rows:
        row["City__c"] = "Cork"  # it splits the file by lines, so a cell must not hold one
    rows[2]["Country__c"] = "Ireland"
    job = str(world.sf.bulk2.Candidate__c.insert(records=rows, wait=_WAIT)[0]["job_id"])
    found = world.sf.bulk2.Candidate__c.get_all_ingest_records(job)
    numbers = {name: len(each) for name, each in found.items()}
    same(numbers, {"successfulRecords": 2, "failedRecords": 1, "unprocessedRecords": 0})


@BULK2("Bulk2Client.create_job")
def create_job(world: World) -> None:
    job = world.sf.bulk2.candidate__c._client.create_job(
        Operation.upsert, column_delimiter=ColumnDelimiter.CARET, external_id_field="candidate_key__c"
    )
    wanted = {
        "operation": "upsert",
        "object": "Candidate__c",
        "state": "Open",
        "contentType": "CSV",
        "apiVersion": 62.0,
    }
    wanted |= {"concurrencyMode": "Parallel", "columnDelimiter": "CARET", "lineEnding": "LF"}
    same({name: job[name] for name in wanted}, wanted)
    same((job["id"][:3], job["contentUrl"]), ("750", f"services/data/v62.0/jobs/ingest/{job['id']}/batches"))


@BULK2("Bulk2Client.upload_job_data")
def upload(world: World) -> None:
    client = world.sf.bulk2.Candidate__c._client
    job = client.create_job(Operation.insert)["id"]
    client.upload_job_data(job, "Candidate_Key__c,Last_Name__c\nupload-0001,Úpload\n")
    client.close_job(job)
    same(client.wait_for_job(job, False, 0.05), "JobComplete")
    same(world.sf.Candidate__c.get_by_custom_id("Candidate_Key__c", "upload-0001")["Last_Name__c"], "Úpload")


@BULK2("Bulk2Client.close_job")
def close_job(world: World) -> None:
    client = world.sf.bulk2.Candidate__c._client
    job = client.create_job(Operation.insert)["id"]
    same(client.close_job(job)["state"], "UploadComplete")
    client.wait_for_job(job, False, 0.05)
    same(client.get_job(job, False)["numberRecordsProcessed"], 0, "a job without rows is no error")


@BULK2("Bulk2Client.abort_job")
def abort_job(world: World) -> None:
    client = world.sf.bulk2.Candidate__c._client
    job = client.create_job(Operation.insert)["id"]
    same(client.abort_job(job, False)["state"], "Aborted")


@BULK2("Bulk2Client.get_job")
def get_job(world: World) -> None:
    job = _half_good(world, "job")
    found = world.sf.bulk2.Candidate__c._client.get_job(job, False)
    same((found["state"], found["numberRecordsProcessed"], found["numberRecordsFailed"]), ("JobComplete", 3, 1))
    holds({"retries", "totalProcessingTime", "apiActiveProcessingTime"} <= set(found), f"the job has {sorted(found)}")


@BULK2("Bulk2Client.wait_for_job")
def wait_for_job(world: World) -> None:
    client = world.sf.bulk2.Candidate__c._client
    job = client.create_job(Operation.insert)["id"]
    client.abort_job(job, False)
    refused(SalesforceOperationError, lambda: client.wait_for_job(job, False, 0.05))


@BULK2("Bulk2Client.get_query_results")
def query_results(world: World) -> None:
    client = world.sf.bulk2.Organization._client
    job = client.create_job(Operation.query, "SELECT Name FROM Organization")["id"]
    client.wait_for_job(job, True, 0.05)
    found = client.get_query_results(job)
    same((found["locator"], found["number_of_records"]), ("", 1))
    same(found["records"], '"Name"\n"Warmbench Local"\n')


@BULK2("Bulk2Client.delete_job")
def delete_job(world: World) -> None:
    client = world.sf.bulk2.Candidate__c._client
    for is_query in (False, True):
        job = client.create_job(Operation.query if is_query else Operation.insert, "SELECT Id FROM Organization")["id"]
        if is_query:
            client.wait_for_job(job, True, 0.05)
        else:
            client.abort_job(job, False)
        # A real org answers 204 without a body, too, and this client reads JSON from it.
        refused(JSONDecodeError, partial(client.delete_job, job, is_query))
        refused(SalesforceResourceNotFound, partial(client.get_job, job, is_query))
