"""The event's page, the person's own place, and the door, as a visitor without JavaScript and a device see them."""

import json
import re

import pytest

from integration import gatherings
from integration.errors import TryAgain
from integration.model import link, snapshot
from integration.model.link import Purpose
from integration.model.registration import Kind
from integration.model.ulid import ulid
from integration.ports import Queue
from integration.records import RecruitingEvent
from integration.registration.worker import receive
from integration.syndication.surfaces import rebuild_listing
from lambdas.site.web import create_app
from tests.app_fixture import app_queue_messages
from tests.unit.gatherings.fairs import ENDS, Fair, post
from tests.unit.site.visitor import Visitor

ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann@people.example"}


@pytest.fixture
def fair(app, org):
    made = Fair(app, **{RecruitingEvent.CAPACITY: 2})
    made.publish()
    return made


@pytest.fixture
def visitor(app):
    return Visitor(create_app(app, cache_seconds=0), app)


def work(app):
    for message in app_queue_messages(app, Queue.REGISTRATIONS):
        receive(app, message)


def test_the_page_says_when_and_where_to_people_and_to_machines(app, fair, visitor):
    page = visitor.get("/events/open-day")
    assert page.status == 200
    assert "12 March 2026, 17:00 – 19:00 (Europe/Dublin)" in page.text
    assert '<meta property="og:title" content="Open day at the mill">' in page.text
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    told = json.loads(data)
    assert told["@type"] == "Event"
    assert told["startDate"] == "2026-03-12T17:00:00+00:00"
    assert told["location"]["address"] == "1 Mill Lane, Cork"
    assert told["eventStatus"].endswith("EventScheduled")


def test_registering_is_durable_before_the_thanks_and_needs_no_box(app, fair, visitor):
    answer = visitor.fill("/events/open-day", **ANN)
    assert (answer.status, answer.headers["location"]) == (303, "/thanks/place?event=open-day")
    assert "it says whether you have a place" in visitor.get(answer.headers["location"]).text
    work(app)
    assert fair.states() == {"Ann": "Registered"}
    assert app.salesforce.count("SELECT COUNT() FROM Consent__c") == 0


def test_a_box_that_is_ticked_is_a_consent_of_its_own(app, fair, visitor):
    visitor.fill("/events/open-day", ticked=["Talent community"], **ANN)
    work(app)
    [row] = app.salesforce.query("SELECT Purpose__c, State__c FROM Consent__c")
    assert (row["Purpose__c"], row["State__c"]) == ("Talent community", "Pending")


def test_who_is_known_gets_the_same_thanks(app, fair, visitor):
    fair.registers("Ann")
    known = visitor.fill("/events/open-day", **ANN)
    new = visitor.fill("/events/open-day", **ANN | {"email": "new@people.example"})
    assert (known.status, known.headers["location"], known.data) == (new.status, new.headers["location"], new.data)


def test_the_page_stands_while_the_org_and_the_queue_are_down(app, fair, visitor, monkeypatch):
    monkeypatch.setattr(app, "salesforce", None)
    assert visitor.get("/events/open-day").status == 200
    monkeypatch.setattr(app.queues, "send", lambda *_, **__: (_ for _ in ()).throw(TryAgain("down")))
    answer = visitor.fill("/events/open-day", **ANN)
    assert answer.status == 503
    assert 'value="ann@people.example"' in answer.text


def test_many_forms_from_one_network_are_held_back(app, fair, visitor):
    answers = [
        visitor.fill("/events/open-day", **ANN | {"email": f"a{number}@people.example"}).status
        for number in range(app.config.registrations_per_network + 1)
    ]
    assert answers[-2:] == [303, 429]


def test_wrong_answers_are_said_beside_their_field(app, fair, visitor):
    answer = visitor.fill("/events/open-day", **ANN | {"email": "ann"})
    assert answer.status == 400
    assert "That is not an e-mail address" in answer.text
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []


def test_a_full_event_offers_its_waiting_list_and_a_past_one_nothing(app, fair, visitor):
    fair.registers("Ben")
    fair.registers("Cleo")
    gatherings.tend(app)
    assert "All places are taken." in visitor.get("/events/open-day").text
    app.clock.at = ENDS
    page = visitor.get("/events/open-day")
    assert "This event is over" in page.text
    assert page.forms == []
    assert visitor.post("/events/open-day", ANN).status == 410


def test_an_event_that_is_called_off_says_so(app, fair, visitor):
    gatherings.cancel(app, fair.id)
    page = visitor.get("/events/open-day")
    assert "This event is called off" in page.text
    assert "EventCancelled" in page.text


