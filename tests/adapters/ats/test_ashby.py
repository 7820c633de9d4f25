"""Ashby's adapter against a server with its documented shapes: jobs, changes, faults, webhooks."""

import json

import pytest

from integration.adapters.ats import Access, connect
from integration.errors import Rejected, TryAgain
from integration.model.ats import AtsMerge, Hint
from integration.model.ats_event import BadEvent
from integration.model.ats_signature import check
from integration.model.vocabulary import EmploymentType, SalaryUnit, Stage
from integration.model.webhook import Refused
from integration.ports import StaleCursor
from tests.adapters.ats.ashby_server import KEY, SECRET, Ashby, refused
from tests.adapters.ats.vendor import answer, busy, pulled, served
from tests.adapters.search_fixture import waits

__all__ = ["waits"]
UUID = "3ae2b801-19f6-41ef-ad28-214bd731948f"
OTHER = "2c6991c5-c9e2-4af8-879e-29c5a9d26509"


@pytest.fixture
def vendor(app):
    with served(Ashby(app.clock.now, page=2)) as running:
        yield running
    assert running.requests.complaints == []


@pytest.fixture
def reach(app, vendor, waits):
    def made(**changes):
        urls = {"board_url": f"{vendor.url}/board", "api_url": f"{vendor.url}/api"}
        secret = {"board": "acme", "api_key": KEY} | urls | changes
        access = Access("as", app.clock, app.pace, {name: text for name, text in secret.items() if text}, sleep=waits)
        return connect("Ashby", access)

    return made


# Jobs


def test_jobs_are_read_from_the_board_under_the_ids_of_applications(reach, vendor):
    salary = {"compensationType": "Salary", "interval": "1 YEAR", "currencyCode": "EUR"}
    equity = {"compensationType": "EquityPercentage", "interval": "NONE", "minValue": 1, "maxValue": 2}
    pay = {"summaryComponents": [equity, salary | {"minValue": 50_000, "maxValue": 75_000.5}], "compensationTiers": []}
    job = vendor.add_posting(compensation=pay)
    vendor.add_posting("A second posting", job)
    vendor.add_posting("Not for everybody", isListed=False)
    [one] = reach().jobs.jobs()
    assert (one.id, one.posting, one.title, one.department) == (job, vendor.board[0]["id"], "Tester", "Quality")
    assert one.description == "<p>Test things &amp; more</p>"
    assert (one.places[0].city, one.places[0].region, one.places[0].country) == ("Cork", "Munster", "Ireland")
    assert (one.is_remote, one.employment_type, one.opened_on) == (False, EmploymentType.FULL_TIME, "2026-02-03")
    assert (one.pay.currency, one.pay.unit, one.pay.least, one.pay.most) == ("EUR", SalaryUnit.YEAR, 50_000, 75_000.5)


@pytest.mark.parametrize(
    ("said", "is_remote"),
    [
        ({"workplaceType": "Remote", "isRemote": True}, True),
        ({"workplaceType": "Hybrid", "isRemote": True}, False),
        ({"workplaceType": None, "isRemote": True}, True),
        ({"workplaceType": None, "isRemote": None}, None),
    ],
)
def test_hybrid_work_is_not_remote(reach, vendor, said, is_remote):
    vendor.add_posting(**said)
    assert reach().jobs.jobs()[0].is_remote is is_remote


def test_places_stand_in_addresses_or_names(reach, vendor):
    address = {"addressLocality": "Galway", "addressCountry": "Ireland"}
    second = [{"location": "Galway", "address": address}, {"location": "Remote - EU"}, {"location": "Austin, TX, USA"}]
    vendor.add_posting(secondaryLocations=second, address=None, location="Cork, Ireland")
    places = [(one.city, one.country) for one in reach().jobs.jobs()[0].places]
    assert places == [("Cork", "IE"), ("Galway", "Ireland"), ("Austin", "US")]


