"""What keeps a posting from going out, takes it down by itself, or makes it wait."""

import pytest

from integration import syndication
from integration.errors import Rejected
from integration.records import JobPosting, JobRequisition
from tests.unit.site.shown import GONE, OPEN, surfaces


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
