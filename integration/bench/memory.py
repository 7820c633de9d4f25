"""The sender's memory: the peak at a million recipients against the peak at twenty thousand, each in a fresh process.

The real chunks, ledger rules, decisions and mails. A million goes through tables, files and a provider that keep
nothing, in the sender itself. Fewer go through the real clients of DynamoDB, S3 and SES, whose stores are a process of
their own: a million of them would take most of an hour.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from integration.bench._frame import Row, most_memory
from integration.bench._stores import CHUNK, chunk_of, serving
from integration.model.alignment import Identity

SIZES = (20_000, 1_000_000)
CLIENT_SIZES = (1_000, 5_000)
GROWTH, MOST_MIB = 1.05, 96.0
CAMPAIGN, STEP = "a0C000000000001AAA", "a0D000000000001AAA"
KEY = b"a key for nothing but this bench"


def run(runs: int, rows: Sequence[int] = SIZES) -> list[Row]:
    """Row 4 of the goals. Memory does not vary as time does, so one run of each size is enough."""
    from integration.bench.mail import stored_message

    message = stored_message()
    few, many = (_peak_of(amount, message) for amount in (rows[0], rows[-1]))
    with serving(message) as stores:
        real, more = (_peak_of(amount, message, stores) for amount in CLIENT_SIZES)
    at = f"{CLIENT_SIZES[1]:,} recipients by the real clients"
    return [
        Row(f"peak memory of a sender, {rows[-1]:,} recipients to {rows[0]:,}", "MiB", many, GROWTH, few),
        Row(f"peak memory of a sender, {rows[-1]:,} recipients", "MiB", many, MOST_MIB),
        Row(f"peak memory of a sender, {at} to {CLIENT_SIZES[0]:,}", "MiB", more, GROWTH, real),
        Row(f"peak memory of a sender, {at}", "MiB", more, MOST_MIB),
    ]


def _peak_of(amount: int, message: bytes, stores: str = "") -> float:
    command = [sys.executable, "-m", "integration.bench.memory", str(amount)]
    settings = {"AWS_ENDPOINT_URL": stores, **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "bench")}
    environment = {**os.environ, **settings, "AWS_DEFAULT_REGION": "eu-west-1"} if stores else None
    done = subprocess.run(  # noqa: S603
        [*command, *(["clients"] if stores else [])],
        input=message.decode(), capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
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
        return self._message if key.startswith("messages/") else chunk_of(key)


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


def _send_all(amount: int, *, clients: bool = False) -> float:
    """Peak resident memory in MiB after so many recipients; with `clients` through those of the product."""
    from integration.app import App
    from integration.config import TABLES, Config
    from integration.model.link import Signer
    from integration.sending import send_chunk

    config = Config(stage="bench", org_id="", public_base_url="https://jobs.warmbench.example", send_rate=1e9)
    app: Any = App(replace(config, tables={name: f"bench-{name}" for name in TABLES}, data_bucket="bench"))
    app.clock, app.links = _Clock(), Signer("k1", {"k1": KEY}, KEY)
    if not clients:
        app.mailer = _Provider()
        app.sends = app.people = app.pace = app.claims = _Nothing()
        app.data = _Audience(sys.stdin.buffer.read())
    for number in range(amount // CHUNK):
        message = {"campaign": CAMPAIGN, "step": STEP, "version": "1", "chunk": f"{number:05}"}
        send_chunk(app, message, lambda: 60_000)
    return most_memory()


if __name__ == "__main__":
    print(json.dumps({"peak_mib": _send_all(int(sys.argv[1]), clients="clients" in sys.argv)}))
