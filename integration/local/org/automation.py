"""Defaults, validation rules and flows of the metadata, compiled once and run on rows being saved."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.flow import FlowError, FlowRunner
from integration.local.org.formula import Compiled, FormulaError, Formulas, Frame, to_stored
from integration.local.org.values import Row
from integration.metadata.schema import ValidationRule

if TYPE_CHECKING:
    from integration.local.org.transaction import Transaction


class UnsupportedMetadata(ValueError):
    """What the metadata asks for and this org cannot do; it refuses to start."""


@dataclass(frozen=True)
class _Automatic:
    """What one object's metadata makes happen by itself."""

    defaults: tuple[tuple[FieldInfo, Compiled], ...]
    rules: tuple[tuple[ValidationRule, Compiled], ...]


class Automation:
    """The compiled defaults, rules and flows of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._formulas = Formulas(catalog)
        try:
            self._flows = FlowRunner(catalog, self._formulas)
        except FlowError as error:
            raise UnsupportedMetadata(str(error)) from error
        self._objects = {info.name: self._compiled(info) for info in catalog.objects.values()}

    def _compiled(self, info: ObjectInfo) -> _Automatic:
        defaults = [
            (each, self._compile(info, each.name, each.default)) for each in info.fields.values() if each.default
        ]
        rules = [(rule, self._compile(info, rule.name, rule.condition)) for rule in info.rules]
        for each in info.fields.values():
            if each.formula:
                self._check_formula(info, each)
        return _Automatic(tuple(defaults), tuple(rules))

    def _compile(self, info: ObjectInfo, name: str, text: str) -> Compiled:
        try:
            return self._formulas.compile(text, info)
        except FormulaError as error:
            raise UnsupportedMetadata(f"{info.name}.{name}: {error}") from error

    def _check_formula(self, info: ObjectInfo, each: FieldInfo) -> None:
        try:
            self._formulas.field(info, each)
        except FormulaError as error:
            raise UnsupportedMetadata(f"{info.name}.{each.name}: {error}") from error

    def defaults(self, info: ObjectInfo, transaction: "Transaction") -> Row:
        """The values that a new row gets for fields it leaves out."""
        frame = Frame({}, None, transaction.context)
        return {
            each.name: to_stored(each, compiled.value(frame)) for each, compiled in self._objects[info.name].defaults
        }

    def before_save(self, info: ObjectInfo, row: Row, prior: Row | None, transaction: "Transaction") -> None:
        """Runs the before-save flows, which change the row."""
        self._flows.before_save(info.name, row, prior, transaction.context)

    def violation(self, info: ObjectInfo, row: Row, prior: Row | None, transaction: "Transaction") -> RowError | None:
        """The first validation rule that the row breaks."""
        rules = self._objects[info.name].rules
        if not rules:
            return None
        frame = Frame(row, prior, transaction.context)
        for rule, condition in rules:
            if condition.value(frame):
                fields = [rule.display_field] if rule.display_field else []
                return RowError("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, fields)
        return None

    def has_after_save(self, info: ObjectInfo, is_new: bool) -> bool:
        """Whether anything runs after a row of this object was written."""
        return self._flows.has_after_save(info.name, is_new=is_new)

    def after_save(self, info: ObjectInfo, row: Row, prior: Row | None, transaction: "Transaction") -> None:
        """Runs the after-save flows; what they write is part of the same transaction."""
        self._flows.after_save(info.name, row, prior, transaction.context, transaction)
