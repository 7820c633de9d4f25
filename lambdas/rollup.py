"""Every five minutes: totals of what changed, back on the records."""

from typing import Any

from integration import rollup
from integration.app import current


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    return {"shards": rollup.run(current())}
