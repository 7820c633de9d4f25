"""A landing page served warm by the site's own handler, against Jinja alone rendering the same template; and its size.

The product's side is everything between API Gateway's event and the answer: bridge, checks, routing, the snapshot, a
signed form, the visit's event, the template, headers. Packing is measured by itself: it costs what gzip costs.
"""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, template_rendered

from integration.app import App
from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.config import Config
from integration.model import snapshot
from integration.model.blocks import completed
from integration.model.link import Signer
from integration.model.page import Look
from integration.ports import Queue

GOAL = 5
LARGEST = 14 * 1024
RENDERINGS = 60
BASE = "https://jobs.example.org"
BRAND = {"name": "Lee Hospitals", "logo": "", "privacy_url": "/", "postal_address": "Cork", "look": Look().__dict__}
_TEXT = "We plan six weeks ahead, and nobody is called on a day off. "


def run(runs: int) -> list[Row]:
    """Row 17 of the goals."""
    web = _site()
    context = _context_of(web)
    template = web.jinja_env.get_template("landing.html.j2")
    bare = partial(template.render, **context)
    with web.test_request_context("/p/nurses"):
        product, peer = interleaved(runs, lambda: _each(partial(_served, web)), lambda: _each(bare))
    page, css, look = (_packed(web, address) for address in ("/p/nurses", "/static/site.css", _look(web)))
    return [
        Row("serve a warm landing page", "us CPU", product, GOAL, peer),
        Row("HTML and CSS of a landing page, packed", "bytes", page + css + look, LARGEST),
        Row("of these HTML, packed", "bytes", page, None),
    ]


def _each(work: Callable[[], object]) -> float:
    def often() -> None:
        for _ in range(RENDERINGS):
            work()

    return cpu_seconds(often) / RENDERINGS * 1_000_000


class _Files:
    """The bucket, in this process: what is measured is ours, not S3's."""

    def __init__(self, files: Mapping[str, Any]) -> None:
        self._files = {key: json.dumps(value).encode() for key, value in files.items()}

    def read(self, key: str) -> bytes | None:
        return self._files.get(key)


class _Queues:
    def send(self, queue: Queue, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
        json.dumps(message)


class _Clock:
    def now(self) -> Any:
        from datetime import UTC, datetime

        return datetime.now(UTC)


def _site() -> Flask:
    from lambdas.site.web import create_app

    app = App(Config(stage="bench", public_base_url=BASE, org_id="00D000000000001AAA"))
    app.__dict__ |= {
        "site": _Files(_published()),
        "queues": _Queues(),
        "clock": _Clock(),
        "links": Signer("k1", {"k1": b"k" * 32}, b"s" * 32),
    }
    return create_app(app, cache_seconds=3_600)


def _published() -> dict[str, Any]:
    """A page with all that a page usually has, and twelve jobs."""
    job = {"company": "Lee", "department": "Nursing", "remote": False, "places": ["Cork, IE"], "requisition": "r1",
           "employment": "Full-time", "salary": "EUR 42,000 a year", "posted_on": "2026-03-01"}  # fmt: skip
    jobs = [job | {"title": f"Night nurse {number}", "reference": f"j{number:012}"} for number in range(12)]
    blocks: list[dict[str, Any]] = [
        {"type": "hero", "title": "Nights that matter", "text": _TEXT * 2},
        {"type": "text", "title": "What you can count on", "body": f"{_TEXT * 5}\n\n- Two colleagues\n- Paid handover"},
        {"type": "jobs"},
        {"type": "people", "items": [{"text": _TEXT, "by": "Maeve", "role": "Nurse"}] * 3},
        {"type": "faq", "items": [{"question": "Can I work part-time?", "answer": _TEXT * 2}] * 6},
        {"type": "form", "fields": ["phone", "city", "resume"]},
        {"type": "share"},
    ]
    page = {
        "id": "a0I000000000001AAA", "slug": "nurses", "url": f"{BASE}/p/nurses", "headline": "Nights that matter",
        "intro": _TEXT, "blocks": [completed(block) for block in blocks], "language": "en", "brand": BRAND,
        "consent": {"text": _TEXT, "version": "en-1", "purposes": ["Talent community", "Newsletter", "Job alerts"]},
        "double_opt_in": True, "pool": "p", "requisition": "", "version": 1,
    }  # fmt: skip
    return {
        snapshot.page("nurses"): {"version": 1},
        snapshot.page_version("nurses", 1): page,
        snapshot.LISTING: {"brand": BRAND, "jobs": jobs, "pages": [], "count": len(jobs)},
    }


def _event(address: str, *, packed: bool = False) -> dict[str, Any]:
    headers = {"host": BASE.removeprefix("https://"), "user-agent": "Mozilla/5.0"}
    if packed:
        headers["accept-encoding"] = "gzip"
    http = {"method": "GET", "path": address, "sourceIp": "203.0.113.7"}
    context = {"domainName": headers["host"], "http": http, "stage": "$default", "requestId": "r"}
    return {"version": "2.0", "rawPath": address, "rawQueryString": "", "headers": headers, "requestContext": context}


def _served(web: Flask, address: str = "/p/nurses", *, packed: bool = False) -> dict[str, Any]:
    from lambdas.site.bridge import answer

    reply = answer(web, _event(address, packed=packed))
    if reply["statusCode"] != 200:
        raise RuntimeError(f"{address} answered {reply['statusCode']}")
    return reply


def _context_of(web: Flask) -> dict[str, Any]:
    """Exactly what the page's template is given."""
    kept: list[dict[str, Any]] = []

    def note(sender: Flask, template: object, context: dict[str, Any], **rest: object) -> None:
        kept.append(context)

    with template_rendered.connected_to(note, web):
        _served(web)
    return kept[0]


def _look(web: Flask) -> str:
    from lambdas.site.machines import look_address

    return look_address(BRAND)


def _packed(web: Flask, address: str) -> int:
    reply = _served(web, address, packed=True)
    body = base64.b64decode(reply["body"]) if reply.get("isBase64Encoded") else reply["body"].encode()
    return len(body) if "content-encoding" in reply["headers"] else len(gzip.compress(body))
