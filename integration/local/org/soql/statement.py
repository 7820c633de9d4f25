"""One query, or one child subquery, as a SQL statement with its parameters."""

from dataclasses import dataclass
from functools import partial

from integration.local.org.catalog import ChildRelationship, FieldInfo
from integration.local.org.formula.sql import quote
from integration.local.org.soql.errors import SoqlError, located, no_such_relationship
from integration.local.org.soql.filters import FilterCompiler
from integration.local.org.soql.functions import Term, has_aggregate, term
from integration.local.org.soql.grouped import GroupedSelection, Grouping, is_grouped
from integration.local.org.soql.restrictions import check_depth, restrictions
from integration.local.org.soql.scope import Compilation, Scope
from integration.local.org.soql.select import Selection, select
from integration.local.org.soql.semijoin import compile_semijoin
from integration.local.org.soql.subtotals import with_subtotals
from integration.local.org.soql.tree import Call, Column, Order, Query

_LARGEST_OFFSET = 2000
_LARGEST_LIMIT = 2**31 - 1


@dataclass(frozen=True)
class Statement:
    """SQL and what its columns mean."""

    sql: str
    parameters: tuple[object, ...]
    object_name: str
    selection: Selection | None = None
    """For a query of rows."""
    grouped: GroupedSelection | None = None
    """For a query with aggregates; neither: SELECT COUNT()."""


def compile_query(compilation: Compilation, query: Query) -> Statement:
    """A query of the top level."""
    scope = Scope(compilation, compilation.object(query.source, query.source_at), query.alias)
    _check_offset(compilation.text, query)
    check_depth(compilation.text, query, compilation.version)
    for each in query.further:
        scope.add(each)
    if _is_count(query):
        return _count(scope, query)
    if is_grouped(query):
        return _grouped(scope, query)
    selection = select(scope, query)
    where = _where(scope, query)
    order = _order_by(scope, query)
    sql = f"SELECT {', '.join(selection.sql)} FROM {scope.source()} WHERE {where}{order}{_limit(query)}"
    return Statement(sql, tuple(compilation.parameters), scope.info.name, selection)


def compile_children(compilation: Compilation, parent: Scope, query: Query) -> Statement:
    """A child subquery for many parents at once: ?1 is their ids as JSON, the last column the parent's id."""
    relation = _relation(parent, query)
    compilation.bind("[]")
    scope = Scope(compilation, compilation.object(relation.object, query.source_at), query.alias)
    text = compilation.text
    if is_grouped(query) or _is_count(query):
        raise located("MALFORMED_QUERY", text, query.at, "only root queries support aggregate expressions")
    _check_offset(text, query)
    for each in query.further:
        scope.add(each)
    selection = select(scope, query)
    key = f'{scope.table}."{relation.field}"'
    order = _order_by(scope, query)
    where = f"{key} IN (SELECT value FROM json_each(?1)) AND {_where(scope, query)}"
    columns = ", ".join([*(f"{sql} AS c{index}" for index, sql in enumerate(selection.sql)), f"{key} AS parent"])
    place = f"row_number() OVER (PARTITION BY {key}{order}) AS place"
    names = ", ".join([*(f"c{index}" for index in range(len(selection.sql))), "parent"])
    last = "" if query.limit is None else f" AND place <= {query.offset + query.limit}"
    inner = f"SELECT {columns}, {place} FROM {scope.source()} WHERE {where}"
    sql = f"SELECT {names} FROM ({inner}) WHERE place > {query.offset}{last} ORDER BY place"
    return Statement(sql, tuple(compilation.parameters), scope.info.name, selection)


def _relation(parent: Scope, query: Query) -> ChildRelationship:
    head, _, name = query.source.rpartition(".")
    relation = parent.info.child(name)
    if relation is None or (head and head.lower() not in (parent.alias.lower(), parent.info.name.lower())):
        raise no_such_relationship(parent.compilation.text, query.source_at, query.source, child=True)
    if not parent.compilation.reader.can_read(relation.object, relation.field):
        raise no_such_relationship(parent.compilation.text, query.source_at, query.source, child=True)
    return relation


def _is_count(query: Query) -> bool:
    calls = [
        item.expression
        for item in query.items
        if isinstance(item, Column) and isinstance(item.expression, Call) and item.expression.name == "COUNT"
    ]
    return len(query.items) == 1 and bool(calls) and not calls[0].arguments


def _count(scope: Scope, query: Query) -> Statement:
    if query.group_by or query.having or query.order_by:
        reason = "COUNT() can not be used with GROUP BY, HAVING or ORDER BY"
        raise located("MALFORMED_QUERY", scope.compilation.text, query.at, reason)
    where = _where(scope, query)
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {scope.source()} WHERE {where}{_limit(query)})"
    return Statement(sql, tuple(scope.compilation.parameters), scope.info.name)


