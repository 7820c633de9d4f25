"""Statements accepted or refused as the two npm parsers do."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from integration.local.fidelity._check import Check
from integration.local.fidelity.soql.generator import Generator
from integration.local.fidelity.soql.mutations import MUTATIONS
from integration.local.fidelity.soql.oracles import Verdicts, ask
from integration.local.fidelity.soql.rules import RULES, is_accepted, rule_for
from integration.local.fidelity.soql.unparse import meaning, unparse, words
from integration.local.org.soql import parse

_HERE = Path(__file__).parent
_SEED = 20261126
_STATEMENTS = 1500
_MUTANTS_OF_EACH = 2
_SAID = {True: "accepts", False: "refuses"}


@dataclass(frozen=True)
class Case:
    """A statement, and the ids of the checks that it belongs to."""

    text: str
    checks: tuple[str, ...]
    expected: bool | None = None
    """What a real org does, where it is known."""


def checks() -> list[Check]:
    """Asks both parsers about every statement once."""
    cases = [*_collected("valid", True), *_collected("invalid", False), *_generated()]
    return [*judged(cases, ask([case.text for case in cases])), _taken_whole(cases)]


def _taken_whole(cases: Sequence[Case]) -> Check:
    """Nothing in a statement is passed over: its tree, written out again, has the same words and the same meaning."""
    lossy = [case.text for case in cases if is_accepted(case.text) and not is_whole(case.text)]
    return Check("what is accepted is understood whole", f"{len(lossy)} are not, first: {lossy[0]!r}" if lossy else "")


def is_whole(text: str) -> bool:
    """Whether the parser's tree of an accepted query holds all of it."""
    tree = parse(text)
    again = unparse(tree)
    return words(again) == words(text) and meaning(parse(again)) == meaning(tree)


def collected(name: str) -> dict[str, str]:
    """The statements of valid.soql or invalid.soql with the heading that each stands under."""
    found: dict[str, str] = {}
    heading = ""
    for line in (_HERE / f"{name}.soql").read_text().splitlines():
        if line.startswith("# "):
            heading = line[2:]
        else:
            found[line] = heading
    return found


def _collected(name: str, expected: bool) -> Iterable[Case]:
    return (Case(text, (f"{name}: {text}",), expected) for text in collected(name))


def _generated() -> Iterable[Case]:
    generator, chosen = Generator(_SEED), random.Random(_SEED)  # noqa: S311  (repeatable, not secret)
    for _ in range(_STATEMENTS):
        statement = generator.statement()
        yield Case(statement.text, tuple(f"generated: {each}" for each in sorted(statement.constructs)))
        for name in chosen.sample(list(MUTATIONS), _MUTANTS_OF_EACH):
            yield Case(MUTATIONS[name](statement.text, chosen), (f"mutated: {name}",))


def judged(cases: Sequence[Case], verdicts: Sequence[Verdicts]) -> list[Check]:
    """One check for each statement collected, construct generated, kind of damage, and rule."""
    found: dict[str, list[str]] = {check: [] for case in cases for check in case.checks}
    by_rule: dict[str, list[str]] = {f"rule: {rule.name}": [] for rule in RULES}
    for case, verdict in zip(cases, verdicts, strict=True):
        difference, rule = _difference(case, verdict)
        if rule:
            by_rule[f"rule: {rule}"].append(difference)
        elif difference:
            for check in case.checks:
                found[check].append(difference)
    return [Check(check, _told(differences)) for check, differences in (found | by_rule).items()]


def _difference(case: Case, verdict: Verdicts) -> tuple[str, str]:
    """What differs, and the rule that it falls under."""
    accepted = is_accepted(case.text)
    text = f"the org {_SAID[accepted]} {case.text!r}: {verdict.words}"
    if case.expected is not None and accepted != case.expected:
        return f"{text}; a real org {_SAID[case.expected]}", ""
    if verdict.allows(accepted):
        return "", ""
    rule = None if accepted else rule_for(case.text)
    return text, rule.name if rule else ""


def _told(differences: list[str]) -> str:
    if not differences:
        return ""
    return f"{len(differences)} differ, first: {differences[0]}"
