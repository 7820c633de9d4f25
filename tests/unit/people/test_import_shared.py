"""A large file is read by two processes: the same chunks, counts and rejects as by one, whatever becomes of them."""

import io
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.prospecting.imports import blocks, parts, repeats, splitting
from integration.prospecting.imports.layout import Layout
from integration.prospecting.imports.rows import RowReader
from integration.prospecting.imports.splitting import split

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLUMNS = {"First": "first_name", "Last": "last_name", "Mail": "email", "Since": "collected_at", "CV": "resume_text"}
HEADER = ",".join(COLUMNS) + "\n"


@pytest.fixture
def sharing(monkeypatch):
    """Small files count as large; what other tests left running does not matter."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 400)
    monkeypatch.setattr(splitting, "CHUNK_ROWS", 20)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(repeats, "HELD", 2)
    monkeypatch.setattr(repeats, "_MOST_ROWS", 50)

    def share_from(few):
        monkeypatch.setattr(parts, "FEW", few)
        monkeypatch.setattr(repeats, "_WORTH_A_PROCESS", few)

    return share_from


def everything(data, encoding="utf-8", while_read=lambda: None):
    def chunks():
        for start in range(0, len(data), 256):
            yield data[start : start + 256]
            while_read()

    put, rejects = {}, io.BytesIO()
    reader = RowReader(Layout(encoding, ",", 1, COLUMNS), "cause", AT)
    found = split(chunks, reader, put.__setitem__, lambda rows: None, rejects)
    assert not multiprocessing.active_children()
    return found, put, rejects.getvalue()


def row(number, text="Tester"):
    return f"P{number},N{number % 70},p{number % 170}@a.example,2024-03-{number % 40:02},{text}\n"


CELL = st.sampled_from(
    ["", "Tester", '"two\nlines"', '"a, ""b"""', "Zoë", 'in the "middle"', '5" wide', '"', '"never closed', "x" * 300]
)
ENDS = st.sampled_from(["\n", "\r\n"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELL, max_size=12), ENDS, st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), st.integers(0))
def test_two_processes_make_of_a_file_what_one_makes(sharing, cells, end, encoding, seed):
    chance = random.Random(seed)
    places = {chance.randrange(200): cell for cell in cells}
    text = HEADER + "".join(row(number, places.get(number, "Tester")) for number in range(200))
    data = text.replace("\n", end).encode(encoding)
    sharing(3)
    by_two = everything(data, encoding)
    sharing(10_000)
    assert by_two == everything(data, encoding)


def test_the_rows_are_really_read_by_others(sharing):
    data, seen = (HEADER + "".join(map(row, range(300)))).encode(), set()
    sharing(3)
    everything(data, while_read=lambda: seen.update(one.pid for one in multiprocessing.active_children()))
    assert len(seen) == parts.PROCESSES


@pytest.mark.parametrize("late", [0, 5, 30])
def test_nothing_is_lost_when_a_process_is_killed(sharing, late):
    data, turns = (HEADER + "".join(map(row, range(600)))).encode(), []

    def kill():
        turns.extend(one.pid for one in multiprocessing.active_children()[:1])
        if len(turns) == late + 1:
            os.kill(turns[-1], signal.SIGKILL)

    sharing(3)
    by_two = everything(data, while_read=kill)
    assert len(turns) > late
    sharing(10_000)
    assert by_two == everything(data)


def test_an_error_on_the_way_leaves_no_process(sharing):
    def fail():
        if multiprocessing.active_children():
            raise ConnectionError

    sharing(3)
    with pytest.raises(ConnectionError):
        everything((HEADER + "".join(map(row, range(300)))).encode(), while_read=fail)
    assert not multiprocessing.active_children()


def test_other_processes_end_with_the_one_that_started_them():
    program = """
import time
from integration.prospecting.imports.crew import crew
with crew(lambda given: given, 2) as members:
    print(*(member._process.pid for member in members), flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        pids = list(map(int, process.stdout.readline().split()))
        process.kill()
    for _ in range(100):
        if not any(map(_lives, pids)):
            return
        time.sleep(0.05)
    raise AssertionError("they live on")


def _lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
