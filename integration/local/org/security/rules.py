"""Criteria-based sharing rules: which records they open, as SQL. What else a rule asks for is refused by name."""

from collections.abc import Callable
from dataclasses import dataclass

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.store import quoted
from integration.local.org.values import Stored, WrongType, stored
from integration.metadata.schema import Criterion, SharingRule

Bind = Callable[[object], str]
"""Takes a value and gives the placeholder for it."""

_ORDERED = {"lessThan": "<", "lessOrEqual": "<=", "greaterThan": ">", "greaterOrEqual": ">="}
_PATTERNS = {"contains": ("%", "%"), "notContain": ("%", "%"), "startsWith": ("", "%")}
_NEGATED = frozenset({"notEqual", "notContain"})
_TEXTS = frozenset({"AutoNumber", "Email", "Phone", "Picklist", "Text", "Url"})
_NUMBERS = frozenset({"Currency", "Integer", "Number", "Percent"})
_LEVELS = frozenset({"Read", "Edit"})


class UnsupportedRule(ValueError):
    """What a sharing rule asks for and this org cannot do."""


@dataclass(frozen=True)
class _Test:
    """One criterion: a comparison of a field with one of several values."""

    column: str
    operator: str
    values: tuple[Stored, ...]
    is_negated: bool

    def sql(self, table: str, bind: Bind) -> str:
        either = " OR ".join(self._one(f"{table}.{self.column}", value, bind) for value in self.values)
        return f"NOT COALESCE({either}, 0)" if self.is_negated else f"({either})"

    def _one(self, place: str, value: Stored, bind: Bind) -> str:
        if value is None:
            return f"{place} IS NULL"
        tail = " ESCAPE '\\'" if self.operator == "LIKE" else ""
        return f"{place} {self.operator} {bind(value)}{tail}"


@dataclass(frozen=True)
class OpenedRecords:
    """What one rule opens to everybody inside the company: records that pass every test."""

    object: str
    edits: bool
    tests: tuple[_Test, ...]

    def sql(self, table: str, bind: Bind) -> str:
        return f"({' AND '.join(each.sql(table, bind) for each in self.tests)})"


def compiled(catalog: Catalog, rule: SharingRule) -> OpenedRecords:
    """The rule ready for use; raises UnsupportedRule."""
    info = catalog.objects.get(rule.object)
    if info is None:
        raise UnsupportedRule(f"there is no object {rule.object}")
    unsupported = [
        (rule.kind != "criteria", f"rules of the kind {rule.kind}"),
        (rule.shared_to != ("allInternalUsers",), f"sharing with {', '.join(rule.shared_to) or 'nobody'}"),
        (rule.access not in _LEVELS, f"the access level {rule.access}"),
        (bool(rule.boolean_filter), "a boolean filter"),
        (not rule.owned_by_all, "leaving out records of some owners"),
        (not rule.criteria, "a rule without criteria"),
    ]
    if found := next((what for wrong, what in unsupported if wrong), ""):
        raise UnsupportedRule(f"the embedded org does not implement {found}")
    return OpenedRecords(rule.object, rule.access == "Edit", tuple(_test(info, each) for each in rule.criteria))


def _test(info: ObjectInfo, criterion: Criterion) -> _Test:
    field = info.field(criterion.field)
    if field is None:
        raise UnsupportedRule(f"{info.name} has no field {criterion.field}")
    operator = _operator(field, criterion.operation)
    before, after = _PATTERNS.get(criterion.operation, ("", ""))
    values = tuple(_value(field, each, before, after) for each in criterion.value.split(","))
    return _Test(quoted(field.name), operator, values, criterion.operation in _NEGATED)


def _operator(field: FieldInfo, operation: str) -> str:
    kinds = {"equals": "=", "notEqual": "=", **_ORDERED}
    is_text, is_number = field.type in _TEXTS, field.type in _NUMBERS
    known = {"equals", "notEqual"} | (set(_PATTERNS) if is_text else set()) | (set(_ORDERED) if is_number else set())
    if field.formula or not (is_text or is_number or field.type == "Checkbox") or operation not in known:
        raise UnsupportedRule(f"the embedded org does not implement {operation} on {field.name} in a sharing rule")
    return kinds.get(operation, "LIKE")


def _value(field: FieldInfo, text: str, before: str, after: str) -> Stored:
    try:
        value = stored(field, text.strip())
    except (WrongType, RowError) as error:
        raise UnsupportedRule(f"{text} is no value of {field.name}") from error
    if not (before or after) or not isinstance(value, str):
        return value
    for special in ("\\", "%", "_"):
        value = value.replace(special, f"\\{special}")
    return before + value + after
