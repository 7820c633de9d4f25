"""From the JSON of a rule to the rule. Whatever cannot be meant is refused with the part, the value and the remedy."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from integration.model.segment import All, Any_, Not, Rule, leaves
from integration.model.segment_dates import span
from integration.model.segment_fields import BadRule, Field, field_named, nearest, operand, operator_named, shown
from integration.model.segment_leaves import ENGAGEMENTS, Engaged, FieldIs, HasTag, InPool, Near, Source
from integration.model.vocabulary import MembershipStage

MOST_LEAVES = 50
DEEPEST = 8
MOST_KM = 2_000


class Directory(Protocol):
    """What the names in a rule stand for. Each raises BadRule, with the nearest name, for what is not there."""

    def pool(self, text: str) -> tuple[str, frozenset[str], bool]:
        """(id, the pools meant: itself or those below a folder, whether it is a folder)."""

    def channel(self, text: str) -> str: ...

    def campaign(self, text: str) -> str: ...

    def place(self, text: str) -> tuple[str, float, float]:
        """(name, latitude, longitude)."""


def parse(
    rule: Any, fields: Mapping[str, Field], directory: Directory, conditions: Collection[str] | None = None
) -> Rule:
    """A rule from its JSON value; `conditions` are the kinds that it may have, all when not given. Raises BadRule."""
    parsed = _Parser(fields, directory, conditions).rule(rule, 1)
    if sum(1 for _ in leaves(parsed)) > MOST_LEAVES:
        raise BadRule(f"The rule has more than {MOST_LEAVES} conditions. Split it into several pools.")
    return parsed


class _Parser:
    def __init__(
        self, fields: Mapping[str, Field], directory: Directory, conditions: Collection[str] | None = None
    ) -> None:
        self._fields = fields
        self._directory = directory
        kinds: Mapping[str, Callable[[Mapping[str, Any]], Rule]] = {
            "field": self._field,
            "tag": lambda part: HasTag(_text(part["tag"], "tag")),
            "skill": lambda part: HasTag(_text(part["skill"], "skill"), is_skill=True),
            "pool": self._pool,
            "engaged": self._engaged,
            "source": self._source,
            "near": self._near,
        }
        self._kinds = {kind: read for kind, read in kinds.items() if conditions is None or kind in conditions}

    def rule(self, rule: Any, depth: int) -> Rule:
        if not isinstance(rule, dict) or not rule:
            raise BadRule("A condition is empty. Give it a field, a tag, a pool, or “all”, “any” or “not”.")
        if depth > DEEPEST:
            raise BadRule(f"The rule is nested more than {DEEPEST} deep. Use a pool for the inner part.")
        words = ("all", "any", "not", *self._kinds)
        found = [word for word in words if word in rule]
        if not found:
            first = str(next(iter(rule)))
            hint = nearest(first, words) if len(first) < 20 else ""
            raise BadRule(f"“{shown(first)}” is no condition. Use one of: {', '.join(words)}.{hint}")
        if len(found) > 1:
            raise BadRule(f"“{found[0]}” and “{found[1]}” stand in one condition. Join two by “all” or “any”.")
        word = found[0]
        _only(rule, _ALLOWED[word], word)
        if word in ("all", "any"):
            parts = rule[word]
            if not isinstance(parts, list) or not parts:
                raise BadRule(f"“{word}” is empty. List its conditions, or remove it.")
            return (All if word == "all" else Any_)(tuple(self.rule(part, depth + 1) for part in parts))
        return Not(self.rule(rule["not"], depth + 1)) if word == "not" else self._kinds[word](rule)

    def _field(self, part: Mapping[str, Any]) -> FieldIs:
        field = field_named(part["field"], self._fields)
        operator, negated = operator_named(part.get("is", ""), field)
        return FieldIs(field, operator, operand(part.get("value"), operator, field), negated)

    def _pool(self, part: Mapping[str, Any]) -> InPool:
        pool, any_of, is_folder = self._directory.pool(_text(part["pool"], "pool"))
        stages = part.get("stage", [])
        stages = tuple(_stage(one) for one in ([stages] if isinstance(stages, str) else stages or []))
        rating = part.get("rating")
        if rating is not None and (isinstance(rating, bool) or not isinstance(rating, int | float)):
            raise BadRule(f"“{shown(rating)}” does not fit rating: it needs a number from 1 to 5, the least accepted.")
        return InPool(pool, any_of, stages, rating, is_folder)

    def _engaged(self, part: Mapping[str, Any]) -> Engaged:
        what = _text(part["engaged"], "engaged").casefold()
        if what not in ENGAGEMENTS:
            raise BadRule(f"“{shown(what)}” is nothing people do.{nearest(what, list(ENGAGEMENTS))}")
        campaign = self._directory.campaign(_text(part["campaign"], "campaign")) if part.get("campaign") else ""
        if "in_the_last" not in part:
            return Engaged(what, campaign)
        if what == "opened":
            raise BadRule(
                "Opened mails are kept without their day. Leave “in_the_last” out, or ask Last_Engaged_At__c for it."
            )
        try:
            return Engaged(what, campaign, span(part["in_the_last"]))
        except ValueError as wrong:
            raise BadRule(f"“{shown(part['in_the_last'])}” does not fit in_the_last: {wrong}") from None

    def _source(self, part: Mapping[str, Any]) -> Source:
        which = _text(part["source"], "source").casefold()
        if which not in ("first", "last", "either"):
            raise BadRule(f"“{shown(which)}” is no source. Use first, last or either.")
        given = part.get("channel")
        channels = given if isinstance(given, list) else [given]
        return Source(which, frozenset(self._directory.channel(_text(one, "channel")) for one in channels))

    def _near(self, part: Mapping[str, Any]) -> Near:
        km = part.get("km")
        if isinstance(km, bool) or not isinstance(km, int | float) or not 0 < km <= MOST_KM:
            raise BadRule(f"“{shown(km)}” does not fit km: it needs a number up to {MOST_KM:,}.")
        return Near(*self._directory.place(_text(part["near"], "near")), float(km))


_ALLOWED: Mapping[str, frozenset[str]] = {
    "all": frozenset({"all"}),
    "any": frozenset({"any"}),
    "not": frozenset({"not"}),
    "field": frozenset({"field", "is", "value"}),
    "tag": frozenset({"tag"}),
    "skill": frozenset({"skill"}),
    "pool": frozenset({"pool", "stage", "rating"}),
    "engaged": frozenset({"engaged", "campaign", "in_the_last"}),
    "source": frozenset({"source", "channel"}),
    "near": frozenset({"near", "km"}),
}


def _only(part: Mapping[str, Any], allowed: frozenset[str], word: str) -> None:
    """A word that would be passed over in silence changes what a recruiter meant."""
    if unknown := sorted(map(str, part.keys() - allowed)):
        hint = nearest(unknown[0], sorted(allowed)) if len(unknown[0]) < 20 else ""
        raise BadRule(f"“{shown(unknown[0])}” does not belong to a condition with “{word}”.{hint}")


def _stage(value: Any) -> str:
    words = [stage.value for stage in MembershipStage]
    for word in words:
        if isinstance(value, str) and value.strip().casefold() == word.casefold():
            return word
    raise BadRule(f"“{shown(value)}” is not a stage.{nearest(str(value), words)}")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadRule(f"{name} needs a text, not “{shown(value)}”.")
    if len(value) > 255:
        raise BadRule(f"{name} has {len(value)} characters. At most 255 fit.")
    return value.strip()
