"""Defaults, validation rules and flows of the metadata, compiled once and run on rows being saved."""

from typing import TYPE_CHECKING

from integration.local.org.catalog import Catalog, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.values import Row

if TYPE_CHECKING:
    from integration.local.org.transaction import Transaction


class Automation:
    """What the metadata makes happen by itself."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def defaults(self, info: ObjectInfo, transaction: "Transaction") -> Row:
        """The values that a new row gets for fields it leaves out."""
        row: Row = {}
        for each in info.fields.values():
            if each.default:
                row[each.name] = {"true": True, "false": False}.get(each.default, each.default.strip('"'))
        return row

    def before_save(self, info: ObjectInfo, row: Row, prior: Row | None, transaction: "Transaction") -> None:
        """Runs the before-save flows, which change the row."""

    def violation(self, info: ObjectInfo, row: Row, prior: Row | None, transaction: "Transaction") -> RowError | None:
        """The first validation rule that the row breaks."""
        return None

    def has_after_save(self, info: ObjectInfo, is_new: bool) -> bool:
        return False

    def after_save(self, info: ObjectInfo, row: Row, prior: Row | None, transaction: "Transaction") -> None:
        """Runs the after-save flows; what they write is part of the same transaction."""
