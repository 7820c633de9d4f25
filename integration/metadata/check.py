"""`warmbench check`: the metadata tree against Salesforce's schema, its own cross-references and the house's limits."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from integration.metadata import flow_graph, formulas, limits, permissions, references, understood, wsdl
from integration.metadata.read import read
from integration.metadata.refusal import UnsupportedMetadata, shown
from integration.metadata.source import Finding, Tree, load

DEFAULT_FOLDER = Path("sf_metadata/main/default")
_RULES = (references.check, permissions.check, flow_graph.check, formulas.check, limits.check)


@dataclass(frozen=True)
class Report:
    """What a check found."""

    files: int
    findings: tuple[Finding, ...]


def check(folder: Path) -> Report:
    """Hold every file below a source folder against all rules."""
    tree = load(folder)
    findings = [*tree.unreadable, *limits.check_project(tree)]
    for document in tree.documents:
        findings += wsdl.check(document)
        findings += understood.not_understood(document)
    # Without readable files the names that others refer to are not known: no cross-references then.
    if not tree.unreadable:
        findings += held_together(folder, tree)
    return Report(len(tree.documents), tuple(sorted(set(findings))))


def held_together(folder: Path, tree: Tree) -> list[Finding]:
    """Cross-references and limits, over a tree that is readable."""
    try:
        schema = read(folder)
    except ValueError as wrong:
        # An unknown type of field, for one, which the schema check has told already with its line.
        return [] if isinstance(wrong, UnsupportedMetadata) else [Finding(folder, 1, str(wrong))]
    return [finding for rule in _RULES for finding in rule(tree, schema)]


def main(argv: Sequence[str]) -> int:
    """Print findings as `path:line: message`; exit status 1 when there are any."""
    parser = argparse.ArgumentParser(prog="warmbench check", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    options = parser.parse_args(argv)
    if not (options.folder / "objects").is_dir():
        parser.error(f"{options.folder}: no objects/ in this folder; give the one that holds objects/ and flows/")
    started = time.perf_counter()
    report = check(options.folder)
    seconds = time.perf_counter() - started
    print(_as_json(report, seconds) if options.json else _as_lines(report, seconds))
    return 1 if report.findings else 0


def _as_lines(report: Report, seconds: float) -> str:
    lines = [f"{shown(finding.path)}:{finding.line}: {finding.message}" for finding in report.findings]
    count = len(report.findings)
    return "\n".join(
        [*lines, f"{report.files} files, {count} finding{'' if count == 1 else 's'}, {seconds:.1f} seconds"]
    )


def _as_json(report: Report, seconds: float) -> str:
    findings = [
        {"path": shown(finding.path), "line": finding.line, "message": finding.message} for finding in report.findings
    ]
    return json.dumps({"files": report.files, "findings": findings, "seconds": round(seconds, 3)}, indent=2)
