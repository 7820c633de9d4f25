"""Enrol: chosen people go into a drip campaign, once each, and come out again before any mail."""

import pytest

from integration import campaigns, drips
from integration.errors import Rejected
from integration.pools import bulk
from integration.ports import Queue
from integration.records import BulkAction, Candidate
from integration.sending import Reason, suppress
from tests.app_fixture import app_sent_mail
from tests.unit.mail.story import campaign, deliver, join, person, pool

NAME = "Drip of the month"


@pytest.fixture
def drip(app, org):
    """Day 0 and 3, for a pool that nobody of these tests is in; another pool is left out."""
    made = campaign(app, pool(app), kind="Drip", delays=(0, 3), excluded=pool(app, "Left out"))
    campaigns.launch(app, made)
    return made


def action(app, ids, target=NAME):
    values = {BulkAction.ACTION: "Enrol", BulkAction.RECORD_IDS: "\n".join(ids), BulkAction.TARGET: target}
    return app.salesforce.create(BulkAction.API_NAME, values)


def minute(app):
    app.clock.move(minutes=1)
    drips.run_due(app)
    deliver(app, Queue.MAIL)


def states(app):
    rows = app.salesforce.query("SELECT Candidate__c, State__c FROM Campaign_Enrollment__c")
    return {row["Candidate__c"]: row["State__c"] for row in rows}


def test_chosen_people_get_the_drip_whatever_pool_they_are_in(app, drip):
    ids = [person(app, number)[0] for number in range(3)]
    assert bulk.run(app, action(app, ids)) == "3 of 3 done."
    assert states(app) == dict.fromkeys(ids, "Active")
    minute(app)
    app.clock.move(days=3)
    minute(app)
    assert len(app_sent_mail(app)) == 6
    assert states(app) == dict.fromkeys(ids, "Done")


def test_who_is_in_the_drip_already_is_not_enrolled_twice(app, drip):
    one, _ = person(app, 1)
    bulk.run(app, action(app, [one]))
    assert bulk.run(app, action(app, [one])) == "0 of 1 done. 1 were so already."
    minute(app)
    assert len(app_sent_mail(app)) == 1


def test_who_may_not_be_mailed_is_refused_with_the_reason(app, drip):
    fine, _ = person(app, 1)
    no_contact, _ = person(app, 2, Do_Not_Contact__c=True)
    no_address, _ = person(app, 3, email=None)
    unsubscribed, _ = person(app, 4)
    left_out, _ = person(app, 5)
    key = app.salesforce.get(Candidate.API_NAME, unsubscribed, [Candidate.CANDIDATE_KEY])[Candidate.CANDIDATE_KEY]
    suppress(app, key, Reason.UNSUBSCRIBED, app.clock.now())
    [other] = app.salesforce.query("SELECT Id FROM Talent_Pool__c WHERE Name = 'Left out'")
    join(app, left_out, other["Id"])
    made = action(app, [fine, no_contact, no_address, unsubscribed, left_out])
    assert bulk.run(app, made) == "1 of 5 done. 4 failed: see Failures."
    told = app.salesforce.get(BulkAction.API_NAME, made, [BulkAction.FAILURES])[BulkAction.FAILURES]
    assert sorted(told.splitlines()) == sorted(
        [
            f"{no_contact}: belongs to those who are not to be contacted",
            f"{no_address}: belongs to those who have no e-mail address",
            f"{unsubscribed}: has asked for no mail, or no mail reaches them",
            f"{left_out}: is in a pool that the campaign leaves out",
        ]
    )
    assert states(app) == {fine: "Active"}


def test_undo_takes_out_whom_no_mail_was_sent_and_they_may_come_again(app, drip):
    mailed, _ = person(app, 1)
    bulk.run(app, first := action(app, [mailed]))
    minute(app)
    waiting, _ = person(app, 2)
    bulk.run(app, second := action(app, [mailed, waiting]))
    assert bulk.undo(app, second) == "1 restored."
    assert bulk.undo(app, first) == "0 restored. 1 were changed by somebody since and stay as they are."
    assert states(app) == {mailed: "Active", waiting: "Exited"}
    minute(app)
    assert len(app_sent_mail(app)) == 1
    assert bulk.run(app, action(app, [waiting])) == "1 of 1 done."
    minute(app)
    assert len(app_sent_mail(app)) == 2


def test_a_part_that_ran_before_counts_the_same(app, drip):
    one, _ = person(app, 1)
    made = action(app, [one])
    bulk.run(app, made)
    app.data.delete([f"bulk/{made}/done/000000.json"])
    app.salesforce.update(BulkAction.API_NAME, made, {BulkAction.STATUS: "Running"})
    assert bulk.run(app, made) == "1 of 1 done."


def test_a_chosen_person_who_is_left_out_later_leaves(app, drip):
    one, _ = person(app, 1)
    bulk.run(app, action(app, [one]))
    [other] = app.salesforce.query("SELECT Id FROM Talent_Pool__c WHERE Name = 'Left out'")
    join(app, one, other["Id"])
    minute(app)
    assert (states(app), app_sent_mail(app)) == ({one: "Exited"}, [])


def test_whom_the_owner_may_not_see_is_nobody(app, org, drip):
    """The sharing of candidates is the org's; here a list names somebody who is not there for the owner."""
    made = action(app, ["a09000000000001AAA"])
    assert bulk.run(app, made) == "0 of 1 done. 1 failed: see Failures."


@pytest.mark.parametrize("target", ["", "Drop of the month", "Blast of the month"])
def test_a_campaign_that_is_no_drip_under_way_is_refused_in_words(app, org, target):
    campaign(app, pool(app), kind="Blast")
    one, _ = person(app, 1)
    with pytest.raises(Rejected, match=r"Enter the campaign|There is no campaign|no drip under way"):
        bulk.run(app, action(app, [one], target))
