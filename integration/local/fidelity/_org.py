"""An org of its own for a gate: `warmbench org` in a process, on a free port, on a fresh database."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from integration.local.places import ROOT
from integration.local.serving import free_port

_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class ServedOrg:
    """A running org and an admin's way in."""

    url: str
    token: str
    org_id: str
    client_id: str
    client_secret: str
    password: str
    certificate: Path | None = None
    """What a client must trust, when the org speaks https."""


class OrgDidNotStart(Exception):
    """With what it said."""


@contextmanager
def served_org(folder: Path, *arguments: str, tls: bool = False) -> Iterator[ServedOrg]:
    """Serves until the block ends; `arguments` are further options of `warmbench org`."""
    port, access, log = free_port(), folder / "access.json", folder / "org.log"
    command = [sys.executable, "-m", "integration.cli", "org", "--port", str(port)]
    command += ["--database", str(folder / "org.db"), "--access-file", str(access), *arguments]
    certificate = folder / "org.crt" if tls else None
    command += ["--tls"] if tls else []
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)  # noqa: S603
    try:
        url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        _wait(process, url, access, log, certificate)
        yield ServedOrg(url=url, certificate=certificate, **json.loads(access.read_text()))
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, access: Path, log: Path, certificate: Path | None) -> None:
    session = requests.Session()
    session.trust_env = False
    session.verify = str(certificate) if certificate else True
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if access.exists():
            try:
                if session.get(f"{url}/warmbench/health", timeout=2).ok:
                    return
            except requests.ConnectionError:
                pass
        time.sleep(0.05)
    raise OrgDidNotStart(log.read_text(errors="replace")[-2000:])
