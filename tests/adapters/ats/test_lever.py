"""Lever's adapter against a server with its documented shapes."""

import json
from datetime import UTC, datetime

import pytest

from integration.adapters.ats import Access, connect
from integration.errors import Rejected, TryAgain
from integration.model.ats import Agreed, AtsAnonymised, Document, HandOver, Hint, mark_of
from integration.model.ats_event import BadEvent
from integration.model.ats_signature import check
from integration.model.vocabulary import EmploymentType, SalaryUnit, Stage
from integration.model.webhook import Refused
from integration.ports import InDoubt, StaleCursor
from tests.adapters.ats.lever_server import KEY, POSTINGS_KEY, SECRET, USER, Lever
from tests.adapters.ats.vendor import answer, busy, lost, pulled, served
from tests.adapters.search_fixture import waits

__all__ = ["waits"]
UUID = "3ae2b801-19f6-41ef-ad28-214bd731948f"
MARK = mark_of("org", "a01")


@pytest.fixture
def vendor(app):
    with served(Lever(app.clock.now, page=2)) as running:
        yield running
    assert running.requests.complaints == []


@pytest.fixture
def reach(app, vendor, waits):
    def made(**changes):
        secret = {"site": "acme", "api_key": KEY, "postings_key": POSTINGS_KEY, "perform_as": USER}
        secret |= {"postings_url": f"{vendor.url}/postings", "api_url": f"{vendor.url}/api"} | changes
        access = Access("le", app.clock, app.pace, {name: text for name, text in secret.items() if text}, sleep=waits)
        return connect("Lever", access)

    return made


def wanted(job, **changes):
    values = {
        "mark": MARK,
        "first": "Ann",
        "last": "Lee",
        "email": "ann@a.example",
        "phone": "+353 1 555 0100",
        "profiles": ("https://www.linkedin.com/in/ann",),
        "employer": "Acme",
        "job": job,
        "source": "Job board Cork",
        "consents": (Agreed("Talent community", "2026-03-01T10:00:00+00:00", "v1"),),
    }
    return HandOver(**values | changes)


# Jobs


def test_every_page_of_the_postings_is_read(reach, vendor):
    salary = {"currency": "EUR", "interval": "per-year-salary", "min": 50_000, "max": 75_000}
    ids = [vendor.add_posting(f"Tester {n}", salaryRange=salary) for n in range(5)]
    jobs = reach().jobs.jobs()
    assert [one.id for one in jobs] == ids
    one = jobs[0]
    assert one.description == "<div>Test things</div><h3>You &amp; we</h3><ul><li>Patience</li></ul><div>Goodbye</div>"
    assert (one.title, one.department, one.posting, one.opened_on) == ("Tester 0", "Quality", "", "2026-02-03")
    assert [(place.city, place.country) for place in one.places] == [("Cork", "IE")]
    assert (one.is_remote, one.employment_type) == (False, EmploymentType.FULL_TIME)
    assert (one.pay.currency, one.pay.unit, one.pay.least, one.pay.most) == ("EUR", SalaryUnit.YEAR, 50_000, 75_000)
    assert one.url == f"https://jobs.lever.co/acme/{one.id}"


def test_what_a_posting_does_not_say_is_not_known(reach, vendor):
    categories = {"location": "Remote", "allLocations": ["Remote"], "commitment": "Whatever"}
    vendor.add_posting(categories=categories, workplaceType="unspecified", country=None, salaryRange={"min": 1})
    [one] = reach().jobs.jobs()
    assert (one.places, one.is_remote, one.employment_type, one.pay, one.department) == ((), None, None, None, "")


def test_a_posting_that_goes_while_pages_are_read_hides_no_other(reach, vendor):
    ids = [vendor.add_posting() for _ in range(6)]

    def taken_down(request):
        if request.args["skip"] != "0":
            vendor.postings.pop(0)
            return vendor.respond(request)
        return None

    vendor.faults["GET /postings"] = [taken_down, taken_down]
    assert [one.id for one in reach().jobs.jobs()] == ids[1:]


def test_postings_that_never_stand_still_are_an_error(reach, vendor):
    for _ in range(9):
        vendor.add_posting()

    def moved(request):
        vendor.postings.pop(0)
        return vendor.respond(request)

    vendor.faults["GET /postings"] = [moved] * 9
    with pytest.raises(TryAgain, match="changed each time"):
        reach().jobs.jobs()


