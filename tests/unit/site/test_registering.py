"""From the landing page's form to candidate, consent, pool, touchpoint and first source."""

import json

import pytest

from integration import pages
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import LandingPage
from tests.app_fixture import app_queue_messages

PERSON = {"first_name": "Ann", "last_name": "O’Lee", "email": "Ann@Example.org"}
TICKED = ["Talent community"]


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


def count(org, object_name):
    return len(org.rows(f"SELECT Id FROM {object_name}"))


def test_a_registration_waits_for_its_confirmation(app, org, desk, visitor, live_page):
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


def test_looking_at_the_confirmation_confirms_nothing(app, org, desk, visitor, live_page):
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
    assert app_queue_messages(app, Queue.MAIL) == []


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
        ("topics", ["Newsletter"], ["Newsletter"]),
        ("topics", ["Talent community"], ["Talent community"]),
        ("all", [], ["Job alerts", "Newsletter", "SMS", "Talent community"]),
    ],
)
def test_preferences_withdraw_consents(app, org, desk, visitor, live_page, action, topics, states):
    visitor.fill("/p/night-nurses", ticked=TICKED, **PERSON)
    desk.work()
    [candidate] = org.rows("SELECT Candidate_Key__c FROM Candidate__c")
    token = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: candidate["Candidate_Key__c"]})
    answer = visitor.fill(f"/preferences/{token}", action=action, topic=topics)
    assert answer.status == 303
    desk.work()
    rows = org.rows("SELECT Purpose__c FROM Consent__c WHERE State__c = 'Withdrawn'")
    assert sorted(row["Purpose__c"] for row in rows) == states
    suppressed = app.people.get(f"person#{candidate['Candidate_Key__c']}", "suppression")
    assert (suppressed is not None) == ("Talent community" in states)


def test_a_pause_defers_and_does_not_unsubscribe(app, org, desk, visitor, live_page):
    from integration.sending import why_not

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
