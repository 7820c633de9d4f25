"""How well a person found fits a query: a score from 0 to 100 whose every point has a reason that people can read.

Only what the query asks for and how the person can be reached counts: where its words were found, contact points, how
many sources agree. Names, age, gender, origin, pictures and the like never do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WORDS = 75
"""Points for finding every word of the query in the place that says most."""
EMAIL, OTHER_ADDRESS = 10, 5
SEVERAL_SOURCES, FACTS = 5, 5
PLACES: Mapping[str, tuple[float, str]] = {
    "title": (1.0, "the title"),
    "skill": (1.0, "the skills"),
    "employer": (0.8, "the employer"),
    "location": (0.8, "the location"),
    "country": (0.8, "the country"),
    "school": (0.8, "the schools"),
    "text": (0.5, "the text"),
    "site": (0.3, "the address of a page"),
}
"""What a word found there is worth, and how the place is called. Fields that are not here never count."""


@dataclass(frozen=True)
class Term:
    """One word, phrase or NEAR that the query asks for."""

    text: str
    field: str
    """The field that the query names, "" for anywhere."""
    matches: Callable[[Mapping[str, str]], bool]


Wish = tuple[Term, ...]
"""What must be there: one term, or several of which one will do."""


@dataclass(frozen=True)
class Score:
    points: int
    reasons: tuple[str, ...]


def score(wishes: Sequence[Wish], document: Mapping[str, str], *, addresses: Sequence[str], sources: int) -> Score:
    """`document` is what was said by field, `addresses` the kinds of contact points, in words."""
    reasons: list[str] = []
    points = 0.0
    for wish in wishes:
        worth, found = _best(wish, document)
        share = WORDS * worth / len(wishes)
        points += share
        reasons.append(f"{found}: {_points(share)}")
    points += _said(reasons, "an e-mail address is known", EMAIL if "Email" in addresses else 0)
    others = sorted(set(addresses) - {"Email"})
    points += _said(reasons, f"{' and '.join(others).lower()} known", OTHER_ADDRESS if others else 0)
    points += _said(reasons, f"{sources} sources found the person", SEVERAL_SOURCES if sources > 1 else 0)
    both = all(document.get(field, "").strip() for field in ("title", "employer"))
    points += _said(reasons, "title and employer are known", FACTS if both else 0)
    return Score(round(points), tuple(reasons))


def _best(wish: Wish, document: Mapping[str, str]) -> tuple[float, str]:
    """(worth, in words) of the alternative that stands in the place that says most."""
    worth, place, text = max(((*best_place(term, document), term.text) for term in wish), key=lambda found: found[0])
    if place:
        return worth, f"“{text}” in {place}"
    wanted = " or ".join(f"“{term.text}”" for term in wish[:3]) + (" …" if len(wish) > 3 else "")
    return 0.0, f"{wanted} not found where it would count"


def best_place(term: Term, document: Mapping[str, str]) -> tuple[float, str]:
    """(worth, name) of the place that says most among those where the term stands; (0, "") for none."""
    found = [
        PLACES[field] for field in PLACES if document.get(field, "").strip() and _stands(term, field, document[field])
    ]
    return max(found, default=(0.0, ""))


def _stands(term: Term, field: str, text: str) -> bool:
    return term.matches({field: text})


def _said(reasons: list[str], reason: str, points: int) -> int:
    if points:
        reasons.append(f"{reason[:1].upper()}{reason[1:]}: {_points(points)}")
    return points


def _points(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return f"{text} point{'' if text == '1' else 's'}"
