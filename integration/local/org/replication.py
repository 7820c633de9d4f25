"""What changed and what was deleted in a span of time, for clients that keep a copy."""

from datetime import UTC, datetime, timedelta

from integration.local.org.catalog import ObjectInfo
from integration.local.org.errors import ApiError
from integration.local.org.query import run
from integration.local.org.rest import named_object
from integration.local.org.values import moment
from integration.local.org.web import Call, Reply

UPDATED_DAYS = 30
DELETED_DAYS = 15
MOST_IDS = 600_000


def updated(call: Call, object_name: str) -> Reply:
    """GET /sobjects/X/updated?start=&end="""
    info = _replicated(call, object_name)
    start, end = _span(call, UPDATED_DAYS)
    text = f"SELECT Id FROM {info.name} WHERE {_within(start, end)} ORDER BY SystemModstamp"  # noqa: S608
    ids = [str(record["Id"]) for record in run(call, text)]
    _check_number(ids)
    return Reply(200, {"ids": ids, "latestDateCovered": _shown(_covered(call, end))})


def deleted(call: Call, object_name: str) -> Reply:
    """GET /sobjects/X/deleted?start=&end="""
    info = _replicated(call, object_name)
    start, end = _span(call, DELETED_DAYS)
    text = (
        f"SELECT Id, SystemModstamp FROM {info.name}"  # noqa: S608
        f" WHERE IsDeleted = true AND {_within(start, end)} ORDER BY SystemModstamp"
    )
    records: list[dict[str, object]] = [
        {"deletedDate": record["SystemModstamp"], "id": record["Id"]}
        for record in run(call, text, include_deleted=True)
    ]
    records += _purged(call, info, start, end)
    _check_number(records)
    body = {
        "deletedRecords": records,
        "earliestDateAvailable": _shown(_minute(call.org.now() - timedelta(days=DELETED_DAYS))),
        "latestDateCovered": _shown(_covered(call, end)),
    }
    return Reply(200, body)


def _purged(call: Call, info: ObjectInfo, start: datetime, end: datetime) -> list[dict[str, object]]:
    """What was deleted for good; nothing but its id is left to judge who may know."""
    sql = "SELECT id, deleted_at FROM _purged WHERE substr(id, 1, 3) = ? AND deleted_at >= ? AND deleted_at < ?"
    with call.org.store.reading() as connection:
        rows = connection.execute(sql, (info.prefix, moment(start), moment(end))).fetchall()
    return [{"deletedDate": f"{deleted_at[:-1]}+0000", "id": record_id} for record_id, deleted_at in rows]


def _replicated(call: Call, object_name: str) -> ObjectInfo:
    info = named_object(call, object_name)
    if info.is_event:
        text = f"entity type {info.name} does not support replication"
        raise ApiError(400, "INVALID_TYPE_FOR_OPERATION", text)
    return info


def _span(call: Call, days: int) -> tuple[datetime, datetime]:
    start, end = _given(call, "start"), _given(call, "end")
    if end - start < timedelta(minutes=1):
        raise _bad_date("startDate must precede endDate by at least one minute")
    if start < call.org.now() - timedelta(days=days):
        raise _bad_date(f"startDate cannot be more than {days} days ago")
    return start, end


def _bad_date(text: str) -> ApiError:
    return ApiError(400, "INVALID_REPLICATION_DATE", text)


def _given(call: Call, name: str) -> datetime:
    """A moment of the address, without its seconds, which a real org ignores."""
    text = call.query.get(name, "")
    if not text:
        raise ApiError(400, "MISSING_ARGUMENT", f"The parameter {name} must be given")
    try:
        # An unencoded + of the time zone arrives as a space.
        given = datetime.fromisoformat(text.replace(" ", "+"))
        given = given if given.tzinfo else given.replace(tzinfo=UTC)
        return _minute(given.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        reason = f"{name} must be a date and time such as 2026-11-26T09:30:00+00:00, not {text}"
        raise ApiError(400, "INVALID_INPUT", reason) from error


def _minute(value: datetime) -> datetime:
    return value.replace(second=0, microsecond=0)


def _within(start: datetime, end: datetime) -> str:
    return f"SystemModstamp >= {start:%Y-%m-%dT%H:%M:%SZ} AND SystemModstamp < {end:%Y-%m-%dT%H:%M:%SZ}"


def _covered(call: Call, end: datetime) -> datetime:
    """What is still to come is not covered yet."""
    return min(end, _minute(call.org.now().astimezone(UTC)))


def _check_number(found: list[object] | list[str] | list[dict[str, object]]) -> None:
    if len(found) > MOST_IDS:
        text = f"more than {MOST_IDS} records: choose a start and an end that are closer together"
        raise ApiError(400, "EXCEEDED_ID_LIMIT", text)


def _shown(value: datetime) -> str:
    return moment(value).replace("Z", "+0000")
