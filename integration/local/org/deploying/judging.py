"""Whether the org can become what a package makes of it: the rules of `warmbench check`, then a trial of running it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from integration.local.org.automation import Automation
from integration.local.org.catalog import Catalog, build
from integration.local.org.deploying.components import Component
from integration.local.org.deploying.lines import Source
from integration.local.org.deploying.misplaced import misplaced
from integration.local.org.deploying.overlay import Files, as_folder, component_at
from integration.metadata.check import held_together
from integration.metadata.read import read
from integration.metadata.refusal import UnsupportedMetadata
from integration.metadata.source import Finding, load
from integration.metadata.understood import refusals


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a deployment, at its place in the package."""

    type: str
    name: str
    file: str
    text: str
    line: int = 1
    advice: bool = False


@dataclass(frozen=True)
class Verdict:
    """Problems, or what the org is to be."""

    problems: tuple[Problem, ...]
    catalog: Catalog | None = None
    automation: Automation | None = None

    @property
    def failures(self) -> tuple[Problem, ...]:
        return tuple(each for each in self.problems if not each.advice)


def judge(
    present: Files, wanted: Files, components: Sequence[Component], prefixes: Mapping[str, str], *, removing: bool
) -> Verdict:
    """Holds the tree that is wanted against all rules; what was wrong before is not this deployment's."""
    by_path = {source.path: (component, source) for component in components for source in component.sources}
    findings, catalog, automation = _examined(wanted, prefixes)
    outside = [each for each in findings if str(each.path) not in by_path and not each.advice]
    # Only what changes beside the package can break what is not in it, and asking costs as much again.
    before = set(_examined(present, prefixes)[0]) if outside else set()
    problems = [_inside(each, *by_path[str(each.path)]) for each in findings if str(each.path) in by_path]
    problems += [_outside(each, removing) for each in outside if each not in before]
    if outside and not problems and catalog is None:
        problems += [_outside(each, removing) for each in outside]
    return Verdict(tuple(problems), catalog, automation)


def _examined(files: Files, prefixes: Mapping[str, str]) -> tuple[list[Finding], Catalog | None, Automation | None]:
    """Findings with paths inside the tree; catalog and automation when the org could run it."""
    with as_folder(files) as folder:
        tree = load(folder)
        findings = [*refusals(tree), *misplaced(tree, folder)]
        if not tree.unreadable:
            findings += held_together(folder, tree)
        catalog = automation = None
        if all(each.advice for each in findings):
            try:
                catalog = build(read(folder), prefixes)
                automation = Automation(catalog)
            except UnsupportedMetadata as refused:
                findings += refused.findings
                catalog = None
            except RecursionError:
                findings.append(Finding(folder, 1, "a formula is nested too deeply"))
                catalog = None
        inside = [_relative(each, folder) for each in findings]
    return sorted(set(inside)), catalog, automation


def _relative(finding: Finding, folder: Path) -> Finding:
    path = finding.path.relative_to(folder) if finding.path.is_relative_to(folder) else finding.path
    return Finding(path, finding.line, finding.message, finding.advice)


def _inside(finding: Finding, component: Component, source: Source) -> Problem:
    line = source.line(finding.line)
    return Problem(component.type, component.name, component.file, finding.message, line, finding.advice)


def _outside(finding: Finding, removing: bool) -> Problem:
    kind, name, file = component_at(str(finding.path))
    text = f"needs what this deployment removes: {finding.message}" if removing else finding.message
    return Problem(kind, name, file, text, finding.line)
