"""Brands as published pages carry them: name, logo, links and a checked look."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from integration.model.page import Look, is_safe_address, read_look
from integration.records import Brand
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

FIELDS = (
    Brand.ID,
    Brand.NAME,
    Brand.LOGO_URL,
    Brand.PRIMARY_COLOR,
    Brand.BACKGROUND_COLOR,
    Brand.TEXT_COLOR,
    Brand.FONT,
    Brand.POSTAL_ADDRESS,
    Brand.PRIVACY_URL,
)
PLAIN = {"name": "Careers", "logo": "", "privacy_url": "", "postal_address": "", "look": asdict(Look())}
"""The look of an org without a brand."""


def read(app: App, brand_id: str = "") -> tuple[dict[str, Any], list[str]]:
    """A brand, or the org's first, and what is wrong with it. A look that cannot be read well is not used."""
    where = equals(Brand.ID, brand_id) if brand_id else None
    rows = app.salesforce.query(
        select(Brand.API_NAME, FIELDS, where=where, order_by=[Brand.CREATED_AT, Brand.ID], limit=1)
    )
    if not rows:
        return dict(PLAIN), []
    values = {name: str(value or "").strip() for name, value in rows[0].items()}
    look, problems = read_look(
        values[Brand.PRIMARY_COLOR], values[Brand.BACKGROUND_COLOR], values[Brand.TEXT_COLOR], values[Brand.FONT]
    )
    links = {"logo": values[Brand.LOGO_URL], "privacy_url": values[Brand.PRIVACY_URL]}
    for name, address in links.items():
        if address and not is_safe_address(address):
            problems.append(f"The brand's {name.replace('_url', '')} address is not safe: start it with https://.")
            links[name] = ""
    brand = {
        "name": values[Brand.NAME],
        **links,
        "postal_address": " ".join(values[Brand.POSTAL_ADDRESS].split()),
        "look": asdict(Look() if problems else look),
    }
    return brand, problems
