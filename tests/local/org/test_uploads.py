"""Bulk files that never are in memory as a whole: kept in parts, read from parts, results written in pieces."""

import io

import pytest

from integration.local.org.app import OrgApp
from integration.local.org.bulk import content as bulk_csv
from integration.local.org.bulk import jobs, uploads
from tests.local.org.conftest import URL
from tests.local.org.test_bulk import job_of, load, rows


@pytest.fixture(params=[1, 7, 64])
def part(request, monkeypatch):
    """Parts so small that names, quotes and characters are cut by their ends."""
    monkeypatch.setattr(uploads, "PART", request.param)


@pytest.fixture
def pieces(monkeypatch):
    monkeypatch.setattr(bulk_csv, "_BATCH", 3)


def parts(app):
    with app.store.reading() as connection:
        return connection.execute("SELECT COUNT(*) FROM _job_parts").fetchone()[0]


class Trickle(io.BytesIO):
    """A slow client: each read brings one byte."""

    def read(self, size=-1):
        return super().read(min(1, size))


def test_cells_that_reach_over_parts_stay_whole(small, part, pieces):
    text = 'Name,Text__c\n"Zoë, ""the"" first","line one\nline twö"\n' + "".join(f"Ü{n},€\n" for n in range(9))
    job = load(small, text)
    assert (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (10, 0)
    done = rows(small, job, "successfulResults")
    assert done[0]["Name"] == 'Zoë, "the" first'
    assert done[0]["Text__c"] == "line one\nline twö"
    assert [row["Name"] for row in done[1:]] == [f"Ü{n}" for n in range(9)]


def test_file_comes_back_as_it_was_sent(small, part):
    content = "Name\n" + "ä€\N{GRINNING FACE}\n" * 20
    noted = uploads.keep(small.app.store, Trickle(content.encode()))
    assert uploads.opened(small.app.store, noted["upload"]).read() == content.encode()
    assert "not_utf8" not in noted


@pytest.mark.parametrize(("data", "place"), [(b"Name\nab\xffc\n", 7), (b"Name\nab\xe2\x82", 7)])
def test_bad_byte_is_named_by_its_place(small, part, data, place):
    job = load(small, data)
    assert (job["state"], job["errorMessage"]) == (
        "Failed",
        f"ClientInputError : The file is not UTF-8: byte {place}",
    )
    assert small.call("GET", f"jobs/ingest/{job['id']}/unprocessedrecords").content == data


def test_upload_that_is_too_large_is_refused_and_forgotten(small, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 20)
    monkeypatch.setattr(uploads, "PART", 8)
    job = job_of(small)
    answer = small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=b"Name\n" + b"a\n" * 20)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "CLIENTINPUTERROR")
    assert parts(small.app) == 0
    assert small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=b"Name\na\n").status_code == 201


def test_second_upload_takes_the_place_of_the_first(small):
    job = job_of(small)
    for data in (b"Name\nfirst\n", b"Name\nsecond\n"):
        assert small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=data).status_code == 201
    assert parts(small.app) == 1
    small.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
    assert [row["Name"] for row in rows(small, job, "successfulResults")] == ["second"]


def test_deleted_job_leaves_no_parts(small):
    job = load(small, "Name\na\n")
    assert parts(small.app) == 1
    small.call("DELETE", f"jobs/ingest/{job['id']}")
    assert parts(small.app) == 0


def test_upload_that_broke_off_is_forgotten_at_the_next_start(tmp_path, small_template):
    file = tmp_path / "org.db"
    first = OrgApp(small_template.catalog.schema, file, url=URL)
    job = {"id": "750WB0000000001YAA", "state": "Open"} | uploads.keep(first.store, io.BytesIO(b"Name\na\n"))
    with first.store.writing() as connection:
        jobs.add(connection, "ingest", job)
    uploads.keep(first.store, io.BytesIO(b"Name\nlost"))
    assert parts(first) == 2
    first.close()
    second = OrgApp(small_template.catalog.schema, file, url=URL)
    kept = parts(second)
    second.close()
    assert kept == 1


def test_unprocessed_rows_of_an_aborted_job_end_where_the_file_is_no_csv(small):
    job = job_of(small)
    small.call("PUT", f"jobs/ingest/{job['id']}/batches", data=b'Name\na\nb\n"open\n')
    small.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "Aborted"})
    assert [row["Name"] for row in rows(small, job, "unprocessedrecords")] == ["a", "b"]


def test_rows_are_found_from_any_place(small):
    store = small.app.store
    with store.writing() as connection:
        for first in (0, 3, 6):
            jobs.add_page(connection, "j", "result", first, [[str(first + n)] for n in range(3)])
    for start in range(10):
        for most in (None, 1, 4):
            found = [int(row[0]) for row in jobs.rows_from(store, "j", "result", start, most)]
            assert found == list(range(9))[start : None if most is None else start + most]
