"""Formula fields inside queries."""

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.parser import parse
from integration.local.org.formula.sorts import sort_of
from integration.local.org.formula.sql import Sql, quote, to_sql
from integration.local.org.soql.dates import stored_datetime
from integration.local.org.soql.errors import SoqlError
from integration.local.org.soql.scope import Scope


def formula_sql(field: FieldInfo, scope: Scope, through: tuple[str, ...]) -> str:
    """The value of a formula field as the query shows and compares it."""
    try:
        part = _field(field, scope, through)
    except FormulaError as error:
        name = f"{scope.owner(through).name}.{field.name}"
        raise SoqlError("NOT_IMPLEMENTED", f"The formula of {name} cannot be used in a query: {error}") from error
    if field.type == "Percent":
        return f"(({part.text}) * 100)"
    if part.sort == "text":
        return f"(NULLIF({part.text}, '') COLLATE NOCASE)"
    return f"({part.text})"


def _field(field: FieldInfo, scope: Scope, through: tuple[str, ...]) -> Sql:
    return to_sql(parse(field.formula), _ScopeNames(scope, through, field.blanks_as_zero))


class _ScopeNames:
    """The names of a formula field, joined into the query as they are needed."""

    def __init__(self, scope: Scope, through: tuple[str, ...], blanks_as_zero: bool) -> None:
        self._scope = scope
        self._through = through
        self._blanks_as_zero = blanks_as_zero

    def reference(self, names: tuple[str, ...]) -> Sql:
        if names == ("$User", "Id"):
            return Sql("text", quote(self._scope.compilation.reader.id))
        if names == ("$Organization", "Id"):
            return Sql("text", '(SELECT "Id" FROM "Organization")')
        if names[0].startswith("$"):
            raise FormulaError(f"{'.'.join(names)} is not known in a formula field")
        owner, through = self._walk(names[:-1])
        found = owner.field(names[-1])
        if found is None:
            raise FormulaError(f"{owner.name} has no field {names[-1]}")
        return self._value(found, through)

    def _walk(self, names: tuple[str, ...]) -> tuple[ObjectInfo, tuple[str, ...]]:
        try:
            return self._scope.walk((*self._through, *names), 0, trusted=True)
        except SoqlError as error:
            raise FormulaError(f"there is no parent {'.'.join(names)}") from error

    def _value(self, found: FieldInfo, through: tuple[str, ...]) -> Sql:
        if found.formula:
            return _field(found, self._scope, through)
        text, sort = self._scope.sql(found, through), sort_of(found)
        if found.type == "Percent":
            text = f"({text} / 100.0)"
        if sort == "boolean" or (sort == "number" and self._blanks_as_zero):
            text = f"COALESCE({text}, 0)"
        return Sql(sort, text)

    def today(self) -> str:
        compilation = self._scope.compilation
        return compilation.now.astimezone(compilation.zone).date().isoformat()

    def now(self) -> str:
        return stored_datetime(self._scope.compilation.now.replace(microsecond=0))
