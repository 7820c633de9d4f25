"""Stored values as the REST API and the Bulk API show them."""

from collections.abc import Callable

from integration.local.org.catalog import FieldInfo
from integration.local.org.soql.values import Sort

Show = Callable[[object], object]


def show_json(sort: Sort) -> Show | None:
    """How a value of this sort looks in JSON; None: as it is stored."""
    return {"boolean": _boolean, "dateTime": _datetime}.get(sort)


def show_unless_blank(show: Show) -> Show:
    """The same, but nothing for nothing: a checkbox that was added up is neither true nor false."""
    return lambda stored: None if stored is None else show(stored)


def show_label(field: FieldInfo) -> Show:
    """toLabel(): the labels of picklist values."""
    labels = {value.name.lower(): value.label for value in field.picklist}

    def convert(stored: object) -> object:
        if not isinstance(stored, str):
            return stored
        return ";".join(labels.get(each.lower(), each) for each in stored.split(";"))

    return convert


def show_csv(value: object) -> str:
    """A stored value in the CSV of a bulk query (checkboxes are handled by `show_csv_boolean`)."""
    return "" if value is None else str(value)


def show_csv_boolean(value: object) -> str:
    return "true" if value else "false"


def _boolean(value: object) -> object:
    return bool(value)


def _datetime(value: object) -> object:
    return f"{value[:-1]}+0000" if isinstance(value, str) else value
