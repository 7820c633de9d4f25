"""Conditions of a query as SQL.

SOQL has two truth values: what SQL leaves unknown is false, and `!=` matches blank. NOT therefore closes its operand
with COALESCE; AND and OR need no help, because unknown and false are the same to the rows they keep.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from integration.local.org.soql.dates import day_range, stored_instant
from integration.local.org.soql.errors import SoqlError, located, not_implemented
from integration.local.org.soql.functions import FOLD, Term, fold, term
from integration.local.org.soql.scope import Scope
from integration.local.org.soql.tree import (
    Comparison,
    Condition,
    Expression,
    Found,
    Group,
    Membership,
    Not,
    Semijoin,
    Value,
)
from integration.local.org.soql.values import check_kind, stored

Terms = Callable[[Scope, Expression], Term]
SemijoinCompiler = Callable[[Scope, Semijoin, Term], str]

_MOST_RANGES = 100
_LAST = "\U0010ffff"
_ORDERED = ("<", "<=", ">", ">=")


_MOST_PARAMETERS = 500


def balanced(parts: Sequence[str], operator: str) -> str:
    """All parts joined, as a tree that is as deep as need be: SQLite limits the depth, not the number."""
    level = list(parts)
    while len(level) > 1:
        pairs = (level[index : index + 2] for index in range(0, len(level), 2))
        level = [f"({f' {operator} '.join(pair)})" for pair in pairs]
    return level[0]


class FilterCompiler:
    """Compiles one WHERE or HAVING clause."""

    def __init__(self, scope: Scope, semijoin: SemijoinCompiler, terms: Terms = term) -> None:
        self._scope = scope
        self._semijoin = semijoin
        self._terms = terms
        self._text = scope.compilation.text
        self._bind = scope.compilation.bind

    def compile(self, condition: Condition, around: tuple[str, ...] = ()) -> str:
        """The condition in parentheses; `around` are the operators that it stands under, the outermost first."""
        match condition:
            case Group():
                under = (*around, condition.operator)
                parts = [self.compile(each, under) for each in condition.conditions]
                return balanced(parts, condition.operator)
            case Not():
                return f"(NOT COALESCE({self.compile(condition.condition, (*around, 'NOT'))}, 0))"
            case Comparison():
                return f"({self._comparison(condition)})"
            case Membership():
                return f"({self._membership(condition)})"
            case Semijoin():
                self._check_place(condition, around)
                return f"({self._semijoin(self._scope, condition, self._terms(self._scope, condition.left))})"
            case Found():
                ids = self._bind(json.dumps(condition.ids))
                return f"({self._scope.identity(())} IN (SELECT value FROM json_each({ids})))"

    def _check_place(self, condition: Semijoin, around: tuple[str, ...]) -> None:
        """A semi-join stands alone or under the outermost AND."""
        if around in ((), ("AND",)):
            return
        reason = "Semi join sub-selects are not allowed with the 'OR' operator"
        if around != ("OR",):
            reason = (
                "Semi join sub-selects are only allowed at the top level WHERE expressions "
                "and not in nested WHERE expressions."
            )
        raise located("MALFORMED_QUERY", self._text, condition.query.at, reason)

    def _left(self, expression: Expression) -> Term:
        found = self._terms(self._scope, expression)
        if found.sort in ("long", "location"):
            reason = f"field '{found.name}' can not be filtered in a query call"
            raise located("INVALID_FIELD", self._text, expression.at, reason)
        return found

    def _comparison(self, condition: Comparison) -> str:
        left = self._left(condition.left)
        operator, right = condition.operator, condition.right
        self._check_operator(left, operator)
        check_kind(self._text, left.name, left.sort, right)
        if operator == "LIKE":
            return self._like(left, condition)
        if right.kind == "literal":
            return self._date_literal(left, operator, right)
        value = stored(self._text, left.sort, right)
        sql = self._closed(left)
        if left.sort == "boolean":
            return f"{sql} {'IS' if operator == '=' else 'IS NOT'} {self._bind(value or 0)}"
        if value is None:
            return {"=": f"{sql} IS NULL", "!=": f"{sql} IS NOT NULL"}.get(operator, "0")
        if operator in ("=", "!="):
            sql, (value,) = self._alike(left, sql, [value])
        return f"{sql} {'IS NOT' if operator == '!=' else operator} {self._bind(value)}"

    def _check_operator(self, left: Term, operator: str) -> None:
        if left.name == "DISTANCE" and operator not in ("<", ">"):
            raise SoqlError(
                "INVALID_QUERY_FILTER_OPERATOR", f"DISTANCE can be compared by < and > only, not {operator}"
            )
        is_multiselect = self._is_multiselect(left)
        no_like = operator == "LIKE" and (left.sort != "string" or is_multiselect)
        no_order = operator in _ORDERED and (left.sort == "boolean" or is_multiselect)
        if no_like or no_order:
            sort = "multipicklist" if is_multiselect else left.sort
            raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {sort} field: {left.name}")

    def _like(self, left: Term, condition: Comparison) -> str:
        if condition.right.kind == "null":
            raise located("MALFORMED_QUERY", self._text, condition.operator_at, "LIKE needs a string")
        if not condition.right.text:
            return f"{left.sql} IS NULL"
        sql, (pattern,) = self._alike(left, left.sql, [condition.right.pattern])
        return f"{sql} LIKE {self._bind(pattern)} ESCAPE '\\'"

    @staticmethod
    def _alike(left: Term, sql: str, values: Sequence[object]) -> tuple[str, list[object]]:
        """Both sides folded when a literal goes beyond ASCII. Not otherwise: it would cost the index."""
        is_exact = left.field is not None and left.field.field.case_sensitive
        if left.sort != "string" or is_exact or all(str(value).isascii() for value in values):
            return sql, list(values)
        return f"{FOLD}({sql})", [fold(value) for value in values]

    def _one_of(self, left: Term, sql: str, values: Sequence[object]) -> Iterator[str]:
        """Of a key: what is beyond ASCII is sought, folded, among what begins alike, which the index finds."""
        far = [value for value in values if not str(value).isascii()]
        starts = ["".join(takewhile(str.isascii, str(value))) for value in far]
        is_key = left.field is not None and left.field.field.external_id
        if not is_key or len(far) > _MOST_RANGES or not all(starts) or self._alike(left, sql, far)[0] == sql:
            compared, values = self._alike(left, sql, values)
            yield f"{compared} IN ({self._listed(values)})"
            return
        if near := [value for value in values if str(value).isascii()]:
            yield f"{sql} IN ({self._listed(near)})"
        for value, start in zip(far, starts, strict=True):
            between = f"{sql} >= {self._bind(start)} AND {sql} < {self._bind(start + _LAST)}"
            yield f"({between} AND {FOLD}({sql}) = {self._bind(fold(value))})"

    def _membership(self, condition: Membership) -> str:
        left = self._left(condition.left)
        self._check_operator(left, condition.operator)
        for value in condition.values:
            check_kind(self._text, left.name, left.sort, value)
        if condition.operator in ("INCLUDES", "EXCLUDES"):
            return self._includes(left, condition)
        ranges = [value for value in condition.values if value.kind == "literal"]
        values = [stored(self._text, left.sort, value) for value in condition.values if value.kind != "literal"]
        if left.sort == "boolean":
            values = [value or 0 for value in values]
        sql = self._closed(left)
        parts = [self._date_literal(left, "=", each) for each in ranges]
        if present := [value for value in values if value is not None]:
            parts += self._one_of(left, sql, present)
        if None in values:
            parts.append(f"{sql} IS NULL")
        either = balanced(parts, "OR")
        return either if condition.operator == "IN" else f"NOT COALESCE({either}, 0)"

    def _listed(self, values: Sequence[object]) -> str:
        """Long lists are one parameter: SQLite has a limit on their number."""
        if len(values) > _MOST_PARAMETERS:
            return f"SELECT value FROM json_each({self._bind(json.dumps(values))})"
        return ", ".join(self._bind(value) for value in values)

    def _includes(self, left: Term, condition: Membership) -> str:
        if not self._is_multiselect(left):
            reason = "includes or excludes operator only valid on multipicklist field"
            raise located("INVALID_QUERY_FILTER_OPERATOR", self._text, condition.operator_at, reason)
        either = balanced([self._has_all(left, value.text) for value in condition.values], "OR")
        return either if condition.operator == "INCLUDES" else f"NOT COALESCE({either}, 0)"

    def _has_all(self, left: Term, chosen: str) -> str:
        if not chosen:
            return f"{left.sql} IS NULL"
        haystack = f"{FOLD}(';' || {left.sql} || ';')"
        parts = (f"instr({haystack}, {self._bind(fold(f';{each};'))}) > 0" for each in chosen.split(";"))
        return f"({' AND '.join(parts)})"

    def _date_literal(self, left: Term, operator: str, value: Value) -> str:
        """A comparison with the range of days that the literal means, on the user's calendar."""
        compilation = self._scope.compilation
        zone = compilation.zone
        if ":-" in value.text:
            raise not_implemented(self._text, value.at, "a negative number of days, weeks or months")
        try:
            days = day_range(value.text, compilation.now.astimezone(zone).date(), compilation.reader.locale)
            start, end = (stored_instant(day, zone) if left.sort == "dateTime" else day.isoformat() for day in days)
        except (ValueError, OverflowError) as error:
            raise located("MALFORMED_QUERY", self._text, value.at, f"{value.text} is out of range") from error
        sql = left.sql
        if operator in ("=", "!="):
            inside = f"({sql} >= {self._bind(start)} AND {sql} < {self._bind(end)})"
            return inside if operator == "=" else f"NOT COALESCE({inside}, 0)"
        sign, day = {"<": ("<", start), "<=": ("<", end), ">": (">=", end), ">=": (">=", start)}[operator]
        return f"{sql} {sign} {self._bind(day)}"

    def _closed(self, left: Term) -> str:
        """A checkbox of a parent that is not there is false."""
        if left.sort == "boolean" and left.field and left.field.through:
            return f"COALESCE({left.sql}, 0)"
        return left.sql

    @staticmethod
    def _is_multiselect(left: Term) -> bool:
        return left.field is not None and left.field.field.type == "MultiselectPicklist"
