"""Opening, publishing, editing and closing: what feed, page, sitemap and JSON-LD say of a job at each moment."""

import json
import xml.etree.ElementTree as ET

import pytest

from integration import syndication
from integration.errors import Rejected
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import Channel, JobPosting, JobRequisition, LandingPage
from tests.app_fixture import app_queue_messages


def entries(visitor, channel="indeed"):
    root = ET.fromstring(visitor.get(f"/feeds/{channel}.xml").data)
    return [{element.tag: element.text or "" for element in job} for job in root.findall("job")]


def surfaces(visitor, reference):
    """Where a posting shows: feed, sitemap, page, JSON-LD."""
    page = visitor.get(f"/jobs/{reference}")
    return {
        "feed": any(entry["referencenumber"].startswith(reference) for entry in entries(visitor)),
        "sitemap": f"/jobs/{reference}<" in visitor.get("/sitemap.xml").text,
        "page": page.status,
        "json_ld": "application/ld+json" in page.text,
    }


def json_ld(page):
    return json.loads(page.text.split('<script type="application/ld+json">')[1].split("</script>")[0])


OPEN = {"feed": True, "sitemap": True, "page": 200, "json_ld": True}
GONE = {"feed": False, "sitemap": False, "page": 410, "json_ld": False}


def test_opening_a_job_puts_it_on_every_surface(desk, visitor):
    requisition, posting = desk.live_job()
    status, reference, posted = desk.read(
        JobPosting.API_NAME, posting, JobPosting.STATUS, JobPosting.REFERENCE, JobPosting.POSTED_AT
    )
    assert (status, bool(posted)) == ("Live", True)
    assert surfaces(visitor, reference) == OPEN
    assert desk.read(JobRequisition.API_NAME, requisition, JobRequisition.STATUS) == "Open"


def test_closing_takes_it_off_all_four_in_one_cycle(app, desk, visitor):
    requisition, posting = desk.live_job()
    other, _ = desk.requisition(title="Day nurse"), None
    desk.posting(other, app.salesforce.query("SELECT Id FROM Channel__c")[0]["Id"])
    syndication.open_requisition(app, other)
    syndication.close_requisition(app, requisition)
    desk.work()
    reference = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    assert surfaces(visitor, reference) == GONE
    gone = visitor.get(f"/jobs/{reference}")
    assert "no longer open" in gone.text
    assert "Day nurse" in gone.text
    assert visitor.get(f"/jobs/{reference}/apply").status == 410
    assert len(entries(visitor)) == 1


def test_reopening_keeps_the_reference(app, desk, visitor):
    _, posting = desk.live_job()
    before = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE, JobPosting.TRACKED_URL)
    syndication.close(app, posting)
    desk.work()
    syndication.publish(app, posting)
    desk.work()
    assert desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE, JobPosting.TRACKED_URL) == before
    assert surfaces(visitor, before[0]) == OPEN
    assert desk.read(JobPosting.API_NAME, posting, JobPosting.CLOSED_AT) is None


def test_edits_and_new_places_change_no_reference(app, desk, visitor):
    requisition, posting = desk.live_job()
    [before] = entries(visitor)
    for title in ("Night nurse (Cork)", "Nurse for nights", "Night shift nurse"):
        app.salesforce.update(JobRequisition.API_NAME, requisition, {JobRequisition.TITLE: title})
        syndication.publish(app, posting)
        desk.work()
    desk.place(requisition, "Limerick", "Munster", "IE")
    app.clock.move(hours=1)
    syndication.publish_due(app)
    desk.work()
    after = entries(visitor)
    assert len(after) == 2
    assert after[0]["referencenumber"] == before["referencenumber"]
    assert after[1]["referencenumber"] != before["referencenumber"]
    assert {entry["title"] for entry in after} == {"Night shift nurse"}
    reference = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    assert "Limerick" in visitor.get(f"/jobs/{reference}").text


def test_each_channel_has_its_own_tracked_address(app, desk, visitor):
    requisition = desk.requisition()
    channels = {key: desk.channel(key) for key in ("indeed", "generic")}
    postings = {key: desk.posting(requisition, channel) for key, channel in channels.items()}
    syndication.open_requisition(app, requisition)
    desk.work()
    [indeed], [generic] = entries(visitor, "indeed"), entries(visitor, "generic")
    assert indeed["url"] != generic["url"]
    for key, entry in (("indeed", indeed), ("generic", generic)):
        token = entry["url"].removeprefix(f"{app.config.public_base_url}/c/")
        claims = app.links.read(Purpose.LINK, token, app.clock.now())
        assert (claims[link.CHANNEL], claims[link.POSTING]) == (channels[key], postings[key])
        assert visitor.get(claims[link.TARGET].removeprefix(app.config.public_base_url)).status == 200
        assert len(entry["url"]) <= 255


