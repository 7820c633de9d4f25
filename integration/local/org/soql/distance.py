"""DISTANCE(): how far two places are apart."""

import math

from integration.local.org.catalog import COMPOUND_TYPES
from integration.local.org.soql.errors import located
from integration.local.org.soql.scope import Scope
from integration.local.org.soql.tree import Distance, Geolocation, Path

HAVERSINE = "warmbench_distance"
"""The SQL function of two latitudes and longitudes, and a radius."""
_RADIUS = {"km": 6371.0088, "mi": 3958.7613}


def haversine(
    latitude: float | None, longitude: float | None, other: float | None, far: float | None, radius: float
) -> float | None:
    """The great-circle distance; nothing when a place is not known."""
    if latitude is None or longitude is None or other is None or far is None:
        return None
    first, second = math.radians(latitude), math.radians(other)
    half = math.sin((second - first) / 2) ** 2
    half += math.cos(first) * math.cos(second) * math.sin(math.radians(far - longitude) / 2) ** 2
    return 2 * radius * math.asin(math.sqrt(min(half, 1.0)))


def distance_sql(scope: Scope, distance: Distance) -> str:
    """The expression; the first place must be a field."""
    text = scope.compilation.text
    radius = _RADIUS.get(distance.unit.lower())
    if radius is None:
        reason = f"Invalid distance unit: {distance.unit}. Valid units are 'mi' and 'km'"
        raise located("MALFORMED_QUERY", text, distance.at, reason)
    if isinstance(distance.left, Geolocation):
        raise located("MALFORMED_QUERY", text, distance.left.at, "the first argument of DISTANCE must be a field")
    places = [*_place(scope, distance.left), *_place(scope, distance.right)]
    return f"{HAVERSINE}({', '.join(places)}, {radius})"


def _place(scope: Scope, place: Path | Geolocation) -> tuple[str, str]:
    text = scope.compilation.text
    if isinstance(place, Geolocation):
        latitude, longitude = float(place.latitude), float(place.longitude)
        if abs(latitude) > 90 or abs(longitude) > 180:
            reason = "Latitude must be between -90 and 90, longitude between -180 and 180"
            raise located("MALFORMED_QUERY", text, place.at, reason)
        return repr(latitude), repr(longitude)
    resolved = scope.resolve(place)
    if resolved.field.type not in COMPOUND_TYPES:
        reason = f"field '{resolved.name}' is not a geolocation and can not be used in DISTANCE"
        raise located("INVALID_FIELD", text, place.at, reason)
    parts = resolved.coordinates()
    return scope.sql(parts[0], resolved.through), scope.sql(parts[1], resolved.through)
