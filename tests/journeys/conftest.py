"""A whole stack of its own: `warmbench local` as a process, beside whatever else runs in this checkout."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import requests

from integration.local.cloud import wait_until
from integration.local.places import TOOLS
from integration.local.stack import NotRunning, Status, app_of, read_status
from tests.browser.chromium import browser
from tests.journeys.screen import Album

__all__ = ["browser"]

START_SECONDS = 300


@dataclass
class Stack:
    """Starts, kills and starts again; `status` tells where it is now."""

    home: Path
    process: subprocess.Popen | None = None
    words: list[str] = field(default_factory=list)

    @property
    def status_file(self):
        return self.home / "status.json"

    @property
    def status(self) -> Status:
        return read_status(self.status_file)

    @property
    def app(self):
        return app_of(self.status)

    def start(self, *arguments):
        log = (self.home / "local.log").open("a")
        command = [sys.executable, "-m", "integration.cli", "local", "--port", "0", *arguments]
        environment = {**os.environ, "WARMBENCH_HOME": str(self.home)}
        self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        log.close()
        wait_until(lambda: self.process.poll() is not None or self.is_healthy, seconds=START_SECONDS)
        assert self.is_healthy, self.log
        return self.status

    @property
    def is_healthy(self):
        """Its own status file, not one that a killed stack left behind."""
        try:
            return self.status.pid == self.process.pid
        except NotRunning:
            return False

    @property
    def log(self):
        return (self.home / "local.log").read_text()[-4_000:]

    def processes(self):
        """Every process of the stack."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def kill(self):
        """kill -9 of everything at once, as a power cut would."""
        everything = self.processes()
        for process in everything:
            process.kill()
        psutil.wait_procs(everything, timeout=20)
        self.process.wait()

    def stop(self):
        everything = self.processes()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        _, alive = psutil.wait_procs(everything, timeout=10)
        return alive


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp("stack"))
    stack.start("--fresh")
    yield stack
    if stack.process.poll() is None:
        stack.stop()


@pytest.fixture(scope="session")
def one_stack(tmp_path_factory):
    """For journeys that can be gone side by side: each has people, pools and campaigns of its own."""
    stack = Stack(tmp_path_factory.mktemp("one_stack"))
    stack.start("--fresh")
    yield stack
    if stack.process.poll() is None:
        stack.stop()


@pytest.fixture(scope="module")
def album(request):
    """Where the pictures of this journey's pages are kept, to be looked at."""
    return Album(TOOLS.parent / "screens" / request.module.__name__.rpartition(".")[2])


@pytest.fixture
def mailbox(stack):
    def get(path, **query):
        response = requests.get(f"{stack.status.mailbox}{path}", params=query, timeout=30)
        response.raise_for_status()
        return response.json()

    return get