def test_several_postings_of_a_job_are_one_page_to_search_engines(app, desk, visitor):
    requisition = desk.requisition()
    postings = [desk.posting(requisition, desk.channel(key)) for key in ("indeed", "generic")]
    syndication.open_requisition(app, requisition)
    desk.work()
    references = [desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE) for posting in postings]
    first = f'<link rel="canonical" href="https://jobs.warmbench.example/jobs/{references[0]}">'
    assert all(first in visitor.get(f"/jobs/{reference}").text for reference in references)
    sitemap = visitor.get("/sitemap.xml").text
    assert [f"/jobs/{reference}<" in sitemap for reference in references] == [True, False]
    syndication.close(app, postings[0])
    desk.work()
    assert first not in visitor.get(f"/jobs/{references[1]}").text
    assert f"/jobs/{references[1]}<" in visitor.get("/sitemap.xml").text


def test_the_json_ld_says_what_the_page_says(desk, visitor):
    fields = {
        JobRequisition.SALARY_MIN: 60000,
        JobRequisition.SALARY_MAX: 75000,
        JobRequisition.SALARY_CURRENCY: "EUR",
        JobRequisition.SALARY_UNIT: "YEAR",
        JobRequisition.VALID_THROUGH: "2026-06-30",
        JobRequisition.EMPLOYMENT_TYPE: "PART_TIME",
    }
    _, posting = desk.live_job(**fields)
    page = visitor.get(f"/jobs/{desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)}")
    data = json_ld(page)
    assert data["title"] == "Night nurse"
    assert data["datePosted"] == "2026-03-02"
    assert data["validThrough"] == "2026-06-30T23:59:59Z"
    assert data["employmentType"] == "PART_TIME"
    assert data["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "unitText": "YEAR",
        "minValue": 60000.0,
        "maxValue": 75000.0,
    }
    assert data["jobLocation"][0]["address"]["addressCountry"] == "IE"
    assert "EUR 60,000 to 75,000 a year" in page.text
    assert "2 March 2026" in page.text
    assert "Part-time" in page.text


def test_S2_a_description_cannot_leave_its_place(desk, visitor):
    nasty = (
        "<p>Good pay</p><script>alert(1)</script><img src=x onerror=alert(2)><p>]]</p></script><b>bold</b>" + "x" * 99
    )
    _, posting = desk.live_job(title="Nurse </script><script>alert(3)</script>", **{JobRequisition.DESCRIPTION: nasty})
    page = visitor.get(f"/jobs/{desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)}")
    assert page.text.count("<script") == 1
    assert "onerror" not in page.text
    assert json_ld(page)["title"].startswith("Nurse </script>")
    [entry] = entries(visitor)
    assert entry["title"].endswith("</script>")
    assert entry["description"].startswith("<p>Good pay</p><p>]]</p><b>bold</b>")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({JobRequisition.COMPANY: None}, None),  # the brand's name stands in
        ({JobRequisition.VALID_THROUGH: "2026-03-01", JobRequisition.OPENED_ON: "2026-02-01"}, "has passed"),
        ({JobRequisition.DESCRIPTION: "<p>Night nurse</p>"}, "only repeats the title"),
    ],
)
def test_what_boards_refuse_does_not_go_out(app, desk, visitor, change, words):
    desk.brand()
    requisition = desk.requisition(**change)
    posting = desk.posting(requisition, desk.channel())
    message = syndication.open_requisition(app, requisition)
    status, findings = desk.read(JobPosting.API_NAME, posting, JobPosting.STATUS, JobPosting.FINDINGS)
    if words is None:
        assert status == "Live"
    else:
        assert status == "Failed"
        assert words in message
        assert words in findings


def test_one_bad_posting_does_not_hold_up_the_other(app, desk, visitor):
    requisition = desk.requisition()
    good = desk.posting(requisition, desk.channel())
    bad = desk.posting(requisition, desk.channel("acme", adapter="fax"))
    message = syndication.open_requisition(app, requisition)
    assert "1 posting going out" in message
    assert "unknown adapter “fax”" in message
    assert desk.read(JobPosting.API_NAME, good, JobPosting.STATUS) == "Live"
    assert "unknown adapter" in desk.read(JobPosting.API_NAME, bad, JobPosting.MESSAGE)


def test_a_job_without_a_place_says_what_to_add(app, desk):
    requisition = desk.requisition(places=())
    posting = desk.posting(requisition, desk.channel())
    syndication.open_requisition(app, requisition)
    assert "Add a location" in desk.read(JobPosting.API_NAME, posting, JobPosting.MESSAGE)


def test_a_posting_of_a_closed_job_cannot_go_out(app, desk):
    posting = desk.posting(desk.requisition(), desk.channel())
    with pytest.raises(Rejected, match="Open the requisition"):
        syndication.publish(app, posting)


