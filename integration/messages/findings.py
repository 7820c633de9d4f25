"""What a check says of a template: where, what, and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Finding:
    """`error` stops a campaign; a warning does not."""

    part: str
    """Subject, Body, Text, Brand or Audience."""
    line: int
    """0 when it concerns the part as a whole."""
    text: str
    error: bool = True

    def __str__(self) -> str:
        place = f"{self.part}, line {self.line}" if self.line else self.part
        return f"{place}: {self.text}" if self.error else f"{place}: {self.text} (advice)"


def in_words(findings: Iterable[Finding], limit: int = 30) -> str:
    """One line each, errors first, for a long text field on the record."""
    ordered = sorted(dict.fromkeys(findings), key=lambda finding: (not finding.error, finding.part, finding.line))
    lines = [str(finding) for finding in ordered[:limit]]
    if len(ordered) > limit:
        lines.append(f"and {len(ordered) - limit} more")
    return "\n".join(lines)


def nearest(word: str, known: Iterable[str]) -> str:
    """`Did you mean …?` with a blank before it, or nothing."""
    close: Sequence[str] = get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]}?" if close else ""
