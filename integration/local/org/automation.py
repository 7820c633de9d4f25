"""Defaults, validation rules and flows of the metadata, compiled once and run on rows being saved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.flow import FlowError, FlowRunner
from integration.local.org.formula import Compiled, FormulaError, Formulas, Frame, to_stored
from integration.local.org.values import Row
from integration.metadata.refusal import UnsupportedMetadata
from integration.metadata.schema import Field, ValidationRule
from integration.metadata.source import Finding

if TYPE_CHECKING:
    from integration.local.org.transaction import Transaction


@dataclass(frozen=True)
class _Automatic:
    """What one object's metadata makes happen by itself."""

    defaults: tuple[tuple[FieldInfo, Compiled], ...]
    rules: tuple[tuple[ValidationRule, Compiled], ...]


class Automation:
    """The compiled defaults, rules and flows of a catalog; what cannot be compiled is told all at once."""

    def __init__(self, catalog: Catalog) -> None:
        self._schema = catalog.schema
        self._formulas = Formulas(catalog)
        self._findings: list[Finding] = list(catalog.security.findings)
        self._objects = {info.name: self._compiled(info) for info in catalog.objects.values()}
        try:
            self._flows = FlowRunner(catalog, self._formulas)
        except FlowError as error:
            self._findings += error.findings
        if self._findings:
            raise UnsupportedMetadata(sorted(set(self._findings)))

    def _compiled(self, info: ObjectInfo) -> _Automatic:
        defaults, rules = [], []
        for each in info.fields.values():
            if each.formula:
                with self._telling(info, each.name, self._source(info, each)):
                    self._formulas.field(info, each)
            elif each.default:
                with self._telling(info, each.name, self._source(info, each)):
                    defaults.append((each, self._formulas.compile(each.default, info)))
        for rule in info.rules:
            with self._telling(info, rule.name, rule):
                rules.append((rule, self._formulas.compile(rule.condition, info)))
        return _Automatic(tuple(defaults), tuple(rules))

    def _source(self, info: ObjectInfo, each: FieldInfo) -> Field | None:
        known = self._schema.objects.get(info.name)
        return known.fields.get(each.name) if known else None

    @contextmanager
    def _telling(self, info: ObjectInfo, name: str, source: Field | ValidationRule | None) -> Iterator[None]:
        """Notes what is wrong with a formula, and where it stands."""
        try:
            yield
        except FormulaError as error:
            path = (source.source if source else None) or Path(info.name)
            self._findings.append(Finding(path, source.line if source else 1, f"{info.name}.{name}: {error}"))

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
