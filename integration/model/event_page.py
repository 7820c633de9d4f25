"""An event in the words of schema.org, for search engines."""

from collections.abc import Mapping
from typing import Any


def json_ld(page: Mapping[str, Any]) -> dict[str, Any]:
    """https://schema.org/Event of a published page; times carry the offset of the event's own zone."""
    place: dict[str, Any] = {"@type": "VirtualLocation", "url": page["url"]}
    if page["place"]:
        place = {"@type": "Place", "name": page["place"], "address": page["place"]}
    mode = "OfflineEventAttendanceMode" if page["place"] else "OnlineEventAttendanceMode"
    status = "EventCancelled" if page["cancelled"] else "EventScheduled"
    found = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": page["name"],
        "startDate": page["starts"],
        "endDate": page["ends"],
        "eventAttendanceMode": f"https://schema.org/{mode}",
        "eventStatus": f"https://schema.org/{status}",
        "location": place,
        "organizer": {"@type": "Organization", "name": page["brand"]["name"]},
        "url": page["url"],
        "inLanguage": page["language"],
    }
    if page["summary"]:
        found["description"] = page["summary"]
    if str(page["brand"]["logo"]).startswith("https://"):
        found["image"] = page["brand"]["logo"]
    return found
