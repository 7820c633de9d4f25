"""Waits and branches of a drip on the real parts: records in, mails out, and what a recruiter sees of each person."""

import pytest

from integration import campaigns, drips
from integration.campaigns.rehearsing import rehearse
from integration.errors import Rejected
from integration.model.signal import Signal, SignalKind
from integration.ports import Queue
from integration.records import CampaignStep, RecruitingCampaign, TalentPool
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import campaign, deliver, join, person, pool, record, template

KEY = "01CAND" + "1".zfill(20)
NOT_CLICKED = {CampaignStep.CONDITION: "Not clicked", CampaignStep.ABOUT_STEP: 1}
CLICKED = {CampaignStep.CONDITION: "Clicked", CampaignStep.ABOUT_STEP: 1}


@pytest.fixture
def in_pool(app, org):
    return pool(app)


def drip(app, in_pool, *asks, delays=(0, 3, 0), **changes):
    """A drip whose later steps have the given waits or conditions; its mails are called Mail 1, Mail 2, Mail 3."""
    names = [template(app, f"Mail {n}", Subject__c=f"Mail {n}") for n in range(1, len(delays) + 1)]
    made = campaign(app, in_pool, kind="Drip", delays=delays, templates=names, **changes)
    for row, ask in zip(steps(app, made)[1:], asks, strict=False):
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], ask)
    return made


def steps(app, made):
    return app.salesforce.query(f"SELECT Id FROM Campaign_Step__c WHERE Campaign__c = '{made}' ORDER BY Order__c")


def launched(app, in_pool, *asks, **changes):
    made = drip(app, in_pool, *asks, **changes)
    campaigns.launch(app, made)
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    return made


def run(app, **later):
    """The clock moves, then what the schedule does in the next minutes, and the senders behind it."""
    app.clock.move(**later)
    for _ in range(3):
        app.clock.move(minutes=1)
        drips.run_due(app)
        deliver(app, Queue.MAIL)


def sent(app):
    return [mail["Subject"] for mail in app_sent_mail(app)]


def enrollment(app):
    (row,) = app.salesforce.query(
        "SELECT State__c, Exit_Reason__c, Waiting_For__c, Next_Step_At__c FROM Campaign_Enrollment__c"
    )
    return row


def click(app, made, number=0, cause="c1", kind=SignalKind.CLICKED):
    step = steps(app, made)[number]["Id"]
    return Signal(kind, KEY, app.clock.now().isoformat(), cause, campaign=made, step=step)


@pytest.mark.parametrize("clicks", [True, False])
def test_who_clicks_gets_another_mail_than_who_does_not(app, in_pool, clicks):
    made = launched(app, in_pool, CLICKED, NOT_CLICKED)
    run(app)
    if clicks:
        drips.hear(app, [click(app, made)])
    run(app, days=3)
    assert sent(app) == ["Mail 1", "Mail 2" if clicks else "Mail 3"]
    assert enrollment(app)["State__c"] == "Done"


def test_a_waiting_step_goes_within_minutes_of_the_click_and_once(app, in_pool):
    wait = {CampaignStep.WAIT_FOR: "Click", CampaignStep.WAIT_DAYS: 10}
    made = launched(app, in_pool, wait, delays=(0, 2))
    run(app)
    run(app, days=4)
    assert sent(app) == ["Mail 1"]
    assert "once they click, for 10 days at most, else it is left out" in enrollment(app)["Waiting_For__c"]
    for _ in range(2):
        drips.hear(app, [click(app, made), click(app, made)])
        run(app)
    assert sent(app) == ["Mail 1", "Mail 2"]


def test_a_wait_in_vain_ends_the_series_when_that_was_chosen(app, in_pool):
    wait = {CampaignStep.WAIT_FOR: "Open", CampaignStep.WAIT_DAYS: 5, CampaignStep.AT_TIME_OUT: "End the series"}
    launched(app, in_pool, wait, delays=(0, 2))
    run(app)
    run(app, days=3)
    assert enrollment(app)["State__c"] == "Active"
    run(app, days=4)
    assert (enrollment(app)["State__c"], enrollment(app)["Exit_Reason__c"]) == ("Exited", "Not opened in time")
    assert sent(app) == ["Mail 1"]


def test_a_reply_that_a_step_waits_for_leads_on(app, in_pool):
    wait = {CampaignStep.WAIT_FOR: "Reply", CampaignStep.WAIT_DAYS: 10}
    made = launched(app, in_pool, wait, delays=(0, 1))
    run(app)
    run(app, days=2)
    drips.hear(app, [click(app, made, kind=SignalKind.REPLIED)])
    run(app)
    assert sent(app) == ["Mail 1", "Mail 2"]