def test_an_empty_site_is_empty_and_an_unknown_one_an_error(reach):
    assert reach().jobs.jobs() == []
    with pytest.raises(Rejected, match=r"does not know this .HTTP 404.: “Document not found”"):
        reach(site="another").jobs.jobs()


@pytest.mark.parametrize("body", [{}, ["x"], [{"text": "No id"}]])
def test_postings_in_another_form_are_refused(reach, vendor, body):
    vendor.faults["GET /postings"] = [answer(body)]
    with pytest.raises(Rejected, match="a form that is not known"):
        reach().jobs.jobs()


def test_half_of_the_postings_is_an_error(reach, vendor):
    vendor.faults["GET /postings"] = [answer('[{"id":')]
    with pytest.raises(TryAgain, match="half an answer"):
        reach().jobs.jobs()


def test_what_the_secret_does_not_open_is_shut(reach):
    assert reach(api_key="").changes is None
    assert reach(postings_key="", perform_as="").intake is None
    with pytest.raises(Rejected, match="neither site nor api_key"):
        reach(site="", api_key="")
    with pytest.raises(Rejected, match="a region that Lever does not have"):
        reach(region="mars")


def test_the_region_chooses_the_host(app, waits):
    for region, host in (("", "https://api.lever.co"), ("EU", "https://api.eu.lever.co")):
        ats = connect("Lever", Access("le", app.clock, app.pace, {"site": "acme", "region": region}, sleep=waits))
        assert ats.jobs.address == f"{host}/v0/postings/acme"


# Changes


def test_every_page_is_read_by_its_offset(reach, vendor):
    ids = [vendor.add_person(f"P {n}", f"p{n}@a.example", UUID) for n in range(5)]
    changes, cursor = pulled(reach())
    assert [one.id for one in changes] == ids
    assert (changes[3].person.emails, changes[3].job) == (("p3@a.example",), UUID)
    assert cursor.isdigit()


def test_the_next_pull_brings_what_changed_since(app, reach, vendor):
    first, second = (vendor.add_person(posting=UUID) for _ in range(2))
    ats = reach()
    app.clock.move(minutes=10)
    _, cursor = pulled(ats)
    app.clock.move(minutes=10)
    vendor.move(second, stage={"id": UUID, "text": "On-site interview"}, lastAdvancedAt=vendor.at())
    moved = app.clock.now()
    app.clock.move(minutes=5)
    changes, later = pulled(ats, cursor)
    assert [(one.id, one.stage, one.stage_word) for one in changes] == [(second, Stage.INTERVIEW, "On-site interview")]
    assert changes[0].at == moved
    app.clock.move(minutes=10)
    assert pulled(ats, later)[0] == []
    assert first


@pytest.mark.parametrize(
    ("reason", "stage", "told"),
    [
        ("Hired", Stage.HIRED, ""),
        ("Underqualified", Stage.REJECTED, "Underqualified"),
        ("Withdrew", Stage.WITHDRAWN, "Withdrew"),
    ],
)
def test_the_end_of_an_opportunity(app, reach, vendor, reason, stage, told):
    number = vendor.add_person(posting=UUID, stage="Offer")
    app.clock.move(days=1)
    ended = app.clock.now()
    vendor.archive(number, reason)
    app.clock.move(days=1)
    vendor.move(number, tags=["later"])
    [one], _ = pulled(reach())
    assert (one.stage, one.reason, one.at, one.stage_word) == (stage, told, ended, "")
    assert (one.hired_at == ended) is (stage is Stage.HIRED)


def test_a_reason_that_lever_does_not_list_is_a_rejection(reach, vendor):
    for _ in range(2):
        vendor.move(vendor.add_person(posting=UUID), archived={"archivedAt": vendor.at(), "reason": UUID})
    changes, _ = pulled(reach())
    assert [(one.stage, one.reason) for one in changes] == [(Stage.REJECTED, "")] * 2
    assert len(vendor.paths("archive_reasons")) == 2  # the two pages, once


def test_who_has_no_job_and_who_is_nobody(reach, vendor):
    vendor.add_person("Bo", "bo@b.example")
    gone = vendor.add_person("Ann", isAnonymized=True)
    prospect, nobody = pulled(reach())[0]
    assert (prospect.job, prospect.applied_at) == ("", None)
    assert isinstance(nobody, AtsAnonymised)
    assert nobody.candidate == vendor.opportunities[gone]["contact"]