@pytest.mark.parametrize(
    "change",
    [
        {"shouldDisplayCompensationOnJobPostings": False},
        {"compensation": {"compensationTiers": [{"components": [{"compensationType": "Bonus", "minValue": 5}]}]}},
        {"compensation": None},
    ],
)
def test_pay_is_told_where_it_may_be_shown(reach, vendor, change):
    tier = {"compensationType": "Salary", "interval": "1 HOUR", "currencyCode": "USD", "minValue": 20, "maxValue": 30}
    vendor.add_posting(**{"compensation": {"compensationTiers": [{"components": [tier]}]}} | change)
    vendor.add_posting("Paid", compensation={"compensationTiers": [{"components": [tier]}]})
    hidden, shown = reach().jobs.jobs()
    assert (hidden.pay, shown.pay.unit, shown.pay.most) == (None, SalaryUnit.HOUR, 30)


def test_without_a_key_postings_stand_for_jobs(reach, vendor):
    vendor.add_posting()
    ats = reach(api_key="")
    [one] = ats.jobs.jobs()
    assert one.id == one.posting == vendor.board[0]["id"]
    assert (ats.changes, ats.intake) == (None, None)
    with pytest.raises(Rejected, match="neither board nor api_key"):
        reach(api_key="", board="")


def test_an_empty_board_is_empty_and_an_unknown_one_an_error(reach, vendor):
    assert reach().jobs.jobs() == []
    with pytest.raises(Rejected, match=r"does not know this .HTTP 404."):
        reach(board="another").jobs.jobs()


def test_a_posting_without_a_job_is_an_error_and_no_part(reach, vendor):
    vendor.add_posting()
    vendor.add_posting("Confidential")
    del vendor.jobs[1]
    with pytest.raises(TryAgain, match="shows “Confidential”, which is in no job that our key may see"):
        reach().jobs.jobs()


@pytest.mark.parametrize("body", [[], {"jobs": None}, {"jobs": ["x"]}, {"jobs": [{"title": "No id"}]}])
def test_jobs_in_another_form_are_refused(reach, vendor, body):
    vendor.faults["GET /board"] = [answer(body)]
    with pytest.raises(Rejected, match="a form that is not known"):
        reach().jobs.jobs()


def test_half_an_answer_is_no_board(reach, vendor):
    vendor.faults["GET /board"] = [answer('{"jobs": [')]
    with pytest.raises(TryAgain, match="half an answer"):
        reach().jobs.jobs()


# Changes


def test_every_page_is_read_and_the_last_one_has_the_token(reach, vendor):
    ids = [vendor.add_application(vendor.add_candidate(), UUID) for _ in range(5)]
    pages = list(reach().changes.changes())
    assert [one.id for page in pages for one in page.changes] == ids
    assert [bool(page.cursor) for page in pages] == [False, False, True]


def test_the_next_pull_brings_what_changed_since(app, reach, vendor):
    first, second = (vendor.add_application(vendor.add_candidate(), UUID) for _ in range(2))
    ats = reach()
    _, cursor = pulled(ats)
    app.clock.move(minutes=10)
    vendor.move(second, currentInterviewStage={"id": UUID, "title": "Onsite", "type": "Active"})
    changes, later = pulled(ats, cursor)
    assert [(one.id, one.stage, one.stage_word) for one in changes] == [(second, Stage.INTERVIEW, "Onsite")]
    assert pulled(ats, later)[0] == []
    assert first


def test_a_token_that_ashby_forgot_is_stale(reach, vendor):
    _, cursor = pulled(reach())
    vendor.tokens.clear()
    with pytest.raises(StaleCursor):
        pulled(reach(), cursor)


def test_pages_that_lead_nowhere_end(reach, vendor):
    circle = {"success": True, "results": [], "moreDataAvailable": True, "nextCursor": "same"}
    vendor.faults["application.list"] = [answer(circle), answer(circle)]
    with pytest.raises(TryAgain, match="lead nowhere"):
        pulled(reach())
    vendor.faults["application.list"] = [answer(circle | {"nextCursor": None})]
    with pytest.raises(TryAgain, match="lead nowhere"):
        pulled(reach())


