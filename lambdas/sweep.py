"""Every minute: commands and changes that no event told us of."""

from typing import Any

from integration import sweep
from integration.app import current


def handler(event: dict[str, Any], context: object) -> None:
    """Idempotency key: record id and SystemModstamp."""
    sweep.sweep(current())
