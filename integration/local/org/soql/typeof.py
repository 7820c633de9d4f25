"""TYPEOF in a SELECT list: which fields are shown depends on the object that a reference leads to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from integration.local.org.soql.errors import located
from integration.local.org.soql.plan import Choice, Node
from integration.local.org.soql.polymorphic import candidates, is_polymorphic
from integration.local.org.soql.scope import Resolved, Scope
from integration.local.org.soql.tree import Path, TypeOf, When

if TYPE_CHECKING:
    from integration.local.org.soql.select import Selection

AddField = Callable[["Selection", Resolved], None]


def add_type_of(selection: "Selection", item: TypeOf, add_field: AddField) -> None:
    """A part of the record with one shape for each object, and one for all others."""
    scope = selection.scope
    through = _through(scope, item.path)
    above = selection.node(through[:-1])
    if through[-1] in above.parts:
        reason = f"duplicate field selected: {item.path.text}"
        raise located("MALFORMED_QUERY", scope.compilation.text, item.at, reason)
    options = tuple(_option(selection, through, when, add_field) for when in item.whens)
    otherwise = _otherwise(selection, through, item.otherwise, add_field)
    above.parts[through[-1]] = Choice(options, otherwise)


def _through(scope: Scope, path: Path) -> tuple[str, ...]:
    """The way to the relationship, which may lead to several objects."""
    names = scope.without_prefix(path.names)
    _, before = scope.walk(names[:-1], path.at)
    reference = scope.reference(before, names[-1], path.at)
    if not is_polymorphic(reference):
        reason = f"TYPEOF needs a relationship to several objects, which '{path.text}' is not"
        raise located("MALFORMED_QUERY", scope.compilation.text, path.at, reason)
    return scope.walk(names, path.at)[1]


def _option(selection: "Selection", through: tuple[str, ...], when: When, add_field: AddField) -> Node:
    scope = selection.scope
    info = scope.compilation.object(when.object.text, when.object.at)
    reference = scope.reference(through[:-1], through[-1], when.object.at)
    if info not in candidates(scope.compilation.catalog, reference):
        reason = f"'{info.name}' is not an object that '{through[-1]}' can lead to"
        raise located("MALFORMED_QUERY", scope.compilation.text, when.object.at, reason)
    key = (*through[:-1], f"{through[-1]} as {info.name}")
    if key in selection.nodes:
        reason = f"duplicate WHEN in TYPEOF: {info.name}"
        raise located("MALFORMED_QUERY", scope.compilation.text, when.object.at, reason)
    scope.join(key, info, scope.identity(through), when.object.at)
    selection.nodes[key] = node = Node(info.name, selection.add(scope.identity(key)))
    for path in when.fields:
        add_field(selection, scope.resolve(path, start=key))
    return node


def _otherwise(
    selection: "Selection", through: tuple[str, ...], fields: tuple[Path, ...], add_field: AddField
) -> Node | None:
    if not fields:
        return None
    node = selection.name_node(through)
    for path in fields:
        add_field(selection, selection.scope.resolve(path, start=through))
    return node
