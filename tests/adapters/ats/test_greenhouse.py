"""Greenhouse's adapter against a server with its documented shapes."""

import json
from datetime import timedelta

import pytest

from integration.adapters.ats import Access, connect
from integration.errors import Rejected, TryAgain
from integration.model.ats import Agreed, AtsAnonymised, AtsMerge, Document, HandOver, Hint, mark_of
from integration.model.ats_event import BadEvent
from integration.model.ats_signature import check
from integration.model.vocabulary import SalaryUnit, Stage
from integration.model.webhook import Refused
from integration.ports import InDoubt, StaleCursor
from tests.adapters.ats.greenhouse_server import CLIENT, SECRET, Greenhouse
from tests.adapters.ats.vendor import answer, busy, lost, pulled, served
from tests.adapters.search_fixture import waits

__all__ = ["waits"]
MARK = mark_of("org", "a01")


@pytest.fixture
def vendor(app):
    with served(Greenhouse(app.clock.now, page=2)) as running:
        yield running


@pytest.fixture
def reach(app, vendor, waits):
    def made(**changes):
        secret = {
            "board_token": "acme",
            "harvest_client_id": CLIENT[0],
            "harvest_client_secret": CLIENT[1],
            "ingestion_key": "ingestion-key",
            "ingestion_user": "robot@acme.example",
            "board_key": "board-key",
            "board_url": f"{vendor.url}/board",
            "harvest_url": f"{vendor.url}/harvest",
            "auth_url": f"{vendor.url}/auth",
            "ingestion_url": f"{vendor.url}/ingest",
        } | changes
        access = Access("gh", app.clock, app.pace, {name: text for name, text in secret.items() if text}, sleep=waits)
        return connect("Greenhouse", access)

    return made


def wanted(**changes):
    values = {
        "mark": MARK,
        "first": "Ann",
        "last": "Lee",
        "email": "ann@a.example",
        "phone": "+353 1 555 0100",
        "job": "7",
        "posting": "70",
        "source": "Job board Cork",
        "consents": (Agreed("Processing", "2026-03-01T10:00:00+00:00", "v1"),),
    }
    return HandOver(**values | changes)


# Jobs


def test_jobs_are_read_from_the_board(reach, vendor):
    pay = [{"min_cents": 5_000_000, "max_cents": 7_500_000, "currency_type": "EUR", "title": "", "blurb": ""}]
    vendor.add_job(7, pay_input_ranges=pay)
    vendor.add_job(8, "Twice escaped", content="It &amp;lt;p&amp;gt;is&amp;lt;/p&amp;gt;", location={"name": "Remote"})
    vendor.jobs.append(vendor.jobs[0] | {"id": 71})  # a second post of the first job
    vendor.jobs.append(vendor.jobs[0] | {"id": 99, "internal_job_id": None})  # a prospect post
    first, second = reach().jobs.jobs()
    assert (first.id, first.posting, first.title, first.department) == ("7", "70", "Tester", "Quality")
    assert first.description == "<p>Test things &amp; more</p>"
    assert (first.places[0].city, first.places[0].country) == ("Cork", "IE")
    assert (first.pay.currency, first.pay.unit, first.pay.least, first.pay.most) == (
        "EUR",
        SalaryUnit.YEAR,
        50_000,
        75_000,
    )
    assert (second.description, second.is_remote, second.places) == ("It <p>is</p>", True, ())


def test_an_empty_board_is_empty_and_an_unknown_one_an_error(reach, vendor):
    assert reach().jobs.jobs() == []
    with pytest.raises(Rejected, match=r"does not know this .HTTP 404.: “Job board not found”"):
        reach(board_token="another").jobs.jobs()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (answer({"jobs": [], "meta": {"total": 4}}), "0 of 4 jobs"),
        (answer("<html>maintenance"), "a web page instead of data"),
        (answer('{"jobs": ['), "half an answer"),
    ],
)
def test_a_part_of_the_jobs_is_an_error(reach, vendor, fault, told):
    vendor.faults["GET /board"] = [fault]
    with pytest.raises(TryAgain, match=told):
        reach().jobs.jobs()


@pytest.mark.parametrize("body", [[], {"jobs": None}, {"jobs": ["x"], "meta": {"total": 1}}])
def test_jobs_in_another_form_are_refused(reach, vendor, body):
    vendor.faults["GET /board"] = [answer(body)]
    with pytest.raises(Rejected, match="a form that is not known"):
        reach().jobs.jobs()


