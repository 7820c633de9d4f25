"""After an event: drips send one mail to who came and another to who did not, on the clock of the stage."""

import pytest

from integration import campaigns, drips, gatherings
from integration.ports import Queue
from integration.records import Brand, CampaignStep, RecruitingEvent
from integration.soql import select
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.gatherings.fairs import ENDS, Fair, post
from tests.unit.mail.story import campaign, pool, template


@pytest.fixture
def in_pool(app, org):
    return pool(app, "Open day")


def series(app, in_pool, word, subject, **changes):
    """A drip of one mail that waits for what becomes of the event."""
    [brand] = app.salesforce.query(select(Brand.API_NAME, ["Id"]))
    made = campaign(
        app,
        in_pool,
        kind="Drip",
        templates=[template(app, subject, Subject__c=subject)],
        brand=brand["Id"],
    )
    [row] = app.salesforce.query(f"SELECT Id FROM Campaign_Step__c WHERE Campaign__c = '{made}'")
    wait = {CampaignStep.WAIT_FOR: word, CampaignStep.WAIT_DAYS: 20, CampaignStep.AT_TIME_OUT: "Skip this step"}
    app.salesforce.update("Campaign_Step__c", row["Id"], wait | changes)
    campaigns.launch(app, made)
    return made


def enrol(app):
    members = app.salesforce.query("SELECT Id FROM Pool_Membership__c")
    drips.enrol(app, [row["Id"] for row in members])


def minutes(app, count=3):
    for _ in range(count):
        app.clock.move(minutes=1)
        drips.run_due(app)
        gatherings.tend(app)
        post(app)


def subjects(app):
    told = ("You have a place", "Tomorrow", "It begins")
    return sorted((mail["To"], mail["Subject"]) for mail in app_sent_mail(app) if not mail["Subject"].startswith(told))


def over(app, fair, *came):
    """The event passes; the people of these names came."""
    for name in came:
        app.salesforce.update("Event_Attendance__c", fair.person(name)["id"], {"State__c": "Attended"})
    app.clock.at = ENDS
    gatherings.complete(app, fair.id)
    minutes(app)


def joined(app, fair, *names):
    for name in names:
        fair.registers(name)
    app_queue_messages(app, Queue.CHANGES)
    enrol(app)
    minutes(app)


def test_who_came_and_who_did_not_get_their_own_mail_once(app, in_pool):
    fair = Fair(app, **{RecruitingEvent.POOL: in_pool})
    fair.publish()
    series(app, in_pool, "Event attended", "Thank you for coming")
    series(app, in_pool, "Event missed", "We missed you")
    joined(app, fair, "Ann", "Ben")
    assert subjects(app) == []
    over(app, fair, "Ann")
    expected = [("ann@people.example", "Thank you for coming"), ("ben@people.example", "We missed you")]
    assert subjects(app) == expected
    gatherings.complete(app, fair.id)
    app.clock.move(days=21)
    minutes(app)
    assert subjects(app) == expected


def test_a_step_can_be_for_those_who_missed_it_only(app, in_pool):
    fair = Fair(app, **{RecruitingEvent.POOL: in_pool})
    fair.publish()
    both = {CampaignStep.DELAY_DAYS: 14, CampaignStep.WAIT_FOR: "Nothing", CampaignStep.CONDITION: "Missed an event"}
    series(app, in_pool, "Nothing", "We missed you", **both)
    joined(app, fair, "Ann", "Ben")
    over(app, fair, "Ann")
    app.clock.move(days=14)
    minutes(app)
    assert subjects(app) == [("ben@people.example", "We missed you")]


def test_who_gave_the_place_up_has_missed_nothing(app, in_pool):
    fair = Fair(app, **{RecruitingEvent.POOL: in_pool})
    fair.publish()
    series(app, in_pool, "Event missed", "We missed you")
    joined(app, fair, "Ann")
    fair.gives_up("Ann")
    over(app, fair)
    assert [subject for _, subject in subjects(app) if subject == "We missed you"] == []
