"""Functions of a query as SQL."""

from dataclasses import dataclass
from typing import Any

from integration.local.org.catalog import FieldInfo
from integration.local.org.formula.sql import quote
from integration.local.org.soql.distance import distance_sql
from integration.local.org.soql.errors import SoqlError, located
from integration.local.org.soql.scope import Resolved, Scope
from integration.local.org.soql.tree import Call, Distance, Expression, Path
from integration.local.org.soql.values import Sort, sort_of

AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})
LOCAL_TIME = "warmbench_local_time"
"""The SQL function that reads a stored DateTime on the user's clock."""
FOLD = "warmbench_fold"
"""The SQL function that makes text small beyond ASCII, where SQLite's own NOCASE and LIKE end."""


def fold(value: Any) -> Any:
    """What FOLD does."""
    return value.lower() if isinstance(value, str) else value


_DATES = {
    "CALENDAR_MONTH": "CAST(strftime('%m', {0}) AS INTEGER)",
    "CALENDAR_QUARTER": "(CAST(strftime('%m', {0}) AS INTEGER) + 2) / 3",
    "CALENDAR_YEAR": "CAST(strftime('%Y', {0}) AS INTEGER)",
    "DAY_IN_MONTH": "CAST(strftime('%d', {0}) AS INTEGER)",
    "DAY_IN_WEEK": "CAST(strftime('%w', {0}) AS INTEGER) + 1",
    "DAY_IN_YEAR": "CAST(strftime('%j', {0}) AS INTEGER)",
    "DAY_ONLY": "substr({0}, 1, 10)",
    "HOUR_IN_DAY": "CAST(strftime('%H', {0}) AS INTEGER)",
    "WEEK_IN_MONTH": "(CAST(strftime('%d', {0}) AS INTEGER) - 1) / 7 + 1",
    "WEEK_IN_YEAR": "(CAST(strftime('%j', {0}) AS INTEGER) - 1) / 7 + 1",
}
for _part in ("MONTH", "QUARTER", "YEAR"):
    _DATES[f"FISCAL_{_part}"] = _DATES[f"CALENDAR_{_part}"]

DATE_FUNCTIONS = frozenset(_DATES)

_SQL_AGGREGATES = {"COUNT": "COUNT({0})", "COUNT_DISTINCT": "COUNT(DISTINCT {0})"}
_SUMMABLE = frozenset({"double"})
_COMPARABLE = frozenset({"double", "date", "dateTime", "string", "id", "reference"})


@dataclass(frozen=True)
class Term:
    """An expression of a query as SQL, with what is needed to compare and to show it."""

    sql: str
    sort: Sort
    name: str
    field: Resolved | None = None
    is_aggregate: bool = False
    inner: str = ""
    """The key of what an aggregate adds up."""
    inner_field: FieldInfo | None = None

    @property
    def key(self) -> str:
        """The same for the same expression, however it was spelled."""
        return self.sql


def term(scope: Scope, expression: Expression) -> Term:
    """A field, a date function or an aggregate as SQL."""
    if isinstance(expression, Path):
        resolved = scope.resolve(expression)
        return Term(resolved.sql, sort_of(resolved.field), resolved.name, resolved)
    if isinstance(expression, Distance):
        return Term(distance_sql(scope, expression), "double", "DISTANCE")
    if expression.name in AGGREGATES:
        return _aggregate(scope, expression)
    if expression.name in _DATES:
        return _date(scope, expression)
    if expression.name == "TOLABEL" and isinstance(expression.arguments[0], Path):
        return _label(scope, scope.resolve(expression.arguments[0]))
    raise refused_function(scope.compilation.text, expression)