# Changes


def test_every_page_is_read_and_a_cursor_travels_alone(reach, vendor):
    ids = [vendor.add_application(vendor.add_candidate(), 7) for _ in range(5)]
    changes, cursor = pulled(reach())
    assert sorted(int(one.id) for one in changes) == ids
    assert all("&" not in path for path in vendor.paths("cursor="))
    assert len(vendor.paths("cursor=")) == 4  # five applications and five candidates, two a page
    assert cursor


def test_the_next_pull_brings_what_changed_since(app, reach, vendor):
    first, second = (vendor.add_application(vendor.add_candidate(), 7) for _ in range(2))
    ats = reach()
    app.clock.move(minutes=10)
    _, cursor = pulled(ats)
    app.clock.move(minutes=10)
    vendor.move(second, stage_name="Face to Face")
    app.clock.move(minutes=5)
    changes, later = pulled(ats, cursor)
    assert [(one.id, one.stage, one.stage_word) for one in changes] == [(str(second), Stage.INTERVIEW, "Face to Face")]
    app.clock.move(minutes=10)
    assert pulled(ats, later)[0] == []
    assert first


@pytest.mark.parametrize(
    ("row", "stage", "reason"),
    [
        ({"status": "hired"}, Stage.HIRED, ""),
        ({"status": "rejected", "rejection_reason_id": 1}, Stage.REJECTED, "Not a fit"),
        ({"status": "rejected", "rejection_reason_id": 2}, Stage.WITHDRAWN, "Took another job"),
        ({"status": "rejected"}, Stage.REJECTED, ""),
        ({"stage_name": "Offer"}, Stage.OFFER, ""),
        ({"stage_name": "Take Home Test"}, Stage.QUALIFIED, ""),
        ({"stage_name": "Limbo"}, Stage.APPLIED, ""),
        ({"stage_name": None}, Stage.APPLIED, ""),
    ],
)
def test_how_an_application_stands(reach, vendor, row, stage, reason):
    vendor.add_application(vendor.add_candidate(), 7, **row)
    [one], _ = pulled(reach())
    assert (one.stage, one.reason, one.job) == (stage, reason, "7")
    assert (one.hired_at is not None) is (stage is Stage.HIRED)


def test_a_prospect_has_no_job(reach, vendor):
    vendor.add_application(vendor.add_candidate(), None)
    [one], _ = pulled(reach())
    assert one.job == ""


def test_anonymised_people_are_found_by_the_pull(reach, vendor, app):
    number = vendor.add_candidate("Ann", "Lee", "ann@a.example")
    ats = reach()
    _, cursor = pulled(ats)
    app.clock.move(minutes=5)
    vendor.anonymise(number)
    [one], _ = pulled(ats, cursor)
    assert isinstance(one, AtsAnonymised)
    assert one.candidate == str(number)


def test_people_are_asked_for_fifty_at_a_time(reach, vendor):
    ids = [str(vendor.add_candidate(email=f"p{n}@a.example")) for n in range(120)]
    vendor.page = 500
    people = reach().changes.people([*ids, "999999", "no id"])
    assert set(people) == set(ids)
    assert people[ids[3]].emails == ("p3@a.example",)
    assert len(vendor.paths("/candidates")) == 3


def test_a_cursor_that_is_none_is_stale(reach):
    with pytest.raises(StaleCursor):
        list(reach().changes.changes("yesterday"))


# Tokens, throttles, faults


def test_one_token_serves_until_it_ends(app, reach, vendor):
    ats = reach()
    pulled(ats)
    pulled(ats)
    assert len(vendor.paths("/auth/token")) == 1
    app.clock.move(hours=1)
    pulled(ats)
    assert len(vendor.paths("/auth/token")) == 2


def test_a_token_that_was_revoked_is_renewed_once(reach, vendor):
    ats = reach()
    pulled(ats)
    vendor.tokens.clear()
    pulled(ats)
    assert len(vendor.paths("/auth/token")) == 2


def test_wrong_credentials_are_told_in_plain_words(reach, vendor):
    with pytest.raises(Rejected, match=r"does not accept our key .HTTP 401.: “invalid_client”"):
        pulled(reach(harvest_client_secret="wrong"))
    vendor.faults["GET /harvest"] = [answer({"message": "no scope"}, 403)]
    with pytest.raises(Rejected, match=r"HTTP 403.: “no scope”.*needed rights"):
        pulled(reach())


