"""Queries that aggregate: GROUP BY, HAVING and their SELECT list."""

from dataclasses import dataclass, field, replace

from integration.local.org.soql.errors import SoqlError, located
from integration.local.org.soql.functions import Term, has_aggregate, refused_function, term
from integration.local.org.soql.localized import formatted
from integration.local.org.soql.scope import Scope
from integration.local.org.soql.select import ColumnInfo
from integration.local.org.soql.show import Show, show_json, show_unless_blank
from integration.local.org.soql.tree import Call, Column, Expression, Query, written

_UNGROUPABLE_SORTS = frozenset({"double", "dateTime", "time", "long", "location"})
_MOST_SUBTOTALS = 3
_UNGROUPABLE_TYPES = frozenset({"MultiselectPicklist", "TextArea"})


@dataclass
class GroupedSelection:
    """Columns of an aggregate query, in order."""

    sql: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    shows: list[Show | None] = field(default_factory=list)
    columns: list[ColumnInfo] = field(default_factory=list)


def is_grouped(query: Query) -> bool:
    """Whether the query returns groups, not rows."""
    return bool(query.group_by or query.having) or any(
        isinstance(item, Column) and has_aggregate(item.expression) for item in query.items
    )


class Grouping:
    """The groups of one query; lets only grouped and aggregated terms pass."""

    def __init__(self, scope: Scope, query: Query) -> None:
        self._scope = scope
        self._text = scope.compilation.text
        self._subtotals = query.subtotals
        if query.having and not query.group_by:
            raise located("MALFORMED_QUERY", self._text, query.having_at, "HAVING requires GROUP BY")
        if query.subtotals and len(query.group_by) > _MOST_SUBTOTALS:
            reason = f"GROUP BY {query.subtotals} takes at most {_MOST_SUBTOTALS} fields"
            raise located("MALFORMED_QUERY", self._text, query.group_by[0].at, reason)
        self._terms = {each.key: each for each in (self._groupable(each) for each in query.group_by)}
        self.present = frozenset(self._terms)
        """The keys that the level of subtotals at hand groups by."""

    @property
    def sql(self) -> str:
        return ", ".join(self._terms)

    @property
    def keys(self) -> list[str]:
        """What is grouped by, as SQL."""
        return list(self._terms)

    def at_level(self, key: str) -> str:
        """A key as SQL, blank where it is added up."""
        return key if key in self.present else "NULL"

    def _groupable(self, expression: Expression) -> Term:
        found = term(self._scope, expression)
        if found.is_aggregate:
            raise located("MALFORMED_QUERY", self._text, expression.at, "an aggregate can not be grouped")
        if found.field is None and found.name not in ("DISTANCE", "TOLABEL"):
            return found
        if found.field is None:
            raise located("MALFORMED_QUERY", self._text, expression.at, f"{found.name} can not be grouped")
        info = found.field.field
        if (found.sort in _UNGROUPABLE_SORTS and info.type != "Integer") or info.type in _UNGROUPABLE_TYPES:
            reason = f"field '{found.name}' can not be grouped in a query call"
            raise located("MALFORMED_QUERY", self._text, expression.at, reason)
        return found

    def term(self, scope: Scope, expression: Expression) -> Term:
        """A term of SELECT, HAVING or ORDER BY."""
        if isinstance(expression, Call) and expression.name == "GROUPING":
            return self._grouping(expression)
        found = term(scope, expression)
        if found.is_aggregate and found.inner in self._terms:
            reason = f"Grouped field should not be aggregated: {self._terms[found.inner].name}"
            raise located("MALFORMED_QUERY", self._text, expression.at, reason)
        if not found.is_aggregate and found.key not in self._terms:
            reason = f"Field must be grouped or aggregated: {written(expression)}"
            raise located("MALFORMED_QUERY", self._text, expression.at, reason)
        return found if found.is_aggregate else replace(found, sql=self.at_level(found.key))

    def _grouping(self, call: Call) -> Term:
        """GROUPING(field): 1 in a row that adds up the field's groups."""
        key = term(self._scope, call.arguments[0]).key
        if not self._subtotals or key not in self._terms:
            reason = "GROUPING takes a field of GROUP BY ROLLUP or CUBE"
            raise located("MALFORMED_QUERY", self._text, call.at, reason)
        return Term("0" if key in self.present else "1", "double", "GROUPING", is_aggregate=True)

    def select(self, query: Query) -> GroupedSelection:
        """The columns; those without a name of their own are expr0, expr1 …"""
        selection = GroupedSelection()
        unnamed = 0
        for item in query.items:
            if not isinstance(item, Column):
                raise SoqlError("MALFORMED_QUERY", "FIELDS and subqueries are not allowed in a query with aggregates")
            found, show = self._shown(item.expression)
            name = item.alias or (found.name if found.field else f"expr{unnamed}")
            unnamed += not (item.alias or found.field)
            if name.lower() in (each.lower() for each in selection.names):
                raise SoqlError("MALFORMED_QUERY", f"duplicate alias: {name}")
            info = found.field.field if found.field else None
            selection.columns.append(ColumnInfo(name, len(selection.sql), info, is_aggregate=found.is_aggregate))
            selection.sql.append(found.sql)
            selection.names.append(name)
            selection.shows.append(show)
        return selection

    def _shown(self, expression: Expression) -> tuple[Term, Show | None]:
        if not (isinstance(expression, Call) and expression.name == "FORMAT"):
            found = self.term(self._scope, expression)
            show = show_json(found.sort)
            return found, show_unless_blank(show) if show and self._subtotals else show
        found = self.term(self._scope, expression.arguments[0])
        source = found.inner_field or (found.field.field if found.field else None)
        if source is None or found.name.startswith("COUNT"):
            raise refused_function(self._text, expression)
        return found, formatted(self._scope, expression, source)
