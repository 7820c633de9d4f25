"""How the org words that somebody may not."""

from integration.local.org.catalog import ObjectInfo
from integration.local.org.errors import RowError


def cannot_insert(info: ObjectInfo) -> RowError:
    return RowError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be inserted: {info.label}")


def cannot_update(info: ObjectInfo) -> RowError:
    return RowError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be updated: {info.label}")


def no_reach(record_id: str) -> RowError:
    """The user may not see the record that is named, or not do with it what naming it means."""
    text = f"insufficient access rights on cross-reference id: {record_id[:15]}"
    return RowError("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", text)


def not_this_record() -> RowError:
    """The record can be seen, but not changed or deleted."""
    return RowError("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
