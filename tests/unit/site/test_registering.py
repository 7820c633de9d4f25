"""From the landing page's form to candidate, consent, pool, touchpoint and first source."""

import json

import pytest

from integration import pages
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import LandingPage
from integration.sending import why_not
from tests.app_fixture import app_queue_messages

PERSON = {"first_name": "Ann", "last_name": "O’Lee", "email": "Ann@Example.org"}
TICKED = ["Talent community"]
TOPICS = ["Newsletter", "Talent community", "Job alerts"]


@pytest.fixture
def live_page(app, desk):
    desk.brand()
    form = {"type": "form", "fields": ["phone", "city"], "purposes": ["Talent community", "Newsletter"]}
    page = desk.page(**{LandingPage.BLOCKS: json.dumps([form])})
    pages.publish(app, page)
    desk.work()
    return page


def confirm_address(app):
    """The address in the opt-in mail that is waiting."""
    [message] = app_queue_messages(app, Queue.MAIL)
    [recipient] = message["recipients"]
    return recipient["slots"]["confirm_url"].removeprefix(app.config.public_base_url)


@pytest.fixture
def member(app, org, desk, visitor, live_page):
    """The key of somebody who agreed to hear from the talent community and by newsletter."""
    visitor.fill("/p/night-nurses", ticked=["Talent community", "Newsletter"], **PERSON)
    desk.work()
    visitor.post(confirm_address(app), {})
    desk.work()
    [candidate] = org.rows("SELECT Candidate_Key__c FROM Candidate__c")
    return candidate["Candidate_Key__c"]


def preferences(app, key):
    return "/preferences/" + app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: key})


def count(org, object_name):
    return len(org.rows(f"SELECT Id FROM {object_name}"))


def test_S14_a_registration_waits_for_its_confirmation(app, org, desk, visitor, live_page):
    answer = visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON, phone="+353 21 427 1234", city="Cork")
    assert answer.status == 303
    assert "We sent a mail" in visitor.get(answer.headers["location"]).text
    desk.work()
    [candidate] = org.rows(
        "SELECT Name, Email__c, Phone__c, City__c, Collected_From__c, Lifecycle__c FROM Candidate__c"
    )
    assert candidate["Name"] == "Ann O’Lee"
    assert candidate["Email__c"] == "ann@example.org"
    assert candidate["Phone__c"] is None  # nobody has proven yet who typed it
    assert candidate["Collected_From__c"] == "Landing page night-nurses"
    assert org.rows("SELECT Status__c FROM Contact_Point__c") == [{"Status__c": "Unconfirmed"}]
    assert org.rows("SELECT State__c, Added_By__c FROM Pool_Membership__c") == [
        {"State__c": "Proposed", "Added_By__c": "Landing page"}
    ]
    [consent] = org.rows("SELECT Purpose__c, State__c, Text_Version__c, Evidence__c FROM Consent__c")
    assert (consent["Purpose__c"], consent["State__c"]) == ("Talent community", "Pending")
    assert count(org, "Touchpoint__c") == 0


def test_confirming_makes_a_member(app, org, desk, visitor, live_page):
    channel = desk.channel()
    source = app.links.sign(Purpose.SOURCE, {link.CHANNEL: channel, link.AT: "1772370000"})
    visitor.fill(f"/p/night-nurses?wb={source}", ticked=TICKED, **PERSON, phone="+353 21 427 1234", city="Cork")
    desk.work()
    app_queue_messages(app, Queue.EVENTS)
    app_queue_messages(app, Queue.CHANGES)
    address = confirm_address(app)
    page = visitor.get(address)
    assert "Yes, confirm my address" in page.text
    assert visitor.post(address, page.forms[-1]["hidden"]).status == 303
    desk.work()
    [candidate] = org.rows("SELECT Phone__c, City__c, First_Source__c, Last_Source__c FROM Candidate__c")
    assert candidate == {
        "Phone__c": "+353214271234",
        "City__c": "Cork",
        "First_Source__c": channel,
        "Last_Source__c": channel,
    }
    statuses = org.rows("SELECT Kind__c, Status__c FROM Contact_Point__c ORDER BY Kind__c")
    assert statuses[0] == {"Kind__c": "Email", "Status__c": "Confirmed"}
    [membership] = org.rows("SELECT Id, State__c, Joined_At__c FROM Pool_Membership__c")
    assert membership["State__c"] == "Member"
    assert membership["Joined_At__c"]
    states = org.rows("SELECT State__c FROM Consent__c ORDER BY State__c")
    assert [row["State__c"] for row in states] == ["Given", "Pending"]
    assert org.rows("SELECT Kind__c, Channel__c, Page__c FROM Touchpoint__c") == [
        {"Kind__c": "Registered", "Channel__c": channel, "Page__c": live_page}
    ]
    [event] = [event for event in app_queue_messages(app, Queue.EVENTS) if event["kind"] == "registered"]
    assert (event["channel"], event["page"], event["source_month"]) == (channel, live_page, "2026-03")
    assert {"memberships": [membership["Id"]]}.items() <= {
        name: value for change in app_queue_messages(app, Queue.CHANGES) for name, value in change.items()
    }.items()


