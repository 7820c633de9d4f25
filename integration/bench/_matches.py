"""Runs matchers over files and counts what they found against what is true."""

import csv
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integration.bench import _splink
from integration.local import tools

SECONDS = 900
FEBRL_MAP = {
    "id": "rec_id", "first_name": "given_name", "last_name": "surname", "birth_date": "date_of_birth",
    "street": ["address_1", "address_2"], "street_number": "street_number", "city": "suburb", "postcode": "postcode",
    "region": "state",
}  # fmt: skip
_FEBRL_JOB: Mapping[str, Any] = {
    "id": "rec_id",
    "date_format": "%Y%m%d",
    "compare": {
        "given_name": "name", "surname": "name", "date_of_birth": "date", "address_1": "text", "suburb": "text",
        "postcode": "code", "street_number": "code",
    },
    "block": [
        ["given_name", "surname"], ["date_of_birth"], ["surname", "postcode"], ["given_name", "postcode"],
        ["postcode", "street_number"], ["address_1"], ["suburb", "surname"], ["suburb", "given_name"],
    ],
    "train": [["date_of_birth"], ["postcode"]],
    "sure": [["given_name", "surname", "date_of_birth"], ["date_of_birth", "postcode"], ["surname", "address_1"]],
}  # fmt: skip
TOWN_JOB: Mapping[str, Any] = {
    "id": "id",
    "date_format": "%Y-%m-%d",
    "compare": {
        "first": "name", "last": "name", "born": "date", "email": "email", "phone": "code", "postcode": "code",
        "street": "text",
    },
    "block": [["first", "last"], ["born"], ["email"], ["phone"], ["last", "postcode"], ["first", "postcode"]],
    "train": [["born"], ["postcode"]],
    "sure": [["first", "last", "born"], ["email"], ["born", "postcode"]],
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What one matcher found in one file."""

    merged: int
    merged_right: int
    found: int
    found_right: int
    true: int
    seconds: float

    @property
    def recall(self) -> float:
        return self.found_right / self.true

    @property
    def merge_precision(self) -> float:
        return self.merged_right / max(1, self.merged)

    @property
    def review_precision(self) -> float:
        return (self.found_right - self.merged_right) / max(1, self.found - self.merged)

    @property
    def f1(self) -> float:
        return 2 * self.found_right / max(1, self.found + self.true)


def febrl(folder: Path) -> None:
    """febrl3.csv, febrl4a.csv and febrl4b.csv."""
    _child([str(tools.python("matching")), str(Path(_splink.__file__)), "febrl", str(folder)])


def product(files: Sequence[Path], told: Mapping[str, Any] | None, out: Path) -> float:
    """Seconds that `warmbench match` takes, start to end."""
    command = [sys.executable, "-m", "integration.cli", "match", *map(str, files), "--out", str(out)]
    if told:
        where = out.with_suffix(".map.json")
        where.write_text(json.dumps(told))
        command += ["--map", str(where)]
    return _child(command)


def peer(files: Sequence[Path], job: Mapping[str, Any], out: Path) -> float:
    """Seconds that splink takes, training included."""
    where = out.with_suffix(".job.json")
    where.write_text(json.dumps({**job, "files": [str(path) for path in files], "out": str(out)}))
    return _child([str(tools.python("matching")), str(Path(_splink.__file__)), "link", str(where)])


def peer_on_febrl(files: Sequence[Path], out: Path) -> float:
    return peer(files, _FEBRL_JOB, out)


def _child(command: Sequence[str]) -> float:
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} … failed:\n{done.stderr[-2_000:]}")
    return time.monotonic() - start


def outcome(out: Path, entity: Callable[[str], str], true: int, seconds: float = 0.0) -> Outcome:
    """Counts a file of pairs; splink's has no decisions."""
    merged = merged_right = found = found_right = 0
    with out.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            right = entity(row["id_a"]) == entity(row["id_b"])
            found, found_right = found + 1, found_right + right
            if row.get("decision") == "merge":
                merged, merged_right = merged + 1, merged_right + right
    return Outcome(merged, merged_right, found, found_right, true, seconds)


def true_pairs(entities: Sequence[str]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(entities).values())


def febrl_entity(id: str) -> str:
    """rec-12-org and rec-12-dup-0 are one person."""
    return id.split("-")[1]
