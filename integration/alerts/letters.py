"""The mail of a day's job alerts: one message in all languages that we speak, and what its senders are told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from integration import soql
from integration.errors import Rejected
from integration.messages import BRAND_FIELDS, Draft, Translation, make, publish
from integration.messages.findings import in_words
from integration.model.alert import CAMPAIGN
from integration.model.message import JOBS_HTML, JOBS_TEXT
from integration.model.vocabulary import Purpose
from integration.model.wording import LANGUAGES
from integration.records import Brand
from integration.sending import control
from integration.sending.limits import OF_BRAND, of_brand
from integration.sending.transactional import sources

if TYPE_CHECKING:
    from integration.app import App

VERSION = "1"
_MORNING = {"window_start": "08:00:00.000Z", "window_end": "20:00:00.000Z", "own_zones": True}


def publish_of_day(app: App, day: date) -> tuple[str, str]:
    """Key: the day, which is the step: who had a mail of it gets no second. Raises Rejected without a proper brand."""
    fields = list(dict.fromkeys([*BRAND_FIELDS, *OF_BRAND]))
    rows = app.salesforce.query(soql.select(Brand.API_NAME, fields, order_by=[Brand.CREATED_AT], limit=1))
    if not rows:
        raise Rejected("No brand says who the mail comes from. Create a Brand with a sender address.", field="Brand")
    said = {language: sources("alert", language) for language in LANGUAGES}
    others = [Translation(f"Job alert in {one}", one, *said[one]) for one in LANGUAGES if one != "en"]
    draft = Draft(
        CAMPAIGN,
        day.isoformat(),
        VERSION,
        *said["en"],
        brand=rows[0],
        topic=Purpose.JOB_ALERTS.value,
        translations=others,
        own_words=(JOBS_HTML, JOBS_TEXT),
    )
    message, findings = make(app, draft)
    if message is None:
        raise Rejected(f"The mail of job alerts cannot be made. {in_words(findings)}", field="Brand")
    publish(app, message)
    control.start(app, CAMPAIGN, {**of_brand(rows[0]), **_MORNING})
    return draft.step, VERSION
