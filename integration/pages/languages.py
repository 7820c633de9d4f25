"""Which live pages say the same in other languages: one small file beside each of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from integration.model import snapshot
from integration.records import LandingPage
from integration.soql import both, compare, either, equals, select

if TYPE_CHECKING:
    from integration.app import App

_FIELDS = (LandingPage.ID, LandingPage.SLUG, LandingPage.LANGUAGE, LandingPage.HEADLINE)


def rebuild(app: App, page_id: str, original_id: str) -> None:
    """Key: the original page; made anew from the org each time."""
    original = original_id or page_id
    group = either(equals(LandingPage.ID, original), equals(LandingPage.TRANSLATION_OF, original))
    rows = app.salesforce.query(
        select(LandingPage.API_NAME, _FIELDS, where=both(group, compare(LandingPage.LIVE_VERSION, "!=", None)))
    )
    slugs = {str(row[LandingPage.LANGUAGE] or "en"): str(row[LandingPage.SLUG]) for row in rows}
    first = next((str(row[LandingPage.SLUG]) for row in rows if row[LandingPage.ID] == original), "")
    told = json.dumps({"original": first, "pages": slugs if len(slugs) > 1 else {}}).encode()
    for row in rows:
        app.site.write(snapshot.languages(str(row[LandingPage.SLUG])), told, content_type="application/json")
