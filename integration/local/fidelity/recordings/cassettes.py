"""CumulusCI's recorded exchanges with real orgs, out of its wheel. Nothing of them is copied into this repository."""

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from integration.local import tools


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its answer."""

    file: str
    index: int
    method: str
    uri: str
    body: str
    status: int
    answer: str

    @property
    def path(self) -> str:
        """What follows the host, with the query as it was written."""
        split = urlsplit(self.uri)
        return f"{split.path}?{split.query}" if split.query else split.path

    @property
    def id(self) -> str:
        return f"{self.file.removesuffix('.yaml')}:{self.index} {self.method} {self.path}"


@dataclass(frozen=True)
class Recordings:
    """All that the wheel holds."""

    exchanges: tuple[Exchange, ...]
    ids: tuple[str, ...]
    """Every text of the form of a record id."""


@cache
def recordings() -> Recordings:
    """Read by the tool's own Python: the product does without a YAML library."""
    home = tools.environment("cumulusci")
    package = next(home.glob("lib/python*/site-packages/cumulusci"))
    command = [str(home / "bin/python"), str(Path(__file__).with_name("extract.py")), str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    return Recordings(tuple(Exchange(**each) for each in found["exchanges"]), tuple(found["ids"]))
