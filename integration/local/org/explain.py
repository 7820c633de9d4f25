"""How a query would be run: /query?explain=, from what SQLite says of the same query."""

import re
from typing import Any

from integration.local.org import soql
from integration.local.org.errors import ApiError, not_implemented
from integration.local.org.ids import full_id
from integration.local.org.store import quoted
from integration.local.org.web import Call, Reply

_SEARCH = re.compile(r"SEARCH t1 USING (?:COVERING )?INDEX \S+ \((\w+)")
_SELECTIVE = 0.1
"""The part of an object's rows up to which a real org holds an index of its own for worth using."""


def explain(call: Call) -> Reply:
    """GET /query?explain="""
    text = call.query["explain"]
    if full_id(text):
        raise not_implemented("query plans of reports and list views")
    if not text:
        raise ApiError(400, "MALFORMED_QUERY", "A query must be given with the parameter explain")
    org = call.org
    with org.store.reading() as connection:
        explained = soql.explain(connection, org.catalog, text, user=call.person, now=org.now())
        sql = f"SELECT COUNT(*) FROM {quoted(explained.object_name)}"  # noqa: S608
        (rows,) = connection.execute(sql).fetchone()
    return Reply(200, {"plans": _plans(explained, rows), "sourceQuery": text})


def _plans(explained: soql.Explained, rows: int) -> list[dict[str, Any]]:
    """The plan that is taken comes first; reading the whole table is always another."""
    fields = [match[1] for step in explained.steps if (match := _SEARCH.match(step))]
    scan = _plan(explained, rows, "TableScan", [], rows, 1 + rows / 1_000_000)
    if not fields:
        return [scan]
    cost = explained.matches / max(rows * _SELECTIVE, 1)
    return [_plan(explained, rows, "Index", list(dict.fromkeys(fields)), explained.matches, cost), scan]


def _plan(
    explained: soql.Explained, rows: int, operation: str, fields: list[str], cardinality: int, cost: float
) -> dict[str, Any]:
    note = {
        "description": "Not considering filter for optimization because unindexed",
        "fields": ["IsDeleted"],
        "tableEnumOrId": explained.object_name,
    }
    return {
        "cardinality": cardinality,
        "fields": fields,
        "leadingOperationType": operation,
        "notes": [note],
        "relativeCost": cost,
        "sobjectCardinality": rows,
        "sobjectType": explained.object_name,
    }
