"""The rule of a dynamic pool: a typed filter over one person's fields, tags and pools.

    {"all": [{"field": "City__c", "is": "equals", "value": "Cork"},
             {"any": [{"tag": "python"}, {"pool": "a0P…"}]},
             {"not": {"field": "Rating__c", "is": "greater", "value": 3}}]}

Text compares without case, as Salesforce does. A missing value satisfies nothing but `empty`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

Kind = Literal["text", "number", "date", "yes"]
Scalar = str | int | float | bool | None

OPERATORS: Mapping[str, tuple[str, ...]] = {
    "equals": ("text", "number", "date", "yes"),
    "in": ("text",),
    "contains": ("text",),
    "greater": ("number", "date"),
    "less": ("number", "date"),
    "empty": ("text", "number", "date"),
}
MOST_LEAVES = 50
DEEPEST = 8
_IN_WORDS = {"equals": "is", "in": "is one of", "contains": "contains", "greater": "is above", "less": "is below"}


class BadRule(ValueError):
    """A rule that cannot be meant; the message says which part and what to do."""


@dataclass(frozen=True)
class Facts:
    """What a rule may ask about one person."""

    values: Mapping[str, Scalar]
    tags: frozenset[str] = frozenset()
    """Names, lower case."""
    pools: frozenset[str] = frozenset()
    """18-character ids."""


@dataclass(frozen=True)
class FieldIs:
    field: str
    operator: str
    value: Scalar | tuple[str, ...] = None

    def matches(self, facts: Facts) -> bool:
        have = facts.values.get(self.field)
        if self.operator == "empty":
            return have in (None, "")
        if have in (None, ""):
            return False
        if self.operator == "in" and isinstance(self.value, tuple):
            return str(have).casefold() in {value.casefold() for value in self.value}
        if self.operator == "contains":
            return str(self.value).casefold() in str(have).casefold()
        if self.operator == "equals":
            return _comparable(have) == _comparable(self.value)  # type: ignore[arg-type]  # never a tuple here
        low, high = (self.value, have) if self.operator == "greater" else (have, self.value)
        if isinstance(low, str) or isinstance(high, str):
            # Dates: the day of a time counts.
            return str(low)[:10] < str(high)[:10]
        return float(low) < float(high)  # type: ignore[arg-type]  # numbers by the check of the rule

    def in_words(self) -> str:
        name = self.field.removesuffix("__c").replace("_", " ")
        if self.operator == "empty":
            return f"{name} is empty"
        value = ", ".join(self.value) if isinstance(self.value, tuple) else self.value
        return f"{name} {_IN_WORDS[self.operator]} {value}"


@dataclass(frozen=True)
class HasTag:
    tag: str

    def matches(self, facts: Facts) -> bool:
        return self.tag.casefold() in facts.tags

    def in_words(self) -> str:
        return f"has the tag {self.tag}"


@dataclass(frozen=True)
class InPool:
    pool: str

    def matches(self, facts: Facts) -> bool:
        return self.pool in facts.pools

    def in_words(self) -> str:
        return f"is a member of {self.pool}"


@dataclass(frozen=True)
class All:
    parts: tuple["Rule", ...]

    def matches(self, facts: Facts) -> bool:
        return all(part.matches(facts) for part in self.parts)

    def in_words(self) -> str:
        return " and ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True)
class Any_:
    parts: tuple["Rule", ...]

    def matches(self, facts: Facts) -> bool:
        return any(part.matches(facts) for part in self.parts)

    def in_words(self) -> str:
        return " or ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True)
class Not:
    part: "Rule"

    def matches(self, facts: Facts) -> bool:
        return not self.part.matches(facts)

    def in_words(self) -> str:
        return f"not ({self.part.in_words()})"


Leaf = FieldIs | HasTag | InPool
Rule = Leaf | All | Any_ | Not


def parse(rule: Any, fields: Mapping[str, Kind]) -> Rule:
    """A rule from its JSON value; `fields` are the fields that may be asked for. Raises BadRule."""
    parsed = _parse(rule, fields, 1)
    if sum(1 for _ in leaves(parsed)) > MOST_LEAVES:
        raise BadRule(f"The rule has more than {MOST_LEAVES} conditions. Split it into several pools.")
    return parsed


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Every condition of a rule."""
    if isinstance(rule, All | Any_):
        for part in rule.parts:
            yield from leaves(part)
    elif isinstance(rule, Not):
        yield from leaves(rule.part)
    else:
        yield rule


