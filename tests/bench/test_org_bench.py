"""The bench of the embedded org: its rows, and that org and peer hold the same afterwards."""

import csv
import io
import sqlite3

import pytest

from integration.bench import org
from integration.bench._served import as_csv, candidate, key_of, serving
from integration.bench._sqlite import KEY, TABLE


def _content(database):
    connection = sqlite3.connect(database)
    rows = connection.execute(f"SELECT * FROM {TABLE} ORDER BY {KEY}").fetchall()
    connection.close()
    return rows


@pytest.mark.slow
def test_rows_and_their_peers():
    with serving() as small, serving() as large:
        rows = [org.upserts(small, 1, batches=1), *org.loading(large, [range(300), range(300, 700)])]
        rows.append(org.reads(small, large, 1, (200, 700), amount=10))
        counts = [each.json("GET", "query?q=SELECT+COUNT()+FROM+Candidate__c")["totalSize"] for each in (small, large)]
        assert counts == [200, 700]
        assert _content(small.database.with_name("peer.db")) == _content(small.database)
    assert [row.unit for row in rows] == ["us", "MiB", "s", "s", "us"]
    assert rows[0].goal == 1 / 0.15
    assert all(row.peer is not None for row in (rows[0], rows[1], rows[4]))
    assert rows[1].product >= (rows[1].peer or 0) > 20


def test_million_rows_go_in_jobs_of_the_clients_size():
    jobs = [range(org.FIRST_JOB), *org._jobs(org.FIRST_JOB, org.ROWS)]
    assert sum(map(len, jobs)) == org.ROWS
    assert max(map(len, jobs)) <= org.MOST_PER_JOB
    assert len({key_of(number) for number in range(100_000)}) == 100_000
    assert len(as_csv(map(candidate, range(1_000)))) * org.MOST_PER_JOB / 1_000 < 100_000_000


def test_file_holds_the_candidates():
    rows = list(csv.DictReader(io.StringIO(as_csv(map(candidate, range(3))).decode())))
    assert rows == [candidate(number) for number in range(3)]
