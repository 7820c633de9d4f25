"""Gate `recordings`: the shapes and errors of exchanges that CumulusCI recorded of real orgs, held against this one.

Each exchange is replayed after the records that its answer speaks of were made; status, keys, JSON types, error codes
and texts, and the values of what was made must be as recorded. Of a describe, every standard field is a check.
"""

from collections import Counter
from pathlib import Path

from integration.local.fidelity._check import Check
from integration.local.fidelity._org import served_org
from integration.local.fidelity.recordings.cassettes import Exchange, recordings
from integration.local.fidelity.recordings.describes import describe_checks
from integration.local.fidelity.recordings.metadata import metadata_with_recorded_object
from integration.local.fidelity.recordings.replay import Replayer


def run(folder: Path) -> list[Check]:
    """One check per exchange, one more per field that a describe tells of; Bulk API 1.0 by file."""
    every = recordings().exchanges
    checks = _bulk_one(every)
    with served_org(folder, "--metadata", str(metadata_with_recorded_object(folder))) as org:
        replayer = Replayer(org)
        for exchange in every:
            if not _is_bulk_one(exchange):
                checks += _checks(replayer, exchange)
    return checks


def _checks(replayer: Replayer, exchange: Exchange) -> list[Check]:
    if not exchange.path.startswith("/services/"):
        return [Check(exchange.id, "not an exchange with Salesforce")]
    answer = replayer.replay(exchange)
    return [Check(exchange.id, "; ".join(answer.differences)), *describe_checks(exchange, answer.body)]


def _is_bulk_one(exchange: Exchange) -> bool:
    return exchange.path.lstrip("/").startswith("services/async/")


def _bulk_one(exchanges: tuple[Exchange, ...]) -> list[Check]:
    files = Counter(each.file.removesuffix(".yaml") for each in exchanges if _is_bulk_one(each))
    return [
        Check(f"{file}: Bulk API 1.0", f"{number} exchanges of an API that is out of scope")
        for file, number in sorted(files.items())
    ]
