"""The variants of one step of a drip: who gets which of them, and who is held out of the step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from integration.model.experiment import assigned, is_tested


@dataclass(frozen=True)
class Variant:
    """One of several mails for a step."""

    id: str
    version: str
    variant: str
    """Its letter."""
    share: float
    source: str = ""
    name: str = ""

    def as_item(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Variant":
        share = float(item["share"])
        texts = {name: str(item.get(name, "")) for name in ("id", "version", "variant", "source", "name")}
        return cls(share=share, **texts)


def picked(key: str, lead: str, variants: Sequence[Variant], use: str = "") -> Variant:
    """The variant that a person gets: the one that was decided on, or by chance, always the same."""
    decided = next((one for one in variants if one.id == use), None)
    return decided or variants[assigned(key, lead, [one.share for one in variants])]


def is_held_out(key: str, step: str, percent: float) -> bool:
    """Whether a person goes past a step without its mail, so that its effect can be measured."""
    return bool(key) and is_tested(key, f"held out|{step}", percent)