def test_people_are_asked_for_by_their_ids(reach, vendor):
    vendor.add_person("Ann van Lee", "ann@a.example")
    [number] = vendor.contacts
    people = reach().changes.people([number, UUID, "no/id"])
    assert [(one.first, one.last, one.emails) for one in people.values()] == [("Ann van", "Lee", ("ann@a.example",))]


def test_a_cursor_that_is_none_is_stale_and_pages_that_lead_nowhere_end(reach, vendor):
    with pytest.raises(StaleCursor):
        list(reach().changes.changes("yesterday"))
    vendor.faults["GET /api/opportunities"] = [answer({"data": [], "hasNext": True, "next": "same"})] * 2
    with pytest.raises(TryAgain, match="lead nowhere"):
        pulled(reach())


# Throttles and faults


def test_throttles_and_faults_are_waited_out(reach, vendor, waits):
    vendor.add_person(posting=UUID)
    vendor.faults["GET /api"] = [busy(2), answer("", 503, Retry_After="1")]
    assert len(pulled(reach())[0]) == 1
    assert any(1.5 <= seconds <= 2.5 for seconds in waits)
    # Lever's own 429 says no time.
    vendor.faults["GET /api"] = [answer({"code": "TooManyRequests", "message": "Slow down"}, 429)]
    with pytest.raises(TryAgain):
        pulled(reach())


def test_a_key_that_is_refused_is_told_without_it(reach):
    with pytest.raises(Rejected, match=r"does not accept our key .HTTP 401.: “The API key is not valid.”") as told:
        pulled(reach(api_key="wr0ng"))
    assert "wr0ng" not in str(told.value)


# Hand-overs


def test_an_application_is_handed_over_with_source_consent_and_mark(reach, vendor):
    job = vendor.add_posting()
    cv = Document("cv.pdf", "application/pdf", b"%PDF")
    done = reach().intake.hand_over(wanted(job, resume=cv))
    row = vendor.opportunities[done.application]
    assert row["contact"] == done.candidate
    assert row["form"] == {
        "name": "Ann Lee",
        "email": "ann@a.example",
        "phone": "+353 1 555 0100",
        "org": "Acme",
        "urls[LinkedIn]": "https://www.linkedin.com/in/ann",
        "source": "Job board Cork",
        "silent": "true",
        "consent[store]": "true",
        "consent[marketing]": "true",
        "comments": f"Consents: Talent community since 2026-03-01\nWarmbench reference: {MARK}",
    }
    assert vendor.resumes[done.application] == ("cv.pdf", b"%PDF")


def test_consent_is_told_as_far_as_it_goes(reach, vendor):
    job = vendor.add_posting()
    intake = reach(mails="yes").intake
    agreed = (Agreed("Newsletter", "2026-03-01"),)
    first = vendor.opportunities[intake.hand_over(wanted(job, consents=agreed)).application]["form"]
    assert (first["consent[store]"], first.get("consent[marketing]"), first["silent"]) == ("true", None, "false")
    other = wanted(job, consents=(), mark=mark_of("org", "a02"))
    assert "consent[store]" not in vendor.opportunities[intake.hand_over(other).application]["form"]


def test_who_has_no_job_is_made_by_the_data_api(reach, vendor):
    done = reach().intake.hand_over(wanted("", applied_at=datetime(2026, 3, 1, tzinfo=UTC)))
    [row] = vendor.opportunities.values()
    assert (done.candidate, done.application) == (row["contact"], "")
    assert row["sent"]["tags"] == [MARK, "Consent: Talent community since 2026-03-01"]
    assert (row["sent"]["origin"], row["sent"]["sources"]) == ("sourced", ["Job board Cork"])
    assert reach().intake.find(wanted("")) == done
    with pytest.raises(Rejected, match="add perform_as"):
        reach(perform_as="").intake.hand_over(wanted(""))
    with pytest.raises(Rejected, match="add site and postings_key"):
        reach(postings_key="").intake.hand_over(wanted(UUID))


def test_what_was_handed_over_is_found_by_its_mark(reach, vendor):
    job, intake = vendor.add_posting(), reach().intake
    vendor.add_person("Ann Lee", "ann@a.example", job)  # came another way
    assert intake.find(wanted(job)) is None
    done = intake.hand_over(wanted(job))
    assert intake.find(wanted(job, email="ANN@a.example")) == done
    assert intake.find(wanted(job, mark=mark_of("org", "a02"))) is None


