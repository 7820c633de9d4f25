"""Automatic numbers, and the name that a record without one is given."""

import re
from datetime import datetime

from integration.local.org.catalog import ObjectInfo
from integration.local.org.store import Store
from integration.local.org.values import Row

_PLACE = re.compile(r"\{(0+|YYYY|YY|MM|DD)\}")


def automatic_values(store: Store, info: ObjectInfo, row: Row, now: datetime) -> None:
    """Fills the automatic numbers of a new row and, as the org does, a missing name with the id."""
    for each in info.numbered:
        number = store.next_number(f"{info.name}.{each.name}")
        row[each.name] = formatted(each.display_format or "{0}", number, now)
    if info.custom and "Name" in row and not row["Name"]:
        row["Name"] = str(row["Id"])[:15]


def formatted(display_format: str, number: int, now: datetime) -> str:
    """`CMD-{000000}` and a number to `CMD-000042`."""
    dates = {"YYYY": f"{now:%Y}", "YY": f"{now:%y}", "MM": f"{now:%m}", "DD": f"{now:%d}"}
    return _PLACE.sub(lambda match: dates.get(match[1]) or str(number).rjust(len(match[1]), "0"), display_format)
