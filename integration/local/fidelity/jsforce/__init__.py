"""jsforce over plain http: the calls of the scripts beside this file, run by Node, each with its result compared."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path

from integration.local import tools
from integration.local.fidelity._check import Check
from integration.local.fidelity._org import ServedOrg, served_org

_SCRIPT = Path(__file__).parent / "run.mjs"
_PATIENCE_SECONDS = 240


def run(folder: Path) -> list[Check]:
    """Against an org of the gate's own."""
    with served_org(folder) as org:
        return _tried(org)


def _tried(org: ServedOrg) -> list[Check]:
    asked = {**asdict(org), "certificate": None, "library": str(tools.node_tool("jsforce"))}
    done = subprocess.run(  # noqa: S603
        [str(tools.node_folder() / "node"), str(_SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env=tools.node_environment(),
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"id":')]
    ended = "" if done.returncode == 0 else f"Node ended with {done.returncode}: {done.stderr[-800:]}"
    return [Check(line["id"], line["detail"]) for line in lines] + [Check("every call returned", ended)]
