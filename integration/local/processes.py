"""The processes of the local stack: each logs to a file and dies with the one that started it."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from integration.local.places import LOGS

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Process:
    """One running part of the stack."""

    name: str
    popen: "subprocess.Popen[bytes]"
    log: Path

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], *, environment: Mapping[str, str], folder: Path | None = None
    ) -> "Process":
        """In a process group of its own, so that Ctrl-C reaches only the one that stops the others in order."""
        LOGS.mkdir(parents=True, exist_ok=True)
        log = LOGS / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".before.log"))
        with log.open("wb") as output:
            popen = subprocess.Popen(  # noqa: S603
                command,
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=_die_with_parent,
            )
        return cls(name, popen, log)

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def stop(self, seconds: float = 20.0) -> bool:
        """Asks, waits, then insists; False when it had to."""
        if not self.is_running:
            return True
        self.popen.terminate()
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            return False
        return True

    def epitaph(self, lines: int = 15) -> str:
        """Why it is no use: how it ended, if it did, and the end of its log."""
        ended = "did not get ready" if self.is_running else f"ended with status {self.popen.returncode}"
        last_words = "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return f"{self.name} {ended}. The end of {self.log}:\n{last_words}"


def _die_with_parent() -> None:
    """Linux ends this process when its parent is gone, even by kill -9; elsewhere a clean stop is needed."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def is_alive(pid: int) -> bool:
    """Whether there is a process of that number that still runs; one that only waits to be buried does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:  # no Linux: the signal's answer stands
        return True
    return state != "Z"
