"""Job alerts: made when somebody agrees, sent when something new fits, told once, changed and ended by the person."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import events, pages, syndication
from integration.alerts.telling import distance, tell_due
from integration.model import hit, link
from integration.model.alert import Alert, OpenJob, fit, fitting
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import Candidate, JobAlert, LandingPage
from integration.sending import why_not
from integration.sending.aliases import person_pk
from lambdas import track
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import deliver
from tests.unit.site.visitor import http_event

ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}
FORM = {"type": "form", "fields": ["desired_role", "desired_location"], "purposes": ["Talent community", "Job alerts"]}
BOTH = ["Talent community", "Job alerts"]
NURSE = OpenJob("r1", "n-1", "Night nurse (m/f/d)", "Nursing", ("Cork, Munster, IE",))
ALERTS = "SELECT Id, Query__c, Place__c, Frequency__c, Last_Sent_At__c FROM Job_Alert__c ORDER BY Query__c"


@pytest.mark.parametrize(
    ("query", "place", "points"),
    [
        ("night nurse", "", 1.0),
        ("Senior NURSES, full time", "Cork", 1.0),  # words of every job say nothing
        ("nurse midwife", "", 0.5),
        ("paediatric ward nurse", "", 0.0),  # one word of three is too little
        ("nursing", "", 0.5),  # its department
        ("night nurse", "Dublin", 0.0),
        ("night nurse", "Douglas, IE", 1.0),  # near
        ("night nurse", "Ireland", 1.0),
        ("night nurse", "Munster", 1.0),
        ("night nurse", "Cork, US", 0.0),
        ("night nurse", "Cork, Ireland", 1.0),
        ("night nurse", "Atlantis", 0.0),
        ("night nurse", "remote", 0.0),
        ("", "Cork", 1.0),
        ("", "", 0.0),
        ("m/w/d", "", 0.0),
    ],
)
def test_what_fits_a_search(query, place, points):
    assert fit(Alert(query, place), NURSE, distance) == points


def test_a_job_from_anywhere_fits_every_place():
    baker = OpenJob("r2", "b-1", "Baker", remote=True)
    assert [fit(Alert("baker", place), baker, distance) for place in ("", "Cork", "Remote")] == [1.0, 1.0, 1.0]


WORDS = st.lists(st.sampled_from(["night", "nurse", "baker", "lead", "Köln", "C++", "pfleger"]), max_size=4).map(
    " ".join
)
SEARCHES = st.lists(st.builds(Alert, WORDS, st.sampled_from(["", "Cork", "Atlantis", "remote"])), max_size=4)
JOBS = st.lists(
    st.builds(
        OpenJob, st.sampled_from("abcd"), st.text("xyz", max_size=3), WORDS, WORDS,
        st.sampled_from([(), ("Cork, Munster, IE",), ("Köln, DE",)]), st.booleans(),
        st.sampled_from(["", "2026-03-02"]),
    ),
    max_size=8,
)  # fmt: skip


@given(SEARCHES, JOBS)
def test_jobs_are_told_once_the_best_first_and_none_that_does_not_fit(searches, jobs):
    def best(job):
        return max((fit(alert, job, distance) for alert in searches), default=0.0)

    found = fitting(searches, jobs, distance)
    assert len({job.requisition for job in found}) == len(found)
    assert {job.requisition for job in found} == {job.requisition for job in jobs if best(job)}
    points = [best(job) for job in found]
    assert points == sorted(points, reverse=True)
    assert all(0.5 <= each <= 1.0 for each in points)


@pytest.fixture
def page(app, desk):
    desk.brand()
    page = desk.page(**{LandingPage.BLOCKS: json.dumps([FORM]), LandingPage.DOUBLE_OPT_IN: False})
    pages.publish(app, page)
    return page


@pytest.fixture
def job(app, desk):
    """Opens a job of that title."""
    channel = desk.channel()

    def opened(title, *place, **fields):
        requisition = desk.requisition(title, places=[place or ("Cork", "Munster", "IE")], **fields)
        desk.posting(requisition, channel)
        syndication.open_requisition(app, requisition)
        desk.work()
        return requisition

    return opened


def registered(app, org, desk, visitor, ticked=BOTH, **fields):
    """The key of somebody who registered."""
    visitor.fill("/p/night-nurses", ticked=ticked, **ANN | fields)
    desk.work()
    [row] = org.rows("SELECT Candidate_Key__c FROM Candidate__c")
    return row[Candidate.CANDIDATE_KEY]


def told(app, **later):
    """(mail, text) of each alert that goes out, after some time."""
    app.clock.move(**later)
    before = len(app_sent_mail(app))
    tell_due(app)
    deliver(app, Queue.MAIL)
    mails = [mail for mail in app_sent_mail(app)[before:] if mail["List-Unsubscribe"]]
    return [(mail, mail.get_body(("plain",)).get_content()) for mail in mails]


def own(app, key):
    return "/preferences/" + app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: key}) + "/data"


def test_an_alert_is_made_of_what_the_person_wants(app, org, desk, visitor, page):
    registered(app, org, desk, visitor, desired_role="Theatre nurse", desired_location="Galway")
    [alert] = org.rows(ALERTS)
    assert (alert["Query__c"], alert["Place__c"], alert["Frequency__c"]) == ("Theatre nurse", "Galway", "Weekly")


def test_without_words_of_theirs_it_is_made_of_the_pool(app, org, desk, visitor, page):
    registered(app, org, desk, visitor)
    assert [row["Query__c"] for row in org.rows(ALERTS)] == ["Night nurses"]


def test_who_did_not_agree_or_confirm_has_no_alert(app, org, desk, visitor, page):
    registered(app, org, desk, visitor, ticked=["Talent community"], desired_role="Nurse")
    app.salesforce.update(LandingPage.API_NAME, page, {LandingPage.DOUBLE_OPT_IN: True})
    pages.publish(app, page)
    registered(app, org, desk, visitor, desired_role="Nurse")
    assert org.rows(ALERTS) == []
    doors = [one["slots"]["confirm_url"] for message in app_queue_messages(app, Queue.MAIL)
             for one in message["recipients"] if message["campaign"] == "optin"]  # fmt: skip
    visitor.post(doors[0].removeprefix(app.config.public_base_url), {})
    desk.work()
    assert [row["Query__c"] for row in org.rows(ALERTS)] == ["Nurse"]


def test_each_job_is_told_once_and_no_match_is_no_mail(app, org, desk, visitor, page, job):
    job("Night nurse")
    job("Baker")
    registered(app, org, desk, visitor, desired_role="nurse")
    [(mail, text)] = told(app)
    assert mail["Subject"] == "New jobs for you at Lee Hospitals"
    assert "Night nurse" in text
    assert "Cork" in text
    assert "Baker" not in text
    assert told(app) == []  # the day is done
    [alert] = org.rows(ALERTS)
    assert alert["Last_Sent_At__c"]
    assert told(app, days=8) == []  # nothing new
    job("Day nurse")
    [(_, text)] = told(app, days=1)  # the week is over since the last mail
    assert "Day nurse" in text
    assert "Night nurse" not in text
    job("Ward nurse")
    assert told(app, days=1) == []  # weekly
    [(_, text)] = told(app, days=6)
    assert "Ward nurse" in text


def test_the_mail_leads_to_the_job_in_the_persons_language(app, org, desk, visitor, page, job):
    job("Night nurse")
    registered(app, org, desk, visitor, desired_role="nurse")
    [row] = org.rows("SELECT Id FROM Candidate__c")
    app.salesforce.update(Candidate.API_NAME, row["Id"], {Candidate.LANGUAGE: "de"})
    [(mail, text)] = told(app)
    assert mail["Subject"] == "Neue Stellen für Sie bei Lee Hospitals"
    address = next(line for line in text.split() if "/jobs/" in line)
    assert f'href="{address}"' in mail.get_body(("html",)).get_content()
    page = visitor.get(address.removeprefix(app.config.public_base_url), headers={"accept-language": "en"})
    assert page.status == 200
    assert '<html lang="de"' in page.text


def test_a_title_is_text_in_the_mail(app, org, desk, visitor, page, job):
    job("Nurse <b>& more</b>")
    registered(app, org, desk, visitor, desired_role="nurse")
    [(mail, text)] = told(app)
    assert "Nurse <b>& more</b>" in text
    assert "Nurse &lt;b&gt;&amp; more&lt;/b&gt;" in mail.get_body(("html",)).get_content()


def test_unsubscribing_from_alerts_ends_these_mails_and_no_others(app, org, desk, visitor, page, job):
    job("Night nurse")
    key = registered(app, org, desk, visitor, desired_role="nurse")
    [(mail, _)] = told(app)
    address = mail["List-Unsubscribe"].strip("<>").removeprefix(app.config.public_base_url)
    assert "job alerts" in track.answer(app, http_event("GET", address))["body"]
    app_queue_messages(app, Queue.EVENTS)
    assert "no more job alerts" in track.answer(app, http_event("POST", address))["body"]
    messages = [("1", hit.event_of(message)) for message in app_queue_messages(app, Queue.EVENTS)]
    assert events.receive(app, messages) == []
    reasons = [why_not(app, key, ANN["email"], topic=topic) for topic in ("Job alerts", "Talent community", "")]
    assert reasons == ["stopped this topic", None, None]
    desk.work()
    withdrawn = org.rows("SELECT Purpose__c FROM Consent__c WHERE State__c = 'Withdrawn'")
    assert withdrawn == [{"Purpose__c": "Job alerts"}]
    job("Day nurse")
    assert told(app, days=8) == []


def test_the_brands_cap_counts_alerts_too(app, org, desk, visitor, page, job):
    [brand] = org.rows("SELECT Id FROM Brand__c")
    app.salesforce.update("Brand__c", brand["Id"], {"Mail_Cap__c": 1, "Mail_Cap_Days__c": 30})
    key = registered(app, org, desk, visitor, desired_role="nurse")
    [alert] = org.rows(ALERTS)
    app.salesforce.update(JobAlert.API_NAME, alert["Id"], {JobAlert.FREQUENCY: "Daily"})
    job("Night nurse")
    assert len(told(app)) == 1
    job("Day nurse")
    assert told(app, days=1) == []
    assert "jobalerts|2026-03-02" in str(app.people.get(person_pk(key), "mails")["recent"])


def test_a_person_changes_adds_and_ends_alerts_and_only_their_own(app, org, desk, visitor, page):
    def ask(key, action, **fields):
        answer = visitor.fill(own(app, key), action=action, **fields)
        desk.work()
        return answer

    ann = registered(app, org, desk, visitor, desired_role="nurse")
    [alert] = org.rows(ALERTS)
    ask(ann, "show")
    text = visitor.get(own(app, ann)).text
    assert 'value="nurse"' in text
    ask(ann, "alert", alert=alert["Id"], desired_role="Midwife", desired_location="Cork", frequency="Daily")
    ask(ann, "alert", alert="", desired_role="Baker", desired_location="", frequency="Weekly")
    rows = org.rows(ALERTS)
    assert [(row["Query__c"], row["Place__c"], row["Frequency__c"]) for row in rows] == [
        ("Baker", None, "Weekly"), ("Midwife", "Cork", "Daily"),
    ]  # fmt: skip
    assert ask(ann, "alert", alert="", desired_role="", desired_location="", frequency="Weekly").status == 400
    visitor.fill("/p/night-nurses", ticked=["Talent community"], first_name="B", last_name="C", email="b@example.org")
    desk.work()
    [other] = org.rows("SELECT Candidate_Key__c FROM Candidate__c WHERE First_Name__c = 'B'")
    ask(other["Candidate_Key__c"], "end alert", alert=alert["Id"])
    ask(other["Candidate_Key__c"], "alert", alert=alert["Id"], desired_role="X", frequency="Daily")
    assert [row["Query__c"] for row in org.rows(ALERTS)] == ["Baker", "Midwife"]
    ask(ann, "end alert", alert=alert["Id"])
    assert [row["Query__c"] for row in org.rows(ALERTS)] == ["Baker"]


def test_agreeing_again_saves_no_second_search(app, org, desk, visitor, page):
    registered(app, org, desk, visitor, desired_role="nurse")
    registered(app, org, desk, visitor, desired_role="Nurse")
    assert len(org.rows(ALERTS)) == 1
