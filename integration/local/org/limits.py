"""What is left of the org's allowances, and how many rows it holds."""

from integration.local.org.store import quoted
from integration.local.org.web import Call, Reply

_ALLOWANCES = {
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyDeliveredPlatformEvents": 50_000,
    "DataStorageMB": 1_024,
    "FileStorageMB": 1_024,
    "HourlyPublishedPlatformEvents": 50_000,
    "HourlyPublishedStandardVolumePlatformEvents": 1_000,
    "SingleEmail": 15,
}


def limits(call: Call) -> Reply:
    """GET /limits"""
    usage = call.org.usage
    body = {name: {"Max": most, "Remaining": most} for name, most in _ALLOWANCES.items()}
    body["DailyApiRequests"] = {"Max": usage.maximum, "Remaining": max(0, usage.maximum - usage.today())}
    return Reply(200, dict(sorted(body.items())))


def record_count(call: Call) -> Reply:
    """GET /limits/recordCount?sObjects=A,B"""
    asked = [name.strip() for name in call.query.get("sObjects", "").split(",") if name.strip()]
    known = [call.org.catalog.object(name) for name in asked] if asked else list(call.org.catalog.objects.values())
    counts = []
    with call.org.store.reading() as connection:
        for info in known:
            if info is None or info.is_event or not call.person.can_query(info.name):
                continue
            sql = f"SELECT COUNT(*) FROM {quoted(info.name)} WHERE IsDeleted = 0"  # noqa: S608
            (number,) = connection.execute(sql).fetchone()
            if number:
                counts.append({"count": number, "name": info.name})
    return Reply(200, {"sObjects": counts})
