"""Hand-overs to Ashby: several requests, of which any may be lost, and one person and application at the end."""

from datetime import UTC, datetime

import pytest

from integration.errors import Rejected, TryAgain
from integration.model.ats import Agreed, Document, HandOver, mark_of
from integration.ports import InDoubt
from tests.adapters.ats.ashby_server import refused
from tests.adapters.ats.test_ashby import UUID, reach, vendor
from tests.adapters.ats.vendor import answer, busy, lost
from tests.adapters.search_fixture import waits

__all__ = ["reach", "vendor", "waits"]
MARK = mark_of("org", "a01")
APPLIED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
CV = Document("cv.pdf", "application/pdf", b"%PDF")


@pytest.fixture
def job(vendor):
    return vendor.add_posting()


def wanted(job, **changes):
    values = {
        "mark": MARK,
        "first": "Ann",
        "last": "Lee",
        "email": "ann@a.example",
        "phone": "+353 1 555 0100",
        "profiles": ("https://www.linkedin.com/in/ann", "https://ann.example", "https://second.example"),
        "location": "Cork, Ireland",
        "job": job,
        "source": "Job board Cork",
        "applied_at": APPLIED,
        "consents": (Agreed("Processing", "2026-03-01T10:00:00+00:00", "v1"),),
    }
    return HandOver(**values | changes)


def test_an_application_is_handed_over_with_source_consent_and_mark(reach, vendor, job):
    source, tag = vendor.add_named("source.list", "Warmbench"), vendor.add_named("candidateTag.list", "From the CRM")
    done = reach(source="warmbench", tag="From the CRM").intake.hand_over(wanted(job, resume=CV))
    person, application = vendor.candidates[done.candidate], vendor.applications[done.application]
    assert person["sent"] == {
        "name": "Ann Lee",
        "email": "ann@a.example",
        "phoneNumber": "+353 1 555 0100",
        "linkedInUrl": "https://www.linkedin.com/in/ann",
        "website": "https://ann.example",
        "location": {"city": "Cork", "country": "IE"},
        "sourceId": source,
    }
    assert (application["sent"]["sourceId"], application["createdAt"]) == (source, "2026-03-01T09:30:00.000Z")
    assert [each["id"] for each in person["tags"]] == [tag]
    assert vendor.resumes[done.candidate] == {"name": "cv.pdf", "data": b"%PDF"}
    [note] = vendor.notes[done.candidate]
    for line in ("Source: Job board Cork", "Consents: Processing since 2026-03-01", f"Warmbench reference: {MARK}"):
        assert line in note["content"]


def test_who_did_not_apply_is_a_lead_or_goes_into_the_project(reach, vendor, job):
    project = vendor.add_named("project.list", "Talent pool")
    ats = reach(project="Talent pool")
    lead = ats.intake.hand_over(wanted(job, applied_at=None))
    assert vendor.applications[lead.application]["status"] == "Lead"
    assert vendor.projects == {}
    prospect = ats.intake.hand_over(wanted("", email="bo@b.example", mark=mark_of("org", "a02")))
    assert prospect.application == ""
    assert vendor.projects == {project: {prospect.candidate}}


def test_a_source_that_ashby_does_not_have_is_named(reach, vendor, job):
    with pytest.raises(Rejected, match=r"no source called “Warmbench”.*make it there"):
        reach(source="Warmbench").intake.hand_over(wanted(job))
    assert not vendor.candidates


def test_what_was_handed_over_is_found_by_its_mark(reach, vendor, job):
    intake = reach().intake
    assert intake.find(wanted(job)) is None
    vendor.add_application(vendor.add_candidate(email="Ann@A.example"), job)  # came another way
    assert intake.find(wanted(job)) is None
    done = intake.hand_over(wanted(job))
    assert intake.find(wanted(job)) == done
    assert intake.find(wanted(job, email="", candidate=done.candidate)) == done
    assert intake.find(wanted(job, mark=mark_of("org", "a02"))) is None