@pytest.mark.parametrize(
    ("stage", "kind", "stands"),
    [
        ("Application Review", "PreInterviewScreen", Stage.APPLIED),
        ("New Lead", "Lead", Stage.APPLIED),
        ("Recruiter Screen", "Active", Stage.QUALIFIED),
        ("Panel", "Active", Stage.INTERVIEW),
        ("The yes", "Offer", Stage.OFFER),
        ("Limbo", "Active", Stage.APPLIED),
    ],
)
def test_the_stage_of_an_open_application(reach, vendor, stage, kind, stands):
    vendor.add_application(vendor.add_candidate("Ann van Lee", "ann@a.example"), UUID, stage, kind)
    [one], _ = pulled(reach())
    assert (one.stage, one.stage_word, one.job, one.hired_at) == (stands, stage, UUID, None)
    assert (one.person.first, one.person.last, one.person.emails) == ("Ann van", "Lee", ("ann@a.example",))


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        ("RejectedByOrg", Stage.REJECTED),
        ("RejectedByCandidate", Stage.WITHDRAWN),
        ("Other", Stage.REJECTED),
    ],
)
def test_the_end_of_an_application(app, reach, vendor, kind, stands):
    number = vendor.add_application(vendor.add_candidate(), UUID, "Onsite", "Active")
    ended = app.clock.now()
    vendor.archive(number, "Took another job", kind)
    app.clock.move(days=1)
    vendor.move(number, customFields=[])
    [one], _ = pulled(reach())
    assert (one.stage, one.reason, one.stage_word, one.at) == (stands, "Took another job", "", ended)


def test_a_hire_and_a_lead(reach, vendor):
    vendor.add_application(vendor.add_candidate(), UUID, "Hired", "Hired", status="Hired")
    vendor.add_application(vendor.add_candidate(), UUID, "New Lead", "Lead", status="Lead")
    (hired, lead), _ = pulled(reach())
    assert (hired.stage, hired.hired_at, hired.applied_at) == (Stage.HIRED, hired.at, hired.at)
    assert (lead.stage, lead.applied_at) == (Stage.APPLIED, None)


def test_people_are_asked_for_by_their_ids(reach, vendor):
    number = vendor.add_candidate(email="ann@a.example")
    people = reach().changes.people([number, number, UUID, "no id"])
    assert {key: one.emails for key, one in people.items()} == {number: ("ann@a.example",)}
    assert len(vendor.paths("candidate.info")) == 2


# Throttles and faults


def test_a_key_that_is_refused_is_told_in_plain_words(reach, vendor):
    with pytest.raises(Rejected, match=r"does not accept our key .HTTP 403.: “invalid_api_key”"):
        pulled(reach(api_key="wrong"))
    vendor.faults["application.list"] = [refused("missing_endpoint_permission", "candidatesRead", 403)]
    with pytest.raises(Rejected, match=r"missing_endpoint_permission.*needed rights"):
        pulled(reach())


def test_a_failure_that_comes_as_200_is_one(reach, vendor):
    vendor.faults["application.list"] = [refused("invalid_input", "Request payload is malformed")]
    with pytest.raises(
        Rejected, match=r"refused application.list .invalid_input.: “Request payload is malformed”"
    ) as told:
        pulled(reach())
    assert KEY not in str(told.value)
    vendor.faults["application.list"] = [answer({"results": []})]
    with pytest.raises(Rejected, match="a form that is not known"):
        pulled(reach())


def test_a_short_throttle_is_waited_out_and_a_long_one_put_back(reach, vendor, waits):
    vendor.faults["application.list"] = [busy(2)]
    pulled(reach())
    assert any(1.5 <= seconds <= 2.5 for seconds in waits)
    vendor.faults["application.list"] = [busy(30)]
    with pytest.raises(TryAgain) as told:
        pulled(reach())
    assert told.value.seconds == 30


