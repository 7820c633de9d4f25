"""`warmbench local` as a person uses it: started, asked, stopped, killed, started again."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from integration.local import start
from integration.local.cloud import wait_until
from integration.local.places import ROOT
from integration.local.serving import PortTaken
from integration.local.stack import Status

KEYS = {"org", "org_token", "site", "mailbox", "sources", "console", "aws", "aws_region", "stack", "pid", "version"}


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1] - 2
        with pytest.raises(PortTaken, match=rf"{first + 2} \(mailbox\)"):
            start.chosen_ports(first)


def test_ports_are_consecutive():
    ports = start.chosen_ports(first := 23_480)
    assert [ports.site, ports.org, ports.mailbox, ports.console, ports.aws, ports.sources] == list(
        range(first, first + 6)
    )


def test_free_ports_differ():
    ports = start.chosen_ports(0)
    assert len({ports.site, ports.org, ports.mailbox, ports.console, ports.aws, ports.sources}) == 6


def test_the_status_is_whole_and_private(tmp_path):
    status = Status("o", "t", "s", "m", "q", "c", "a", "r", "k", 1, "v")
    status.write(tmp_path / "deep/status.json")
    assert set(json.loads((tmp_path / "deep/status.json").read_text())) == KEYS
    assert (tmp_path / "deep/status.json").stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A place of its own, so that a stack that runs in this checkout is left alone."""
    return tmp_path_factory.mktemp("home")


class Running:
    """One `warmbench local`."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.status_file = home / "status.json"
        self.output = home / "output.txt"
        self.output.write_text("")
        with self.output.open("wb") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "integration.cli", "local", "--port", "0", *options],
                cwd=ROOT,
                env={**os.environ, "WARMBENCH_HOME": str(home)},
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def ready(self):
        assert wait_until(lambda: self.status() or self.popen.poll() is not None, seconds=120), self.said()
        assert self.popen.poll() is None, self.said()
        return self.status()

    def status(self):
        """Its own; one that was killed leaves a file behind."""
        if self.status_file.exists():
            status = Status(**json.loads(self.status_file.read_text()))
            return status if status.pid == self.popen.pid else None
        return None

    def said(self):
        return self.output.read_text()

    def processes(self):
        """Everything that was started from this home."""
        mark = f"WARMBENCH_HOME={self.home}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if mark in (entry / "environ").read_bytes() or str(self.home) in words:
                    found.append((int(entry.name), words))
        return found

    def leaves_nothing(self):
        assert wait_until(lambda: not self.processes(), seconds=15), self.processes()

    def stop(self, number=signal.SIGTERM):
        self.popen.send_signal(number)
        return self.popen.wait(40)


@pytest.fixture
def running(home):
    begun = []

    def begin(*options):
        begun.append(Running(home, *options))
        return begun[-1]

    yield begin
    for each in begun:
        if each.popen.poll() is None:
            each.popen.kill()
            each.popen.wait()


@pytest.mark.stack
@pytest.mark.slow
def test_it_starts_answers_and_leaves_nothing_behind(running, home, tmp_path):
    extra = tmp_path / "status.json"
    stack = running("--fresh", "--status-file", str(extra))
    status = stack.ready()
    assert set(json.loads(extra.read_text())) == KEYS
    for address in (f"{status.site}/health", f"{status.mailbox}/health", f"{status.org}/warmbench/health"):
        assert requests.get(address, timeout=10).ok
    second = running()
    assert second.popen.wait(30) == 1
    assert f"process {status.pid}" in second.said()
    assert stack.status_file.exists()
    assert stack.stop(signal.SIGINT) == 0
    assert not stack.status_file.exists()
    assert not extra.exists()
    stack.leaves_nothing()
    assert not (home / "state/running").exists()


@pytest.mark.stack
@pytest.mark.slow
def test_two_signals_at_once_stop_it_cleanly(running, home):
    stack = running()
    stack.ready()
    stack.popen.send_signal(signal.SIGTERM)
    assert stack.stop(signal.SIGTERM) == 0
    stack.leaves_nothing()
    assert not (home / "state/running").exists()


@pytest.mark.stack
@pytest.mark.slow
def test_after_a_kill_it_recovers_and_sends_again(running):
    stack = running()
    before = stack.ready()
    stack.popen.kill()
    stack.popen.wait()
    stack = running()  # at once: the parts of the first are still ending
    status = stack.ready()
    assert (status.site, status.aws) == (before.site, before.aws)
    assert "was not clean" in stack.said()
    key = {"pk": {"S": "sending"}, "sk": {"S": "control"}}
    switch = status.cloud.client("dynamodb").get_item(TableName="warmbench-local-sends", Key=key)["Item"]
    assert switch["state"]["S"] == "running"
    assert stack.stop() == 0
    stack.leaves_nothing()


@pytest.mark.stack
@pytest.mark.slow
def test_a_part_that_dies_takes_the_stack_down_and_is_named(running):
    stack = running()
    stack.ready()
    [relay] = [number for number, words in stack.processes() if "integration.local.relay" in words]
    os.kill(relay, signal.SIGKILL)
    assert stack.popen.wait(40) == 1
    assert re.search(r"relay ended with status -9", stack.said())
    stack.leaves_nothing()
