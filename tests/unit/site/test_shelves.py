"""Pages of jobs by department and place: those that have a job, and only those."""

import io
import re
import xml.etree.ElementTree as ET

from integration import syndication
from integration.model import shelf
from integration.model.feed import problems
from integration.records import JobRequisition

JOBS = [
    {"department": "Nursing", "places": ["Cork, Munster, IE", "Köln, NRW, DE"], "remote": False},
    {"department": "Kitchen", "places": [], "remote": True},
    {"department": "", "places": ["Cork, IE"], "remote": False},
]


def test_a_shelf_stands_for_each_pair_that_has_a_job():
    assert shelf.shelves(JOBS) == [
        "all/cork", "all/koln", "all/remote", "kitchen/all", "kitchen/remote",
        "nursing/all", "nursing/cork", "nursing/koln",
    ]  # fmt: skip
    for path in shelf.shelves(JOBS):
        assert shelf.on_shelf(JOBS, *path.split("/"))
    assert shelf.on_shelf(JOBS, "kitchen", "cork") == []
    assert shelf.title(shelf.on_shelf(JOBS, "nursing", "koln"), "nursing", "koln") == ("Nursing", "Köln")


def test_the_sitemap_names_the_pages_that_there_are(app, desk, visitor):
    requisition, _ = desk.live_job()
    named = re.findall(r"https://jobs.warmbench.example(/jobs/in/[^<]+)", visitor.get("/sitemap.xml").text)
    assert named == ["/jobs/in/all/cork", "/jobs/in/nursing/all", "/jobs/in/nursing/cork"]
    for address in named:
        page = visitor.get(address)
        assert "Night nurse" in page.text
        assert f'rel="canonical" href="https://jobs.warmbench.example{address}"' in page.text
    for address in ("/jobs/in/all/all", "/jobs/in/kitchen/cork", "/jobs/in/nursing/lima", "/jobs/in/../x"):
        assert visitor.get(address).status == 404
    syndication.close_requisition(app, requisition)
    desk.work()
    assert "/jobs/in/" not in visitor.get("/sitemap.xml").text
    assert visitor.get("/jobs/in/nursing/cork").status == 404


def test_a_shelf_has_a_feed_of_its_own_jobs_alone(app, desk, visitor):
    desk.live_job()
    other = desk.requisition(title="Porter & <cook>", **{JobRequisition.DEPARTMENT: "Kitchen"})
    desk.posting(other, desk.channel("fair", ""))
    syndication.open_requisition(app, other)
    desk.work()
    feed = visitor.get("/jobs/in/nursing/cork.rss")
    assert feed.headers["content-type"].startswith("application/rss+xml")
    assert problems("rss", io.BytesIO(feed.data)) == []
    [item] = ET.fromstring(feed.data).iter("item")
    assert item.findtext("title") == "Night nurse"
    address = item.findtext("link")
    assert address.endswith("?utm_source=rss&utm_campaign=nursing-cork")
    assert visitor.get(address.removeprefix("https://jobs.warmbench.example")).status == 200
    [other] = ET.fromstring(visitor.get("/jobs/in/kitchen/all.rss").data).iter("item")
    assert other.findtext("title") == "Porter & <cook>"
    assert 'href="/jobs/in/nursing/cork.rss"' in visitor.get("/jobs/in/nursing/cork").text
    for path in ("all/all", "kitchen/lima", "../x"):
        assert visitor.get(f"/jobs/in/{path}.rss").status == 404


def test_an_unchanged_shelf_is_not_sent_again(desk, visitor):
    desk.live_job()
    tag = visitor.get("/jobs/in/nursing/cork.rss").headers["etag"]
    again = visitor.get("/jobs/in/nursing/cork.rss", headers={"If-None-Match": tag})
    assert (again.status, again.data) == (304, b"")
