"""Tracked links, their short forms and QR codes: of postings, and of a channel or campaign alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model import link, snapshot
from integration.model.link import Purpose
from integration.model.posting import code_of
from integration.model.vocabulary import PostingStatus
from integration.records import Channel, JobPosting, JobRequisition, RecruitingCampaign
from integration.soql import both, compare, equals, select
from integration.syndication import reading

if TYPE_CHECKING:
    from integration.app import App

LONGEST_ADDRESS = 255
"""What a URL field of Salesforce holds."""


def tracked(app: App, path: str, claims: Mapping[str, str]) -> str:
    """The address that counts a click for what `claims` name and carries the visitor on to a page of ours."""
    base = app.config.public_base_url
    token = app.links.sign(Purpose.LINK, {link.TARGET: f"{base}{path}", **claims})
    address = f"{base}/c/{token}"
    if len(address) > LONGEST_ADDRESS:
        raise Rejected(
            f"The tracked address has {len(address)} characters; Salesforce holds {LONGEST_ADDRESS}. "
            "Give the public site a shorter name (PUBLIC_BASE_URL), such as https://jobs.example.com.",
            field="Tracked URL",
        )
    return address


def make_of_channel(app: App, channel_id: str) -> str:
    """Key: the channel, whose code never changes. Its link leads to the list of open jobs."""
    row = app.salesforce.get(Channel.API_NAME, channel_id, [Channel.NAME])
    return _make(app, Channel.API_NAME, channel_id, str(row[Channel.NAME]), "/", {link.CHANNEL: channel_id})


def make_of_campaign(app: App, campaign_id: str) -> str:
    """Key: the campaign, whose code never changes: what was printed leads on to where the campaign points now."""
    fields = [RecruitingCampaign.NAME, RecruitingCampaign.CHANNEL, RecruitingCampaign.REQUISITION]
    row = app.salesforce.get(RecruitingCampaign.API_NAME, campaign_id, fields)
    path = _path(app, str(row[RecruitingCampaign.REQUISITION] or ""))
    channel = str(row[RecruitingCampaign.CHANNEL] or "")
    claims = {link.CAMPAIGN: campaign_id} | ({link.CHANNEL: channel} if channel else {})
    return _make(app, RecruitingCampaign.API_NAME, campaign_id, str(row[RecruitingCampaign.NAME]), path, claims)


def _make(app: App, object_name: str, record_id: str, name: str, path: str, claims: Mapping[str, str]) -> str:
    address, code = tracked(app, path, claims), code_of(record_id)
    kept = json.dumps({"tracked": address, "title": name}, ensure_ascii=False).encode()
    app.site.write(snapshot.short(code), kept, content_type="application/json")
    short = f"{app.config.public_base_url}/s/{code}"
    values = {Channel.TRACKED_URL: address, Channel.SHORT_URL: short, Channel.QR_CODE_URL: f"{short}.svg"}
    app.salesforce.update(object_name, record_id, values)
    log.event("link.made", record=record_id)
    return f"{short} leads to {path if path != '/' else 'the list of open jobs'}; the same with .svg is its QR code."


def _path(app: App, requisition: str) -> str:
    """The landing page of the campaign's job, else the job's page, else the list."""
    if not requisition:
        return "/"
    row = app.salesforce.get(JobRequisition.API_NAME, requisition, [JobRequisition.LANDING_PAGE])
    if slug := reading.live_page(app, row[JobRequisition.LANDING_PAGE]):
        return f"/p/{slug}"
    where = both(
        equals(JobPosting.REQUISITION, requisition),
        equals(JobPosting.STATUS, PostingStatus.LIVE),
        compare(JobPosting.REFERENCE, "!=", None),
    )
    rows = app.salesforce.query(
        select(JobPosting.API_NAME, [JobPosting.REFERENCE], where=where, order_by=[JobPosting.ID])
    )
    return f"/jobs/{rows[0][JobPosting.REFERENCE]}" if rows else "/"
