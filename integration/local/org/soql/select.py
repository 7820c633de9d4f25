"""The SELECT list of a query of rows: columns of SQL and the plan that nests them."""

from dataclasses import dataclass, field

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.soql.errors import SoqlError, located, not_implemented
from integration.local.org.soql.plan import Blob, Cell, Children, Node, Place
from integration.local.org.soql.scope import Resolved, Scope
from integration.local.org.soql.show import Show, show_json, show_label
from integration.local.org.soql.tree import Call, Column, Distance, Fields, Path, Query, Subquery, TypeOf
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


@dataclass
class Selection:
    """What to fetch and how to show it."""

    scope: Scope
    root: Node
    sql: list[str] = field(default_factory=list)
    columns: list[ColumnInfo] = field(default_factory=list)
    subqueries: list[Query] = field(default_factory=list)
    _nodes: dict[tuple[str, ...], Node] = field(default_factory=dict)

    def add(self, sql: str) -> int:
        """A column of the SQL result; its index."""
        if sql not in self.sql:
            self.sql.append(sql)
        return self.sql.index(sql)


def select(scope: Scope, query: Query) -> Selection:
    """Resolves the SELECT list of a query without aggregates."""
    root = Node(scope.info.name, 0)
    selection = Selection(scope, root)
    selection.add(scope.identity(()))
    selection._nodes[()] = root
    for item in query.items:
        match item:
            case Fields():
                _check_bounded(scope, item, query)
                for each in _expand(scope, item):
                    _add_field(selection, scope.resolve(Path((each.name,), item.at)), None)
            case Subquery():
                _add_subquery(selection, item.query)
            case Column():
                _add_column(selection, item)
            case TypeOf():
                raise not_implemented(scope.compilation.text, item.at, "TYPEOF")
    return selection


def _add_column(selection: Selection, column: Column) -> None:
    scope, expression = selection.scope, column.expression
    text = scope.compilation.text
    if isinstance(expression, Path):
        if column.alias:
            raise located("MALFORMED_QUERY", text, expression.at, "only aggregate expressions use field aliasing")
        _add_field(selection, scope.resolve(expression), None)
        return
    if isinstance(expression, Call) and expression.name == "TOLABEL" and isinstance(expression.arguments[0], Path):
        resolved = scope.resolve(expression.arguments[0])
        _add_field(selection, resolved, show_label(resolved.field), column.alias)
        return
    raise _refused_function(text, expression)


def _refused_function(text: str, call: Call | Distance) -> SoqlError:
    if isinstance(call, Distance):
        return not_implemented(text, call.at, "DISTANCE()")
    if call.name in ("FORMAT", "CONVERTCURRENCY"):
        return not_implemented(text, call.at, f"{call.name}()")
    return located("MALFORMED_QUERY", text, call.at, f"{call.name} is only valid in a query with GROUP BY")


def _add_field(selection: Selection, resolved: Resolved, show: Show | None, alias: str = "") -> None:
    node = _node(selection, resolved.through)
    key = alias or resolved.name
    if key in node.parts:
        raise SoqlError("MALFORMED_QUERY", f"duplicate field selected: {'.'.join((*resolved.through, key))}")
    name = ".".join((*resolved.through, key))
    if resolved.field.type == "Location":
        parts = [selection.add(selection.scope.sql(each, resolved.through)) for each in _coordinates(resolved)]
        node.parts[key] = Place(parts[0], parts[1])
        selection.columns.append(ColumnInfo(name, parts[0], resolved.field))
        return
    index = selection.add(resolved.sql)
    selection.columns.append(ColumnInfo(name, index, resolved.field))
    if resolved.field.type == "Base64":
        node.parts[key] = Blob(index, resolved.name)
    else:
        node.parts[key] = Cell(index, show or show_json(sort_of(resolved.field)))


def _coordinates(resolved: Resolved) -> list[FieldInfo]:
    stem = resolved.name.removesuffix("__c")
    return [resolved.owner.fields[f"{stem}__{part}__s"] for part in ("Latitude", "Longitude")]


def _node(selection: Selection, through: tuple[str, ...]) -> Node:
    """The node of a parent, made with those above it when first named."""
    if through in selection._nodes:
        return selection._nodes[through]
    above = _node(selection, through[:-1])
    identity = selection.add(selection.scope.identity(through))
    node = Node(selection.scope.owner(through).name, identity)
    above.parts[through[-1]] = node
    selection._nodes[through] = node
    return node


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
