"""Semi-joins and anti-joins: `AccountId IN (SELECT …)`, with the platform's limits."""

from integration.local.org.soql.errors import located
from integration.local.org.soql.filters import FilterCompiler
from integration.local.org.soql.functions import Term
from integration.local.org.soql.scope import Scope
from integration.local.org.soql.tree import Column, Path, Query, Semijoin

_MOST = 2
_KEYS = ("id", "reference")


def compile_semijoin(scope: Scope, condition: Semijoin, left: Term) -> str:
    """The condition as SQL. Blank keys inside never make an anti-join unknown."""
    query = condition.query
    compilation = scope.compilation
    compilation.semijoins += 1
    if compilation.semijoins > _MOST:
        reason = f"Maximum {_MOST} semi join sub-selects are allowed."
        raise located("MALFORMED_QUERY", compilation.text, query.at, reason)
    if left.sort not in _KEYS or (left.field and left.field.through):
        reason = (
            "The left operand field in the where expression for outer query should be an id field, "
            f"cannot use: '{left.name}'"
        )
        raise located("MALFORMED_QUERY", compilation.text, condition.left.at, reason)
    info = compilation.object(query.source, query.source_at)
    if info is scope.info:
        reason = "The inner and outer selects should not be on the same object type"
        raise located("MALFORMED_QUERY", compilation.text, query.source_at, reason)
    _check_shape(scope, query)
    inner = _inner(scope, Scope(compilation, info, query.alias), query)
    return f"NOT COALESCE({left.sql} IN ({inner}), 0)" if condition.negated else f"{left.sql} IN ({inner})"


def _check_shape(scope: Scope, query: Query) -> None:
    text = scope.compilation.text
    extra = {
        "ORDER BY": query.order_by,
        "LIMIT": query.limit is not None,
        "OFFSET": query.offset,
        "GROUP BY": query.group_by,
        "HAVING": query.having,
        "FOR": query.clauses,
        "USING SCOPE": query.scope,
        "A second object": query.further,
        "WITH DATA CATEGORY": query.categories,
    }
    if found := next((name for name, present in extra.items() if present), ""):
        raise located("MALFORMED_QUERY", text, query.at, f"{found} is not allowed in a semi join sub-select")
    item = query.items[0]
    if len(query.items) != 1 or not isinstance(item, Column) or not isinstance(item.expression, Path):
        raise located("MALFORMED_QUERY", text, query.at, "A semi join sub-select selects exactly one field")


def _inner(outer: Scope, scope: Scope, query: Query) -> str:
    text = outer.compilation.text
    item = query.items[0]
    if not isinstance(item, Column) or not isinstance(item.expression, Path):  # checked by _check_shape
        raise TypeError(item)
    column = scope.resolve(item.expression)
    if column.through or not (column.name == "Id" or column.field.is_reference):
        reason = (
            f"The selected field '{item.expression.text}' in the semi join sub-select should be an id or a reference"
        )
        raise located("MALFORMED_QUERY", text, item.expression.at, reason)
    parts = [f"{column.sql} IS NOT NULL", *scope.seen()]
    if query.where is not None:
        parts.append(FilterCompiler(scope, _refuse_nested).compile(query.where))
    if not scope.compilation.include_deleted:
        parts.append(f'{scope.table}."IsDeleted" = 0')
    return f"SELECT {column.sql} FROM {scope.source()} WHERE {' AND '.join(parts)}"


def _refuse_nested(scope: Scope, condition: Semijoin, left: Term) -> str:
    reason = "Nesting of semi join sub-selects is not supported"
    raise located("MALFORMED_QUERY", scope.compilation.text, condition.query.at, reason)