def test_S14_looking_at_the_confirmation_confirms_nothing(app, org, desk, visitor, live_page):
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    address = confirm_address(app)
    for method in ("GET", "HEAD", "GET"):
        assert visitor.ask(method, address).status == 200
    desk.work()
    assert org.rows("SELECT State__c FROM Pool_Membership__c") == [{"State__c": "Proposed"}]


def test_confirming_twice_confirms_once(app, org, desk, visitor, live_page):
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    address = confirm_address(app)
    for _ in range(2):
        visitor.post(address, {})
        desk.work()
    assert count(org, "Touchpoint__c") == 1
    assert count(org, "Consent__c") == 2
    registered = [event for event in app_queue_messages(app, Queue.EVENTS) if event["kind"] == "registered"]
    assert len({event["id"] for event in registered}) == 1


def test_a_form_sent_twice_is_one_registration(app, org, desk, visitor, live_page):
    form = visitor.get("/p/night-nurses").forms[-1]
    app.clock.move(seconds=20)
    for _ in range(3):
        visitor.post("/p/night-nurses", {**form["hidden"], **PERSON, "consent": TICKED})
    assert len({message["id"] for message in app_queue_messages(app, Queue.REGISTRATIONS)}) == 1


def test_a_corrected_form_is_another_registration(app, desk, visitor, live_page):
    form = visitor.get("/p/night-nurses").forms[-1]
    app.clock.move(seconds=20)
    for address in ("ann@exmaple.org", "ann@example.org"):
        visitor.post("/p/night-nurses", {**form["hidden"], **PERSON, "email": address, "consent": TICKED})
    assert len({message["id"] for message in app_queue_messages(app, Queue.REGISTRATIONS)}) == 2


def test_a_message_that_comes_again_changes_nothing(app, org, desk, visitor, live_page):
    from integration.registration.worker import receive

    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)
    for _ in range(3):
        receive(app, message)
    assert [count(org, name) for name in ("Candidate__c", "Consent__c", "Pool_Membership__c")] == [1, 1, 1]
    assert len(app_queue_messages(app, Queue.MAIL)) == 1


def test_a_known_address_is_not_told_apart(app, org, desk, visitor, live_page):
    first = visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    again = visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    assert (first.status, first.headers["location"]) == (again.status, again.headers["location"])
    assert count(org, "Candidate__c") == 1
    assert len(app_queue_messages(app, Queue.MAIL)) == 1  # one opt-in mail a day, however often it is asked for


def test_a_stranger_cannot_change_a_known_candidate(app, org, desk, visitor, live_page):
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON, city="Cork")
    desk.work()
    visitor.post(confirm_address(app), {})
    desk.work()
    visitor.fill(
        "/p/night-nurses", ticked=TICKED, **PERSON | {"first_name": "Eve"}, city="Evil", phone="+353 21 427 9999"
    )
    desk.work()
    assert org.rows("SELECT First_Name__c, City__c, Phone__c FROM Candidate__c") == [
        {"First_Name__c": "Ann", "City__c": "Cork", "Phone__c": None}
    ]


def test_without_double_opt_in_the_form_is_enough(app, org, desk, visitor):
    desk.brand()
    pages.publish(app, desk.page(**{LandingPage.DOUBLE_OPT_IN: False}))
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    assert org.rows("SELECT State__c FROM Pool_Membership__c") == [{"State__c": "Member"}]
    assert org.rows("SELECT State__c FROM Consent__c") == [{"State__c": "Given"}]
    assert [message["campaign"] for message in app_queue_messages(app, Queue.MAIL)] == ["registered"]


def test_a_recruiters_rejection_stands(app, org, desk, visitor, live_page):
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    [row] = org.rows("SELECT Id FROM Pool_Membership__c")
    app.salesforce.update("Pool_Membership__c", row["Id"], {"State__c": "Rejected"})
    visitor.post(confirm_address(app), {})
    desk.work()
    assert org.rows("SELECT State__c FROM Pool_Membership__c") == [{"State__c": "Rejected"}]


def test_missing_sender_keeps_the_registration_waiting(app, org, desk, visitor):
    from integration.errors import TryAgain
    from integration.registration.worker import receive

    pages.publish(app, desk.page())
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)
    with pytest.raises(TryAgain):
        receive(app, message)
    desk.brand()
    receive(app, message)
    assert len(app_queue_messages(app, Queue.MAIL)) == 1
    assert count(org, "Candidate__c") == 1


