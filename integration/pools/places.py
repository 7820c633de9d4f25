"""Where cities are. City names and coordinates: GeoNames (geonames.org, CC BY 4.0), cities above 15,000 people.

`cities.tsv.gz` has a line per city, the largest of each country first: country, region code, name, latitude,
longitude, and for cities above 100,000 people their other names.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from integration.model.countries import COUNTRIES
from integration.model.segment_fields import BadRule, shown
from integration.ports import Value
from integration.records import Candidate

LATITUDE, LONGITUDE = "Geo__Latitude__s", "Geo__Longitude__s"
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ı": "i", "œ": "oe"})


@dataclass(frozen=True)
class City:
    name: str
    country: str
    region: str
    latitude: float
    longitude: float


def find(city: str, country: str = "", region: str = "") -> City | None:
    """The largest city of that name, in the country and region if they are given."""
    named = _by_name().get(folded(city), ())
    code = country_code(country)
    there = [one for one in named if not country or one.country == code]
    return next((one for one in there if region and folded(region) == folded(one.region)), there[0] if there else None)


def place(text: str) -> tuple[str, float, float]:
    """(name, latitude, longitude) of “Cork”, “Cork, IE”, “Portland, ME, US” or “52.1, 8.7”; raises BadRule."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and all(re.fullmatch(r"-?\d{1,3}(\.\d{1,9})?", part) for part in parts):
        latitude, longitude = map(float, parts)
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return text, latitude, longitude
    country = parts[-1] if len(parts) > 1 else ""
    if country and not country_code(country):
        raise BadRule(f"“{shown(country)}” is no country. Write its code or name, for example “Cork, IE”.")
    found = find(parts[0], country, parts[1] if len(parts) > 2 else "")
    if found is None:
        raise BadRule(f"“{shown(text)}” is no city that we know.{_hint(parts[0], country)}")
    return f"{found.name}, {found.country}", found.latitude, found.longitude


def position(values: Mapping[str, Value]) -> tuple[float, float] | None:
    """Where a candidate lives: the record's coordinates, else those of its city."""
    latitude, longitude = values.get(LATITUDE), values.get(LONGITUDE)
    if latitude is not None and longitude is not None:
        return float(latitude), float(longitude)
    city = str(values.get(Candidate.CITY) or "")
    if not city:
        return None
    found = find(city, str(values.get(Candidate.COUNTRY) or ""), str(values.get(Candidate.REGION) or ""))
    return (found.latitude, found.longitude) if found else None


def located(values: Mapping[str, Value]) -> tuple[float, float] | None:
    """The coordinates that a record without its own should get, so that queries can ask for it by distance."""
    has = values.get(LATITUDE) is not None and values.get(LONGITUDE) is not None
    if has and (values[LATITUDE], values[LONGITUDE]) not in _points():
        return None  # somebody knew it better than by the city
    found = position({**values, LATITUDE: None, LONGITUDE: None})
    return None if found is None or found == (values.get(LATITUDE), values.get(LONGITUDE)) else found


def country_code(text: str) -> str:
    """ISO 3166 code of a code or a name; empty when it is neither."""
    upper = text.strip().upper()
    return upper if upper in _codes() else COUNTRIES.get(text.strip().casefold(), "")


def folded(text: str) -> str:
    """A name without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return re.sub(r"[^\w]+", " ", "".join(one for one in plain if not unicodedata.combining(one))).strip()


def _hint(city: str, country: str) -> str:
    code = country_code(country)
    names = {name: one[0] for name, one in _by_name().items() if not code or one[0].country == code}
    near = get_close_matches(folded(city), names, n=1, cutoff=0.7)
    if near:
        return f" Do you mean “{names[near[0]].name}, {names[near[0]].country}”?"
    return " Write the nearest larger city, or coordinates like “51.9, -8.47”."


@cache
def _codes() -> frozenset[str]:
    return frozenset(COUNTRIES.values())


@cache
def _points() -> frozenset[tuple[float, float]]:
    return frozenset((city.latitude, city.longitude) for cities in _by_name().values() for city in cities)


@cache
def _by_name() -> dict[str, list[City]]:
    """Folded name -> cities; a city's own name comes before another's further name, a larger before a smaller."""
    own: dict[str, list[City]] = {}
    also: dict[str, list[City]] = {}
    data = gzip.decompress(files("integration.pools").joinpath("cities.tsv.gz").read_bytes()).decode()
    for line in data.splitlines():
        country, region, name, latitude, longitude, *others = line.split("\t")
        city = City(name, country, region, float(latitude), float(longitude))
        own.setdefault(folded(name), []).append(city)
        for other in others:
            also.setdefault(other, []).append(city)
    for name, cities in also.items():
        own.setdefault(name, []).extend(one for one in cities if one not in own[name])
    return own
