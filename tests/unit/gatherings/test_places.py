"""From the page to the list: places, the waiting list, mails with calendar files, reminders, the end."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

import pytest
import vobject

from integration import gatherings
from integration.errors import Rejected
from integration.gatherings import reminding
from integration.gatherings.reading import read
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import Consent, RecruitingEvent, Touchpoint
from integration.registration.worker import receive
from tests.app_fixture import app_sent_mail
from tests.unit.gatherings.fairs import ENDS, STARTS, Fair, post


@pytest.fixture
def fair(app, org):
    made = Fair(app, **{RecruitingEvent.CAPACITY: 2})
    made.publish()
    return made


def mails(app):
    """(to, subject) of what was sent since the last look."""
    post(app)
    found = [(parseaddr(mail["To"])[1].partition("@")[0], mail["Subject"]) for mail in app_sent_mail(app)]
    seen, app.looked_at = getattr(app, "looked_at", 0), len(found)
    return found[seen:]


def calendar_of(mail):
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return part.get_param("method"), vobject.readOne(part.get_content()).vevent


def test_first_come_have_a_place_and_the_others_wait(app, fair):
    for name in ("Ann", "Ben", "Cleo", "Dan"):
        fair.registers(name)
    assert fair.states() == {"Ann": "Registered", "Ben": "Registered", "Cleo": "Waiting", "Dan": "Waiting"}
    title = ": Open day at the mill"
    assert mails(app) == [
        ("ann", "You have a place" + title),
        ("ben", "You have a place" + title),
        ("cleo", "You are on the waiting list" + title),
        ("dan", "You are on the waiting list" + title),
    ]


def test_a_place_that_frees_moves_the_next_one_up_once(app, fair):
    for name in ("Ann", "Ben", "Cleo", "Dan"):
        fair.registers(name)
    mails(app)
    fair.gives_up("Ann")
    fair.gives_up("Ann")
    gatherings.tend(app)
    assert fair.states() == {"Ann": "Cancelled", "Ben": "Registered", "Cleo": "Registered", "Dan": "Waiting"}
    assert sorted(mails(app)) == [
        ("ann", "Your place is given up: Open day at the mill"),
        ("cleo", "A place is free, and it is yours: Open day at the mill"),
    ]
    assert (fair.read(RecruitingEvent.REGISTERED), fair.read(RecruitingEvent.WAITING)) == (2, 1)


def test_the_same_form_twice_is_one_place_and_one_mail(app, fair):
    sent = fair.registers("Ann")
    receive(app, sent.as_message())
    fair.registers("Ann")
    gatherings.tend(app)
    assert fair.states() == {"Ann": "Registered"}
    assert len(mails(app)) == 1


def test_more_places_move_the_list_up(app, fair):
    for name in ("Ann", "Ben", "Cleo"):
        fair.registers(name)
    fair.update(**{RecruitingEvent.CAPACITY: 3})
    fair.publish()
    gatherings.tend(app)
    assert fair.states()["Cleo"] == "Registered"


def test_a_worker_that_died_before_its_mail_is_made_good_within_a_minute(app, fair, monkeypatch):
    real = app.queues.send_many

    def killed(queue, messages):
        if queue is Queue.MAIL:
            raise RuntimeError("killed")
        real(queue, messages)

    with monkeypatch.context() as broken:
        broken.setattr(app.queues, "send_many", killed)
        with pytest.raises(RuntimeError, match="killed"):
            fair.registers("Ann")
    assert fair.states() == {"Ann": "Registered"}
    gatherings.tend(app)
    assert mails(app) == [("ann", "You have a place: Open day at the mill")]


def test_confirmation_puts_the_event_into_the_calendar_in_every_zone(app, fair):
    fair.registers("Ann")
    post(app)
    [mail] = app_sent_mail(app)
    method, entry = calendar_of(mail)
    assert (method, entry.dtstart.value, entry.dtend.value) == ("PUBLISH", STARTS, ENDS)
    assert entry.summary.value == "Open day at the mill"
    assert entry.location.value == "1 Mill Lane, Cork"
    words = mail.get_body(("plain",)).get_content()
    assert "12 March 2026, 17:00 – 19:00 (Europe/Dublin)" in words
    assert "Hello Ann" in words
    assert mail["List-Unsubscribe"] is None


def test_a_change_of_time_rises_the_number_and_keeps_the_entry(app, fair):
    fair.registers("Ann")
    later = STARTS + timedelta(days=20)
    fair.update(
        **{
            RecruitingEvent.STARTS_AT: later.isoformat(),
            RecruitingEvent.ENDS_AT: (later + timedelta(hours=2)).isoformat(),
        }
    )
    assert "1 people get a mail" in fair.publish()
    post(app)
    (_, before), (_, after) = map(calendar_of, app_sent_mail(app))
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) == int(before.sequence.value) + 1
    assert after.dtstart.value == later
    assert "1 April 2026, 18:00" in app_sent_mail(app)[1].get_body(("plain",)).get_content()  # summer time by then
    assert "people" not in fair.publish()


def test_calling_it_off_tells_everybody_and_empties_calendars(app, fair):
    for name in ("Ann", "Ben", "Cleo"):
        fair.registers(name)
    mails(app)
    gatherings.cancel(app, fair.id)
    gatherings.cancel(app, fair.id)
    assert sorted(mails(app)) == [
        (who, "The event is called off: Open day at the mill") for who in ("ann", "ben", "cleo")
    ]
    method, entry = calendar_of(app_sent_mail(app)[-1])
    first = calendar_of(app_sent_mail(app)[0])[1]
    assert (method, entry.status.value, entry.uid.value) == ("CANCEL", "CANCELLED", first.uid.value)
    assert int(entry.sequence.value) > int(first.sequence.value)
    app.clock.at = STARTS - timedelta(minutes=90)
    gatherings.tend(app)
    fair.registers("Eve")
    assert mails(app) == []
    assert "Eve" not in fair.states()


def test_reminders_go_once_each_to_who_still_comes(app, fair):
    for name in ("Ann", "Ben", "Cleo"):
        fair.registers(name)
    mails(app)
    app.clock.at = STARTS - timedelta(days=1, minutes=1)
    assert gatherings.tend(app) == 0
    app.clock.at = STARTS - timedelta(days=1)
    assert gatherings.tend(app) == 2
    assert sorted(mails(app)) == [("ann", "Tomorrow: Open day at the mill"), ("ben", "Tomorrow: Open day at the mill")]
    fair.gives_up("Ann")
    mails(app)
    app.clock.at = STARTS - timedelta(hours=2)
    gatherings.tend(app)
    gatherings.tend(app)
    assert sorted(mails(app)) == [
        ("ben", "It begins in two hours: Open day at the mill"),
        ("cleo", "It begins in two hours: Open day at the mill"),
    ]


def test_a_reminder_goes_by_the_clock_of_the_place_when_the_clocks_change(app, org):
    starts = datetime(2026, 3, 29, 17, 0, tzinfo=UTC)  # summer time begins that morning
    made = Fair(
        app,
        **{
            RecruitingEvent.STARTS_AT: starts.isoformat(),
            RecruitingEvent.ENDS_AT: (starts + timedelta(hours=1)).isoformat(),
        },
    )
    assert reminding.times(read(app, made.id))["tomorrow"] == datetime(2026, 3, 28, 18, 0, tzinfo=UTC)


def test_an_event_that_moved_reminds_at_the_new_time_only(app, fair):
    fair.registers("Ann")
    later = STARTS + timedelta(days=5)
    fair.update(
        **{
            RecruitingEvent.STARTS_AT: later.isoformat(),
            RecruitingEvent.ENDS_AT: (later + timedelta(hours=2)).isoformat(),
        }
    )
    fair.publish()
    mails(app)
    app.clock.at = STARTS - timedelta(hours=23)
    assert gatherings.tend(app) == 0
    app.clock.at = later - timedelta(hours=23)
    assert gatherings.tend(app) == 1


def test_the_link_in_the_mail_is_the_person_s_own(app, fair):
    fair.registers("Ann")
    post(app)
    words = app_sent_mail(app)[0].get_body(("plain",)).get_content()
    [token] = re.findall(r"/place/(\S+)", words)
    claims = app.links.read(Purpose.PLACE, token, app.clock.now())
    assert (claims[link.CANDIDATE], claims[link.ITEM]) == (fair.person("Ann")["key"], fair.id)


def test_a_box_that_was_ticked_waits_for_a_proof_of_the_address(app, fair):
    fair.registers("Ann", purposes=("Talent community",), consent_version="en-1")
    [row] = app.salesforce.query("SELECT State__c FROM Consent__c")
    assert row[Consent.STATE] == "Pending"


def test_completing_tells_who_came_from_who_did_not(app, fair):
    for name in ("Ann", "Ben", "Cleo"):
        fair.registers(name)
    app.salesforce.update("Event_Attendance__c", fair.person("Ben")["id"], {"State__c": "Attended"})
    with pytest.raises(Rejected, match="not begun"):
        gatherings.complete(app, fair.id)
    app.clock.at = ENDS
    assert gatherings.complete(app, fair.id).startswith("Completed: 1 came, 1 had a place")
    gatherings.complete(app, fair.id)
    gatherings.tend(app)
    assert fair.states() == {"Ann": "No-show", "Ben": "Attended", "Cleo": "Waiting"}
    assert fair.read(RecruitingEvent.ATTENDED) == 1
    assert fair.read(RecruitingEvent.NO_SHOW) == 1
    touches = app.salesforce.query("SELECT Kind__c, Candidate__c FROM Touchpoint__c WHERE Kind__c = 'Attended'")
    assert [row[Touchpoint.CANDIDATE] for row in touches] == [fair.person("Ben")["candidate"]]


def test_an_event_that_nobody_completes_is_completed_by_itself(app, fair):
    fair.registers("Ann")
    app.clock.at = ENDS + timedelta(hours=24)
    gatherings.tend(app)
    assert fair.states() == {"Ann": "No-show"}
    assert fair.read(RecruitingEvent.STATUS) == "Completed"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({RecruitingEvent.TIME_ZONE: "Europe/Cork"}, "is no time zone"),
        ({RecruitingEvent.PLACE: ""}, "Neither Place nor Online address"),
        ({RecruitingEvent.STARTS_AT: None, RecruitingEvent.ENDS_AT: None}, "Starts at or Ends at is empty"),
        ({RecruitingEvent.ONLINE_URL: "http://meet.example/x"}, "Start it with https://"),
    ],
)
def test_what_cannot_be_shown_is_said_and_nothing_is_published(app, org, fields, words):
    made = Fair(app, **fields)
    with pytest.raises(Rejected, match=words):
        made.publish()
    assert made.read(RecruitingEvent.STATUS) == "Draft"
