"""Upserts of any number of rows: collections for few, Bulk 2.0 for many, the same outcomes from both."""

from collections.abc import Iterator, Mapping, Sequence

from integration.adapters.salesforce import batches, bulk
from integration.adapters.salesforce.bulk_files import key_of
from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.names import Names
from integration.ports import Outcome, Value

MOST_BY_COLLECTIONS = 2_000
_NO_KEY = Outcome("", False, code="MISSING_ARGUMENT", message="The row has no key. Fill it in.")


def upsert(
    connection: Connection, names: Names, object_name: str, key: str, rows: Sequence[Mapping[str, Value]]
) -> Sequence[Outcome]:
    """Outcomes in the order of the rows. Of rows with the same key, each is written after the one before it."""
    if _all_differ(key, rows):
        return _upsert_different(connection, names, object_name, key, rows)
    outcomes: dict[int, Outcome] = {}
    for places in _waves(key, rows):
        wave = [rows[place] for place in places]
        outcomes.update(zip(places, _upsert_different(connection, names, object_name, key, wave), strict=True))
    return [outcomes.get(place, _NO_KEY) for place in range(len(rows))]


def _upsert_different(
    connection: Connection, names: Names, object_name: str, key: str, rows: Sequence[Mapping[str, Value]]
) -> Sequence[Outcome]:
    if len(rows) <= MOST_BY_COLLECTIONS:
        return batches.upsert(connection, names, object_name, key, rows)
    outcomes = bulk.upsert(connection, names, object_name, key, rows)
    again = [place for place, outcome in outcomes.exceptions() if batches.may_pass(outcome, key)]
    repeated = batches.upsert(connection, names, object_name, key, [rows[place] for place in again])
    for place, outcome in zip(again, repeated, strict=True):
        outcomes.note(place, outcome)
    return outcomes


def _all_differ(key: str, rows: Sequence[Mapping[str, Value]]) -> bool:
    """Whether every row has a key of its own; by their hashes, which take a tenth of the keys' room."""
    keys = [row.get(key) for row in rows]
    plain = {*map(type, keys)} == {str}
    own = map(str.casefold, map(str.strip, keys)) if plain else map(key_of, keys)  # type: ignore[arg-type]
    return len({hash(""), *map(hash, own)}) == len(rows) + 1


def _waves(key: str, rows: Sequence[Mapping[str, Value]]) -> Iterator[list[int]]:
    """Places of rows with a key, grouped so that no key stands twice in a group: one call refuses that."""
    waves: list[list[int]] = [[]]
    times: dict[str, int] = {}
    for place, row in enumerate(rows):
        own = key_of(row.get(key))
        if not own:
            continue
        wave = times.get(own, 0)
        times[own] = wave + 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(place)
    yield from waves