def test_a_short_throttle_is_waited_out(reach, vendor, waits):
    vendor.faults["GET /harvest"] = [busy(2)]
    pulled(reach())
    assert any(1.5 <= seconds <= 2.5 for seconds in waits)


def test_a_long_throttle_goes_back_to_the_queue(reach, vendor):
    vendor.faults["GET /harvest"] = [busy(30)]
    with pytest.raises(TryAgain) as told:
        pulled(reach())
    assert told.value.seconds == 30


def test_faults_of_the_server_are_retried(reach, vendor):
    vendor.faults["GET /harvest"] = [answer("", 503, Retry_After="1"), answer("", 500, Retry_After="1")]
    vendor.add_application(vendor.add_candidate(), 7)
    assert len(pulled(reach())[0]) == 1


def test_no_word_of_a_fault_holds_a_secret(reach, vendor):
    vendor.faults["GET /harvest"] = [answer({"message": "no"}, 400)]
    with pytest.raises(Rejected) as told:
        pulled(reach())
    assert "client-secret" not in str(told.value)
    assert "token-" not in str(told.value)


# Hand-overs


def test_an_application_is_handed_over_with_source_consent_and_mark(reach, vendor):
    done = reach().intake.hand_over(wanted(resume=Document("cv.pdf", "application/pdf", b"%PDF", "https://files/cv")))
    sent = vendor.applications[int(done.application)]["sent"]
    assert sent["external_id"] == MARK
    assert (sent["prospect"], sent["job_id"], sent["resume"]) == (False, 7, "https://files/cv")
    assert "Source: Job board Cork" in sent["notes"]
    assert "Processing since 2026-03-01" in sent["notes"]
    assert "title" not in sent


def test_a_prospect_goes_into_the_pool(reach, vendor):
    done = reach(prospect_pool_id="5").intake.hand_over(wanted(job="", posting=""))
    sent = vendor.applications[int(done.application)]["sent"]
    assert (sent["prospect"], sent["prospect_pool_id"]) == (True, 5)


def test_what_was_handed_over_is_found_by_its_mark(reach, vendor):
    intake = reach().intake
    assert intake.find(wanted()) is None
    vendor.add_application(vendor.add_candidate(email="ann@a.example"), 7)  # came another way
    assert intake.find(wanted()) is None
    done = intake.hand_over(wanted())
    assert intake.find(wanted()) == done
    assert intake.find(wanted(mark=mark_of("org", "a02"))) is None


@pytest.mark.parametrize("status", [500, 502, 503, 408])
def test_a_hand_over_is_never_sent_twice_by_itself(reach, vendor, status):
    vendor.faults["POST /ingest"] = [answer("", status)]
    with pytest.raises(InDoubt):
        reach().intake.hand_over(wanted())
    assert len(vendor.paths("POST /ingest")) == 1


def test_a_lost_answer_is_in_doubt_and_then_found(reach, vendor):
    vendor.faults["POST /ingest"] = [lost(vendor.respond)]
    intake = reach().intake
    with pytest.raises(InDoubt):
        intake.hand_over(wanted())
    assert intake.find(wanted()).candidate in {str(number) for number in vendor.candidates}
    assert len(vendor.candidates) == 1


def test_a_hand_over_refused_for_pace_surely_did_not_arrive(reach, vendor):
    vendor.faults["POST /ingest"] = [busy(30)]
    with pytest.raises(TryAgain):
        reach().intake.hand_over(wanted())
    assert not vendor.candidates


def test_a_refused_hand_over_says_which_field(reach):
    with pytest.raises(Rejected, match=r"HTTP 400.: “first_name is required”"):
        reach().intake.hand_over(wanted(first=""))


def test_the_job_board_takes_applications_where_there_is_no_ingestion(reach, vendor):
    vendor.add_job(7)
    ats = reach(ingestion_key="", tracking_token="gh-src")
    done = ats.intake.hand_over(wanted(resume=Document("cv.pdf", "application/pdf", b"%PDF")))
    row = vendor.applications[int(done.application)]
    assert row["files"] == {"resume": "cv.pdf"}
    assert row["form"]["mapped_url_token"] == "gh-src"
    assert row["form"]["data_compliance[gdpr_consent_given]"] == "true"
    assert ats.intake.find(wanted()) == done
    with pytest.raises(Rejected, match="not on the Greenhouse job board"):
        ats.intake.hand_over(wanted(posting=""))
    with pytest.raises(Rejected, match="prospects by candidate ingestion only"):
        ats.intake.hand_over(wanted(job="", posting=""))


