"""kill -9 of a real sender process, again and again: nothing lost, nothing twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def crash(*arguments, seconds):
    command = [sys.executable, "-m", "tests.unit.mail.crash.harness", *arguments, "--seconds", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 60, check=False)
    assert done.stdout, done.stderr[-2_000:]
    return json.loads(done.stdout)


def test_killed_sender_loses_nobody_and_mails_nobody_twice():
    result = crash(
        "--recipients", "60", "--kills", "3", "--copies", "2", "--senders", "2", "--pauses", "2", seconds=120
    )
    assert (result["twice"], result["unaccounted"], result["said_sent_but_not"]) == (0, 0, 0)
    assert (result["kills"], result["pauses"]) == (3, 2)
    assert result["finished"]
    assert result["in_doubt_that_went"] == 0  # every event came


@pytest.mark.slow
def test_fifty_kills_lose_nobody():
    result = crash("--recipients", "800", "--kills", "50", "--copies", "2", "--pauses", "20", seconds=600)
    assert (result["twice"], result["unaccounted"], result["said_sent_but_not"]) == (0, 0, 0)
    assert (result["kills"], result["pauses"]) == (50, 20)
    assert result["finished"]


@pytest.mark.slow
def test_without_events_what_cannot_be_known_is_listed_not_guessed():
    result = crash("--recipients", "300", "--kills", "10", "--without-events", seconds=300)
    assert (result["twice"], result["unaccounted"], result["said_sent_but_not"]) == (0, 0, 0)
