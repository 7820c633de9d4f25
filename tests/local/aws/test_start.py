"""`warmbench local` as a person uses it: started, asked, stopped, killed, started again."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from integration.local import start
from integration.local.cloud import wait_until
from integration.local.places import ROOT
from integration.local.serving import PortTaken
from integration.local.stack import Status

KEYS = {"org", "org_token", "site", "mailbox", "console", "aws", "aws_region", "stack", "pid", "version"}


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1] - 2
        with pytest.raises(PortTaken, match=rf"{first + 2} \(mailbox\)"):
            start.chosen_ports(first)


def test_ports_are_consecutive():
    ports = start.chosen_ports(first := 23_480)
    assert [ports.site, ports.org, ports.mailbox, ports.console, ports.aws] == list(range(first, first + 5))


def test_free_ports_differ():
    ports = start.chosen_ports(0)
    assert len({ports.site, ports.org, ports.mailbox, ports.console, ports.aws}) == 5


def test_the_status_is_whole_and_private(tmp_path):
    status = Status("o", "t", "s", "m", "c", "a", "r", "k", 1, "v")
    status.write(tmp_path / "deep/status.json")
    assert set(json.loads((tmp_path / "deep/status.json").read_text())) == KEYS
    assert (tmp_path / "deep/status.json").stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of this checkout, so that a stack that runs here is left alone; tools and packages are shared."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("integration", "lambdas", "templates", "sf_metadata", "infrastructure"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in ("serverless.yml", "package.json", "package-lock.json", ".npmrc", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / ".warmbench").mkdir()
    for name in ("tools", "package"):
        (ROOT / ".warmbench" / name).mkdir(parents=True, exist_ok=True)
        (folder / ".warmbench" / name).symlink_to(ROOT / ".warmbench" / name)
    (ROOT / "node_modules").mkdir(exist_ok=True)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


class Running:
    """One `warmbench local` in a copy of the checkout."""

    def __init__(self, checkout: Path, *options: str) -> None:
        self.checkout = checkout
        self.status_file = checkout / ".warmbench/status.json"
        self.output = checkout / "output.txt"
        self.output.write_text("")
        with self.output.open("wb") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "integration.cli", "local", "--port", "0", *options],
                cwd=checkout,
                env={**os.environ, "PYTHONPATH": str(checkout)},
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
        """Command lines that belong to this checkout."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                text = entry.read_bytes().replace(b"\0", b" ").decode()
                folder = os.readlink(entry.parent / "cwd")
            except OSError:
                continue
            if folder.startswith(str(self.checkout)) or str(self.checkout) in text:
                found.append(text)
        return found

    def leaves_nothing(self):
        assert wait_until(lambda: not self.processes(), seconds=15), self.processes()

    def stop(self, number=signal.SIGTERM):
        self.popen.send_signal(number)
        return self.popen.wait(40)


@pytest.fixture
def running(checkout):
    begun = []

    def begin(*options):
        begun.append(Running(checkout, *options))
        return begun[-1]

    yield begin
    for each in begun:
        if each.popen.poll() is None:
            each.popen.kill()
            each.popen.wait()


@pytest.mark.stack
@pytest.mark.slow
def test_it_starts_answers_and_leaves_nothing_behind(running, checkout, tmp_path):
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
    assert not (checkout / ".warmbench/state/running").exists()


@pytest.mark.stack
@pytest.mark.slow
def test_two_signals_at_once_stop_it_cleanly(running, checkout):
    stack = running()
    stack.ready()
    stack.popen.send_signal(signal.SIGTERM)
    assert stack.stop(signal.SIGTERM) == 0
    stack.leaves_nothing()
    assert not (checkout / ".warmbench/state/running").exists()


@pytest.mark.stack
@pytest.mark.slow
def test_after_a_kill_it_recovers_and_sends_again(running):
    stack = running()
    stack.ready()
    stack.popen.kill()
    stack.popen.wait()
    stack.leaves_nothing()
    stack = running()
    status = stack.ready()
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
    [relay] = [entry for entry in Path("/proc").glob("[0-9]*") if _is_relay(entry, stack.checkout)]
    os.kill(int(relay.name), signal.SIGKILL)
    assert stack.popen.wait(40) == 1
    assert re.search(r"relay ended with status -9", stack.said())
    stack.leaves_nothing()


def _is_relay(entry, checkout):
    try:
        return b"integration.local.relay" in (entry / "cmdline").read_bytes() and os.readlink(entry / "cwd") == str(
            checkout
        )
    except OSError:
        return False
