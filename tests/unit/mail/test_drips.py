"""A drip of three mails on each member's own calendar, against the embedded org."""

import pytest

from integration import campaigns, drips
from integration.ports import Queue
from integration.records import Application, JobRequisition, PoolMembership, RecruitingCampaign
from integration.sending import Reason, recover, suppress
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import campaign, deliver, person, pool


@pytest.fixture
def in_pool(app, org):
    return pool(app)


@pytest.fixture
def drip(app, in_pool):
    """Day 0, 3 and 7."""
    made = campaign(app, in_pool, kind="Drip", delays=(0, 3, 4))
    campaigns.launch(app, made)
    return made


def minute(app):
    """What the schedule does once a minute, and the senders behind it."""
    app.clock.move(minutes=1)
    drips.run_due(app)
    deliver(app, Queue.MAIL)


def enrollment(app):
    (row,) = app.salesforce.query(
        "SELECT State__c, Exit_Reason__c, Next_Step_At__c, Step__c, Key__c FROM Campaign_Enrollment__c"
    )
    return row


def test_member_gets_three_mails_on_their_own_days(app, in_pool, drip):
    _, first = person(app, 1, in_pool)
    drips.enrol(app, [first])
    minute(app)
    app.clock.move(days=1)
    _, second = person(app, 2, in_pool)
    drips.enrol(app, [second])
    counted = []
    for _ in range(9):
        minute(app)
        counted.append(sorted(mail["To"][6] for mail in app_sent_mail(app)))
        app.clock.move(days=1)
    assert counted[0] == ["1", "2"]
    assert counted[2] == ["1", "1", "2"]
    assert counted[3] == ["1", "1", "2", "2"]
    assert counted[8] == ["1", "1", "1", "2", "2", "2"]


def test_joining_twice_enrols_once(app, in_pool, drip):
    _, member = person(app, 1, in_pool)
    assert drips.enrol(app, [member]) == 1
    assert drips.enrol(app, [member]) == 0
    minute(app)
    minute(app)
    assert len(app_sent_mail(app)) == 1
    assert enrollment(app)["State__c"] == "Active"


def test_enrollment_ends_when_the_last_mail_is_out(app, in_pool, drip):
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    for _ in range(3):
        minute(app)
        app.clock.move(days=4)
    assert len(app_sent_mail(app)) == 3
    assert (enrollment(app)["State__c"], enrollment(app)["Next_Step_At__c"]) == ("Done", None)


def test_run_that_was_cut_off_repeats_without_a_second_mail(app, in_pool, drip):
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    app.clock.move(minutes=1)
    entries = [item for index in app.due.query("minutes") for item in app.due.query(index["sk"])]
    drips.run_due(app)
    for entry in entries:  # the crash came before the entry was taken off
        app.due.put({"pk": "minutes", "sk": entry["pk"]})
        app.due.put(entry)
    drips.run_due(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 1


@pytest.mark.parametrize("leave", ["unsubscribed", "left", "applied", "hired"])
def test_person_who_leaves_gets_nothing_more(app, in_pool, leave):
    job = app.salesforce.create(JobRequisition.API_NAME, {"Name": "REQ-1", JobRequisition.TITLE: "Engineer"})
    made = campaign(app, in_pool, kind="Drip", delays=(0, 3), **{RecruitingCampaign.REQUISITION: job})
    campaigns.launch(app, made)
    candidate, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    minute(app)
    if leave == "unsubscribed":
        suppress(app, "01CAND" + "1".zfill(20), Reason.UNSUBSCRIBED, app.clock.now())
    elif leave == "left":
        app.salesforce.update(PoolMembership.API_NAME, member, {PoolMembership.STATE: "Left"})
    else:
        values = {Application.CANDIDATE: candidate, Application.REQUISITION: job, Application.STAGE: leave.title()}
        if leave == "hired":
            values[Application.HIRED_AT] = app.clock.now().isoformat()
        app.salesforce.create(Application.API_NAME, values)
    app.clock.move(days=3)
    minute(app)
    assert len(app_sent_mail(app)) == 1
    reasons = {"unsubscribed": "Unsubscribed", "left": "Left the pool", "applied": "Applied", "hired": "Hired"}
    assert (enrollment(app)["State__c"], enrollment(app)["Exit_Reason__c"]) == ("Exited", reasons[leave])


def test_stop_ends_the_drip_at_once(app, in_pool, drip):
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    assert drips.stop(app, "01CAND" + "1".zfill(20), "Replied") == 1
    minute(app)
    assert app_sent_mail(app) == []
    assert enrollment(app)["Exit_Reason__c"] == "Replied"


def test_cancelled_drip_lets_everybody_go(app, in_pool, drip):
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    campaigns.cancel(app, drip)
    minute(app)
    assert app_sent_mail(app) == []
    assert enrollment(app)["Exit_Reason__c"] == "The campaign was cancelled"


def test_paused_drip_keeps_everybodys_place(app, in_pool, drip):
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    campaigns.pause(app, drip)
    minute(app)
    campaigns.resume(app, drip)
    app.clock.move(hours=1)
    minute(app)
    assert len(app_sent_mail(app)) == 1


def test_members_from_before_the_launch_are_not_enrolled_by_it(app, in_pool):
    person(app, 1, in_pool)
    campaigns.launch(app, campaign(app, in_pool, kind="Drip"))
    minute(app)
    assert app_sent_mail(app) == []


def test_step_lost_with_the_queue_is_queued_again_after_an_unclean_stop(app, in_pool, drip):
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    app.clock.move(minutes=1)
    drips.run_due(app)
    app_queue_messages(app, Queue.MAIL)
    recover(app)
    deliver(app, Queue.MAIL)
    recover(app)
    deliver(app, Queue.MAIL)
    assert len(app_sent_mail(app)) == 1
