"""Runs the child process that reads a file, and says in words what became of it."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Timer
from typing import IO

from integration.errors import Rejected

SECONDS = 200
"""Of wall time, less than the function that waits for it has."""
PIECE = 256 * 1024
TOO_LARGE = "needs more memory than there is. Split it, or save it as “CSV UTF-8”"
TOO_LONG = "takes too long to read. Split it, or save it in another format"
BROKEN = "is damaged and cannot be read. Open it, save it again, and attach that"


def read_apart(kind: str, path: Path, options: Mapping[str, str]) -> Iterator[bytes]:
    """What the child writes: a line about the file, then its table. Raises Rejected."""
    with tempfile.TemporaryFile() as errors:
        process = start(kind, str(path), json.dumps(options), errors=errors)
        watch = Timer(SECONDS, process.kill)
        watch.start()
        try:
            assert process.stdout is not None  # noqa: S101
            if first := _first_line(process.stdout):
                yield first
            while piece := process.stdout.read(PIECE):
                yield piece
            ended = process.wait()
        finally:
            watch.cancel()
            stop(process)
        if ended:
            errors.seek(0)
            raise failed(ended, errors.read().decode(errors="replace"))


def _first_line(output: IO[bytes]) -> bytes:
    line = output.readline()
    if line.startswith(b'{"refused"'):
        refusal = json.loads(line)
        raise Rejected(refusal["refused"], field=refusal["field"])
    return line


def start(kind: str, *arguments: str, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "integration.prospecting.files.child", kind, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        # Not our environment: a file must not be able to read credentials even if it took the process over.
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def failed(ended: int, errors: str) -> Exception:
    """What the end of a child means: the file's fault, or a bug of ours."""
    if (reason := reason_of(ended, errors)) is not None:
        return Rejected(f"The file {reason}.", field="File")
    return RuntimeError(f"the reader of files failed: {_place_of(errors)}")


def _place_of(errors: str) -> str:
    """Where in the code and by which error; its message may quote the file."""
    places = re.findall(r'File "([^"]+)", line (\d+)', errors)[-2:]
    error = re.findall(r"^([\w.]+)(?::|$)", errors, re.MULTILINE)
    return " ← ".join([*error[-1:], *(f"{Path(file).name}:{line}" for file, line in reversed(places))])


def reason_of(ended: int, errors: str) -> str | None:
    if ended in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_LONG
    if "MemoryError" in errors or "memory allocation" in errors:
        return TOO_LARGE
    if ended < 0 or "PanicException" in errors or "RecursionError" in errors:
        return BROKEN
    return None