def test_a_mail_that_is_queued_does_not_go_after_the_reply(app, in_pool):
    made = launched(app, in_pool, delays=(0, 2))
    app.clock.move(minutes=1)
    drips.run_due(app)
    drips.hear(app, [click(app, made, kind=SignalKind.REPLIED)])
    deliver(app, Queue.MAIL)
    assert sent(app) == []
    assert enrollment(app)["Exit_Reason__c"] == "Replied"


def test_a_paused_drip_keeps_waiting_places_and_goes_on_without_a_burst(app, in_pool):
    wait = {CampaignStep.WAIT_FOR: "Click", CampaignStep.WAIT_DAYS: 30}
    made = launched(app, in_pool, wait, {}, delays=(0, 2, 1))
    run(app)
    campaigns.pause(app, made)
    drips.hear(app, [click(app, made)])
    for _ in range(10):
        run(app, days=1)
    assert sent(app) == ["Mail 1"]
    campaigns.resume(app, made)
    run(app, hours=1)
    assert sent(app) == ["Mail 1", "Mail 2"]
    run(app, days=1)
    assert sent(app) == ["Mail 1", "Mail 2", "Mail 3"]


def test_a_cancelled_drip_lets_the_waiting_go(app, in_pool):
    wait = {CampaignStep.WAIT_FOR: "Click", CampaignStep.WAIT_DAYS: 30}
    made = launched(app, in_pool, wait, delays=(0, 2))
    run(app)
    run(app, days=3)
    campaigns.cancel(app, made)
    run(app, days=30)
    assert enrollment(app)["Exit_Reason__c"] == "The campaign was cancelled"


def test_check_names_every_step_that_nobody_could_reach(app, in_pool):
    made = drip(
        app, in_pool, {**CLICKED, CampaignStep.ABOUT_STEP: 3}, {CampaignStep.ABOUT_LINK: "/jobs"}, status="Draft"
    )
    app.salesforce.update(CampaignStep.API_NAME, steps(app, made)[0]["Id"], {CampaignStep.WAIT_FOR: "Click"})
    with pytest.raises(Rejected) as rejected:
        campaigns.check(app, made)
    for part in (
        "step 1 is the first and depends on a mail before it",
        "step 2 is about mail 3, but no earlier step has that order",
        "step 3 names a link but depends on no click",
    ):
        assert part in rejected.value.message


def test_launch_refuses_a_step_about_a_link_that_no_mail_has(app, in_pool):
    made = drip(app, in_pool, {**CLICKED, CampaignStep.ABOUT_LINK: "/nowhere"})
    with pytest.raises(Rejected, match="No mail has a link with “/nowhere” in its address"):
        campaigns.launch(app, made)


def test_launch_takes_in_present_members_when_that_was_chosen(app, in_pool):
    for number in (1, 2):
        person(app, number, in_pool)
    made = drip(app, in_pool, delays=(0,), status="Draft", **{RecruitingCampaign.ENROL_MEMBERS: True})
    assert "Launch takes in 2 people who are in the pool already" in campaigns.check(app, made)
    app.salesforce.update(RecruitingCampaign.API_NAME, made, {RecruitingCampaign.STATUS: "Approved"})
    campaigns.launch(app, made)
    run(app)
    run(app)
    assert sent(app) == ["Mail 1", "Mail 1"]


def test_a_pool_that_joins_an_included_folder_after_launch_counts(app, org):
    folder = app.salesforce.create(TalentPool.API_NAME, {"Name": "All", TalentPool.KIND: "Folder"})
    app.salesforce.create(TalentPool.API_NAME, {"Name": "A", TalentPool.KIND: "Static", TalentPool.PARENT: folder})
    campaigns.launch(app, drip(app, folder, delays=(0,)))
    late = app.salesforce.create(
        TalentPool.API_NAME, {"Name": "Late", TalentPool.KIND: "Static", TalentPool.PARENT: folder}
    )
    candidate, _ = person(app, 1)
    drips.enrol(app, [join(app, candidate, late)])
    run(app)
    assert sent(app) == ["Mail 1"]


def test_a_rehearsal_tells_on_the_record_and_sends_nothing(app, in_pool):
    made = drip(app, in_pool, CLICKED, NOT_CLICKED)
    person(app, 1, in_pool)
    rehearse(app, made)
    text = record(app, made)[RecruitingCampaign.REHEARSAL]
    assert "Does nothing (Europe/Dublin)\nMon 02 Mar 2026 09:00  gets step 1 “Mail 1”" in text
    assert "Thu 05 Mar 2026 09:00  does not get step 2 “Mail 2”: Only for those who have clicked" in text
    assert "First1 Last1, who does nothing" in text
    assert app_queue_messages(app, Queue.MAIL) == []