@pytest.mark.parametrize("door", ["POST /postings", "POST /api/opportunities"])
def test_a_lost_answer_is_in_doubt_and_then_found(reach, vendor, door):
    job, intake = vendor.add_posting(), reach().intake
    sent = wanted(job if "postings" in door else "")
    vendor.faults[door] = [lost(vendor.respond)]
    with pytest.raises(InDoubt):
        intake.hand_over(sent)
    assert intake.find(sent).candidate in vendor.contacts
    assert len(vendor.opportunities) == 1


@pytest.mark.parametrize("status", [500, 502, 408])
def test_a_hand_over_is_never_sent_twice_by_itself(reach, vendor, status):
    vendor.faults["POST /postings"] = [answer("", status)]
    with pytest.raises(InDoubt):
        reach().intake.hand_over(wanted(vendor.add_posting()))
    assert len(vendor.paths("POST /postings")) == 1


def test_an_application_that_cannot_be_looked_up_was_taken_all_the_same(reach, vendor):
    vendor.faults["GET /api"] = [busy(30)]
    done = reach().intake.hand_over(wanted(vendor.add_posting()))
    assert (done.candidate, len(vendor.opportunities)) == ("", 1)


def test_refused_for_pace_nothing_arrived_and_two_a_second_go(reach, vendor, waits):
    job, intake = vendor.add_posting(), reach().intake
    vendor.faults["POST /postings"] = [busy(30)]
    with pytest.raises(TryAgain):
        intake.hand_over(wanted(job))
    assert not vendor.opportunities
    waits(31)
    del waits[:]
    for number in range(3):
        intake.hand_over(wanted(job, mark=mark_of("org", str(number))))
    assert sum(waits) >= 1


def test_refusals_are_told_without_the_key(reach, vendor):
    with pytest.raises(Rejected, match=r"HTTP 404.: “Posting not found”"):
        reach().intake.hand_over(wanted(UUID))
    with pytest.raises(Rejected, match="Invalid API key") as told:
        reach(postings_key="wr0ng").intake.hand_over(wanted(vendor.add_posting()))
    assert "wr0ng" not in str(told.value)


# Webhooks


def test_webhooks_are_signed_over_token_and_time(vendor, app):
    body = vendor.webhook("candidateHired", opportunityId=UUID)
    check({}, body, [f"lever:{SECRET}"], app.clock.now())
    for change in ({"triggeredAt": 1}, {"token": "another"}, {"signature": "00"}):
        with pytest.raises(Refused):
            check({}, json.dumps(json.loads(body) | change).encode(), [f"lever:{SECRET}"], app.clock.now())
    # Each event has a token of its own: one of the connection's secrets is enough.
    check({}, body, ["lever:of another event", f"lever:{SECRET}"], app.clock.now())


@pytest.mark.parametrize(
    ("event", "data", "hint"),
    [
        ("applicationCreated", {"applicationId": MARK, "opportunityId": UUID}, {"applications": (UUID,)}),
        ("candidateStageChange", {"opportunityId": UUID, "toStageId": "offer"}, {"applications": (UUID,)}),
        ("candidateArchiveChange", {"candidateId": UUID}, {"applications": (UUID,)}),
        ("candidateDeleted", {"opportunityId": UUID}, {"applications": (UUID,)}),
        ("interviewCreated", {"opportunityId": UUID}, {}),
    ],
)
def test_what_a_webhook_is_about(reach, event, data, hint):
    assert reach().hints.hint({"event": event, "data": data}) == Hint(event, **hint)


@pytest.mark.parametrize(
    "payload",
    [[], {}, {"event": 5}, {"event": "candidateHired"}, {"event": "candidateHired", "data": {"opportunityId": "1/2"}}],
)
def test_a_webhook_in_another_shape_is_refused(reach, payload):
    with pytest.raises(BadEvent):
        reach().hints.hint(payload)


def test_what_a_webhook_points_to_is_asked_again(reach, vendor):
    ats = reach()
    number = vendor.add_person(posting=UUID)
    hint = ats.hints.hint({"event": "candidateStageChange", "data": {"opportunityId": number}})
    vendor.archive(number, "Hired")
    assert [one.stage for one in ats.changes.look(hint)] == [Stage.HIRED]
    contact = vendor.opportunities[number]["contact"]
    assert [one.id for one in ats.changes.look(Hint("x", applications=(UUID,), candidates=(contact,)))] == [number]
