"""What the gates came to: for a terminal, as JSON, and as the part of docs/fidelity.md between two marks."""

from collections.abc import Mapping, Sequence
from typing import Any

from integration.local.fidelity._check import Outcome
from integration.local.places import ROOT

REPORT = ROOT / "docs" / "fidelity.md"
BEGIN, END = "<!-- gates: written by warmbench fidelity -->", "<!-- end of gates -->"
_COUNTS = ("passed", "known different", "missing", "regressed")


def _counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.passed, len(outcome.known_different), len(outcome.missing), len(outcome.regressed)


def as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Counts by gate, and every difference with its reason."""
    return {
        "gates": [
            {
                "id": each.gate,
                **dict(zip((name.replace(" ", "_") for name in _COUNTS), _counts(each), strict=True)),
                "differences": {**each.known_different, **each.missing, **each.regressed},
            }
            for each in outcomes
        ]
    }


def as_lines(outcomes: Sequence[Outcome]) -> str:
    """A table of counts, then what regressed."""
    lines = [f"{'gate':<20}" + "".join(f"{name:>17}" for name in _COUNTS)]
    lines += [f"{each.gate:<20}" + "".join(f"{count:>17,}" for count in _counts(each)) for each in outcomes]
    for each in outcomes:
        lines += [f"regressed in {each.gate}: {name}\n    {detail}" for name, detail in each.regressed.items()]
    return "\n".join(lines)


def write_report(outcomes: Sequence[Outcome], gates: Mapping[str, str]) -> None:
    """Replaces the part between the marks."""
    before, _, rest = REPORT.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    REPORT.write_text(f"{before}{BEGIN}\n{_as_markdown(outcomes, gates)}\n{END}{after}")


def _as_markdown(outcomes: Sequence[Outcome], gates: Mapping[str, str]) -> str:
    lines = [f"| gate | what is held against the org | {' | '.join(_COUNTS)} |", "|---|---|--:|--:|--:|--:|"]
    for each in outcomes:
        counts = " | ".join(f"{count:,}" for count in _counts(each))
        lines.append(f"| {each.gate} | {gates[each.gate]} | {counts} |")
    for each in outcomes:
        for title, found in (
            ("Known different", each.known_different),
            ("Missing", each.missing),
            ("Regressed", each.regressed),
        ):
            if found:
                lines += ["", f"**{title}, {each.gate}**", *(_line(name, text) for name, text in found.items())]
    return "\n".join(lines)


def _line(name: str, text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|")
    return f"- `{' '.join(name.split()).replace('`', chr(39))}`: {plain}"
