"""`warmbench bench NAME`: every figure we publish, measured against its peer in one run.

    warmbench bench                  the names
    warmbench bench mail --json      {bench, version, machine, runs, rows: [{metric, unit, product, …, goal, met}]}

Exit status 1 when a goal is missed. A bench is a module of this package with `run(runs) -> list[Row]`; its name is the
module's.
"""

import argparse
import json
import pkgutil
from importlib import import_module
from importlib.metadata import version

from integration.bench._frame import Row, machine

RUNS = 5


def names() -> list[str]:
    """Every bench there is."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def main(argv: list[str]) -> int:
    """Runs one bench and prints its figures."""
    parser = argparse.ArgumentParser(prog="warmbench bench", description="Measure the product against its peers.")
    parser.add_argument("name", nargs="?", choices=names(), help="blank lists the names")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"interleaved runs, the median counts (default {RUNS})")
    parser.add_argument("--rows", type=_sizes, help="sizes to measure, where a bench has sizes: 1e6,4e6")
    options = parser.parse_args(argv)
    if options.name is None:
        print("\n".join(names()))
        return 0
    measure = import_module(f"integration.bench.{options.name}").run
    rows: list[Row] = measure(options.runs, options.rows) if options.rows else measure(options.runs)
    report = {
        "bench": options.name,
        "version": version("warmbench"),
        "machine": machine(),
        "runs": options.runs,
        "rows": [row.as_json() for row in rows],
    }
    print(json.dumps(report, indent=2) if options.json else _table(options.name, rows))
    return 0 if all(row.met for row in rows) else 1


def _sizes(text: str) -> list[int]:
    """Numbers as people write many noughts: `1e6,4e6`."""
    return [int(float(size)) for size in text.split(",")]


def _table(name: str, rows: list[Row]) -> str:
    lines = [f"{name} · {machine()}", f"{'metric':<52} {'product':>12} {'peer':>12} {'ratio':>10} {'goal':>10}"]
    for row in rows:
        peer = "" if row.peer is None else f"{row.peer:,.2f}"
        ratio = "" if row.ratio is None else row.ratio_in_words
        mark = "" if row.goal is None else "met" if row.met else "MISSED"
        figures = f"{row.product:>12,.2f} {peer:>12} {ratio:>10} {row.goal_in_words:>10}"
        lines.append(f"{f'{row.metric} ({row.unit})':<52} {figures}  {mark}".rstrip())
    return "\n".join(lines)
