"""A browser, and the site of one test behind a gateway on this machine."""

import dataclasses
import json
import socket

import pytest

from integration.model import snapshot
from integration.model.blocks import completed
from integration.model.page import Look
from lambdas.site.web import create_app
from tests.browser.chromium import browser
from tests.browser.gateway import gateway

__all__ = ["browser"]


@dataclasses.dataclass
class Site:
    """The address of the site, the App behind it, and ways to put pages on it."""

    url: str
    app: object

    def put(self, key, value):
        self.app.site.write(key, json.dumps(value).encode(), content_type="application/json")

    def put_page(self, **changes):
        page = PAGE | {"brand": BRAND, "url": f"{self.url}/p/nurses"} | changes
        page["blocks"] = [completed(block) for block in page["blocks"]]
        self.put(snapshot.page("nurses"), {"version": 1})
        self.put(snapshot.page_version("nurses", 1), page)

    def put_jobs(self, *jobs):
        listed = [JOB | {"brand": BRAND, "canonical": f"{self.url}/jobs/{job['reference']}"} | job for job in jobs]
        for job in listed:
            self.put(snapshot.job(job["reference"]), job)
        open_jobs = [job for job in listed if job["state"] == "live"]
        pages = [{"slug": "nurses", "headline": PAGE["headline"], "intro": PAGE["intro"], "language": "en"}]
        self.put(snapshot.LISTING, {"brand": BRAND, "jobs": open_jobs, "pages": pages, "count": len(open_jobs)})


@pytest.fixture
def site(app):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    app.config = dataclasses.replace(app.config, public_base_url=url)
    with gateway(create_app(app, cache_seconds=0), port):
        yield Site(url, app)


BRAND = {
    "name": "Lee Hospitals",
    "logo": "",
    "privacy_url": "/",
    "postal_address": "1 Quay Street, Cork",
    "look": Look().__dict__,
}
PAGE = {
    "id": "a0I000000000001AAA",
    "slug": "nurses",
    "headline": "Nights that matter",
    "intro": "Join the people who keep our wards calm after dark.",
    "blocks": [
        {
            "type": "hero",
            "title": "Nights that matter",
            "text": "Join the people who keep our wards calm after dark. Fixed rota, paid handover, a team that stays.",
        },
        {
            "type": "text",
            "title": "What you can count on",
            "body": "We plan six weeks ahead, and nobody is called on a day off.\n\n"
            "- Two colleagues on every ward\n- Paid handover\n- A quiet room, and time to use it",
        },
        {"type": "jobs", "title": "Open jobs"},
        {"type": "quote", "text": "I came for a winter and stayed nine years.", "by": "Maeve, night nurse in Cork"},
        {
            "type": "faq",
            "title": "What people ask",
            "items": [
                {"question": "Can I work part-time?", "answer": "Yes, from two nights a week."},
                {"question": "Do you pay for training?", "answer": "Yes, and for the hours it takes."},
            ],
        },
        {"type": "form", "title": "Stay in touch", "fields": ["phone", "city"], "button": "Keep me posted"},
    ],
    "language": "en",
    "consent": {
        "text": "We keep your details for two years and write to you at most twice a month.",
        "version": "en-1",
        "purposes": ["Talent community", "Newsletter"],
    },
    "double_opt_in": True,
    "pool": "a0P000000000001AAA",
    "requisition": "",
    "version": 1,
}
JOB = {
    "state": "live",
    "posting": "a0J000000000001AAA",
    "requisition": "a0R000000000001AAA",
    "title": "Night nurse",
    "company": "Lee Hospitals",
    "department": "Nursing",
    "remote": False,
    "places": ["Cork, Munster, IE"],
    "employment": "Full-time",
    "salary": "EUR 42,000 to 48,000 a year",
    "posted_on": "2026-03-01",
    "valid_through": "2026-05-31",
    "description": "<p>You look after our patients at night, together with two colleagues.</p><h3>Your nights</h3>"
    "<ul><li>Rounds and handover</li><li>Medication</li><li>Families who call late</li></ul>"
    "<h3>What you bring</h3><p>Experience on a ward, and calm.</p>",
    "summary": "You look after our patients at night.",
    "json_ld": {"@type": "JobPosting"},
    "page": "nurses",
    "consent": {"text": "We keep it.", "version": "en-1", "purposes": ["Talent community"]},
}
