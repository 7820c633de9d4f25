"""Formulas compiled once to closures: rules, defaults, flow formulas and formula fields."""

from collections.abc import Sequence

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.formula import logic, moments, numbers, texts
from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.frame import Frame
from integration.local.org.formula.names import Names, RecordNames
from integration.local.org.formula.operators import binary, unary
from integration.local.org.formula.parser import parse
from integration.local.org.formula.sorts import Compiled, read_stored, sort_of
from integration.local.org.formula.tree import Binary, Call, Literal, Node, Reference, Unary

FUNCTIONS = logic.FUNCTIONS | texts.FUNCTIONS | numbers.FUNCTIONS | moments.FUNCTIONS
_OF_THE_SAVE = ("ISCHANGED", "PRIORVALUE", "ISNEW")


def compile_node(node: Node, names: Names) -> Compiled:
    """A parsed formula, its names looked up and its types checked."""
    match node:
        case Literal():
            return _literal(node)
        case Reference():
            return names.reference(node.names)
        case Unary():
            return unary(node.operator, compile_node(node.operand, names))
        case Binary():
            return binary(node.operator, compile_node(node.left, names), compile_node(node.right, names))
        case Call():
            if node.name in _OF_THE_SAVE:
                return _of_the_save(node, names)
            return _call(node.name, [compile_node(each, names) for each in node.arguments])


def _literal(node: Literal) -> Compiled:
    value = node.value
    if value is None:
        return Compiled("null", lambda frame: None)
    if isinstance(value, bool):
        return Compiled("boolean", lambda frame: value, value)
    return Compiled("text" if isinstance(value, str) else "number", lambda frame: value, value)


def _call(name: str, arguments: Sequence[Compiled]) -> Compiled:
    if name not in FUNCTIONS:
        raise FormulaError(f"the function {name} is not known")
    fewest, most, build = FUNCTIONS[name]
    check_count(name, len(arguments), fewest, most)
    return build(name, arguments)


def check_count(name: str, count: int, fewest: int, most: int) -> None:
    """Refuses a call with too few or too many arguments."""
    if not fewest <= count <= most:
        raise FormulaError(f"{name} takes {fewest if count < fewest else most} arguments, not {count}")


def _of_the_save(node: Call, names: Names) -> Compiled:
    """What compares the record with what it was before the save."""
    check_count(node.name, len(node.arguments), *((0, 0) if node.name == "ISNEW" else (1, 1)))
    if node.name == "ISNEW":
        return Compiled("boolean", lambda frame: frame.prior is None)
    argument = node.arguments[0]
    if not isinstance(argument, Reference):
        raise FormulaError(f"{node.name} takes a field")
    found = names.own_field(argument.names)
    name = found.name
    if node.name == "PRIORVALUE":
        return _prior_value(found, names.reference(argument.names))
    return Compiled("boolean", lambda frame: frame.has_changed(name))


def _prior_value(found: FieldInfo, current: Compiled) -> Compiled:
    """On a new record the value itself, as the platform has it."""
    name, read = found.name, read_stored(found)

    def run(frame: Frame) -> object:
        if frame.prior is None:
            return current.run(frame)
        value = frame.prior.get(name)
        return value if read is None else read(value)

    return Compiled(current.sort, run)


class Formulas:
    """Compiles the formulas of one catalog; formula fields that others use are compiled once."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._fields: dict[tuple[str, str], Compiled] = {}
        self._pending: set[tuple[str, str]] = set()

    def names(self, info: ObjectInfo, *, blanks_as_zero: bool = False) -> RecordNames:
        """The names that a formula on this object may use."""
        return RecordNames(self.catalog, info, self.field, blanks_as_zero=blanks_as_zero)

    def compile(self, text: str, info: ObjectInfo) -> Compiled:
        """A default value."""
        return compile_node(parse(text), self.names(info))

    def field(self, info: ObjectInfo, found: FieldInfo) -> Compiled:
        """The value of a formula field."""
        key = info.name, found.name
        if key not in self._fields:
            if key in self._pending:
                raise FormulaError(f"{info.name}.{found.name} refers to itself")
            self._pending.add(key)
            names = self.names(info, blanks_as_zero=found.blanks_as_zero)
            try:
                self._fields[key] = check_result(found, compile_node(parse(found.formula), names))
            finally:
                self._pending.discard(key)
        return self._fields[key]


def check_result(found: FieldInfo, compiled: Compiled) -> Compiled:
    """Refuses a formula whose result is not of the field's type."""
    if compiled.sort not in (sort_of(found), "null"):
        raise FormulaError(f"{found.name} is of type {sort_of(found)}, its formula gives {compiled.sort}")
    return compiled
