"""The process that reads documents one after the other; when one takes it down, the next gets a new one."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from threading import Timer
from typing import IO

from integration.errors import Rejected
from integration.prospecting.files.isolation import failed, reason_of, start, stop
from integration.prospecting.files.kinds import Kind

SECONDS = 30
"""Of wall time for one document; its process has less of CPU."""

Found = list[tuple[dict[str, str], str]]
"""(value by column, fault) of every person in a document."""


class Reader:
    """`read` raises Rejected for a document that cannot be read."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the reader

    def read(self, kind: Kind, path: Path, name: str) -> Found:
        answer = self._asked({"kind": kind.value, "path": str(path), "name": name})
        if "refused" in answer:
            raise Rejected(str(answer["refused"]), field="File")
        return [(dict(values), str(fault)) for values, fault in answer["rows"]]

    def close(self) -> None:
        if self._process is not None:
            stop(self._process)
            self._process = None
        self._errors.close()

    def _asked(self, question: dict[str, str]) -> dict[str, list[tuple[dict[str, str], str]]]:
        process = self._process or start("documents", "-", "{}", errors=self._errors)
        self._process = process
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        watch = Timer(SECONDS, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            watch.cancel()
        if not line.endswith(b"\n"):
            self._process = None
            self._end(process)
        answer: dict[str, list[tuple[dict[str, str], str]]] = json.loads(line)
        return answer

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Raises what the end of the process means."""
        process.wait()
        stop(process)
        self._errors.seek(0)
        errors = self._errors.read().decode(errors="replace")
        self._errors.seek(0)
        self._errors.truncate()
        if (reason := reason_of(process.returncode, errors)) is None:
            raise failed(process.returncode, errors)
        raise Rejected(f"It {reason}.", field="File")
