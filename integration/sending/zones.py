"""The time zone of a country, from the tz database's own table; of several zones the one most people live in."""

from functools import cache
from importlib.resources import files


def of_country(code: str) -> str:
    """Blank for a code that is none."""
    return _table().get(code.upper(), "")


@cache
def _table() -> dict[str, str]:
    zones: dict[str, str] = {}
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            zones.setdefault(code, zone)  # the table lists the most populous zone of a country first
    return zones