def test_a_page_in_german_speaks_german(app, org, visitor):
    Fair(app, **{RecruitingEvent.LANGUAGE: "de"}).publish()
    page = visitor.get("/events/open-day", headers={"accept-language": "es"})
    assert "12. März 2026, 17:00 – 19:00" in page.text
    assert "Anmelden" in page.text
    assert 'lang="de"' in page.text


def test_a_new_address_part_forwards_the_old_one(app, fair, visitor):
    fair.update(**{RecruitingEvent.SLUG: "mill-day"})
    fair.publish()
    answer = visitor.get("/events/open-day")
    assert (answer.status, answer.headers["location"]) == (301, "/events/mill-day")
    assert visitor.get("/events/mill-day").status == 200


def test_text_of_a_record_never_becomes_markup(app, org, visitor):
    nasty = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    Fair(app, **{"Name": nasty[:80], RecruitingEvent.DESCRIPTION: nasty, RecruitingEvent.PLACE: nasty}).publish()
    page = visitor.get("/events/open-day").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count("</script>") == 1


def place_of(app, fair, name):
    claims = {link.CANDIDATE: fair.person(name)["key"], link.ITEM: fair.id, link.DOOR: "open-day", link.LANGUAGE: "en"}
    return f"/place/{app.links.sign(Purpose.PLACE, claims)}"


def test_looking_gives_nothing_up_and_the_button_does(app, fair, visitor):
    fair.registers("Ann")
    address = place_of(app, fair, "Ann")
    page = visitor.get(address)
    assert "Ann" not in page.text.replace("Andere", "")
    assert page.headers["cache-control"] == "private, no-store"
    work(app)
    assert fair.states() == {"Ann": "Registered"}
    assert visitor.fill(address).status == 303
    work(app)
    assert fair.states() == {"Ann": "Cancelled"}


def test_a_link_of_another_door_or_event_opens_nothing(app, fair, visitor):
    fair.registers("Ann")
    claims = {link.CANDIDATE: "x", link.ITEM: "a0X000000000001AAA", link.DOOR: "open-day"}
    assert visitor.get(f"/place/{app.links.sign(Purpose.PLACE, claims)}").status == 404
    assert visitor.get(f"/place/{app.links.sign(Purpose.PREFERENCES, claims)}").status == 404


# The door


@pytest.fixture
def door(app, fair):
    for name in ("Ann", "Ben", "Cleo"):
        fair.registers(name)
    gatherings.open_check_in(app, fair.id)
    return fair.read(RecruitingEvent.CHECK_IN_URL).removeprefix(app.config.public_base_url)


def sync(visitor, door, entries):
    return visitor.ask("POST", f"{door}/people", body=json.dumps(entries), headers={"content-type": "application/json"})


def came(app, fair, name, act="came"):
    app.clock.move(seconds=1)
    return {"id": ulid(app.clock.now()), "act": act, "attendance": fair.person(name)["id"]}


def test_the_door_s_list_has_names_and_states_and_no_address(app, fair, door, visitor):
    told = visitor.get(f"{door}/people")
    assert "people.example" not in told.text
    people = json.loads(told.text)["people"]
    assert [(one["name"], one["state"]) for one in people] == [
        ("Ann Tester", "Registered"),
        ("Ben Tester", "Registered"),
        ("Cleo Tester", "Waiting"),
    ]
    assert set(people[0]) == {"id", "name", "state"}
    page = visitor.get(door)
    assert "Ann" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


def test_a_tick_sent_five_times_is_one(app, fair, door, visitor):
    entry = came(app, fair, "Ann")
    for _ in range(5):
        answer = sync(visitor, door, [entry])
        assert (answer.status, json.loads(answer.text)["taken"]) == (202, [entry["id"]])
        work(app)
    assert fair.states() == {"Ann": "Attended", "Ben": "Registered", "Cleo": "Waiting"}
    gatherings.tend(app)
    assert json.loads(visitor.get(f"{door}/people").text)["people"][0]["state"] == "Attended"
    assert fair.read(RecruitingEvent.ATTENDED) == 1


def test_the_last_word_at_the_door_stands_whichever_device_sends_first(app, fair, door, visitor):
    ticked, undone = came(app, fair, "Ann"), came(app, fair, "Ann", "undo")
    sync(visitor, door, [undone])
    work(app)
    sync(visitor, door, [ticked])
    work(app)
    assert fair.states()["Ann"] == "Registered"