def test_an_edit_that_boards_refuse_takes_the_job_down(app, desk, visitor):
    requisition, posting = desk.live_job()
    app.salesforce.update(JobRequisition.API_NAME, requisition, {JobRequisition.DESCRIPTION: "<p>Night nurse</p>"})
    app.clock.move(hours=1)
    syndication.publish_due(app)
    desk.work()
    status, reference = desk.read(JobPosting.API_NAME, posting, JobPosting.STATUS, JobPosting.REFERENCE)
    assert status == "Failed"
    assert surfaces(visitor, reference) == GONE


def test_the_last_day_closes_a_job_by_itself(app, desk, visitor):
    _, posting = desk.live_job(**{JobRequisition.VALID_THROUGH: "2026-03-10"})
    reference = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    app.clock.move(days=8)
    syndication.publish_due(app)
    desk.work()
    assert surfaces(visitor, reference) == OPEN  # 10 March itself still counts
    app.clock.move(days=1)
    syndication.publish_due(app)
    desk.work()
    assert surfaces(visitor, reference) == GONE
    assert desk.read(JobPosting.API_NAME, posting, JobPosting.STATUS) == "Closed"


def test_an_internal_job_waits_and_then_goes_out(app, desk, visitor):
    requisition = desk.requisition(**{JobRequisition.INTERNAL_UNTIL: "2026-03-04"})
    posting = desk.posting(requisition, desk.channel())
    syndication.open_requisition(app, requisition)
    desk.work()
    status, message, reference = desk.read(
        JobPosting.API_NAME, posting, JobPosting.STATUS, JobPosting.MESSAGE, JobPosting.REFERENCE
    )
    assert status == "Draft"
    assert "internal until 2026-03-04" in message
    assert visitor.get(f"/jobs/{reference}").status == 404
    app.clock.move(days=3)
    syndication.publish_due(app)
    desk.work()
    assert surfaces(visitor, reference) == OPEN


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


def test_a_channel_without_a_feed_still_has_page_and_link(app, desk, visitor):
    requisition = desk.requisition()
    posting = desk.posting(requisition, desk.channel("linkedin-post", adapter=""))
    syndication.open_requisition(app, requisition)
    desk.work()
    reference, url = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE, JobPosting.TRACKED_URL)
    assert visitor.get(f"/jobs/{reference}").status == 200
    assert "/c/" in url
    assert visitor.get("/feeds/linkedin-post.xml").status == 404


def test_a_posting_may_name_its_own_place(app, desk, visitor):
    requisition = desk.requisition(places=())
    cork, limerick = desk.place(requisition, "Cork", "", "IE"), desk.place(requisition, "Limerick", "", "IE")
    channel = desk.channel()
    postings = [desk.posting(requisition, channel, **{JobPosting.LOCATION: place}) for place in (cork, limerick)]
    syndication.open_requisition(app, requisition)
    desk.work()
    references = [desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE) for posting in postings]
    assert [(entry["city"], entry["referencenumber"]) for entry in entries(visitor)] == [
        ("Cork", references[0]),
        ("Limerick", references[1]),
    ]


def test_a_job_leads_to_the_landing_page_it_names(app, desk, visitor):
    from integration import pages

    page = desk.page()
    pages.publish(app, page)
    _, posting = desk.live_job(**{JobRequisition.LANDING_PAGE: page})
    reference = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    source = app.links.sign(Purpose.SOURCE, {link.CHANNEL: "a01000000000001AAA", link.AT: "1772442000"})
    text = visitor.get(f"/jobs/{reference}?wb={source}").text
    assert f"/p/night-nurses?wb={source}" in text
    assert f"/jobs/{reference}/apply?wb={source}" in text
    assert desk.read(LandingPage.API_NAME, page, LandingPage.URL).endswith("/p/night-nurses")


def test_a_page_that_goes_live_later_is_reached_from_its_jobs(app, desk, visitor):
    from integration import pages

    page = desk.page()
    _, posting = desk.live_job(**{JobRequisition.LANDING_PAGE: page})
    address = f"/jobs/{desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)}"
    assert "/p/night-nurses" not in visitor.get(address).text
    pages.publish(app, page)
    desk.work()
    assert "/p/night-nurses" in visitor.get(address).text
    pages.unpublish(app, page)
    desk.work()
    assert "/p/night-nurses" not in visitor.get(address).text


def test_a_message_that_names_nothing_is_refused(app):
    with pytest.raises(Rejected):
        syndication.refresh(app, {"posing": "x"})


def test_surfaces_wait_in_the_queue_not_in_the_command(app, desk):
    posting = desk.posting(requisition := desk.requisition(), desk.channel())
    syndication.open_requisition(app, requisition)
    assert [message["posting"] for message in app_queue_messages(app, Queue.POSTINGS)] == [posting]


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
