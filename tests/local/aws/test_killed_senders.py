"""The deployed sender, packaged and killed: the function of serverless.yml itself, with a second of time."""

import json
import subprocess
import sys

import pytest

from integration.local.places import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.slow]


def test_killed_workers_of_the_packaged_sender_lose_nobody_and_mail_nobody_twice():
    command = [sys.executable, "-m", "tests.unit.mail.crash.packaged", "--recipients", "150", "--kills", "5"]
    command += ["--copies", "2", "--pauses", "2", "--seconds", "180"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr[-2_000:]
    result = json.loads(done.stdout)
    assert (result["twice"], result["unaccounted"], result["said_sent_but_not"]) == (0, 0, 0)
    assert (result["kills"], result["pauses"]) == (5, 2)
    assert result["finished"]
