"""Runs the child process and says in words what became of it."""

import json
import os
import signal
import subprocess
import sys
from functools import lru_cache
from typing import Any

from integration.messages.compiling import Compiled, Source
from integration.messages.findings import Finding

SECONDS = 20
"""Of wall time. The child's own limit is two of CPU; on a small Lambda those and its start may take this long."""

REMEMBERED = 32
"""Mails that a process keeps as they were compiled, some 100 KB each."""


class _Faulty(Exception):
    """Not remembered: another time the same source may be done in time."""


def compile_once(source: Source) -> Compiled:
    """As compile_apart, but for what this process compiled lately: Check, Preview and Launch ask for the same mail."""
    try:
        return _read(json.loads(_compiled(json.dumps(source, sort_keys=True))))
    except _Faulty as faulty:
        made: Compiled = faulty.args[0]
        return made


@lru_cache(maxsize=REMEMBERED)
def _compiled(source: str) -> str:
    made = compile_apart(json.loads(source))
    if any(finding.error for finding in made.findings):
        raise _Faulty(made)
    return json.dumps(made.as_json())


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
