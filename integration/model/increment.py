"""What a campaign brought beyond what would have come anyway: those chosen for it against those held out by chance."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Group:
    """People of one arm, and how many of them did what is measured."""

    people: int
    hits: int

    @property
    def rate(self) -> float:
        return self.hits / self.people if self.people else 0.0


@dataclass(frozen=True)
class Effect:
    """The difference of two rates, as a share of people, with its 95 % interval."""

    difference: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves out nought."""
        return self.low > 0 or self.high < 0


def effect(chosen: Group, held_out: Group) -> Effect:
    """Chosen less held out, by Newcombe's interval from two Wilson scores: it holds for few people and rates of nought.

    Raises ValueError for a group without people.
    """
    if not chosen.people or not held_out.people:
        raise ValueError("a comparison needs people on both sides")
    low, high = _wilson(chosen)
    other_low, other_high = _wilson(held_out)
    difference = chosen.rate - held_out.rate
    return Effect(
        difference,
        difference - sqrt((chosen.rate - low) ** 2 + (other_high - held_out.rate) ** 2),
        difference + sqrt((high - chosen.rate) ** 2 + (held_out.rate - other_low) ** 2),
    )


def in_words(noun: str, chosen: Group, held_out: Group) -> str:
    """For a recruiter: `noun` in the plural, as “applications”."""
    rates = (
        f"{noun.capitalize()}: {_share(chosen.rate)} of {_people(chosen)} chosen, "
        f"{_share(held_out.rate)} of {_people(held_out)} held out."
    )
    found = effect(chosen, held_out)
    low, high = (_number(bound * chosen.people) for bound in (found.low, found.high))
    if not found.is_shown:
        return f"{rates} No difference is shown: between {low} and {high} {noun} came of the campaign (95 %)."
    brought = _number(found.difference * chosen.people)
    return f"{rates} About {brought} {noun} came of the campaign, between {low} and {high} (95 %)."


def _people(group: Group) -> str:
    return f"{group.people:,} {'person' if group.people == 1 else 'people'}"


def _share(rate: float) -> str:
    return f"{rate:.2%}" if 0 < rate < 0.01 else f"{rate:.1%}"


def _number(value: float) -> str:
    """Whole from ten on; a minus as it is read, and never one of nought."""
    text = f"{abs(value):,.0f}" if abs(value) >= 10 else f"{abs(value):.1f}"
    return f"−{text}" if value < 0 and text.strip("0.") else text


def _wilson(group: Group) -> tuple[float, float]:
    n, p = group.people, group.rate
    middle = p + _Z**2 / (2 * n)
    spread = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    whole = 1 + _Z**2 / n
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
