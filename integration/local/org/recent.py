"""The records that a user changed last. Views leave no trace here, so only changes count.

Looked for among the newest changes of each object alone: a table of a million rows by others must not be read for it.
"""

from typing import Any

from integration.local.org.catalog import ObjectInfo
from integration.local.org.errors import ApiError
from integration.local.org.query import run
from integration.local.org.soql import SoqlError
from integration.local.org.web import Call, Reply

MOST = 200
_ITEMS = 10
_NEWEST = 500


def recent(call: Call) -> Reply:
    """GET /recent?limit="""
    limit = call.query.get("limit", str(MOST))
    if not (limit.isascii() and limit.isdigit()) or not 1 <= int(limit[:9]) <= MOST:
        raise ApiError(400, "INVALID_INPUT", f"limit must be between 1 and {MOST}, not {limit}")
    records = [each for info in _objects(call) for each in _changed(call, info, int(limit))]
    records.sort(key=lambda record: str(record["SystemModstamp"]), reverse=True)
    return Reply(200, [_shown(each) for each in records[: int(limit)]])


def recent_items(call: Call, info: ObjectInfo) -> list[dict[str, Any]]:
    """The newest of one object."""
    return [] if info.is_event else [_shown(each) for each in _changed(call, info, _ITEMS)]


def _objects(call: Call) -> list[ObjectInfo]:
    """What has a page of its own to be called up again: objects with a name, not joins and settings of users."""
    return [info for info in call.org.catalog.objects.values() if not info.is_event and info.name_field != "Id"]


def _changed(call: Call, info: ObjectInfo, number: int) -> list[dict[str, Any]]:
    names = ", ".join(dict.fromkeys(("Id", info.name_field, "LastModifiedById", "SystemModstamp")))
    text = f"SELECT {names} FROM {info.name} ORDER BY SystemModstamp DESC NULLS LAST LIMIT {_NEWEST}"  # noqa: S608
    try:
        mine = [record for record in run(call, text) if record["LastModifiedById"] == call.person.id]
    except SoqlError as error:
        if error.code in ("INVALID_TYPE", "INVALID_FIELD"):
            return []  # Nobody named it, and this user may not see it.
        raise
    return mine[:number]


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    hidden = ("LastModifiedById", "SystemModstamp")
    return {name: value for name, value in record.items() if name not in hidden}
