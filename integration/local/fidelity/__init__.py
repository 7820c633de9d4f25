"""`warmbench fidelity`: the embedded org judged by clients and recordings that this project did not write.

    warmbench fidelity                     every gate; writes the counts and differences into docs/fidelity.md
    warmbench fidelity ids soql            some gates; writes nothing
    warmbench fidelity --json              {gates: [{id, passed, known_different, missing, regressed, differences}]}
    warmbench fidelity --accept            writes what failed into the baseline, to be given reasons by hand

Exit status 1 when a check that the baseline counts as passed does not pass. A gate is a module of this package with
`run(folder: Path) -> list[Check]`; GATES gives their order and what each proves.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from integration.local.fidelity._baseline import BASELINE, Baseline, read_baseline, write_baseline
from integration.local.fidelity._check import Check, Outcome, judge
from integration.local.fidelity._report import as_json, as_lines, write_report

GATES = {
    "recordings": "shapes and errors of CumulusCI's recorded exchanges with real orgs",
    "ids": "the checksum of every 18-character id in those recordings",
    "soql": "queries accepted and refused as two npm parsers do; results against an evaluation in Python",
    "sf": "the sf command line",
    "cumulusci": "a Snowfakery recipe loaded and extracted by CumulusCI over REST",
    "simple_salesforce": "every public method of simple-salesforce",
    "jsforce": "jsforce over plain http",
}


def main(argv: Sequence[str]) -> int:
    """Runs gates and tells what differs."""
    parser = argparse.ArgumentParser(prog="warmbench fidelity", description="Judge the embedded org by real clients.")
    parser.add_argument("gates", nargs="*", metavar="GATE", help=f"some of {', '.join(GATES)} (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--accept", action="store_true", help="write what failed into the baseline")
    options = parser.parse_args(argv)
    unknown = [name for name in options.gates if name not in GATES]
    if unknown:
        parser.error(f"there is no gate {', '.join(unknown)}; there are {', '.join(GATES)}")
    baseline = read_baseline()
    outcomes = [_run(name, baseline) for name in options.gates or GATES]
    if options.accept:
        write_baseline(baseline, outcomes)
        outcomes = [judge(each.gate, each.checks, read_baseline().get(each.gate)) for each in outcomes]
    if not options.gates:
        write_report(outcomes, GATES)
    print(json.dumps(as_json(outcomes), indent=2) if options.json else as_lines(outcomes))
    return 1 if any(outcome.regressed for outcome in outcomes) else 0


def _run(name: str, baseline: dict[str, Baseline]) -> Outcome:
    print(f"{name}: {GATES[name]} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="warmbench-fidelity-") as folder:
        checks: list[Check] = import_module(f"{__name__}.{name}").run(Path(folder))
    return judge(name, checks, baseline.get(name))


__all__ = ["BASELINE", "GATES", "Check", "main"]
