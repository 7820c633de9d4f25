"""The rule of a dynamic pool: a typed filter over one person's fields, tags, dealings, place and pools.

    {"all": [{"field": "City__c", "is": "equals", "value": "Cork"},
             {"any": [{"tag": "python"}, {"pool": "a0P…"}]},
             {"not": {"field": "Rating__c", "is": "greater", "value": 3}}]}

Text compares without case, as Salesforce does. A missing value satisfies nothing but `empty` and what is negated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from integration.model.segment_fields import BadRule, Field
from integration.model.segment_leaves import (
    Engaged,
    Facts,
    FieldIs,
    HasTag,
    InPool,
    Leaf,
    Near,
    Source,
    Standing,
    Touched,
    quoted,
)

__all__ = [
    "All", "Any_", "BadRule", "Engaged", "Facts", "Field", "FieldIs", "HasTag", "InPool", "Leaf", "Near", "Not",
    "Rule", "Source", "Standing", "Touched", "circle", "in_order", "in_words", "leaves", "needs",
]  # fmt: skip


@dataclass(frozen=True)
class All:
    parts: tuple["Rule", ...]

    def matches(self, facts: Facts) -> bool:
        return all(part.matches(facts) for part in self.parts)


@dataclass(frozen=True)
class Any_:
    parts: tuple["Rule", ...]

    def matches(self, facts: Facts) -> bool:
        return any(part.matches(facts) for part in self.parts)


@dataclass(frozen=True)
class Not:
    part: "Rule"

    def matches(self, facts: Facts) -> bool:
        return not self.part.matches(facts)


Rule = Leaf | All | Any_ | Not


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Every condition of a rule."""
    if isinstance(rule, All | Any_):
        for part in rule.parts:
            yield from leaves(part)
    elif isinstance(rule, Not):
        yield from leaves(rule.part)
    else:
        yield rule


def needs(rule: Rule) -> frozenset[str]:
    """The facts a rule asks for: field names, `tags`, `touches`, `pool:<id>`. Another fact never changes its answer."""
    return frozenset(name for leaf in leaves(rule) for name in leaf.needs())


def in_words(rule: Rule, name_of: Callable[[str], str] = quoted) -> str:
    """The rule as a sentence; `name_of` gives the name behind a record id."""
    if isinstance(rule, All | Any_):
        word = " and " if isinstance(rule, All) else " or "
        return word.join(_bracketed(part, name_of) for part in rule.parts)
    if isinstance(rule, Not):
        return f"not ({in_words(rule.part, name_of)})"
    return rule.in_words(name_of)


def circle(pool: str, refers: Mapping[str, Sequence[str]]) -> list[str]:
    """The pools through which a pool refers to itself, or none."""
    path: list[str] = []
    done: set[str] = set()

    def walk(one: str) -> bool:
        path.append(one)
        done.add(one)
        for other in refers.get(one, ()):
            if other == pool or (other not in done and walk(other)):
                return True
        path.pop()
        return False

    return [*path, pool] if walk(pool) else []


def in_order(refers: Mapping[str, Sequence[str]]) -> list[str]:
    """The pools, each after those that its rule names; pools of a circle are left out."""
    ordered: dict[str, None] = {}
    state: dict[str, bool] = {}

    def visit(one: str) -> bool:
        if one in state:
            return state[one]
        state[one] = False  # under way: meeting it again is a circle
        if all(visit(other) for other in refers.get(one, ()) if other in refers):
            state[one] = True
            ordered[one] = None
        return state[one]

    for pool in refers:
        visit(pool)
    return list(ordered)


def _bracketed(rule: Rule, name_of: Callable[[str], str]) -> str:
    words = in_words(rule, name_of)
    return f"({words})" if isinstance(rule, All | Any_) and len(rule.parts) > 1 else words
