"""The sender's memory: the peak at a million recipients against the peak at twenty thousand, each in a fresh process.

The real chunks, ledger rules, decisions and mails; tables, files and the provider are stand-ins that keep nothing.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from integration.bench._frame import Row
from integration.model.alignment import Identity

SIZES = (20_000, 1_000_000)
GROWTH, MOST_MIB = 1.05, 96.0
CHUNK = 50
CAMPAIGN, STEP = "a0C000000000001AAA", "a0D000000000001AAA"
KEY = b"a key for nothing but this bench"


def run(runs: int, rows: Sequence[int] = SIZES) -> list[Row]:
    """Row 4 of the goals. Memory does not vary as time does, so one run of each size is enough."""
    few, many = (_peak_of(amount) for amount in (rows[0], rows[-1]))
    return [
        Row(f"peak memory of a sender, {rows[-1]:,} recipients to {rows[0]:,}", "MiB", many, GROWTH, few),
        Row(f"peak memory of a sender, {rows[-1]:,} recipients", "MiB", many, MOST_MIB),
    ]


def _peak_of(amount: int) -> float:
    from integration.bench.mail import stored_message

    command = [sys.executable, "-m", "integration.bench.memory", str(amount)]
    done = subprocess.run(command, input=stored_message().decode(), capture_output=True, text=True, check=True)  # noqa: S603
    return float(json.loads(done.stdout)["peak_mib"])


class _Nothing:
    """A table in which nothing is ever found and every write succeeds."""

    def get(self, pk: str, sk: str) -> None:
        return None

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        return {}

    def put(self, item: Mapping[str, Any], *, unless_exists: bool = False) -> bool:
        return True

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: object = None) -> bool:
        return True


class _Audience:
    """Makes each chunk of the frozen audience when it is read, and holds the one message."""

    def __init__(self, message: bytes) -> None:
        self._message = message

    def read(self, key: str) -> bytes:
        if key.startswith("messages/"):
            return self._message
        start = int(key.rpartition("/")[2].removesuffix(".jsonl")) * CHUNK
        lines = (
            json.dumps(
                {
                    "key": f"01BENCH{number:019}",
                    "id": f"a01{number:012}AAA",
                    "email": f"person{number}@people.example",
                    "slots": {"first_name": "Ada", "last_name": f"Number {number}", "city": "Cork"},
                }
            )
            for number in range(start, start + CHUNK)
        )
        return "\n".join(lines).encode()


class _Provider:
    def send(self, raw: bytes, *, sender: str, recipient: str, tags: Mapping[str, str]) -> str:
        return "0100"

    def identity(self, name: str) -> Identity | None:
        return Identity(name, verified=True)


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def _send_all(amount: int) -> float:
    """Peak resident memory in MiB after so many recipients."""
    import resource

    from integration.app import App
    from integration.config import Config
    from integration.model.link import Signer
    from integration.sending import send_chunk

    app: Any = App(Config(stage="bench", org_id="", public_base_url="https://jobs.warmbench.example", send_rate=1e9))
    app.clock, app.mailer, app.links = _Clock(), _Provider(), Signer("k1", {"k1": KEY}, KEY)
    app.sends = app.people = app.pace = app.claims = _Nothing()
    app.data = _Audience(sys.stdin.buffer.read())
    for number in range(amount // CHUNK):
        message = {"campaign": CAMPAIGN, "step": STEP, "version": "1", "chunk": f"{number:05}"}
        send_chunk(app, message, lambda: 60_000)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps({"peak_mib": _send_all(int(sys.argv[1]))}))
