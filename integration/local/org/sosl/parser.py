"""The grammar of a search statement: FIND, IN, RETURNING, WITH, LIMIT, UPDATE."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from integration.local.org.soql.conditions import parse_condition
from integration.local.org.soql.cursor import Cursor
from integration.local.org.soql.errors import SoqlError, located
from integration.local.org.soql.expressions import parse_expression
from integration.local.org.soql.tree import Call, Column, Expression, Order, Path, Query
from integration.local.org.sosl.statement import GROUPS, MOST_RESULTS, Returned, Search
from integration.local.org.sosl.terms import parse_terms

_FIND = re.compile(r"\s*FIND\s*(?=\{)", re.IGNORECASE)
_BRACED = re.compile(r"\{((?:\\.|[^\\}])*)\}", re.DOTALL)
_ID = Column(Path(("Id",), 0))
_LONGEST = 100_000
_MOST_OBJECTS = 20


def parse(text: str) -> Search:
    """The statement as values; names are not looked up yet."""
    if len(text) > _LONGEST:
        raise SoqlError("MALFORMED_SEARCH", f"SOSL statements cannot be longer than {_LONGEST} characters.")
    find = _FIND.match(text)
    braced = _BRACED.match(text, find.end()) if find else None
    if braced is None:
        at = find.end() if find else 0
        reason = "No search term found. The search term must be enclosed in braces."
        raise located("MALFORMED_SEARCH", text, at, reason)
    wanted = parse_terms(text, *braced.span(1))
    with _as_search():
        cursor = _cursor(text, braced.end())
        group = _group(cursor)
        returned = _returning(cursor)
        _with(cursor)
        limit = _limit(cursor) if cursor.accept("LIMIT") else MOST_RESULTS
        if cursor.accept("UPDATE"):
            _update(cursor)
        if cursor.look().kind != "end":
            cursor.refuse()
    return Search(text, wanted, group, returned, limit)


def parse_object(text: str) -> Returned:
    """One object as it stands after RETURNING: `Pool__c(Id, Name WHERE … LIMIT 5)`."""
    with _as_search():
        cursor = Cursor(text)
        returned = _object(cursor)
        if cursor.look().kind != "end":
            cursor.refuse()
    return returned


@contextmanager
def _as_search() -> Iterator[None]:
    """Faults of the shared grammar under the code that searches have for them."""
    try:
        yield
    except SoqlError as error:
        if error.code != "MALFORMED_QUERY":
            raise
        raise SoqlError("MALFORMED_SEARCH", error.message) from error


def _cursor(text: str, start: int) -> Cursor:
    """Reads on after the braces, whose content is no part of the shared grammar; places stay those of the statement."""
    cursor = Cursor(re.sub(r"[^\n]", " ", text[:start]) + text[start:])
    cursor.text = text
    return cursor


def _group(cursor: Cursor) -> str:
    if not cursor.accept("IN"):
        return "ALL"
    group = cursor.expect(*GROUPS)
    cursor.expect("FIELDS")
    return group


def _returning(cursor: Cursor) -> tuple[Returned, ...]:
    if not cursor.accept("RETURNING"):
        return ()
    returned = [_object(cursor)]
    while cursor.accept_mark(","):
        at = cursor.look().at
        if len(returned) == _MOST_OBJECTS:
            reason = f"no more than {_MOST_OBJECTS} objects can be named after RETURNING"
            raise located("MALFORMED_SEARCH", cursor.text, at, reason)
        returned.append(_object(cursor))
        if any(each.query.source.lower() == returned[-1].query.source.lower() for each in returned[:-1]):
            reason = f"duplicate object in RETURNING: {returned[-1].query.source}"
            raise located("MALFORMED_SEARCH", cursor.text, at, reason)
    return tuple(returned)


def _object(cursor: Cursor) -> Returned:
    source = cursor.name()
    if not cursor.accept_mark("("):
        return Returned(Query((_ID,), source.text, source.at, source.at))
    items = [_item(cursor)]
    while cursor.accept_mark(","):
        items.append(_item(cursor))
    if cursor.is_word("USING"):
        raise _missing(cursor, "USING ListView")
    where = parse_condition(cursor, _no_subquery) if cursor.accept("WHERE") else None
    order_by = _orders(cursor)
    limit = _limit(cursor) if cursor.accept("LIMIT") else None
    offset_at = cursor.look().at
    offset = cursor.whole_number() if cursor.accept("OFFSET") else 0
    cursor.expect_mark(")")
    query = Query(
        tuple(items),
        source.text,
        source.at,
        source.at,
        where=where,
        order_by=order_by,
        limit=limit,
        offset=offset,
        offset_at=offset_at,
    )
    return Returned(query, limit is not None)


def _item(cursor: Cursor) -> Column:
    at = cursor.look()
    expression: Expression = parse_expression(cursor)
    if isinstance(expression, Call) and expression.name != "TOLABEL":
        cursor.refuse(at)
    if cursor.look().kind == "name" and not cursor.is_word("WHERE", "USING", "ORDER", "LIMIT", "OFFSET"):
        if isinstance(expression, Path):
            cursor.refuse()
        return Column(expression, cursor.take().text)
    return Column(expression)


def _orders(cursor: Cursor) -> tuple[Order, ...]:
    if not cursor.accept("ORDER"):
        return ()
    cursor.expect("BY")
    orders = [_order(cursor)]
    while cursor.accept_mark(","):
        orders.append(_order(cursor))
    return tuple(orders)


def _order(cursor: Cursor) -> Order:
    expression = parse_expression(cursor)
    descending = cursor.accept("ASC", "DESC") == "DESC"
    nulls_last = bool(cursor.accept("NULLS")) and cursor.expect("FIRST", "LAST") == "LAST"
    return Order(expression, descending, nulls_last)


def _limit(cursor: Cursor) -> int:
    token = cursor.look()
    limit = cursor.whole_number()
    if not 1 <= limit <= MOST_RESULTS:
        reason = f"LIMIT must be between 1 and {MOST_RESULTS}"
        raise located("MALFORMED_SEARCH", cursor.text, token.at, reason)
    return limit


def _with(cursor: Cursor) -> None:
    """Spelling is never corrected here, as WITH SPELL_CORRECTION allows; all else after WITH changes the answer."""
    while cursor.accept("WITH"):
        if not cursor.is_word("SPELL_CORRECTION"):
            raise _missing(cursor, f"WITH {cursor.look().text}")
        cursor.take()
        if cursor.look().text != "=":
            cursor.refuse()
        cursor.take()
        cursor.expect("TRUE", "FALSE")


def _update(cursor: Cursor) -> None:
    """Statistics of articles and views, which the org does not keep."""
    cursor.expect("TRACKING", "VIEWSTAT")
    while cursor.accept_mark(","):
        cursor.expect("TRACKING", "VIEWSTAT")


def _no_subquery(cursor: Cursor) -> Query:
    cursor.refuse()


def _missing(cursor: Cursor, what: str) -> SoqlError:
    return located(
        "NOT_IMPLEMENTED", cursor.text, cursor.look().at, f"The local org does not implement {what} in searches"
    )