def test_a_walk_in_is_a_candidate_with_the_consent_that_was_given(app, fair, door, visitor):
    app.clock.move(seconds=1)
    entry = {"id": ulid(app.clock.now()), "act": "walk-in", "consent": ["Talent community", "Newsletter"]}
    entry |= {"first_name": "Wally", "last_name": "Tester", "email": "wally@people.example"}
    sync(visitor, door, [entry, entry])
    sync(visitor, door, [entry])
    work(app)
    assert fair.states()["Wally"] == "Attended"
    [consent] = app.salesforce.query("SELECT Purpose__c FROM Consent__c")
    assert consent["Purpose__c"] == "Talent community"  # only what the event asks for
    [row] = app.salesforce.query("SELECT Walk_In__c FROM Event_Attendance__c WHERE State__c = 'Attended'")
    assert row["Walk_In__c"] is True


def test_somebody_who_registered_and_is_added_at_the_door_is_one_person(app, fair, door, visitor):
    app.clock.move(seconds=1)
    entry = {"id": ulid(app.clock.now()), "act": "walk-in", **ANN}
    sync(visitor, door, [entry])
    work(app)
    assert fair.states() == {"Ann": "Attended", "Ben": "Registered", "Cleo": "Waiting"}


@pytest.mark.parametrize(
    "body", ["", "[", "{}", "[1]", '[{"id": "x"}]', "null", json.dumps([{"id": "0" * 26}] * 101), '[{"id": {}}]']
)
def test_what_is_no_list_of_entries_is_refused_whole(app, fair, door, visitor, body):
    answer = visitor.ask("POST", f"{door}/people", body=body, headers={"content-type": "application/json"})
    assert answer.status == 400
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []


def test_one_bad_entry_holds_up_no_good_one(app, fair, door, visitor):
    good = came(app, fair, "Ann")
    bad = [
        {"id": ulid(app.clock.now()), "act": "came", "attendance": "x'; --"},
        {
            "id": ulid(app.clock.now()),
            "act": "walk-in",
            "first_name": "www.spam.example",
            "last_name": "B",
            "email": "b",
        },
        {"id": ulid(app.clock.now()), "act": "burn"},
    ]
    told = json.loads(sync(visitor, door, [*bad, good]).text)
    assert told["taken"] == [good["id"]]
    assert set(told["refused"]) == {entry["id"] for entry in bad}
    assert all(re.fullmatch(r"[A-Z].*\.", words) for words in told["refused"].values())
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)
    assert message["kind"] == Kind.CHECK_IN


def test_an_entry_of_another_event_ticks_nobody(app, fair, door, visitor):
    other = Fair(app, **{RecruitingEvent.SLUG: "other-day"})
    other.publish()
    other.registers("Zoe")
    entry = {"id": ulid(app.clock.now()), "act": "came", "attendance": other.person("Zoe")["id"]}
    sync(visitor, door, [entry])
    work(app)
    assert other.states() == {"Zoe": "Registered"}


def test_a_link_that_is_taken_back_replaced_or_over_shows_nothing(app, fair, door, visitor):
    gatherings.open_check_in(app, fair.id)
    second = fair.read(RecruitingEvent.CHECK_IN_URL).removeprefix(app.config.public_base_url)
    assert [visitor.get(f"{one}/people").status for one in (door, second)] == [404, 200]
    gatherings.close_check_in(app, fair.id)
    assert [visitor.get(second).status, sync(visitor, second, []).status] == [404, 404]
    gatherings.open_check_in(app, fair.id)
    third = fair.read(RecruitingEvent.CHECK_IN_URL).removeprefix(app.config.public_base_url)
    app.clock.at = ENDS.replace(day=15)
    assert visitor.get(third).status == 404


def test_a_device_that_sends_after_the_end_makes_a_no_show_good(app, fair, door, visitor):
    entry = came(app, fair, "Ann")
    app.clock.at = ENDS
    gatherings.complete(app, fair.id)
    assert fair.states()["Ann"] == "No-show"
    sync(visitor, door, [entry])
    work(app)
    assert fair.states()["Ann"] == "Attended"
    assert app.salesforce.count("SELECT COUNT() FROM Touchpoint__c WHERE Kind__c = 'Attended'") == 1
    post(app)


def test_the_sitemap_names_events_to_which_people_can_still_come(app, fair):
    rebuild_listing(app)
    assert b"/events/open-day" in app.site.read(snapshot.SITEMAP)
    app.clock.at = ENDS
    rebuild_listing(app)
    assert b"/events/open-day" not in app.site.read(snapshot.SITEMAP)
