"""When a feed is made anew, what of it is kept, and what leaves the old one standing."""

import json
import xml.etree.ElementTree as ET

import pytest

from integration import syndication
from integration.records import Channel, JobPosting, JobRequisition
from tests.unit.site.shown import entries


def test_an_unchanged_feed_keeps_its_file(app, desk, visitor):
    desk.live_job()
    before = sorted(app.site.keys("feeds/"))
    tag = visitor.get("/feeds/indeed.xml").headers["etag"]
    app.clock.move(hours=1)
    syndication.publish_due(app)
    desk.work()
    assert sorted(app.site.keys("feeds/")) == before
    assert visitor.get("/feeds/indeed.xml", headers={"If-None-Match": tag}).status == 304


def test_old_feed_files_go(app, desk, visitor):
    requisition, posting = desk.live_job()
    for number in range(4):
        app.salesforce.update(JobRequisition.API_NAME, requisition, {JobRequisition.TITLE: f"Nurse {number}"})
        syndication.publish(app, posting)
        desk.work()
    files = [key for key in app.site.keys("feeds/indeed/") if key.endswith(".xml")]
    assert len(files) == 2  # the live one, and the one a slow reader may still be at
    assert entries(visitor)[0]["title"] == "Nurse 3"


def test_a_failing_read_leaves_the_old_feed(app, desk, visitor):
    _, posting = desk.live_job()
    channel = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    before = visitor.get("/feeds/indeed.xml").data

    class Broken:
        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def rows(self, soql):
            yield from ()
            raise ConnectionError("cut in the middle")

    working = app.salesforce
    app.salesforce = Broken(working)
    with pytest.raises(ConnectionError):
        syndication.refresh(app, {"channel": channel})
    app.salesforce = working
    assert visitor.get("/feeds/indeed.xml").data == before


def test_a_burst_of_changes_makes_one_feed(app, desk):
    _, posting = desk.live_job()
    channel = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    asked = app.clock.now().isoformat()
    app.clock.move(seconds=1)
    syndication.refresh(app, {"channel": channel, "at": asked})
    pointer = json.loads(app.site.read("feeds/indeed/live.json"))
    app.clock.move(seconds=1)
    syndication.refresh(app, {"channel": channel, "at": asked})
    assert json.loads(app.site.read("feeds/indeed/live.json"))["read_at"] == pointer["read_at"]


def test_a_channel_shows_where_its_feed_is(app, desk):
    _, posting = desk.live_job()
    channel = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    url, at = desk.read(Channel.API_NAME, channel, Channel.FEED_URL, Channel.LAST_PUBLISHED_AT)
    assert url == "https://jobs.warmbench.example/feeds/indeed.xml"
    assert at


def test_a_channel_that_is_switched_off_has_an_empty_feed(app, desk, visitor):
    _, posting = desk.live_job()
    channel = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    app.salesforce.update(Channel.API_NAME, channel, {Channel.ACTIVE: False})
    syndication.refresh(app, {"channel": channel})
    assert entries(visitor) == []


def test_a_job_that_nobody_touched_is_not_rendered_again(app, desk, visitor, capsys):
    channel = desk.channel()
    requisitions = [desk.requisition(title=f"Nurse {number}") for number in range(6)]
    for requisition in requisitions:
        desk.posting(requisition, channel)
        syndication.open_requisition(app, requisition)
    desk.work()
    app.clock.move(hours=1)

    def rebuilt():
        capsys.readouterr()
        syndication.refresh(app, {"channel": channel})
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        [event] = [line for line in lines if line["event"] == "feed.rebuilt"]
        return event["rendered"]

    assert rebuilt() == 6  # their stamps were younger than two minutes
    assert rebuilt() == 0
    app.salesforce.update(JobRequisition.API_NAME, requisitions[2], {JobRequisition.TITLE: "Day nurse"})
    app.clock.move(hours=1)
    assert rebuilt() == 1
    desk.place(requisitions[4], "Limerick", "Munster", "IE")
    assert rebuilt() == 1
    assert len(entries(visitor)) == 7
    syndication.close_requisition(app, requisitions[0])
    assert rebuilt() == 0
    assert len(entries(visitor)) == 6
    app.salesforce.update(Channel.API_NAME, channel, {Channel.CONTACT_EMAIL: "careers@lee.example"})
    assert rebuilt() == 5
    assert {entry["email"] for entry in entries(visitor)} == {"careers@lee.example"}


def test_an_empty_read_closes_no_jobs(app, desk, visitor):
    channel = desk.channel()
    for number in range(6):
        desk.posting(requisition := desk.requisition(title=f"Nurse {number}"), channel)
        syndication.open_requisition(app, requisition)
    desk.work()

    class Blind:
        """An org whose postings the service does not see any more; nothing says that it failed."""

        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def rows(self, soql):
            return iter(()) if JobPosting.API_NAME in soql else self.inner.rows(soql)

        def with_deleted(self, soql):
            return [] if JobPosting.API_NAME in soql else self.inner.with_deleted(soql)

    working = app.salesforce
    app.salesforce = Blind(working)
    syndication.refresh(app, {"channel": channel})
    app.salesforce = working
    assert len(entries(visitor)) == 6
    assert "6 of 6 jobs are missing though nobody closed them" in desk.read(Channel.API_NAME, channel, Channel.FINDINGS)
    syndication.refresh(app, {"channel": channel})
    assert desk.read(Channel.API_NAME, channel, Channel.FINDINGS) is None
    for row in app.salesforce.query("SELECT Id FROM Job_Requisition__c"):
        syndication.close_requisition(app, row["Id"])
    desk.work()
    assert entries(visitor) == []  # closed by people: the empty feed is the true one


def test_a_board_that_refuses_a_job_says_why_on_the_posting(app, desk, visitor):
    requisition = desk.requisition(**{JobRequisition.DESCRIPTION: "<p>Nights on the ward.</p>"})
    posting = desk.posting(requisition, desk.channel("adzuna"))
    syndication.open_requisition(app, requisition)
    desk.work()
    status, findings, reference = desk.read(
        JobPosting.API_NAME, posting, JobPosting.STATUS, JobPosting.FINDINGS, JobPosting.REFERENCE
    )
    assert status == "Live"
    assert "Adzuna wants at least 100 characters of description" in findings
    assert ET.fromstring(visitor.get("/feeds/adzuna.xml").data).findall("job") == []
    assert visitor.get(f"/jobs/{reference}").status == 200


@pytest.mark.parametrize(("adapter", "ending", "media"), [("rss", "xml", "rss+xml"), ("jsonfeed", "json", "feed+json")])
def test_feeds_for_readers_have_their_own_type(app, desk, visitor, adapter, ending, media):
    requisition = desk.requisition()
    desk.posting(requisition, desk.channel(adapter))
    syndication.open_requisition(app, requisition)
    desk.work()
    answer = visitor.get(f"/feeds/{adapter}.{ending}")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(f"application/{media}")
    assert visitor.get(f"/feeds/{adapter}.{'json' if ending == 'xml' else 'xml'}").status == 404
