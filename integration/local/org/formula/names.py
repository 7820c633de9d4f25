"""Names in formulas: fields of the record and its parents, globals, a flow's own resources."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.frame import Frame, Values
from integration.local.org.formula.sorts import Compiled, Run, Sort, read_stored, sort_of

Resources = Callable[[str], Compiled | None]
"""A flow's variables, constants and formulas by name."""

FormulaField = Callable[[ObjectInfo, FieldInfo], Compiled]
Step = Callable[[Frame], Values | None]


class Names(Protocol):
    """Finds what a name means."""

    def reference(self, names: tuple[str, ...]) -> Compiled:
        """The value of a name; raises FormulaError for an unknown one."""
        ...

    def own_field(self, names: tuple[str, ...]) -> FieldInfo:
        """The stored field of the record itself, for ISCHANGED and PRIORVALUE."""
        ...


class RecordNames:
    """The names of a validation rule, a default, a formula field or a flow's formula on one object."""

    def __init__(
        self,
        catalog: Catalog,
        info: ObjectInfo,
        formula_field: FormulaField,
        *,
        blanks_as_zero: bool = False,
        resources: Resources | None = None,
        rows: Mapping[str, tuple[ObjectInfo, Step]] | None = None,
    ) -> None:
        self._catalog = catalog
        self._info = info
        self._formula_field = formula_field
        self._blanks_as_zero = blanks_as_zero
        self._resources = resources
        self._rows = {"$Record": (info, _record), "$Record__Prior": (info, _prior), **(rows or {})}

    def reference(self, names: tuple[str, ...]) -> Compiled:
        head = names[0]
        if head in self._rows:
            info, step = self._rows[head]
            return self._path(info, names[1:], step, names)
        if head.startswith("$"):
            return self._global(head, names)
        if self._resources is None:
            return self._path(self._info, names, _record, names)
        found = self._resources(head) if len(names) == 1 else None
        if found is None:
            raise FormulaError(f"{'.'.join(names)} is not known in this flow")
        return found

    def own_field(self, names: tuple[str, ...]) -> FieldInfo:
        path = names[1:] if names[0] == "$Record" else names
        if self._resources is not None and path is names:
            raise FormulaError(f"{'.'.join(names)} is not a field of $Record")
        found = self._info.field(path[0]) if len(path) == 1 else None
        if found is None:
            raise FormulaError(f"{'.'.join(names)} is not a field of {self._info.name}")
        if found.formula:
            raise FormulaError(f"{found.name} is a formula field; its earlier value is not kept")
        return found

    def _global(self, head: str, names: tuple[str, ...]) -> Compiled:
        rest = names[1:]
        if head == "$Permission" and len(rest) == 1:
            name = rest[0]
            known = self._catalog.schema.custom_permissions
            if known and name not in known:
                raise FormulaError(f"{'.'.join(names)}: there is no custom permission of that name")
            return Compiled("boolean", lambda frame: name in frame.context.permissions)
        if head == "$Label" and len(rest) == 1 and rest[0] in self._catalog.schema.labels:
            label = self._catalog.schema.labels[rest[0]]
            return Compiled("text", lambda frame: label)
        if head == "$User":
            return self._one_row("User", rest, names, lambda frame: frame.context.user_id)
        if head == "$Organization":
            return self._one_row("Organization", rest, names, lambda frame: frame.context.organization_id)
        if names == ("$Flow", "CurrentDateTime"):
            return Compiled("datetime", lambda frame: frame.context.now.replace(microsecond=0))
        if names == ("$Flow", "CurrentDate"):
            return Compiled("date", lambda frame: frame.context.today())
        raise FormulaError(f"{'.'.join(names)} is not known here")

    def _one_row(self, object_name: str, rest: tuple[str, ...], names: tuple[str, ...], identity: Run) -> Compiled:
        info = self._catalog.objects[object_name]
        if rest == ("Id",):
            return Compiled("text", identity)
        return self._path(info, rest, lambda frame: frame.context.load(object_name, identity(frame)), names)

    def _path(self, info: ObjectInfo, path: tuple[str, ...], step: Step, names: tuple[str, ...]) -> Compiled:
        if not path:
            raise FormulaError(f"{'.'.join(names)} names a record, not a field")
        for name in path[:-1]:
            relation = info.relationship(name)
            parent = self._catalog.object(relation.reference_to[0]) if relation and relation.reference_to else None
            if relation is None or parent is None:
                raise FormulaError(f"{'.'.join(names)}: {info.name} has no parent {name}")
            step, info = _parent(step, relation.name, parent.name), parent
        found = info.field(path[-1])
        if found is None:
            raise FormulaError(f"{'.'.join(names)}: {info.name} has no field {path[-1]}")
        return self._field(info, found, step)

    def _field(self, info: ObjectInfo, found: FieldInfo, step: Step) -> Compiled:
        sort = self._sort(found)
        chosen = found.type == "Picklist"
        if found.formula:
            return self._blank(Compiled(sort, _computed(self._formula_field(info, found).run, step)))
        name, read = found.name, read_stored(found)
        if read is None and step is _record:
            # By far the most frequent case, so without a step in between. A row being saved holds every stored field.
            return self._blank(Compiled(sort, lambda frame: frame.record.get(name), is_choice=chosen))

        def run(frame: Frame) -> Any:
            row = step(frame)
            value = None if row is None else row.get(name)
            return value if read is None else read(value)

        return self._blank(Compiled(sort, run, is_choice=chosen))

    def _sort(self, found: FieldInfo) -> Sort:
        """In a flow a picklist is text."""
        sort = sort_of(found)
        return "text" if sort == "picklist" and self._resources is not None else sort

    def _blank(self, compiled: Compiled) -> Compiled:
        if compiled.sort != "number" or not self._blanks_as_zero:
            return compiled
        inner = compiled.run
        return Compiled("number", lambda frame: inner(frame) or 0.0)


def _record(frame: Frame) -> Values | None:
    return frame.record


def _prior(frame: Frame) -> Values | None:
    return frame.prior


def _parent(step: Step, reference: str, object_name: str) -> Step:
    def run(frame: Frame) -> Values | None:
        row = step(frame)
        record_id = row.get(reference) if row else None
        return frame.context.load(object_name, record_id) if record_id else None

    return run


def _computed(formula: Run, step: Step) -> Run:
    def run(frame: Frame) -> Any:
        row = step(frame)
        return None if row is None else formula(Frame(row, None, frame.context))

    return run
