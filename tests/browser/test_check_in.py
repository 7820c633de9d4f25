"""The check-in page on a device that loses its network: 200 ticks and three walk-ins, each counted once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from integration import gatherings
from integration.model.vocabulary import AttendanceState
from integration.ports import Queue
from integration.records import Candidate, EventAttendance, RecruitingEvent
from integration.registration.worker import receive
from tests.app_fixture import app_queue_messages
from tests.unit.gatherings.fairs import Fair

pytestmark = pytest.mark.browser
PEOPLE = 200


@pytest.fixture
def fair(app, org, site):
    """An event with 200 people who have a place."""
    made = Fair(app)
    made.publish()
    rows = [
        {
            Candidate.FIRST_NAME: f"First{number:03}",
            Candidate.LAST_NAME: f"Last{number:03}",
            Candidate.EMAIL: f"p{number}@people.example",
            Candidate.CANDIDATE_KEY: f"01CAND{number:020}",
        }
        for number in range(PEOPLE)
    ]
    people = [one.id for one in app.salesforce.create_many(Candidate.API_NAME, rows)]
    outcomes = app.salesforce.create_many(
        EventAttendance.API_NAME,
        [
            {
                EventAttendance.CANDIDATE: one,
                EventAttendance.EVENT: made.id,
                EventAttendance.STATE: AttendanceState.REGISTERED,
            }
            for one in people
        ],
    )
    assert all(outcome.success for outcome in outcomes)
    # The browser's clock is today's, so the event is too.
    app.clock.at = now = datetime.now(UTC)
    made.update(
        **{
            RecruitingEvent.STARTS_AT: (now - timedelta(hours=1)).isoformat(timespec="seconds"),
            RecruitingEvent.ENDS_AT: (now + timedelta(hours=3)).isoformat(timespec="seconds"),
        }
    )
    gatherings.open_check_in(app, made.id)
    return made


@pytest.fixture
def device(browser, fair):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield context.new_page()
    context.close()


def opened(device, fair):
    device.goto(fair.read(RecruitingEvent.CHECK_IN_URL))
    device.wait_for_selector("[data-people] button")
    device.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _ in range(100):
        if device.evaluate("caches.open('warmbench-check-in-1').then(c => c.keys()).then(k => k.length >= 4)"):
            return
        device.wait_for_timeout(100)
    pytest.fail("the shell of the page was not kept")


def add(device, name, email, consent=False):
    if not device.locator("[data-walk-in][open]").count():
        device.locator("[data-walk-in] summary").click()
    device.fill("#first_name", name)
    device.fill("#last_name", "Walker")
    device.fill("#email", email)
    if consent:
        device.check("[name=consent]")
    device.click("[data-form] button[type=submit]")


def work(app):
    messages = app_queue_messages(app, Queue.REGISTRATIONS)
    for message in messages:
        receive(app, message)
    return len(messages)


@pytest.mark.slow
def test_two_hundred_ticks_and_three_walk_ins_without_a_network_count_once(app, fair, device):
    opened(device, fair)
    device.context.set_offline(True)
    device.reload()
    device.wait_for_selector("[data-people] button")
    assert "offline" in device.text_content("[data-status]")
    assert device.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"  # with its look
    assert device.locator("[data-people] button").count() == PEOPLE
    for start in range(PEOPLE):
        device.evaluate("number => document.querySelectorAll('[data-people] button')[number].click()", start)
    for number in range(3):
        add(device, f"Wally{number}", f"w{number}@people.example", consent=number == 0)
    assert device.text_content("[data-status]").startswith("203 waiting to be sent")
    device.reload()
    device.wait_for_selector("[data-people] button")
    assert device.text_content("[data-status]").startswith("203 waiting to be sent")

    # The first answers are lost on their way back, so the same entries are sent again.
    lost = {"left": 2}

    def lose(route):
        if lost["left"] and route.request.method == "POST":
            lost["left"] -= 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    device.route(re.compile(r"/people$"), lose)
    device.context.set_offline(False)
    for _ in range(120):
        device.evaluate("window.dispatchEvent(new Event('online'))")
        device.wait_for_timeout(500)
        if device.text_content("[data-status]") == "Everything is sent.":
            break
    assert device.text_content("[data-status]") == "Everything is sent."
    assert lost["left"] == 0
    assert work(app) > PEOPLE + 3
    assert app.salesforce.count("SELECT COUNT() FROM Event_Attendance__c WHERE State__c = 'Attended'") == PEOPLE + 3
    assert app.salesforce.count("SELECT COUNT() FROM Event_Attendance__c") == PEOPLE + 3
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == PEOPLE + 3
    assert app.salesforce.count("SELECT COUNT() FROM Consent__c") == 1
    gatherings.tend(app)
    assert fair.read(RecruitingEvent.ATTENDED) == PEOPLE + 3
    assert device.evaluate("Object.keys(localStorage).filter(key => key.startsWith('waiting')).length") == 0
    assert "people.example" not in device.evaluate("JSON.stringify(localStorage)")


def test_search_undo_and_wrong_walk_ins(app, fair, device):
    opened(device, fair)
    device.fill("#seek", "last042")
    assert device.locator("[data-people] button").count() == 1
    device.click("[data-people] button")
    expect(device.locator("[data-status]")).to_have_text("Everything is sent.", timeout=15_000)
    assert device.get_attribute("[data-people] button", "aria-pressed") == "true"
    device.click("[data-people] button")
    expect(device.locator("[data-status]")).to_have_text("Everything is sent.", timeout=15_000)
    assert device.get_attribute("[data-people] button", "aria-pressed") == "false"
    work(app)
    assert set(fair.states().values()) == {"Registered"}
    device.fill("#seek", "nobody at all")
    assert "Add them below" in device.text_content("[data-people]")
    add(device, "Wally", "no address")
    assert device.text_content("[data-problem]") == "Enter an e-mail address like name@example.com."


def test_a_link_that_was_taken_back_empties_the_device(app, fair, device):
    opened(device, fair)
    assert "Last042" in device.evaluate("JSON.stringify(localStorage)")
    gatherings.close_check_in(app, fair.id)
    device.context.set_offline(True)
    device.locator("[data-people] button").first.click()
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    expect(device.locator("[data-status]")).to_contain_text("removed from this device", timeout=15_000)
    assert device.evaluate("localStorage.length") == 0
    assert "Last042" not in device.content()