def test_an_application_that_cannot_be_looked_up_was_taken_all_the_same(reach, vendor):
    vendor.add_job(7)
    vendor.faults["GET /harvest"] = [busy(30)]
    done = reach(ingestion_key="").intake.hand_over(wanted())
    assert (done.candidate, len(vendor.applications)) == ("", 1)


def test_without_harvest_nothing_is_handed_over(reach):
    ats = reach(harvest_client_id="")
    assert ats.intake is None
    assert ats.changes is None
    with pytest.raises(Rejected, match="neither board_token nor harvest_client_id"):
        reach(harvest_client_id="", board_token="")


# Webhooks


def test_webhooks_are_signed_over_their_escaped_bytes(vendor, app):
    headers, body = vendor.webhook("update_candidate", candidate={"id": 5, "title": "<b>Boss</b>"})
    assert b"\\u003cb" in body
    check(headers, body, [f"greenhouse:{SECRET}"], app.clock.now())
    for bad in (body.replace(b"\\u003c", b"<"), body + b" ", json.dumps(json.loads(body)).encode()):
        with pytest.raises(Refused):
            check(headers, bad, [f"greenhouse:{SECRET}"], app.clock.now())
    with pytest.raises(Refused):
        check(headers, body, ["greenhouse:another"], app.clock.now())


@pytest.mark.parametrize(
    ("action", "payload", "hint"),
    [
        ("ping", {"web_hook_id": 1}, {}),
        ("interview_scheduled", {}, {}),
        ("candidate_stage_change", {"application": {"id": 5}}, {"applications": ("5",)}),
        ("hire_candidate", {"application": {"id": 5}}, {"applications": ("5",)}),
        ("reject_candidate", {"application": {"id": 5}}, {"applications": ("5",)}),
        ("offer_updated", {"id": 1, "application_id": 5}, {"applications": ("5",)}),
        ("update_candidate", {"candidate": {"id": 6}}, {"candidates": ("6",)}),
        ("delete_candidate", {"person": {"id": 6}}, {"candidates": ("6",)}),
        ("job_post_updated", {"id": 1}, {"jobs": True}),
    ],
)
def test_what_a_webhook_is_about(reach, action, payload, hint):
    assert reach().hints.hint({"action": action, "payload": payload}) == Hint(action, **hint)


@pytest.mark.parametrize(
    "payload",
    [[], {}, {"action": 5}, {"action": "hire_candidate"}, {"action": "hire_candidate", "payload": {"application": []}},
     {"action": "merge_candidate", "payload": {"person": {"id": "1 or 2", "new_candidate_id": 2}}}],
)  # fmt: skip
def test_a_webhook_in_another_shape_is_refused(reach, payload):
    with pytest.raises(BadEvent):
        reach().hints.hint(payload)


def test_what_a_webhook_points_to_is_asked_again(reach, vendor, app):
    ats = reach()
    number = vendor.add_application(vendor.add_candidate(), 7, stage="Offer")
    _, body = vendor.told(number)
    vendor.move(number, status="hired")
    app.clock.at += timedelta(seconds=5)
    [now] = ats.changes.look(ats.hints.hint(json.loads(body)))
    assert now.stage is Stage.HIRED
    assert ats.changes.look(Hint("x", applications=("424242",))) == []


def test_a_merge_or_an_anonymisation_is_believed_when_it_is_seen(reach, vendor):
    ats = reach()
    kept, gone = vendor.add_candidate(), vendor.add_candidate()
    number = vendor.add_application(gone, 7)
    said = {"person": {"id": gone, "new_candidate_id": kept}}
    hint = ats.hints.hint({"action": "merge_candidate", "payload": said})
    assert not [one for one in ats.changes.look(hint) if isinstance(one, AtsMerge)]
    vendor.merge(gone, kept)
    found = ats.changes.look(hint)
    assert [one.id for one in found if not isinstance(one, AtsMerge)] == [str(number)]
    assert [(one.kept, one.lost) for one in found if isinstance(one, AtsMerge)] == [(str(kept), str(gone))]
    nobody = ats.hints.hint({"action": "candidate_anonymized", "payload": {"candidate_id": kept}})
    assert ats.changes.look(nobody) == []
    vendor.anonymise(kept)
    assert [one.candidate for one in ats.changes.look(nobody)] == [str(kept)]
