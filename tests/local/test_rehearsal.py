"""A rehearsal is the real thing on another clock: its log equals the one of the production path, line by line."""

from datetime import timedelta

import pytest

from integration import campaigns, drips
from integration.campaigns.rehearsing import rehearse
from integration.local.rehearsal.copying import stage
from integration.local.rehearsal.memory import MemoryTable, RecordingMailer
from integration.local.rehearsal.playing import Play, timelines
from integration.local.rehearsal.stage import rehearsing
from integration.ports import Queue
from integration.records import CampaignStep, Candidate, RecruitingCampaign
from integration.sending import Reason, suppress
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.story import a_brand, campaign, join, person, pool, record, template

WAIT = {CampaignStep.WAIT_FOR: "Click", CampaignStep.WAIT_DAYS: 5}
BRANCH = {CampaignStep.CONDITION: "Not clicked", CampaignStep.ABOUT_STEP: 1}


class Virtual:
    """The fixture's clock, as a play moves it."""

    def __init__(self, at):
        self.at = at

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def drip(app, org):
    """Six mails over sixty days, with a wait and a branch, inside office hours of each person."""
    in_pool = pool(app)
    delays = (0, 3, 4, 10, 20, 23)
    names = [template(app, f"Mail {n}", Subject__c=f"Mail {n}") for n in range(1, 7)]
    window = {RecruitingCampaign.WINDOW_START: "09:00:00.000Z", RecruitingCampaign.WINDOW_END: "17:00:00.000Z"}
    made = campaign(app, in_pool, kind="Drip", delays=delays, templates=names, **window)
    rows = app.salesforce.query(f"SELECT Id FROM Campaign_Step__c WHERE Campaign__c = '{made}' ORDER BY Order__c")
    for row, ask in ((rows[1], WAIT), (rows[2], BRANCH)):
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], ask)
    person(app, 1, in_pool, **{Candidate.TIME_ZONE: "Asia/Kolkata"})
    person(app, 2, in_pool, **{Candidate.TIME_ZONE: "America/New_York"})
    return made


def rehearsal(app, drip, days=90):
    with rehearsing(app.clock.now()) as on:
        made, cast, memberships = stage(app, on.app, drip, 5)
        campaigns.launch(on.app, made)
        drips.enrol(on.app, memberships)
        drain, next_at = (lambda: on.queues.take(Queue.MAIL)), (lambda: on.queues.next_at(Queue.MAIL))
        return Play(on.app, made, cast, on.mailer, drain, next_at).run(days), cast


def test_ninety_days_are_told_by_person_and_nothing_leaves(app, drip):
    log, cast = rehearsal(app, drip)
    told = timelines(log, cast)
    assert told["Does nothing"] == [
        "2026-03-02 09:00 Mon  gets step 1 “Mail 1”",
        "2026-03-10 09:00 Tue  does not get step 2 “Mail 2”: Not clicked in time",
        "2026-03-14 09:00 Sat  gets step 3 “Mail 3”",
        "2026-03-24 09:00 Tue  gets step 4 “Mail 4”",
        "2026-04-13 09:00 Mon  gets step 5 “Mail 5”",
        "2026-05-06 09:00 Wed  gets step 6 “Mail 6”",
        "2026-05-06 09:00 Wed  is through",
    ]
    assert told["Replies to the first mail after two days"][-1].endswith("leaves the series: Replied")
    assert app_sent_mail(app) == []
    assert app.salesforce.query("SELECT Id FROM Campaign_Enrollment__c") == []


@pytest.mark.slow
def test_log_equals_that_of_the_production_path_line_by_line(app, drip):
    log, _ = rehearsal(app, drip)
    app.clock = Virtual(app.clock.now())
    app.mailer = RecordingMailer(app.mailer)
    made, cast, memberships = stage(app, app, drip, 5)
    campaigns.launch(app, made)
    drips.enrol(app, memberships)
    assert Play(app, made, cast, app.mailer, lambda: app_queue_messages(app, Queue.MAIL)).run(90) == log
    assert len(app_sent_mail(app)) == sum(": gets " in line for line in log) > 20


def test_two_versions_differ_where_they_were_edited(app, drip):
    before, cast = rehearsal(app, drip)
    rows = app.salesforce.query(f"SELECT Id FROM Campaign_Step__c WHERE Campaign__c = '{drip}' ORDER BY Order__c")
    app.salesforce.update(CampaignStep.API_NAME, rows[3]["Id"], {CampaignStep.DELAY_DAYS: 8})
    after, _ = rehearsal(app, drip)
    was, now = (timelines(log, cast)["Does nothing"] for log in (before, after))
    assert was[:3] == now[:3]
    assert (was[3][:10], now[3][:10]) == ("2026-03-24", "2026-03-22")


