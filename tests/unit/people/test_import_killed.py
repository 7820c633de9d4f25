"""kill -9 of real workers at any point of Load and Undo: the same end as when nobody is killed, and the same beginning.

Every message of every queue is handed out twice besides.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from integration.prospecting import imports
from integration.prospecting.imports import chunk, splitting
from tests.unit.people.import_kill import books
from tests.unit.people.importing import new_import, run

ROOT = Path(__file__).parents[3]


def killed(kills, seed=1):
    command = [sys.executable, "-m", "tests.unit.people.import_kill.harness"]
    command += ["--kills", str(kills), "--seed", str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    return json.loads(done.stdout)


@pytest.fixture
def undisturbed(app, monkeypatch):
    """What the same import of the same file comes to when nobody is killed."""
    monkeypatch.setattr(splitting, "CHUNK_ROWS", books.PER_CHUNK)
    monkeypatch.setattr(chunk, "SLICE_ROWS", books.PER_SLICE)
    pool = books.seed(app)
    before = books.standing(app)
    import_id = new_import(app, books.file(), Pool__c=pool)
    run(app, import_id)
    result = {"before": before, "loaded": books.standing(app), **books.told(app, import_id)}
    imports.undo(app, import_id)
    return {**result, "after_undo": books.standing(app)}


def check(result, undisturbed, kills):
    assert result["undo_kills"] > 0
    assert result["kills"] + result["undo_kills"] >= kills * 0.8  # the last ones may find nothing left to do
    assert result["before"] == undisturbed["before"]
    assert result["loaded"] == undisturbed["loaded"]
    assert result["rejects"] == undisturbed["rejects"]
    assert result["counts"] == undisturbed["counts"]
    rows, *parts = result["counts"]
    assert (rows, min(parts) > 0) == (sum(parts), True)
    assert (result["status"], result["undone"]) == ("Done", "Undone")
    assert result["after_undo"] == undisturbed["after_undo"] == result["before"]


def test_five_kills_change_nothing_of_what_an_import_comes_to(undisturbed):
    check(killed(5), undisturbed, 5)


@pytest.mark.slow
def test_fifty_kills_change_nothing_of_what_an_import_comes_to(undisturbed):
    check(killed(50, seed=2), undisturbed, 50)
