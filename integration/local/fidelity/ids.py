"""Gate `ids`: the checksum of every 18-character id that CumulusCI recorded of real orgs."""

from pathlib import Path

from integration.local.fidelity._check import Check
from integration.local.fidelity.recordings.cassettes import recordings
from integration.local.org.ids import full_id


def run(folder: Path) -> list[Check]:
    """One check per id: its first 15 characters must lead to the whole."""
    return [_check(recorded) for recorded in recordings().ids]


def _check(recorded: str) -> Check:
    computed = full_id(recorded[:15])
    return Check(recorded, "" if computed == recorded else f"the checksum makes it {computed}")
