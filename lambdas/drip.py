"""Every minute: drip steps that are due, and campaigns that start, go on or end."""

from typing import Any

from integration import campaigns, drips
from integration.app import current


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Idempotency key: enrollment and step. A run that is late does what earlier ones left."""
    queued = drips.run_due(current())
    campaigns.tend(current())
    return {"queued": queued}