def circle(pool: str, refers: Mapping[str, Sequence[str]]) -> list[str]:
    """The pools through which a pool's rule refers to itself, or none."""
    path: list[str] = []
    done: set[str] = set()

    def walk(one: str) -> bool:
        path.append(one)
        for other in refers.get(one, ()):
            if other == pool or (other not in done and walk(other)):
                return True
        done.add(path.pop())
        return False

    return [*path, pool] if walk(pool) else []


def _parse(rule: Any, fields: Mapping[str, Kind], depth: int) -> Rule:
    if not isinstance(rule, dict) or not rule:
        raise BadRule("A condition is empty. Give it a field, a tag, a pool, or “all”, “any” or “not”.")
    if depth > DEEPEST:
        raise BadRule(f"The rule is nested more than {DEEPEST} deep. Use a pool for the inner part.")
    for word, group in (("all", All), ("any", Any_)):
        if word in rule:
            parts = rule[word]
            if not isinstance(parts, list) or not parts:
                raise BadRule(f"“{word}” is empty. List its conditions, or remove it.")
            return group(tuple(_parse(part, fields, depth + 1) for part in parts))
    if "not" in rule:
        return Not(_parse(rule["not"], fields, depth + 1))
    if "tag" in rule:
        return HasTag(_text(rule["tag"], "tag"))
    if "pool" in rule:
        return InPool(_text(rule["pool"], "pool"))
    if "field" in rule:
        return _field(rule, fields)
    raise BadRule(f"“{str(next(iter(rule)))[:40]}” is no condition. Use field, tag, pool, all, any or not.")


def _field(rule: Mapping[str, Any], fields: Mapping[str, Kind]) -> FieldIs:
    name, operator, value = str(rule["field"]), str(rule.get("is", "")), rule.get("value")
    if name not in fields:
        near = get_close_matches(name, fields, n=1)
        hint = f" Do you mean {near[0]}?" if near else f" Use one of: {', '.join(sorted(fields))}."
        raise BadRule(f"“{name[:40]}” is not a field that a rule can ask for.{hint}")
    if operator not in OPERATORS:
        raise BadRule(f"“{operator[:40]}” cannot be asked of {name}. Use one of: {', '.join(OPERATORS)}.")
    kind = fields[name]
    if kind not in OPERATORS[operator]:
        fitting = ", ".join(word for word, kinds in OPERATORS.items() if kind in kinds)
        raise BadRule(f"“{operator}” does not fit {name}. Use one of: {fitting}.")
    if operator == "empty":
        return FieldIs(name, operator)
    if operator == "in":
        if not isinstance(value, list) or not value:
            raise BadRule(f"“in” needs a list of values for {name}.")
        return FieldIs(name, operator, tuple(_text(one, name) for one in value))
    return FieldIs(name, operator, _scalar(value, name, kind))


def _scalar(value: Any, name: str, kind: Kind) -> Scalar:
    fits = {
        "text": isinstance(value, str) and value != "",
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "yes": isinstance(value, bool),
        "date": isinstance(value, str) and len(value) == 10 and value.replace("-", "").isdigit(),
    }
    if not fits[kind]:
        wanted = {"text": "a text", "number": "a number", "yes": "true or false", "date": "a date like 2026-03-31"}
        raise BadRule(f"“{str(value)[:40]}” does not fit {name}: it needs {wanted[kind]}.")
    scalar: Scalar = value
    return scalar


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadRule(f"{name} needs a text, not “{str(value)[:40]}”.")
    return value.strip()


def _comparable(value: Scalar) -> str | float | bool:
    if isinstance(value, bool):
        return value
    return float(value) if isinstance(value, int | float) else str(value).casefold()


def _bracketed(rule: Rule) -> str:
    return f"({rule.in_words()})" if isinstance(rule, All | Any_) else rule.in_words()
