"""What each gate came to when it was last accepted, with a reason for each difference: docs/fidelity-baseline.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from integration.local.places import ROOT

if TYPE_CHECKING:
    from integration.local.fidelity._check import Outcome

BASELINE = ROOT / "docs" / "fidelity-baseline.json"


@dataclass(frozen=True)
class Baseline:
    """One gate: how many checks passed, and why the others do not."""

    passed: int = 0
    known_different: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def reason(self, check_id: str) -> str:
        """Why a check is known not to pass, or an empty text."""
        return self.known_different.get(check_id) or self.missing.get(check_id) or ""


def read_baseline() -> dict[str, Baseline]:
    """By gate."""
    if not BASELINE.exists():
        return {}
    return {gate: Baseline(**entry) for gate, entry in json.loads(BASELINE.read_text()).items()}


def write_baseline(old: dict[str, Baseline], outcomes: "Sequence[Outcome]") -> None:
    """Keeps the reasons of what still differs, forgets what passes now, notes what is new as missing."""
    gates = dict(old)
    for each in outcomes:
        new = {name: detail for name, detail in each.regressed.items() if not name.startswith(f"{each.gate}: number")}
        gates[each.gate] = Baseline(each.passed, each.known_different, {**each.missing, **new})
    text = json.dumps({gate: asdict(entry) for gate, entry in sorted(gates.items())}, indent=2, ensure_ascii=False)
    BASELINE.write_text(text + "\n")
