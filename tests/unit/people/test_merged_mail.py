"""Mail and drips of people who were merged: nobody gets a step twice, nobody starts again."""

from datetime import UTC, datetime

import pytest

from integration import campaigns, drips
from integration.candidates import Origin
from integration.candidates.merging import merge, unmerge
from integration.model.ledger import ledger_pk
from integration.ports import Queue
from integration.records import CampaignEnrollment, DuplicatePair, PoolMembership
from integration.sending import send_chunk
from integration.soql import select
from tests.app_fixture import app_sent_mail
from tests.unit.mail import story
from tests.unit.mail.letters import CAMPAIGN, STEP, plenty, published, queue_message
from tests.unit.people import merging as given

ORIGIN = Origin(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), collected_from="A test")
KEEP_FIRST = {DuplicatePair.KEEP: "First"}


@pytest.fixture
def two(app, org):
    return given.two(app, ORIGIN)


def rows(app, record, *fields):
    return app.salesforce.query(select(record.API_NAME, fields))


def letter(one, address):
    return {"key": one.key, "id": one.id, "email": address, "slots": {}}


def send(app, *letters):
    send_chunk(app, queue_message(*letters), plenty)


def mailed(app):
    return [mail["To"] for mail in app_sent_mail(app)]


def test_nobody_gets_the_same_step_twice_after_a_merge(app, two):
    ann, anna = two
    published(app)
    send(app, letter(anna, "anna@b.example"))
    merge(app, given.pair(app, ann.id, anna.id, **KEEP_FIRST))
    for _ in range(2):
        send(app, letter(ann, "ann@a.example"))
    assert mailed(app) == ["anna@b.example"]
    row = app.sends.get(ledger_pk(CAMPAIGN, STEP, "1", ann.key), ann.key)
    assert (row["state"], row["reason"]) == ("suppressed", "has this mail under a record merged with this one")


def test_both_keys_of_one_person_in_a_frozen_audience_get_one_mail(app, two):
    ann, anna = two
    published(app)
    merge(app, given.pair(app, ann.id, anna.id, **KEEP_FIRST))
    send(app, letter(ann, "ann@a.example"), letter(anna, "anna@b.example"))
    assert mailed(app) == ["ann@a.example"]


def test_nobody_gets_the_same_step_twice_after_an_unmerge(app, two):
    ann, anna = two
    published(app)
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    send(app, letter(ann, "anna@b.example"))  # the one person was written to at this address
    unmerge(app, pair)
    send(app, letter(anna, "anna@b.example"), letter(ann, "ann@a.example"))
    assert mailed(app) == ["anna@b.example"]


def test_after_an_unmerge_the_other_person_gets_a_mail_of_their_own(app, two):
    ann, anna = two
    published(app)
    pair = given.pair(app, ann.id, anna.id, **KEEP_FIRST)
    merge(app, pair)
    send(app, letter(ann, "ann@a.example"))
    unmerge(app, pair)
    send(app, letter(anna, "anna@b.example"))
    assert mailed(app) == ["ann@a.example", "anna@b.example"]


def test_a_merge_never_starts_a_drip_again(app, org):
    in_pool = story.pool(app)
    drip = story.campaign(app, in_pool, kind="Drip", delays=(0, 3, 4))
    campaigns.launch(app, drip)
    first, joined = story.person(app, 1, in_pool)
    second, _ = story.person(app, 2, in_pool)
    drips.enrol(app, [joined])
    minute(app)
    pair = given.pair(app, second, first, **KEEP_FIRST)
    merge(app, pair)
    everyone = [row["Id"] for row in rows(app, PoolMembership, "Id")]
    assert drips.enrol(app, everyone) == 0
    for _ in range(8):
        app.clock.move(days=1)
        minute(app)
    assert len(app_sent_mail(app)) == 3  # one run of three mails, the first of them before the merge
    [enrollment] = rows(app, CampaignEnrollment, "Candidate__c", "State__c")
    assert enrollment == {"Candidate__c": second, "State__c": "Done"}


def test_an_unmerge_gives_the_place_in_a_drip_back(app, org):
    in_pool = story.pool(app)
    drip = story.campaign(app, in_pool, kind="Drip", delays=(0, 3, 4))
    campaigns.launch(app, drip)
    first, joined = story.person(app, 1, in_pool)
    second, _ = story.person(app, 2, in_pool)
    drips.enrol(app, [joined])
    minute(app)
    pair = given.pair(app, second, first, **KEEP_FIRST)
    merge(app, pair)
    unmerge(app, pair)
    for _ in range(8):
        app.clock.move(days=1)
        minute(app)
    assert [mail["To"] for mail in app_sent_mail(app)] == [app_sent_mail(app)[0]["To"]] * 3


def minute(app):
    app.clock.move(minutes=1)
    drips.run_due(app)
    story.deliver(app, Queue.MAIL)
