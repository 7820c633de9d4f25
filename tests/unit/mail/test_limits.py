"""Settings on brand, campaign and candidate: how they reach the senders, and what they do there."""

from datetime import timedelta

import pytest

from integration import campaigns
from integration.candidates import rights
from integration.ports import Queue
from integration.records import Brand, Candidate, Holiday, RecruitingCampaign, Touchpoint
from integration.sending import Reason, contacts, control, suppress
from integration.sending.deciding import zone_for
from integration.sending.recipients import Recipient
from integration.soql import select
from tests.app_fixture import app_sent_mail
from tests.unit.mail import story


@pytest.fixture
def who(app, org):
    in_pool = story.pool(app)
    candidate, _ = story.person(app, 1, in_pool)
    return candidate, in_pool


def launched(app, who, *, brand=None, **changes):
    one = story.campaign(app, who[1], brand=story.a_brand(app, **(brand or {})), **changes)
    campaigns.launch(app, one)
    return one


def sent(app):
    story.deliver(app, Queue.MAIL)
    return len(app_sent_mail(app))


def a_minute_later(app, **by):
    app.clock.move(**(by or {"minutes": 1}))
    campaigns.tend(app)
    return sent(app)


def test_settings_of_the_brand_and_the_campaign_count_from_the_first_mail_on(app, who):
    brand = {Brand.MAIL_CAP: 2, Brand.MAIL_CAP_DAYS: 7, Brand.QUIET_DAYS: 3}
    one = launched(app, who, brand=brand, **{RecruitingCampaign.ENDS_ON: "2026-03-06"})
    told = control.read(app, one)
    assert (told.cap, told.cap_days, told.hold_days) == (2, 7, 3)
    assert told.ends.isoformat() == "2026-03-07T00:00:00+00:00"


def test_a_cap_that_is_changed_counts_within_a_minute(app, who):
    one = launched(app, who)
    (row,) = app.salesforce.query(select(Brand.API_NAME, [Brand.ID]))
    app.salesforce.update(Brand.API_NAME, row["Id"], {Brand.MAIL_CAP: 1})
    campaigns.tend(app)
    assert control.read(app, one).cap == 1


def test_zone_comes_from_the_profile_then_the_country_then_the_campaign(app):
    settings = control.Control(own_zones=True, zone="Europe/Dublin")
    person = {"key": "01A", "id": "a01", "email": "a@b.example"}
    assert zone_for(settings, Recipient(**person, slots={"country": "IN"}, zone="Asia/Tokyo")) == (
        "Asia/Tokyo",
        "profile",
    )
    assert zone_for(settings, Recipient(**person, slots={"country": "IN"})) == ("Asia/Kolkata", "country")
    assert zone_for(settings, Recipient(**person, slots={"country": "Deutschland"})) == ("Europe/Berlin", "country")
    assert zone_for(settings, Recipient(**person, slots={"country": "Atlantis"})) == ("Europe/Dublin", "campaign")
    assert zone_for(settings, Recipient(**person, slots={}, zone="Mars/Base")) == ("Europe/Dublin", "campaign")


def test_no_mail_on_a_holiday_of_the_persons_country_or_a_weekend(app, who, org):
    app.salesforce.update(Candidate.API_NAME, who[0], {Candidate.COUNTRY: "IE"})
    for day in ("2026-03-02", "2026-03-03"):
        org.client("admin").Holiday__c.create({Holiday.COUNTRY: "IE", Holiday.ON: day})
    org.client("admin").Holiday__c.create({Holiday.COUNTRY: "DE", Holiday.ON: "2026-03-04"})
    launched(app, who, **{RecruitingCampaign.WORKING_DAYS_ONLY: True})
    assert sent(app) == 0
    assert a_minute_later(app, hours=38) == 0  # Tuesday, 23:00
    assert a_minute_later(app, hours=2) == 1


def test_mail_waits_while_a_recruiter_holds_the_candidate(app, who):
    launched(app, who)
    app.salesforce.update(Candidate.API_NAME, who[0], {Candidate.HOLD_UNTIL: "2026-03-03"})
    rights.apply(app, [app.salesforce.get(Candidate.API_NAME, who[0], rights.FIELDS)])
    assert sent(app) == 0
    assert a_minute_later(app, days=2) == 1


def test_hold_that_is_taken_back_lets_mail_through(app, who):
    for day in ("2026-03-03", None):
        app.salesforce.update(Candidate.API_NAME, who[0], {Candidate.HOLD_UNTIL: day})
        rights.apply(app, [app.salesforce.get(Candidate.API_NAME, who[0], rights.FIELDS)])
    launched(app, who)
    assert sent(app) == 1


def test_nobody_is_mailed_for_days_after_answering(app, who):
    at = app.clock.now().isoformat()
    values = {Touchpoint.CANDIDATE: who[0], Touchpoint.KEY: "m1", Touchpoint.KIND: "Replied", Touchpoint.AT: at}
    app.salesforce.create(Touchpoint.API_NAME, values)
    launched(app, who, brand={Brand.QUIET_DAYS: 2})
    campaigns.tend(app)
    assert sent(app) == 0
    assert a_minute_later(app, days=1) == 0
    assert a_minute_later(app, days=1) == 1


def test_call_that_a_recruiter_logged_keeps_campaigns_quiet(app, who, org):
    call = {"Subject": "Call", "WhatId": who[0], "Status": "Completed"}
    org.client("recruiter").Task.create(call)
    launched(app, who, brand={Brand.QUIET_DAYS: 2})
    campaigns.tend(app)
    assert sent(app) == 0
    assert a_minute_later(app, days=2, minutes=1) == 1


def test_open_task_or_one_of_the_service_is_no_contact(app, who, org):
    org.client("recruiter").Task.create({"Subject": "Call", "WhatId": who[0], "Status": "Not Started"})
    org.client().Task.create({"Subject": "Call", "WhatId": who[0], "Status": "Completed"})
    assert contacts.note(app) == 0


def test_contact_that_was_noted_is_not_written_again(app, who):
    at = app.clock.now().isoformat()
    values = {Touchpoint.CANDIDATE: who[0], Touchpoint.KEY: "m1", Touchpoint.KIND: "Called", Touchpoint.AT: at}
    app.salesforce.create(Touchpoint.API_NAME, values)
    assert contacts.note(app) == 1
    assert contacts.note(app) == 0


def test_record_tells_who_got_no_mail_who_waits_and_when_it_ends(app, who):
    story.person(app, 2, who[1])
    story.person(app, 3, who[1])
    suppress(app, f"01CAND{2:020}", Reason.UNSUBSCRIBED, app.clock.now())
    suppress(app, f"01CAND{3:020}", Reason.PAUSED, app.clock.now(), until=app.clock.now() + timedelta(days=2))
    one = launched(app, who)
    sent(app)
    campaigns.tend(app)
    told = story.record(app, one)
    assert told[RecruitingCampaign.DELIVERY_NOTES].splitlines() == [
        "Not sent: 1 unsubscribed",
        "Waiting: 1 has paused mail",
        "Looked at again until 2026-03-04 09:00 UTC",
    ]
    assert told[RecruitingCampaign.EXPECTED_END].startswith("2026-03-04T09:00")
    assert a_minute_later(app, days=2) == 2
    campaigns.tend(app)
    told = story.record(app, one)
    assert told[RecruitingCampaign.STATUS] == "Done"
    assert told[RecruitingCampaign.DELIVERY_NOTES] == "Not sent: 1 unsubscribed"
    assert told[RecruitingCampaign.EXPECTED_END] is None
