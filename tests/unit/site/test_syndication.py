"""Opening, publishing, editing and closing: what feed, page, sitemap and JSON-LD say of a job at each moment."""

import pytest

from integration import syndication
from integration.errors import Rejected
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import JobPosting, JobRequisition, LandingPage
from tests.app_fixture import app_queue_messages
from tests.unit.site.shown import GONE, OPEN, entries, json_ld, surfaces


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
