"""How the org words that somebody may not."""

from integration.local.org.catalog import ObjectInfo
from integration.local.org.errors import RowError


def cannot_insert(info: ObjectInfo) -> RowError:
    return RowError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be inserted: {info.label}")


def cannot_update(info: ObjectInfo) -> RowError:
    return RowError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be updated: {info.label}")


def not_this_record() -> RowError:
    """The record can be seen, but not changed or deleted."""
    return RowError("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
