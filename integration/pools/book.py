"""The rules of all dynamic pools, read together: which facts each names, and in which order they are judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model import segment
from integration.model.segment import InPool, Rule
from integration.model.segment_fields import Field
from integration.model.segment_parsing import parse
from integration.model.vocabulary import PoolKind
from integration.pools.directory import Directory
from integration.pools.fields import fields_of
from integration.ports import Record
from integration.records import TalentPool

if TYPE_CHECKING:
    from integration.app import App


@dataclass
class Book:
    """Dynamic pools by id, each after those that its rule names."""

    directory: Directory
    rules: dict[str, Rule] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    by_fact: dict[str, list[str]] = field(default_factory=dict)
    """Fact -> the pools whose rules name it; a change of the fact touches no other pool."""

    @property
    def needs(self) -> frozenset[str]:
        return frozenset(self.by_fact)


def read(app: App) -> Book:
    """Rules that cannot be read are left out and logged: their recruiter is told at the next Refresh."""
    directory = Directory(app)
    dynamic = [one for one, row in directory.pools.items() if row[TalentPool.KIND] == PoolKind.DYNAMIC]
    if not dynamic:
        return Book(directory)
    fields = fields_of(app)
    readable: dict[str, Rule] = {}
    for pool in dynamic:
        try:
            readable[pool] = rule_of(directory.pools[pool], fields, directory)
        except Rejected as rejected:
            log.event("pool.rule_rejected", pool=pool, reason=rejected.message)
    return of_rules(directory, readable)


def of_rules(directory: Directory, rules: dict[str, Rule]) -> Book:
    refers = {pool: pools_named(rule) for pool, rule in rules.items()}
    order = segment.in_order(refers)
    by_fact: dict[str, list[str]] = {}
    for pool in order:
        for need in segment.needs(rules[pool]):
            by_fact.setdefault(need, []).append(pool)
    return Book(directory, {pool: rules[pool] for pool in order}, order, by_fact)


def rule_of(pool: Record, fields: dict[str, Field], directory: Directory) -> Rule:
    """The pool's rule; raises Rejected."""
    directory = directory.on_behalf_of(str(pool[TalentPool.OWNER] or ""))
    return read_rule(str(pool[TalentPool.RULE] or "null"), fields, directory, "Rule")


def read_rule(text: str, fields: dict[str, Field], directory: Directory, where: str) -> Rule:
    """A rule from its text; `where` is the field that a message points to."""
    try:
        return parse(json.loads(text), fields, directory)
    except RecursionError:
        raise Rejected("The rule is nested too deep. Use a pool for the inner part.", field=where) from None
    except json.JSONDecodeError as wrong:
        raise Rejected(
            f"The rule is not valid JSON (line {wrong.lineno}, column {wrong.colno}). "
            'Correct it; one condition looks like {"field": "City__c", "is": "equals", "value": "Cork"}.',
            field=where,
        ) from wrong
    except segment.BadRule as wrong:
        raise Rejected(str(wrong), field=where) from wrong


def pools_named(rule: Rule) -> Sequence[str]:
    """The pools whose members a rule asks about, those below a folder among them."""
    return sorted({one for leaf in segment.leaves(rule) if isinstance(leaf, InPool) for one in leaf.any_of})