def test_faults_of_the_server_are_retried(reach, vendor):
    vendor.faults["application.list"] = [answer("", 503, Retry_After="1"), answer("", 500, Retry_After="1")]
    vendor.add_application(vendor.add_candidate(), UUID)
    assert len(pulled(reach())[0]) == 1


# Webhooks


def test_webhooks_are_signed_over_their_bytes(vendor, app):
    headers, body = vendor.webhook("candidateHire", application={"id": UUID})
    check(headers, body, [f"ashby:{SECRET}"], app.clock.now())
    for bad in (body + b" ", json.dumps(json.loads(body), separators=(",", ":")).encode()):
        with pytest.raises(Refused):
            check(headers, bad, [f"ashby:{SECRET}"], app.clock.now())
    with pytest.raises(Refused):
        check(headers, body, ["ashby:another"], app.clock.now())


@pytest.mark.parametrize(
    ("action", "data", "hint"),
    [
        ("ping", {"webhookActionType": "ping"}, {}),
        ("surveySubmit", {}, {}),
        ("applicationSubmit", {"application": {"id": UUID}}, {"applications": (UUID,)}),
        ("applicationUpdate", {"application": {"id": UUID}}, {"applications": (UUID,)}),
        ("candidateStageChange", {"application": {"id": UUID}}, {"applications": (UUID,)}),
        ("candidateHire", {"application": {"id": UUID}, "offer": None}, {"applications": (UUID,)}),
        ("offerDelete", {"offer": {"id": OTHER, "applicationId": UUID}}, {"applications": (UUID,)}),
        ("candidateDelete", {"candidate": {"id": UUID}}, {"candidates": (UUID,)}),
        ("jobPostingUnpublish", {"jobPosting": {"id": UUID}}, {"jobs": True}),
        ("jobUpdate", {"job": {"id": UUID}}, {"jobs": True}),
    ],
)
def test_what_a_webhook_is_about(reach, action, data, hint):
    assert reach().hints.hint({"action": action, "data": data}) == Hint(action, **hint)


@pytest.mark.parametrize(
    "payload",
    [[], {}, {"action": 5}, {"action": "candidateHire"},
     {"action": "candidateHire", "data": {"application": {"id": 5}}},
     {"action": "candidateMerge", "data": {"mergedCandidate": {"id": UUID}}},
     {"action": "candidateDelete", "data": {"candidate": {"id": f"{UUID}/../x"}}}],
)  # fmt: skip
def test_a_webhook_in_another_shape_is_refused(reach, payload):
    with pytest.raises(BadEvent):
        reach().hints.hint(payload)


def test_what_a_webhook_points_to_is_asked_again(reach, vendor):
    ats = reach()
    number = vendor.add_application(vendor.add_candidate(), UUID, "Offer", "Offer")
    hint = ats.hints.hint({"action": "candidateStageChange", "data": {"application": {"id": number}}})
    vendor.move(number, status="Hired")
    assert [one.stage for one in ats.changes.look(hint)] == [Stage.HIRED]
    assert ats.changes.look(Hint("x", applications=(UUID,), candidates=(OTHER,))) == []


def test_a_merge_is_believed_when_it_is_seen(reach, vendor):
    ats = reach()
    kept, gone = vendor.add_candidate(), vendor.add_candidate()
    number = vendor.add_application(gone, UUID)
    said = {"deletedCandidate": {"id": gone}, "mergedCandidate": {"id": kept}}
    hint = ats.hints.hint({"action": "candidateMerge", "data": said})
    assert ats.changes.look(hint) == []
    vendor.merge(gone, kept)
    application, merge = ats.changes.look(hint)
    assert (application.id, application.candidate) == (number, kept)
    assert isinstance(merge, AtsMerge)
    assert (merge.kept, merge.lost) == (kept, gone)
