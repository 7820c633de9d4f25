"""What is left of the org's allowances, and how many rows it holds."""

from integration.local.org.store import quoted
from integration.local.org.web import Call, Reply

_ALLOWANCES = {
    "ActiveScratchOrgs": 3,
    "AnalyticsExternalDataSizeMB": 40_960,
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentEinsteinDataInsightsStoryCreation": 5,
    "ConcurrentEinsteinDiscoveryStoryCreation": 2,
    "ConcurrentSyncReportRuns": 20,
    "DailyAnalyticsDataflowJobExecutions": 60,
    "DailyAnalyticsUploadedFilesSizeMB": 51_200,
    "DailyAsyncApexExecutions": 250_000,
    "DailyAsyncApexTests": 500,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyDeliveredPlatformEvents": 50_000,
    "DailyDurableGenericStreamingApiEvents": 10_000,
    "DailyDurableStreamingApiEvents": 10_000,
    "DailyEinsteinDataInsightsStoryCreation": 1_000,
    "DailyEinsteinDiscoveryOptimizationJobRuns": 25,
    "DailyEinsteinDiscoveryPredictAPICalls": 50_000,
    "DailyEinsteinDiscoveryPredictionsByCDC": 500_000,
    "DailyEinsteinDiscoveryStoryCreation": 100,
    "DailyFunctionsApiCallLimit": 235_000,
    "DailyGenericStreamingApiEvents": 10_000,
    "DailyScratchOrgs": 6,
    "DailyStandardVolumePlatformEvents": 10_000,
    "DailyStreamingApiEvents": 10_000,
    "DailyWorkflowEmails": 100_000,
    "DataStorageMB": 1_024,
    "DurableStreamingApiConcurrentClients": 20,
    "FileStorageMB": 1_024,
    "HourlyAsyncReportRuns": 1_200,
    "HourlyDashboardRefreshes": 200,
    "HourlyDashboardResults": 5_000,
    "HourlyDashboardStatuses": 999_999_999,
    "HourlyLongTermIdMapping": 100_000,
    "HourlyManagedContentPublicRequests": 50_000,
    "HourlyODataCallout": 1_000,
    "HourlyPublishedPlatformEvents": 50_000,
    "HourlyPublishedStandardVolumePlatformEvents": 1_000,
    "HourlyShortTermIdMapping": 100_000,
    "HourlySyncReportRuns": 500,
    "HourlyTimeBasedWorkflow": 1_000,
    "MassEmail": 10,
    "MonthlyEinsteinDiscoveryStoryCreation": 500,
    "MonthlyPlatformEventsUsageEntitlement": 0,
    "Package2VersionCreates": 6,
    "Package2VersionCreatesWithoutValidation": 500,
    "PermissionSets": 1_500,
    "PrivateConnectOutboundCalloutHourlyLimitMB": 0,
    "PublishCallbackUsageInApex": 5_242_880,
    "SingleEmail": 15,
    "StreamingApiConcurrentClients": 20,
}
"""Names and sizes as a developer edition has them. Only calls of the API are counted here; the rest stays unused."""


def limits(call: Call) -> Reply:
    """GET /limits"""
    usage = call.org.usage
    body: dict[str, dict[str, object]] = {name: {"Max": most, "Remaining": most} for name, most in _ALLOWANCES.items()}
    body["PermissionSets"]["CreateCustom"] = {"Max": 1_000, "Remaining": 1_000}
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