def _grouped(scope: Scope, query: Query) -> Statement:
    grouping = Grouping(scope, query)
    selection = grouping.select(query)
    where = _where(scope, query)
    if query.subtotals:
        order_term = partial(_sorted_by, scope, grouping=grouping)
        sql = with_subtotals(scope, query, grouping, where, order_term, _no_semijoin)
        return Statement(f"{sql}{_limit(query)}", tuple(scope.compilation.parameters), scope.info.name, None, selection)
    tail = f" GROUP BY {grouping.sql}" if query.group_by else ""
    if query.having:
        having = FilterCompiler(scope, _no_semijoin, grouping.term).compile(query.having)
        tail += f" HAVING {having}"
    order = _order_by(scope, query, grouping)
    sql = f"SELECT {', '.join(selection.sql)} FROM {scope.source()} WHERE {where}{tail}{order}{_limit(query)}"
    return Statement(sql, tuple(scope.compilation.parameters), scope.info.name, grouped=selection)


def _no_semijoin(scope: Scope, *_: object) -> str:
    raise SoqlError("MALFORMED_QUERY", "Semi join sub-selects are not allowed in HAVING")


def _where(scope: Scope, query: Query) -> str:
    parts = restrictions(scope, query)
    if query.where is not None:
        _refuse_aggregates(scope, query)
        parts.append(FilterCompiler(scope, compile_semijoin).compile(query.where))
    if not (scope.compilation.include_deleted or query.all_rows):
        parts.append(f'{scope.table}."IsDeleted" = 0')
    return " AND ".join(parts) or "1"


def _refuse_aggregates(scope: Scope, query: Query) -> None:
    pending = [query.where]
    while pending:
        condition = pending.pop()
        pending.extend(getattr(condition, "conditions", ()))
        if inner := getattr(condition, "condition", None):
            pending.append(inner)
        left = getattr(condition, "left", None)
        if left is not None and has_aggregate(left):
            text = scope.compilation.text
            raise located("MALFORMED_QUERY", text, left.at, "aggregate functions are not allowed in WHERE")


def _order_by(scope: Scope, query: Query, grouping: Grouping | None = None) -> str:
    if not query.order_by:
        return ""
    return " ORDER BY " + ", ".join(_order(scope, each, grouping) for each in query.order_by)


def _order(scope: Scope, order: Order, grouping: Grouping | None) -> str:
    direction = "DESC" if order.descending else "ASC"
    return f"{_sorted_by(scope, order, grouping)} {direction} NULLS {'LAST' if order.nulls_last else 'FIRST'}"


def _sorted_by(scope: Scope, order: Order, grouping: Grouping | None = None) -> str:
    found: Term = grouping.term(scope, order.expression) if grouping else term(scope, order.expression)
    info = found.field.field if found.field else None
    text = scope.compilation.text
    if found.sort in ("long", "location") or (info and info.type == "MultiselectPicklist"):
        reason = f"field '{found.name}' can not be sorted in a query call"
        raise located("INVALID_FIELD", text, order.expression.at, reason)
    if found.is_aggregate and grouping is None:
        raise located("MALFORMED_QUERY", text, order.expression.at, "ordering by an aggregate requires GROUP BY")
    if found.name == "TOLABEL":
        raise located("MALFORMED_QUERY", text, order.expression.at, "toLabel is not allowed in ORDER BY")
    if info and info.type == "Picklist" and info.picklist:
        return _picklist_order(found.sql, info)
    return found.sql


def _picklist_order(sql: str, info: FieldInfo) -> str:
    """Picklists are sorted as their values stand in the metadata, others last."""
    cases = " ".join(f"WHEN {quote(each.name)} THEN {place}" for place, each in enumerate(info.picklist))
    return f"(CASE WHEN {sql} IS NULL THEN NULL ELSE CASE {sql} {cases} ELSE {len(info.picklist)} END END)"


def _check_offset(text: str, query: Query) -> None:
    if query.limit is not None and query.limit > _LARGEST_LIMIT:
        reason = f"LIMIT is at most {_LARGEST_LIMIT}"
        raise located("NUMBER_OUTSIDE_VALID_RANGE", text, query.at, reason)
    if query.offset > _LARGEST_OFFSET:
        reason = f"Maximum SOQL offset allowed is {_LARGEST_OFFSET}"
        raise located("NUMBER_OUTSIDE_VALID_RANGE", text, query.offset_at, reason)


def _limit(query: Query) -> str:
    if query.limit is None and not query.offset:
        return ""
    return f" LIMIT {-1 if query.limit is None else query.limit} OFFSET {query.offset}"
