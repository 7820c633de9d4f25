"""GROUP BY ROLLUP and CUBE: one SELECT for each level of subtotals, put together."""

from collections.abc import Callable, Iterator
from itertools import combinations

from integration.local.org.soql.filters import FilterCompiler, SemijoinCompiler
from integration.local.org.soql.grouped import Grouping
from integration.local.org.soql.scope import Scope
from integration.local.org.soql.tree import Order, Query

OrderTerm = Callable[[Order], str]
"""The SQL that an ORDER BY item sorts by; refuses what cannot be sorted."""


def levels(keys: list[str], subtotals: str) -> Iterator[tuple[str, ...]]:
    """Which keys each level groups by, the finest first, the grand total last."""
    for size in range(len(keys), -1, -1):
        yield from [tuple(keys[:size])] if subtotals == "ROLLUP" else combinations(keys, size)


def with_subtotals(
    scope: Scope, query: Query, grouping: Grouping, where: str, order_term: OrderTerm, no_semijoin: SemijoinCompiler
) -> str:
    """The whole statement but for its limit."""
    bodies = []
    width = 0
    for present in levels(grouping.keys, query.subtotals):
        grouping.present = frozenset(present)
        shown = grouping.select(query).sql
        sorted_by = [order_term(each) for each in query.order_by] or _by_keys(grouping)
        named = [*(f"{sql} AS c{index}" for index, sql in enumerate(shown))]
        named += [f"{sql} AS o{index}" for index, sql in enumerate(sorted_by)]
        width = len(sorted_by)
        tail = f" GROUP BY {', '.join(present) or 'NULL'}"
        if query.having:
            tail += f" HAVING {FilterCompiler(scope, no_semijoin, grouping.term).compile(query.having)}"
        bodies.append((", ".join(named), tail))
    source = scope.source()
    union = " UNION ALL ".join(f"SELECT {named} FROM {source} WHERE {where}{tail}" for named, tail in bodies)
    columns = ", ".join(f"c{index}" for index in range(len(query.items)))
    return f"SELECT {columns} FROM ({union}) ORDER BY {_directions(query, width)}"


def _by_keys(grouping: Grouping) -> list[str]:
    """Each group before the subtotal that it goes into."""
    return [sql for key in grouping.keys for sql in ("0" if key in grouping.present else "1", grouping.at_level(key))]


def _directions(query: Query, width: int) -> str:
    if not query.order_by:
        return ", ".join(f"o{index}" for index in range(width))
    return ", ".join(
        f"o{index} {'DESC' if each.descending else 'ASC'} NULLS {'LAST' if each.nulls_last else 'FIRST'}"
        for index, each in enumerate(query.order_by)
    )
