"""The funnel as a picture that needs no program but a browser: bars with their numbers, readable without colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from integration.errors import shortened

STAGES = ("Clicks", "Visits", "Joined", "Applied", "Qualified", "Interviews", "Offers", "Hired")

_WIDTH, _LEFT, _BAR, _ROW, _HEAD, _GAP = 900, 130, 480, 26, 40, 24
_TOP, _BOTTOM = 76, 44
_NAME = 32
_INK, _SOFT, _PAPER, _FILL = "#1c2430", "#55606e", "#ffffff", "#0b5c6b"


@dataclass(frozen=True)
class Source:
    """What one channel brought and cost."""

    name: str
    counts: Mapping[str, float]
    """Stage -> number."""
    spend: float
    costs: Mapping[str, float | None]
    """Stage -> spend for one; None without any."""
    attributed: Mapping[str, float]
    """Stage -> its number when every touch gets its share."""


def svg(title: str, sources: Sequence[Source], currency: str) -> str:
    """One panel a channel, all on one scale. Every bar says its number, and what one of it cost, in words."""
    most = max((count for source in sources for count in source.counts.values()), default=0) or 1
    panels, y = [], _TOP
    for source in sources:
        panels += _panel(source, y, most, currency)
        y += _HEAD + _ROW * len(STAGES) + _GAP
    height = y + _BOTTOM
    told = " ".join(_in_words(source, currency) for source in sources)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
            f'height="{height}" role="img" aria-labelledby="title told" font-family="sans-serif">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="told">{escape(told)}</desc>',
            f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>',
            _text(24, 34, title, size=20, bold=True),
            _text(24, 56, f"All bars are on one scale; beside them what one cost in {currency}.", colour=_SOFT),
            *panels,
            _text(24, height - 20, "Source: Source_Result__c, by first source; shared: by the model of the org.",
                  size=12, colour=_SOFT),
            "</svg>",
            "",
        ]
    )  # fmt: skip


def _panel(source: Source, y: int, most: float, currency: str) -> list[str]:
    spent = f"{source.spend:,.2f} {currency} spent" if source.spend else "nothing spent"
    shared = ", ".join(
        f"{stage.lower()} {source.attributed[stage]:,.1f}" for stage in STAGES if stage in source.attributed
    )
    head = [
        _text(24, y + 22, shortened(source.name, _NAME), size=16, bold=True),
        _text(_WIDTH - 24, y + 22, f"{spent}; shared: {shared}" if shared else spent, anchor="end", colour=_SOFT),
        f'<line x1="24" x2="{_WIDTH - 24}" y1="{y + 31}" y2="{y + 31}" stroke="{_SOFT}" stroke-width="0.5"/>',
    ]
    return head + [
        part
        for number, stage in enumerate(STAGES)
        for part in _bar(stage, source, y + _HEAD + number * _ROW, most)
    ]  # fmt: skip


def _bar(stage: str, source: Source, y: int, most: float) -> list[str]:
    count, cost = source.counts.get(stage, 0), source.costs.get(stage)
    length = max(2.0, _BAR * count / most) if count else 0.0
    number = f"{count:,.0f}" + (f"  ·  {cost:,.2f} each" if cost else "")
    bar = f'<rect x="{_LEFT}" y="{y + 4}" width="{length:.1f}" height="{_ROW - 8}" rx="2" fill="{_FILL}"/>'
    label = _text(_LEFT - 10, y + 18, stage, anchor="end")
    return [label, *([bar] if count else []), _text(round(_LEFT + length + 8), y + 18, number)]


def _text(x: int, y: int, text: str, *, size: int = 14, bold: bool = False, anchor: str = "start",
          colour: str = _INK) -> str:  # fmt: skip
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )


def _in_words(source: Source, currency: str) -> str:
    """The same for who hears the picture."""
    counts = ", ".join(f"{stage.lower()} {source.counts.get(stage, 0):,.0f}" for stage in STAGES)
    return f"{source.name}: {counts}; {source.spend:,.2f} {currency} spent."
