"""Personal links: short and signed, they lead to a tracked link and carry who recommended, by key and never by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from integration.model import link
from integration.model.link import Purpose

if TYPE_CHECKING:
    from integration.app import App


def short(app: App, candidate_key: str, channel: str, reference: str = "") -> str:
    """The address to pass on, of one job or of all."""
    claims = {link.BROUGHT: candidate_key, link.CHANNEL: channel, link.DOOR: reference}
    token = app.links.sign(Purpose.REFERRAL, {name: value for name, value in claims.items() if value})
    return f"{app.config.public_base_url}/r/{token}"


def tracked(app: App, claims: Mapping[str, str], job: Mapping[str, Any] | None) -> str:
    """Where a personal link or an invitation leads: its click is counted like that of any posting's link."""
    base = app.config.public_base_url
    carried = (link.BROUGHT, link.CHANNEL, link.ITEM)
    told = {name: claims[name] for name in carried if claims.get(name)}
    told[link.TARGET] = f"{base}/jobs/{job['reference']}" if job else f"{base}/"
    if job:
        told |= {link.POSTING: str(job["posting"]), link.REQUISITION: str(job["requisition"])}
    return f"{base}/c/{app.links.sign(Purpose.LINK, told)}"
