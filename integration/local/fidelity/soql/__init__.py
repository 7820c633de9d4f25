"""SOQL held against two parsers from npm, and against an evaluation in Python.

valid.soql and invalid.soql are statements that we collected; generator.py and mutations.py make thousands more, always
the same ones. rules.py tells where the org is meant to differ from both parsers.
"""

from pathlib import Path

from integration.local.fidelity._check import Check
from integration.local.fidelity.soql import accepted


def run(folder: Path) -> list[Check]:
    """Every check of the gate."""
    from integration.local.fidelity.soql import results  # needs hypothesis, which only development has

    return [*accepted.checks(), *results.checks()]
