"""A landing page and a job as published files, for tests that need no org."""

import json

from integration.model import snapshot
from integration.model.page import Look

BRAND = {"name": "Lee", "logo": "", "privacy_url": "", "postal_address": "", "look": Look().__dict__}
PAGE = {
    "id": "a0I000000000001AAA",
    "slug": "nurses",
    "url": "https://jobs.warmbench.example/p/nurses",
    "headline": "Nurses",
    "intro": "Come.",
    "blocks": [{"type": "form", "title": "", "text": "", "fields": ["phone"], "purposes": [], "button": ""}],
    "language": "en",
    "brand": BRAND,
    "consent": {"text": "We keep it.", "version": "en-1", "purposes": ["Talent community"]},
    "double_opt_in": True,
    "pool": "a0P000000000001AAA",
    "requisition": "",
    "version": 1,
}
EVENT = {
    "id": "01JX",
    "slug": "open-day",
    "url": "https://jobs.warmbench.example/events/open-day",
    "name": "Open day",
    "summary": "Look around.",
    "description": "Look around.",
    "starts": "2026-03-12T17:00:00+00:00",
    "ends": "2026-03-12T19:00:00+00:00",
    "zone": "Europe/Dublin",
    "place": "Cork",
    "has_limit": True,
    "language": "en",
    "consent": {"text": "We keep it.", "version": "en-1", "purposes": ["Talent community"]},
    "brand": BRAND,
    "cancelled": False,
}
DOOR = {
    "number": "1",
    "until": "2026-03-14T19:00:00+00:00",
    "name": "Open day",
    "when": "12 March 2026",
    "language": "en",
    "consent": EVENT["consent"],
    "people": [{"id": "a0E000000000001AAA", "candidate": "a0A000000000001AAA", "name": "Ann", "state": "Registered"}],
}
JOB = {
    "state": "live",
    "reference": "jabcdefghijkl",
    "posting": "a0J000000000001AAA",
    "requisition": "a0R000000000001AAA",
    "title": "Night nurse",
    "company": "Lee",
    "department": "",
    "remote": False,
    "places": ["Cork, IE"],
    "employment": "",
    "salary": "",
    "posted_on": "2026-03-01",
    "valid_through": "",
    "canonical": "https://jobs.warmbench.example/jobs/jabcdefghijkl",
    "description": "<p>Nights.</p>",
    "summary": "Nights.",
    "json_ld": {"@type": "JobPosting"},
    "page": "",
    "brand": BRAND,
    "consent": {"text": "We keep it.", "version": "en-1", "purposes": ["Talent community"]},
}


def put(app):
    """All that this side of the site knows."""
    for key, value in (
        (snapshot.page("nurses"), {"version": 1}),
        (snapshot.page_version("nurses", 1), PAGE),
        (snapshot.job(JOB["reference"]), JOB),
        (snapshot.event("open-day"), {"version": "1", "event": EVENT["id"]}),
        (snapshot.event_version("open-day", "1"), EVENT),
        (snapshot.event("nurses"), {"version": "1", "event": EVENT["id"]}),
        (snapshot.event_version("nurses", "1"), EVENT | {"slug": "nurses"}),
        (snapshot.event("old"), {"version": "", "event": EVENT["id"], "moved_to": "nurses"}),
    ):
        app.site.write(key, json.dumps(value).encode(), content_type="application/json")
    app.data.write("gatherings/01JX/door.json", json.dumps(DOOR).encode(), content_type="application/json")
    app.site.write(snapshot.SITEMAP, b"<urlset/>", content_type="application/xml")
