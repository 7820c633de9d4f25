"""Every minute: drip steps that are due, campaigns that start, go on or end, the day's job alerts, and events."""

from typing import Any

from integration import campaigns, drips, gatherings
from integration.alerts.telling import tell_due
from integration.app import current


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Idempotency key: enrollment and step; day and person. A run that is late does what earlier ones left."""
    queued = drips.run_due(current())
    campaigns.tend(current())
    tell_due(current())
    gatherings.tend(current())
    return {"queued": queued}
