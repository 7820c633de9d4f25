"""The files of an event's page: an immutable version, and the small one that points at it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from integration import brands
from integration.gatherings.reading import Gathering
from integration.model import snapshot
from integration.model.vocabulary import Purpose as Topic
from integration.ports import Queue
from integration.syndication.surfaces import keep_consent

if TYPE_CHECKING:
    from integration.app import App

_SUMMARY = 155


def show_cancelled(app: App, event: Gathering) -> None:
    """Key: the event. Its page says that it does not take place."""
    brand, _ = brands.read(app, event.brand)
    show(app, event, brand, calendar_facts(event), cancelled=True)


def show(app: App, event: Gathering, brand: dict[str, Any], facts: list[str], *, cancelled: bool = False) -> str:
    page = _page(app, event, brand) | {"cancelled": cancelled}
    data = json.dumps(page, ensure_ascii=False, sort_keys=True).encode()
    version = sha256(data).hexdigest()[:12]
    app.site.write(
        snapshot.event_version(event.slug, version), data, content_type="application/json", unless_exists=True
    )
    old = event.url.rpartition("/")[2]
    if old and old != event.slug and snapshot.SLUG.fullmatch(old):
        _write(app, snapshot.event(old), {"version": "", "moved_to": event.slug, "event": event.id})
    _write(app, snapshot.event(event.slug), {"version": version, "event": event.id, "calendar": facts})
    app.queues.send(Queue.POSTINGS, {"listing": True, "at": app.clock.now().isoformat()})
    return str(page["url"])


def _page(app: App, event: Gathering, brand: dict[str, Any]) -> dict[str, Any]:
    words = " ".join(event.description.split())
    return {
        "id": event.id,
        "slug": event.slug,
        "url": f"{app.config.public_base_url}/events/{event.slug}",
        "name": event.name,
        "summary": words if len(words) <= _SUMMARY else words[: _SUMMARY - 1] + "…",
        "description": event.description,
        "starts": event.starts.astimezone(event.zone).isoformat(),
        "ends": event.ends.astimezone(event.zone).isoformat(),
        "zone": event.zone_name,
        "place": event.place,
        "has_limit": event.capacity is not None,
        "language": event.language,
        "consent": consent_of(app, event),
        "brand": brand,
    }


def consent_of(app: App, event: Gathering) -> dict[str, Any]:
    """What people agree to besides coming; without a text nobody is asked."""
    if not event.consent_text:
        return {"text": "", "version": "", "purposes": []}
    return keep_consent(app, event.consent_text, [Topic.TALENT_COMMUNITY.value], event.language)


def calendar_facts(event: Gathering) -> list[str]:
    """What stands in people's calendars."""
    return [event.name, event.starts.isoformat(), event.ends.isoformat(), event.where]


def pointer(app: App, slug: str) -> dict[str, Any]:
    data = app.site.read(snapshot.event(slug)) if snapshot.SLUG.fullmatch(slug) else None
    pointer: dict[str, Any] = json.loads(data) if data else {}
    return pointer


def _write(app: App, key: str, value: dict[str, Any]) -> None:
    app.site.write(key, json.dumps(value, ensure_ascii=False).encode(), content_type="application/json")
