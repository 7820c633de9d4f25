"""What a query keeps beside its WHERE clause: sharing, USING SCOPE, WITH DATA CATEGORY."""

from integration.local.org.soql.errors import SoqlError, located, not_implemented
from integration.local.org.soql.scope import Scope
from integration.local.org.soql.tree import Query, Subquery

_OTHER_SCOPES = frozenset(
    {"delegated", "team", "my_territory", "my_team_territory", "mineandmygroups", "mine_and_my_groups", "allprivate"}
)
"""Scopes of objects and features that this org does not have."""
_DEEPER_SINCE = 58.0
_DEEPEST = 5
_RECENT = ("mru", "scopingrule")


def restrictions(scope: Scope, query: Query) -> list[str]:
    """Conditions in SQL; refuses scopes that the object does not have."""
    text = scope.compilation.text
    seen = scope.seen()
    if query.categories:
        reason = f"'{scope.info.name}' does not support data categories"
        raise located("MALFORMED_QUERY", text, query.categories_at, reason)
    name = query.scope.lower()
    if name in ("", "everything"):
        return seen
    if name in _RECENT:
        raise not_implemented(text, query.scope_at, f"the scope {query.scope}")
    if name == "mine" and "OwnerId" in scope.info.fields:
        return [*seen, f'{scope.table}."OwnerId" = {scope.compilation.bind(scope.compilation.reader.id)}']
    if name == "mine" or name in _OTHER_SCOPES:
        raise SoqlError("INVALID_QUERY_SCOPE", f"'{scope.info.name}' does not support the scope {query.scope}")
    raise located("MALFORMED_QUERY", text, query.scope_at, f"unexpected token: '{query.scope}'")


def check_depth(text: str, query: Query, version: float) -> None:
    """Subqueries stand in subqueries since version 58.0, five deep at most."""
    most = _DEEPEST if version >= _DEEPER_SINCE else 1
    pending = [(query, 0)]
    while pending:
        outer, depth = pending.pop()
        if depth > most:
            reason = (
                f"SOQL statements cannot query aggregate relationships more than {most} level{'s' if most > 1 else ''} "
                "away from the root entity object."
            )
            raise located("MALFORMED_QUERY", text, outer.at, reason)
        pending += [(item.query, depth + 1) for item in outer.items if isinstance(item, Subquery)]