@pytest.mark.slow
def test_the_same_play_is_the_same_log(app, drip):
    assert rehearsal(app, drip, days=20) == rehearsal(app, drip, days=20)


@pytest.mark.parametrize("table", ["due", "memory"])
def test_memory_keeps_the_rules_of_the_real_table(app, table):
    table = app.due if table == "due" else MemoryTable()
    assert table.put({"pk": "a", "sk": "1", "n": 1}, unless_exists=True)
    assert not table.put({"pk": "a", "sk": "1", "n": 2}, unless_exists=True)
    assert table.update("a", "1", {"n": 3, "m": ["x"]}, only_if={"n": 1, "gone": None})
    assert not table.update("a", "1", {"n": 4}, only_if={"n": {1, None}})
    assert table.update("a", "1", {"m": None}, only_if={"n": {3, 4}})
    assert not table.update("a", "2", {"n": 4}, only_if={"pk": "a"})
    assert table.update("a", "2", {"n": 4}, only_if={"n": {None}})
    assert not table.put_together(
        [(table, {"pk": "a", "sk": "3"}), (table, {"pk": "a", "sk": "1"})], unless_exists=True
    )
    assert table.put_together([(table, {"pk": "a", "sk": "3"}), (table, {"pk": "b", "sk": "1"})], unless_exists=True)
    assert table.get("a", "1") == {"pk": "a", "sk": "1", "n": 3}
    assert [item["sk"] for item in table.query("a")] == ["1", "2", "3"]
    assert [item["sk"] for item in table.query("a", first="2")] == ["2", "3"]
    assert [item["sk"] for item in table.query("a", last="2")] == ["1", "2"]
    assert [item["sk"] for item in table.query("a", prefix="3", limit=1)] == ["3"]
    table.delete("a", "1")
    assert set(table.get_many([("a", "1"), ("a", "2")])) == {("a", "2")}


def test_excluded_pools_hold_out_and_what_senders_know_count_as_in_earnest(app, org):
    in_pool, out = pool(app), pool(app, "Out")
    names = [template(app, f"Mail {n}") for n in (1, 2)]
    made = campaign(app, in_pool, kind="Drip", delays=(0, 1), templates=names, excluded=out, Throttle__c=1)
    gone, _ = person(app, 1, in_pool)
    join(app, gone, out)
    person(app, 2, in_pool)
    suppress(app, f"01CAND{2:020}", Reason.UNSUBSCRIBED, app.clock.now())
    person(app, 3, in_pool, Do_Not_Contact__c=True)
    log, cast = rehearsal(app, made)
    told = timelines(log, cast)
    assert told["First1 Last1 (7)"] == ["2026-03-02 09:00 Mon  is not taken in: is in an excluded pool"]
    assert not any("gets" in line for line in told["First2 Last2 (8)"])
    assert "such people are not to be contacted" in told["First3 Last3 (9)"][0]
    assert [line for line in told["Does nothing"] if "gets" in line][1].startswith("2026-03-03 09:0")


def test_the_cap_puts_mails_of_a_rehearsal_off_as_in_earnest(app, org):
    in_pool = pool(app)
    brand = a_brand(app, Mail_Cap__c=1, Mail_Cap_Days__c=5)
    made = campaign(app, in_pool, kind="Drip", delays=(0, 1), templates=[template(app), template(app)], brand=brand)
    told = timelines(*rehearsal(app, made))
    assert [line[:10] for line in told["Does nothing"] if "gets" in line] == ["2026-03-02", "2026-03-07"]
    rehearse(app, made)
    text = record(app, made)[RecruitingCampaign.REHEARSAL]
    assert "step 2 “Welcome” waits: over the cap of 1 in 5 days" in text
    assert "Sat 07 Mar 2026 00:00  gets step 2" in text


def test_variants_and_who_is_left_out_are_told_on_the_record(app, org):
    in_pool, out = pool(app), pool(app, "Out")
    made = campaign(app, in_pool, kind="Drip", delays=(0, 0), excluded=out, Throttle__c=0.1)
    rows = app.salesforce.query(f"SELECT Id FROM Campaign_Step__c WHERE Campaign__c = '{made}' ORDER BY Order__c")
    for row, letter in zip(rows, "AB", strict=True):
        app.salesforce.update(CampaignStep.API_NAME, row["Id"], {"Order__c": 1, "Variant__c": letter})
    for number in range(20):
        candidate, _ = person(app, number, in_pool)
        if number < 2:
            join(app, candidate, out)
    rehearse(app, made)
    text = record(app, made)[RecruitingCampaign.REHEARSAL]
    assert "gets step 1 A “Step 1” or B “Step 2”" in text
    assert "Of the members now, left out:\n2 are members of an excluded pool" in text
    assert "The last of 18 at 0.1 mails a second goes 3 minutes after the first." in text