def refused_function(text: str, call: Call) -> SoqlError:
    """Why a function is not allowed where it stands."""
    if call.name == "CONVERTCURRENCY" or any(
        isinstance(each, Call) and each.name == "CONVERTCURRENCY" for each in call.arguments
    ):
        reason = "convertCurrency is only supported in organizations with multiple currencies"
        return located("MALFORMED_QUERY", text, call.at, reason)
    if call.name in DATE_FUNCTIONS:
        return located("MALFORMED_QUERY", text, call.at, f"{call.name} is only valid in a query with GROUP BY")
    if call.name == "CONVERTTIMEZONE":
        reason = "convertTimezone can only be used in a date function"
        return located("MALFORMED_QUERY", text, call.at, reason)
    return located("MALFORMED_QUERY", text, call.at, f"{call.name} is not allowed here")


def check_labelled(text: str, resolved: Resolved) -> None:
    """toLabel is for fields with labels: picklists, and standard fields that are picklists elsewhere."""
    field = resolved.field
    if field.custom and field.type not in ("Picklist", "MultiselectPicklist"):
        reason = f"field '{field.name}' does not support toLabel"
        raise located("MALFORMED_QUERY", text, resolved.path.at, reason)


def _label(scope: Scope, resolved: Resolved) -> Term:
    """The label of a picklist value, for WHERE."""
    check_labelled(scope.compilation.text, resolved)
    cases = " ".join(f"WHEN {quote(each.name)} THEN {quote(each.label)}" for each in resolved.field.picklist)
    sql = f"(CASE {resolved.sql} {cases} ELSE {resolved.sql} END COLLATE NOCASE)" if cases else resolved.sql
    return Term(sql, sort_of(resolved.field), "TOLABEL")


def has_aggregate(expression: Expression) -> bool:
    """Whether it is an aggregate, or FORMAT of one."""
    if not isinstance(expression, Call):
        return False
    return expression.name in AGGREGATES or (
        expression.name == "FORMAT" and any(map(has_aggregate, expression.arguments))
    )


def _aggregate(scope: Scope, call: Call) -> Term:
    text = scope.compilation.text
    if not call.arguments:
        raise located("MALFORMED_QUERY", text, call.at, "COUNT() must be the only element in the SELECT list")
    inner = term(scope, call.arguments[0])
    if inner.is_aggregate or inner.field is None:
        raise located("MALFORMED_QUERY", text, call.at, f"{call.name} takes a field")
    refused = {
        "SUM": inner.sort not in _SUMMABLE,
        "AVG": inner.sort not in _SUMMABLE,
        "MIN": inner.sort not in _COMPARABLE,
        "MAX": inner.sort not in _COMPARABLE,
        "COUNT": inner.sort in ("long", "location"),
        "COUNT_DISTINCT": inner.sort in ("long", "location", "boolean"),
    }
    if refused[call.name] or inner.field.field.type == "MultiselectPicklist":
        reason = f"field {inner.name} does not support aggregate operator {call.name}"
        raise located("MALFORMED_QUERY", text, call.at, reason)
    sql = _SQL_AGGREGATES.get(call.name, f"{call.name}({{0}})").format(inner.sql)
    sort: Sort = inner.sort if call.name in ("MIN", "MAX") else "double"
    return Term(sql, sort, call.name, is_aggregate=True, inner=inner.key, inner_field=inner.field.field)


def _date(scope: Scope, call: Call) -> Term:
    text = scope.compilation.text
    argument = call.arguments[0]
    is_local = isinstance(argument, Call) and argument.name == "CONVERTTIMEZONE"
    inner = term(scope, argument.arguments[0] if isinstance(argument, Call) and is_local else argument)
    needs_time = is_local or call.name in ("HOUR_IN_DAY", "DAY_ONLY")
    if inner.field is None or inner.sort not in ("date", "dateTime") or (needs_time and inner.sort != "dateTime"):
        raise located("MALFORMED_QUERY", text, call.at, f"field '{inner.name}' is not valid for {call.name}")
    source = f"{LOCAL_TIME}({inner.sql})" if is_local else inner.sql
    sort: Sort = "date" if call.name == "DAY_ONLY" else "double"
    return Term(f"({_DATES[call.name].format(source)})", sort, call.name)
