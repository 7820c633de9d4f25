"""One thing that a gate looks at, and what all of a gate's checks come to beside the committed baseline."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from integration.local.fidelity._baseline import Baseline


@dataclass(frozen=True)
class Check:
    """`id` stays the same from run to run; `detail` says what differs, empty when nothing does."""

    id: str
    detail: str = ""

    @property
    def passed(self) -> bool:
        return not self.detail


@dataclass(frozen=True)
class Outcome:
    """A gate's checks, sorted by what the baseline knows of them."""

    gate: str
    checks: Sequence[Check]
    known_different: dict[str, str] = field(default_factory=dict)
    """Check id -> why the embedded org is meant to differ, or the recording or oracle is wrong."""
    missing: dict[str, str] = field(default_factory=dict)
    """Check id -> what is not implemented."""
    regressed: dict[str, str] = field(default_factory=dict)
    """Check id -> what went wrong."""

    @property
    def passed(self) -> int:
        return sum(each.passed for each in self.checks)


def judge(gate: str, checks: Sequence[Check], baseline: Baseline | None) -> Outcome:
    """What failed and is not in the baseline has regressed, and so has what is no longer looked at."""
    known = baseline or Baseline()
    failed = {each.id: each.detail for each in checks if not each.passed}
    new = {name: detail for name, detail in failed.items() if not known.reason(name)}
    lost = known.passed - sum(each.passed for each in checks) - len(new)
    if lost > 0:
        new[f"{gate}: number of checks"] = f"{lost} fewer checks passed than the {known.passed} of the baseline"
    return Outcome(
        gate,
        checks,
        {name: reason for name, reason in known.known_different.items() if name in failed},
        {name: reason for name, reason in known.missing.items() if name in failed},
        new,
    )