@pytest.mark.parametrize(
    ("action", "topics", "states"),
    [
        ("save", ["Talent community"], {"Newsletter": "Withdrawn"}),
        ("save", ["Newsletter", "Job alerts"], {"Talent community": "Withdrawn", "Job alerts": "Given"}),
        ("save", ["Newsletter", "Talent community"], {}),
        ("all", [], dict.fromkeys(["Job alerts", "Newsletter", "SMS", "Talent community"], "Withdrawn")),
    ],
)
def test_only_what_the_person_changed_becomes_a_row_of_consents(
    app, org, desk, visitor, member, action, topics, states
):
    before = {row["Id"] for row in org.rows("SELECT Id FROM Consent__c")}
    assert visitor.fill(preferences(app, member), action=action, topic=topics).status == 303
    desk.work()
    rows = org.rows("SELECT Id, Purpose__c, State__c, Evidence__c FROM Consent__c")
    written = [row for row in rows if row["Id"] not in before]
    assert {row["Purpose__c"]: row["State__c"] for row in written} == states
    assert all("Page of preferences" in row["Evidence__c"] for row in written)


def test_a_stopped_topic_stops_its_campaigns_and_no_other(app, desk, visitor, member):
    visitor.fill(preferences(app, member), action="save", topic=["Newsletter"])
    desk.work()
    reasons = {topic: why_not(app, member, "ann@example.org", topic=topic) for topic in TOPICS}
    assert reasons == {
        "Newsletter": None,
        "Talent community": "stopped this topic",
        "Job alerts": "stopped this topic",
    }


def test_a_newsletter_goes_to_nobody_who_was_never_asked(app, org, desk, visitor, live_page):
    visitor.fill("/p/night-nurses", ticked=["Talent community"], **PERSON)
    desk.work()
    visitor.post(confirm_address(app), {})
    desk.work()
    [candidate] = org.rows("SELECT Candidate_Key__c FROM Candidate__c")
    reasons = [why_not(app, candidate["Candidate_Key__c"], "ann@example.org", topic=topic) for topic in TOPICS]
    assert reasons == ["has not agreed to this topic", None, "has not agreed to this topic"]


def test_the_page_shows_what_holds_now(app, org, desk, visitor, member):
    address = preferences(app, member)
    visitor.fill(address, action="save", topic=["Talent community"], frequency="At most monthly", language="de")
    desk.work()
    [form] = visitor.get(address).forms
    assert form["ticked"] == {"topic": ["Talent community"], "frequency": ["At most monthly"]}
    assert org.rows("SELECT Mail_Frequency__c, Language__c FROM Candidate__c") == [
        {"Mail_Frequency__c": "At most monthly", "Language__c": "de"}
    ]
    visitor.fill(address, action="all")
    desk.work()
    assert "You get no mail from us" in visitor.get(address).text
    visitor.fill(address, action="again")
    desk.work()
    assert "You get no mail" not in visitor.get(address).text


@pytest.mark.parametrize(
    "wrong", [{"action": "fly"}, {"action": "save", "frequency": "hourly"}, {"action": "save", "language": "xx"}]
)
def test_a_wish_that_cannot_be_is_said_on_the_page(app, desk, visitor, member, wrong):
    answer = visitor.fill(preferences(app, member), **wrong)
    assert answer.status == 400
    assert "Please check 1 answer" in answer.text
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []


def test_the_link_comes_by_mail_and_nobody_learns_who_is_known(app, desk, visitor, member):
    app_queue_messages(app, Queue.MAIL)
    answers = [visitor.fill("/preferences", email=email) for email in ("Ann@Example.org", "nobody@example.org")]
    assert [(answer.status, answer.headers["location"]) for answer in answers] == [(303, "/thanks/link")] * 2
    desk.work()
    [message] = app_queue_messages(app, Queue.MAIL)
    [recipient] = message["recipients"]
    assert (message["campaign"], recipient["email"]) == ("preferences", "ann@example.org")
    page = visitor.get(recipient["slots"]["confirm_url"].removeprefix(app.config.public_base_url))
    assert (page.status, "Save my choices" in page.text) == (200, True)
    visitor.fill("/preferences", email="ann@example.org")
    desk.work()
    assert app_queue_messages(app, Queue.MAIL) == [], "once a day"


def test_a_pause_defers_and_does_not_unsubscribe(app, org, desk, visitor, live_page):
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    [candidate] = org.rows("SELECT Candidate_Key__c FROM Candidate__c")
    key = candidate["Candidate_Key__c"]
    visitor.fill("/preferences/" + app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: key}), action="pause")
    desk.work()
    assert why_not(app, key, "ann@example.org") == "paused"
    assert org.rows("SELECT Paused_Until__c FROM Candidate__c") == [{"Paused_Until__c": "2026-05-31"}]
    app.clock.move(days=91)
    assert why_not(app, key, "ann@example.org") is None
