"""Real postings of public employers, from outside the repository: loaded as requisitions, opened, read back."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from integration import syndication
from integration.records import JobLocation, JobPosting, JobRequisition

JOBS = Path(__file__).resolve().parents[4] / "shared" / "data" / "jobs"
STATES = re.compile(r"^(?P<city>.+?), (?P<region>[^,]+)$")

pytestmark = pytest.mark.skipif(not JOBS.is_dir(), reason="the public postings are not on this machine")


def full_postings():
    return json.loads((JOBS / "recent_jobs.json").read_text()) if JOBS.is_dir() else []


def places_of(text):
    """`Rome, New York, New York; Natick, …` -> (city, region, country)."""
    for place in text.split("; "):
        match = STATES.match(place)
        city, region = (match["city"].removesuffix(f", {match['region']}"), match["region"]) if match else (place, "")
        yield (city, "", "JP") if region == "Japan" else (city, region, "US")


def load(app, desk, job, channels):
    """A requisition with its places and a posting on each channel."""
    requisition = app.salesforce.create(
        JobRequisition.API_NAME,
        {
            JobRequisition.TITLE: job["title"],
            JobRequisition.DESCRIPTION: f"{job['duties']}\n\n{job['qualifications']}",
            JobRequisition.DEPARTMENT: job["department"],
            JobRequisition.COMPANY: job["organization"],
            JobRequisition.OPENED_ON: job["open_date"][:10],
            JobRequisition.SALARY_MIN: float(job["min_salary"]),
            JobRequisition.SALARY_MAX: float(job["max_salary"]),
            JobRequisition.SALARY_CURRENCY: "USD",
            JobRequisition.SALARY_UNIT: "YEAR",
            JobRequisition.VALID_THROUGH: job["close_date"][:10],
        },
    )
    rows = [
        {
            JobLocation.REQUISITION: requisition,
            JobLocation.CITY: city,
            JobLocation.REGION: region,
            JobLocation.COUNTRY: country,
        }
        for city, region, country in places_of(job["location"])
    ]
    assert all(outcome.success for outcome in app.salesforce.create_many(JobLocation.API_NAME, rows))
    for channel in channels:
        desk.posting(requisition, channel)
    return requisition


@pytest.mark.slow
def test_public_postings_are_published_whole(app, desk, visitor):
    app.clock.move(days=26)  # 28 March 2026: nearly all of them are open
    jobs = full_postings()
    channels = [desk.channel("indeed"), desk.channel("generic")]
    requisitions = [load(app, desk, job, channels) for job in jobs]
    for requisition in requisitions:
        syndication.open_requisition(app, requisition)
    desk.work()
    today = app.clock.now().date().isoformat()
    are_open = [job for job in jobs if job["close_date"][:10] >= today >= job["open_date"][:10]]
    assert len(are_open) >= 14
    expected = sum(len(list(places_of(job["location"]))) for job in are_open)
    for channel, tag in (("indeed", "referencenumber"), ("generic", "id")):
        entries = ET.fromstring(visitor.get(f"/feeds/{channel}.xml").data).findall("job")
        references = [entry.findtext(tag) for entry in entries]
        assert len(references) == len(set(references)) == expected
        assert all(not re.search(r"&(#\d+|\w+);", entry.findtext("description")) for entry in entries)
        assert all(entry.findtext("country") in ("US", "JP") for entry in entries)
    assert json.loads(app.site.read("pages/listing.json"))["count"] == len(are_open)


@pytest.mark.slow
def test_every_public_posting_has_a_page_or_a_reason(app, desk, visitor):
    app.clock.move(days=26)
    channel = desk.channel("indeed")
    for job in full_postings():
        syndication.open_requisition(app, load(app, desk, job, [channel]))
    desk.work()
    fields = [JobPosting.STATUS, JobPosting.REFERENCE, JobPosting.FINDINGS, JobPosting.MESSAGE]
    rows = app.salesforce.query(f"SELECT {','.join(fields)} FROM {JobPosting.API_NAME}")
    assert len(rows) == len(full_postings())
    for row in rows:
        if row[JobPosting.STATUS] == "Live":
            page = visitor.get(f"/jobs/{row[JobPosting.REFERENCE]}")
            assert page.status == 200
            data = json.loads(page.text.split('<script type="application/ld+json">')[1].split("</script>")[0])
            assert data["hiringOrganization"]["name"]
            assert data["baseSalary"]["currency"] == "USD"
        else:
            assert "has passed" in row[JobPosting.FINDINGS]
            assert row[JobPosting.MESSAGE] in row[JobPosting.FINDINGS]