def test_a_person_who_is_there_is_not_made_twice(reach, vendor, job):
    known = vendor.add_candidate(email="Ann@A.example")
    vendor.add_candidate(email="not-ann@a.example")  # the search finds it, too
    done = reach().intake.hand_over(wanted(job))
    assert done.candidate == known
    open_one = reach().intake.hand_over(wanted(job, mark=mark_of("org", "a02")))
    assert open_one == done  # one open application to a job is enough
    assert len(vendor.applications) == 1


def test_a_rejected_application_of_before_does_not_stand_for_a_new_one(reach, vendor, job):
    first = reach().intake.hand_over(wanted(job))
    vendor.archive(first.application)
    again = reach().intake.hand_over(wanted(job, mark=mark_of("org", "a02"), applied_at=APPLIED.replace(month=5)))
    assert again.candidate == first.candidate
    assert again.application != first.application


STEPS = ["candidate.create", "application.create", "file.createFileUploadHandle", "/store", "candidate.uploadResume",
         "candidate.addTag", "candidate.createNote"]  # fmt: skip


def half(vendor):
    def respond(request):
        vendor.respond(request)
        return answer('{"success": tr')

    return respond


FAULTS = [(lambda vendor: lost(vendor.respond), step) for step in STEPS]
FAULTS += [(lambda vendor: answer("", 502), "application.create"), (half, "candidate.create")]


@pytest.mark.parametrize(("fault", "step"), FAULTS)
def test_a_hand_over_that_broke_off_anywhere_is_gone_on_with(reach, vendor, job, step, fault):
    vendor.add_named("candidateTag.list", "CRM")
    vendor.faults[step] = [fault(vendor)]
    intake, sent = reach(tag="CRM").intake, wanted(job, resume=CV)
    with pytest.raises(InDoubt):
        intake.hand_over(sent)
    done = intake.find(sent) or intake.hand_over(sent)
    assert intake.find(sent) == done
    assert list(vendor.candidates) == [done.candidate]
    assert list(vendor.applications) == [done.application]
    assert len(vendor.notes[done.candidate]) == 1
    assert vendor.resumes[done.candidate]["data"] == b"%PDF"


def test_an_application_rejected_in_the_meantime_is_not_made_again(reach, vendor, job):
    vendor.faults["candidate.createNote"] = [answer("", 502)]
    with pytest.raises(InDoubt):
        reach().intake.hand_over(wanted(job))
    [number] = vendor.applications
    vendor.archive(number)
    assert reach().intake.hand_over(wanted(job)).application == number


def test_refused_for_pace_nothing_arrived_and_later_something_may_have(reach, vendor, job):
    vendor.faults["candidate.create"] = [busy(30)]
    with pytest.raises(TryAgain):
        reach().intake.hand_over(wanted(job))
    assert not vendor.candidates


def test_later_steps_refused_for_pace_are_in_doubt(reach, vendor, job):
    vendor.faults["application.create"] = [busy(30)]
    with pytest.raises(InDoubt):
        reach().intake.hand_over(wanted(job))
    assert len(vendor.candidates) == 1


def test_refusals_are_told(reach, vendor, job):
    with pytest.raises(Rejected, match=r"does not know this job or candidate any more .job_not_found"):
        reach().intake.hand_over(wanted(UUID))
    vendor.faults["candidate.create"] = [refused("invalid_input", "email is malformed")]
    with pytest.raises(Rejected, match=r"refused candidate.create .invalid_input.: “email is malformed”"):
        reach().intake.hand_over(wanted(job, email="bo@b.example"))


def test_a_resume_that_is_refused_keeps_nobody_from_arriving(reach, vendor, job):
    vendor.faults["file.createFileUploadHandle"] = [refused("invalid_input", "This type is not taken")]
    done = reach().intake.hand_over(wanted(job, resume=CV))
    [note] = vendor.notes[done.candidate]
    assert "The résumé was not taken: Ashby refused" in note["content"]
