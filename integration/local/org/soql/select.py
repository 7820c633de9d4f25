"""The SELECT list of a query of rows: columns of SQL and the plan that nests them."""

from dataclasses import dataclass, field

from integration.local.org.catalog import COMPOUND_TYPES, FieldInfo, ObjectInfo
from integration.local.org.soql.distance import distance_sql
from integration.local.org.soql.errors import SoqlError, located
from integration.local.org.soql.functions import check_labelled, refused_function
from integration.local.org.soql.localized import formatted
from integration.local.org.soql.plan import Blob, Cell, Children, Compound, Node
from integration.local.org.soql.polymorphic import NAME
from integration.local.org.soql.scope import Resolved, Scope
from integration.local.org.soql.show import Show, show_json, show_label
from integration.local.org.soql.tree import Column, Distance, Fields, Path, Query, Subquery, TypeOf
from integration.local.org.soql.typeof import add_type_of
from integration.local.org.soql.values import sort_of

_MOST_UNBOUNDED = 200
_MOST_SUBQUERIES = 20


@dataclass(frozen=True)
class ColumnInfo:
    """A column of the result: its path in the org's spelling, and its field if it shows one."""

    name: str
    index: int
    field: FieldInfo | None = None
    is_aggregate: bool = False
    show: Show | None = None
    """How a function shows the value."""


@dataclass
class Selection:
    """What to fetch and how to show it."""

    scope: Scope
    root: Node
    sql: list[str] = field(default_factory=list)
    columns: list[ColumnInfo] = field(default_factory=list)
    subqueries: list[Query] = field(default_factory=list)
    nodes: dict[tuple[str, ...], Node] = field(default_factory=dict)
    has_type_of: bool = False
    _unnamed: int = 0

    def add(self, sql: str) -> int:
        """A column of the SQL result; its index."""
        if sql not in self.sql:
            self.sql.append(sql)
        return self.sql.index(sql)

    def node(self, through: tuple[str, ...]) -> Node:
        """The node of a parent, made with those above it when first named."""
        if through in self.nodes:
            return self.nodes[through]
        above = self.node(through[:-1])
        above.parts[through[-1]] = node = self.name_node(through)
        return node

    def name_node(self, through: tuple[str, ...]) -> Node:
        """A new node, not yet part of the one above it."""
        owner = self.scope.owner(through)
        node = Node(owner.name, self.add(self.scope.identity(through)))
        if owner is NAME:
            node.objects = {each.prefix: each.name for each in self.scope.compilation.catalog.objects.values()}
        self.nodes[through] = node
        return node

    def unnamed(self) -> str:
        """The key of a function without an alias."""
        self._unnamed += 1
        return f"expr{self._unnamed - 1}"


def select(scope: Scope, query: Query) -> Selection:
    """Resolves the SELECT list of a query without aggregates."""
    root = Node(scope.info.name, 0)
    selection = Selection(scope, root)
    selection.add(scope.identity(()))
    selection.nodes[()] = root
    for item in query.items:
        match item:
            case Fields():
                if item.alias:
                    reason = "only aggregate expressions use field aliasing"
                    raise located("MALFORMED_QUERY", scope.compilation.text, item.at, reason)
                _check_bounded(scope, item, query)
                for each in _expand(scope, item):
                    _add_field(selection, scope.resolve(Path((each.name,), item.at)))
            case Subquery():
                _add_subquery(selection, item.query)
            case Column():
                _add_column(selection, item)
            case TypeOf():
                selection.has_type_of = True
                add_type_of(selection, item, _add_field)
    return selection


def _add_column(selection: Selection, column: Column) -> None:
    scope, expression = selection.scope, column.expression
    text = scope.compilation.text
    if isinstance(expression, Path):
        if column.alias:
            raise located("MALFORMED_QUERY", text, expression.at, "only aggregate expressions use field aliasing")
        _add_field(selection, scope.resolve(expression))
        return
    if isinstance(expression, Distance):
        index = selection.add(distance_sql(scope, expression))
        name = column.alias or selection.unnamed()
        selection.root.parts[name] = Cell(index)
        selection.columns.append(ColumnInfo(name, index))
        return
    inner = expression.arguments[0] if expression.arguments else None
    if isinstance(inner, Path) and expression.name in ("TOLABEL", "FORMAT"):
        resolved = scope.resolve(inner)
        if expression.name == "TOLABEL":
            check_labelled(text, resolved)
        shown = (
            show_label(resolved.field) if expression.name == "TOLABEL" else formatted(scope, expression, resolved.field)
        )
        _add_field(selection, resolved, shown, column.alias)
        return
    raise refused_function(text, expression)


def _add_field(selection: Selection, resolved: Resolved, show: Show | None = None, alias: str = "") -> None:
    node = selection.node(resolved.through)
    key = alias or resolved.name
    if key in node.parts:
        raise SoqlError("MALFORMED_QUERY", f"duplicate field selected: {'.'.join((*resolved.through, key))}")
    name = ".".join((*resolved.through, key))
    if resolved.field.type in COMPOUND_TYPES:
        parts = {
            _part_name(resolved.field, each): selection.add(selection.scope.sql(each, resolved.through))
            for each in resolved.owner.parts(resolved.name)
        }
        node.parts[key] = Compound(parts, resolved.field.type == "Location")
        selection.columns.append(ColumnInfo(name, next(iter(parts.values())), resolved.field))
        return
    index = selection.add(resolved.sql)
    selection.columns.append(ColumnInfo(name, index, resolved.field, show=show))
    if resolved.field.type == "Base64":
        node.parts[key] = Blob(index, resolved.name)
    else:
        node.parts[key] = Cell(index, show or show_json(sort_of(resolved.field)))


def _part_name(compound: FieldInfo, part: FieldInfo) -> str:
    """`latitude` of `Geo__Latitude__s`, `postalCode` of `BillingPostalCode`."""
    stem = compound.name.removesuffix("__c").removesuffix("Address")
    name = part.name.removesuffix("__s").removeprefix(stem).lstrip("_")
    return name[0].lower() + name[1:]


def _add_subquery(selection: Selection, query: Query) -> None:
    text = selection.scope.compilation.text
    if len(selection.subqueries) == _MOST_SUBQUERIES:
        raise SoqlError("MALFORMED_QUERY", f"The maximum number of relationship queries is {_MOST_SUBQUERIES}")
    name = query.source.rpartition(".")[2]
    child = selection.scope.info.child(name)
    key = child.name if child else name
    if key in selection.root.parts:
        raise located("MALFORMED_QUERY", text, query.source_at, f"duplicate relationship selected: {key}")
    selection.root.parts[key] = Children(len(selection.subqueries))
    selection.subqueries.append(query)


def _check_bounded(scope: Scope, item: Fields, query: Query) -> None:
    if item.which != "STANDARD" and (query.limit is None or query.limit > _MOST_UNBOUNDED):
        reason = f"The SOQL FIELDS function must have a LIMIT of at most {_MOST_UNBOUNDED}"
        raise located("MALFORMED_QUERY", scope.compilation.text, item.at, reason)


def _expand(scope: Scope, item: Fields) -> list[FieldInfo]:
    info: ObjectInfo = scope.info
    reader = scope.compilation.reader
    return [
        each
        for each in info.fields.values()
        if (item.which == "ALL" or each.custom == (item.which == "CUSTOM")) and reader.can_read(info.name, each.name)
    ]
