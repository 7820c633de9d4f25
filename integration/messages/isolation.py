"""Runs the child process and says in words what became of it."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

from integration.messages.compiling import Compiled, Source
from integration.messages.findings import Finding

SECONDS = 20
"""Of wall time. The child's own limit is two of CPU; on a small Lambda those and its start may take this long."""


def compile_apart(source: Source) -> Compiled:
    """Compiles in a process of its own; whatever happens there comes back as findings."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "integration.messages.child"],
            input=json.dumps({"source": source}),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            # Not our environment: a template must not be able to read credentials even if it got out of the sandbox.
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _failed("it took too long to compile. Make it simpler.")
    if done.returncode == 0:
        return _read(json.loads(done.stdout))
    if done.returncode == -signal.SIGXCPU or done.returncode == -signal.SIGKILL:
        return _failed("it took too long to compile. Make it simpler.")
    if done.returncode == 3 or "MemoryError" in done.stderr:
        return _failed("the mail it makes is too large. Shorten it.")
    if done.returncode < 0 or "RecursionError" in done.stderr:
        return _failed("it cannot be compiled. Use fewer tags and blocks inside each other.")
    raise RuntimeError(f"the template compiler failed: {done.stderr[-400:]}")


def _failed(text: str) -> Compiled:
    return Compiled(findings=[Finding("Body", 0, text)])


def _read(answer: dict[str, Any]) -> Compiled:
    return Compiled(**{**answer, "findings": [Finding(**finding) for finding in answer["findings"]]})
