"""What a function costs before its first answer: the imports of the tracker against those of Zappa with Flask.

Each run is a fresh interpreter; the figure is its processor time, start of the interpreter included on both sides.
"""

import os
import subprocess
import sys
from functools import partial

from integration.bench._frame import Row, interleaved

GOAL = 0.2
TRACKER = "import lambdas.track"
PEER = "import flask, zappa.handler"
FORBIDDEN = ("boto3", "botocore", "flask", "jinja2", "werkzeug", "requests")


def run(runs: int) -> list[Row]:
    """Row 6 of the goals; at least ten processes a side."""
    tracker, peer, bare = interleaved(max(runs, 10), partial(_cpu, TRACKER), partial(_cpu, PEER), partial(_cpu, "pass"))
    found = loaded(TRACKER)
    return [
        Row("import of the tracker, above a bare interpreter", "ms CPU", tracker - bare, GOAL, peer - bare),
        Row("import of the tracker, whole process", "ms CPU", tracker, GOAL, peer),
        Row("SDKs and web frameworks that the tracker imports", "count", len(found), 0),
    ]


def loaded(code: str) -> list[str]:
    """Which of the forbidden packages are there after the import."""
    ask = f"{code}; import sys; print(*[name for name in {FORBIDDEN!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603


def _cpu(code: str) -> float:
    """Milliseconds of one process, user and system."""
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)  # noqa: S603
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{code!r} cannot be run")
    return (usage.ru_utime + usage.ru_stime) * 1_000
