"""A link and QR code for a channel or a campaign alone, and who is credited with an application that comes by it."""

import re

import pytest

from integration import commands, pages, tracking
from integration.ports import Queue
from integration.records import Application, Channel, JobRequisition, LandingPage, RecruitingCampaign
from integration.syndication import links
from tests.app_fixture import app_queue_messages

PERSON = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}
ADDRESSES = (Channel.TRACKED_URL, Channel.SHORT_URL, Channel.QR_CODE_URL)
PHONE = tracking.Visitor("GET", "Mozilla/5.0", "203.0.113.7")


@pytest.fixture
def fair(desk):
    return desk.channel("fair", "", **{Channel.KIND: "Event"})


def campaign(desk, **fields):
    values = {"Name": "Open day & night", RecruitingCampaign.KIND: "Blast"}
    return desk.app.salesforce.create(RecruitingCampaign.API_NAME, values | fields)


def landed(app, visitor, short):
    """The page of ours that a phone shows after it has read the code."""
    there = visitor.get(short).headers["location"]
    return tracking.click(app, there.rpartition("/")[2], "", PHONE).removeprefix(app.config.public_base_url)


def onward(page, words):
    """The first address on a page that begins with `words`."""
    return re.search(rf'href="({words}[^"]*)"', page.text)[1].replace("&amp;", "&")


def applied(app, desk, visitor, short):
    """(channel, campaign) credited with the application of somebody who read the code."""
    address = landed(app, visitor, short)
    page = visitor.get(address)
    if "/jobs/" not in address:
        page = visitor.get(onward(page, "/jobs/"))
    visitor.fill(onward(page, "/jobs/.*/apply"), **PERSON)
    desk.work()
    [row] = app.salesforce.query(
        f"SELECT {Application.FIRST_SOURCE}, {Application.CAMPAIGN} FROM {Application.API_NAME}"
    )
    return row[Application.FIRST_SOURCE], row[Application.CAMPAIGN]


def test_a_channels_link_leads_to_the_list_and_stays_to_the_application(app, desk, visitor, fair):
    desk.live_job()
    message = links.make_of_channel(app, fair)
    address, short, code = desk.read(Channel.API_NAME, fair, *ADDRESSES)
    assert message.startswith(short)
    assert code == f"{short}.svg"
    assert visitor.get(short).headers["location"] == address
    assert applied(app, desk, visitor, short) == (fair, None)
    clicks = [event for event in app_queue_messages(app, Queue.EVENTS) if event["kind"] == "click"]
    assert len(clicks) == 1


def test_a_campaigns_link_credits_campaign_and_channel(app, desk, visitor, fair):
    requisition, _ = desk.live_job()
    made = campaign(desk, **{RecruitingCampaign.CHANNEL: fair, RecruitingCampaign.REQUISITION: requisition})
    links.make_of_campaign(app, made)
    short = desk.read(RecruitingCampaign.API_NAME, made, RecruitingCampaign.SHORT_URL)
    assert landed(app, visitor, short).startswith("/jobs/j")
    assert applied(app, desk, visitor, short) == (fair, made)


def test_what_is_printed_leads_on_to_where_the_campaign_points_now(app, desk, visitor):
    made = campaign(desk)
    links.make_of_campaign(app, made)
    short = desk.read(RecruitingCampaign.API_NAME, made, RecruitingCampaign.SHORT_URL)
    assert landed(app, visitor, short).startswith("/?wb=")
    page = desk.page()
    pages.publish(app, page)
    requisition = desk.requisition(**{JobRequisition.LANDING_PAGE: page})
    app.salesforce.update(RecruitingCampaign.API_NAME, made, {RecruitingCampaign.REQUISITION: requisition})
    links.make_of_campaign(app, made)
    assert desk.read(RecruitingCampaign.API_NAME, made, RecruitingCampaign.SHORT_URL) == short
    assert landed(app, visitor, short).startswith(f"/p/{desk.read(LandingPage.API_NAME, page, LandingPage.SLUG)}?wb=")


def test_the_code_is_a_picture_titled_by_the_record(app, desk, visitor):
    made = campaign(desk)
    links.make_of_campaign(app, made)
    code = desk.read(RecruitingCampaign.API_NAME, made, RecruitingCampaign.QR_CODE_URL)
    picture = visitor.get(code)
    assert (picture.status, picture.headers["content-type"].split(";")[0]) == (200, "image/svg+xml")
    assert "<title>Open day &amp; night</title>" in picture.text


def test_the_list_of_jobs_carries_a_source_on_but_shows_none_to_others(app, desk, visitor, fair):
    desk.live_job()
    assert "wb=" not in visitor.get("/").text
    links.make_of_channel(app, fair)
    page = visitor.get(landed(app, visitor, desk.read(Channel.API_NAME, fair, Channel.SHORT_URL)))
    assert "wb=" in onward(page, "/jobs/")
    assert "public" not in page.headers.get("cache-control", "")
    assert 'rel="canonical" href="https://jobs.warmbench.example/"' in page.text


@pytest.mark.parametrize("object_name", [Channel.API_NAME, RecruitingCampaign.API_NAME])
def test_the_command_makes_it(object_name):
    assert commands.use_case(object_name, "Make link").__module__ == links.__name__
