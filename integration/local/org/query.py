"""SOQL over REST: query, queryAll and the pages that follow the first."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from integration.local.org import soql
from integration.local.org.catalog import ObjectInfo
from integration.local.org.errors import ApiError
from integration.local.org.explain import explain
from integration.local.org.security import record_access
from integration.local.org.web import Call, Reply

PAGE = 2000
MOST_CURSORS = 100


@dataclass(frozen=True)
class Cursor:
    """An answered query whose later pages may still be asked for."""

    owner: str
    result: soql.QueryResult
    size: int


class Cursors:
    """The newest answered queries by locator; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cursors: OrderedDict[str, Cursor] = OrderedDict()

    def add(self, cursor: Cursor) -> str:
        locator = "0r8" + secrets.token_hex(8).upper()[:15]
        with self._lock:
            self._cursors[locator] = cursor
            while len(self._cursors) > MOST_CURSORS:
                self._cursors.popitem(last=False)
        return locator

    def find(self, locator: str) -> Cursor | None:
        with self._lock:
            return self._cursors.get(locator)


def run(call: Call, text: str, *, include_deleted: bool = False) -> soql.QueryResult:
    """The answer to one query, as this call's user sees it."""
    org = call.org
    with org.store.reading() as connection:
        return soql.run(
            connection,
            org.catalog,
            text,
            user=call.person,
            now=org.now(),
            include_deleted=include_deleted,
            version=call.version,
        )


def fetch(
    call: Call, info: ObjectInfo, ids: list[str], names: list[str], *, include_deleted: bool = False
) -> dict[str, dict[str, object]]:
    """Whole records, or some of their fields, by id."""
    wanted = list(dict.fromkeys(["Id", *((info.field(name) or info.fields["Id"]).name for name in names)]))
    if not names:
        fields = call.person.access.seen(info).fields.values()
        wanted = [each.name for each in fields if not each.compound.endswith("__c")]
    found: dict[str, dict[str, object]] = {}
    for start in range(0, len(ids), 200):
        quoted = ",".join(f"'{each}'" for each in ids[start : start + 200])
        text = f"SELECT {', '.join(wanted)} FROM {info.name} WHERE Id IN ({quoted})"  # noqa: S608  (names of the catalog, checked ids)
        for record in run(call, text, include_deleted=include_deleted):
            found[str(record["Id"])] = record
    return found


def query(call: Call) -> Reply:
    """GET /query?q="""
    return _query(call, include_deleted=False)


def query_all(call: Call) -> Reply:
    """GET /queryAll?q="""
    return _query(call, include_deleted=True)


def _query(call: Call, *, include_deleted: bool) -> Reply:
    text = call.query.get("q")
    if text is None:
        if "explain" in call.query:
            return explain(call)
        raise ApiError(400, "MALFORMED_QUERY", "A query must be given with the parameter q")
    if record_access.is_asked(text):
        return Reply(200, record_access.answer(call.org, text))
    result = run(call, text, include_deleted=include_deleted)
    if call.query.get("columns", "").lower() == "true":
        return Reply(200, _columns(call, result))
    if result.is_count:
        return Reply(200, {"totalSize": result.total_size, "done": True, "records": []})
    return Reply(200, first_page(call, result))


def first_page(call: Call, result: soql.QueryResult) -> dict[str, Any]:
    """The beginning of an answer, with the address of what follows."""
    return _page(call, result, "", 0, _page_size(call))


def _page_size(call: Call) -> int:
    for option in call.headers.get("sforce-query-options", "").split(","):
        name, _, value = option.strip().partition("=")
        if name.lower() == "batchsize" and value.isdigit():
            return min(max(int(value), 200), PAGE)
    return PAGE


def _page(call: Call, result: soql.QueryResult, locator: str, start: int, size: int) -> dict[str, Any]:
    end = start + size
    body: dict[str, Any] = {"totalSize": result.total_size, "done": end >= result.total_size}
    if not body["done"]:
        locator = locator or call.org.cursors.add(Cursor(call.person.id, result, size))
        body["nextRecordsUrl"] = call.data(f"query/{locator}-{end}")
    body["records"] = list(result.page(start, size))
    return body


def more(call: Call, locator: str) -> Reply:
    """GET /query/<locator>-<start>"""
    name, _, start = locator.rpartition("-")
    cursor = call.org.cursors.find(name)
    if cursor is None or cursor.owner != call.person.id or not start.isdigit() or int(start) > cursor.result.total_size:
        raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return Reply(200, _page(call, cursor.result, name, int(start), cursor.size))


def _columns(call: Call, result: soql.QueryResult) -> dict[str, Any]:
    """What `sf data query` asks for beside the rows: the columns' names and types."""
    from integration.local.org.describing.field import api_type

    seen = call.person.access.seen(call.org.catalog.objects[result.object_name]).fields
    columns: list[dict[str, Any]] = [
        {
            "aggregate": each.is_aggregate,
            "apexType": "String",
            "booleanType": bool(each.field and each.field.type == "Checkbox"),
            "columnName": each.name,
            "custom": bool(each.field and each.field.custom),
            "displayName": each.name,
            "foreignKeyName": None,
            "insertable": bool(each.field and seen.get(each.name, each.field).createable),
            "joinColumns": [],
            "numberType": bool(each.field and api_type(each.field) in ("double", "int", "currency", "percent")),
            "textType": bool(each.field and api_type(each.field) in ("string", "textarea", "id", "reference")),
            "updatable": bool(each.field and seen.get(each.name, each.field).updateable),
        }
        for each in result.columns
    ]
    return {
        "columnMetadata": columns,
        "entityName": result.object_name,
        "groupBy": False,
        "idSelected": any(each.name == "Id" for each in result.columns),
        "keyPrefix": None,
    }
