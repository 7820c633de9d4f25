"""What has outlived its purpose goes: commands that ended, and the files that the service attached itself."""

import pytest

from integration.ports import Queue
from integration.privacy import retention
from integration.records import BulkAction, CandidateImport, RecruitingCampaign, RecruitingCommand, TalentPool
from integration.soql import select
from tests.app_fixture import ORG_ID, app_queue_messages
from tests.unit.people.importing import new_pool
from tests.unit.people.pooling import work_off


def purged(app, **later):
    """Time passes, then the day's first sweep and all that follows."""
    app.clock.move(**later)
    retention.purge_daily(app)
    work_off(app)


def files(app):
    rows = app.salesforce.query(select("ContentVersion", ["PathOnClient"]))
    return sorted(row["PathOnClient"] for row in rows)


def command(app, status):
    values = {
        RecruitingCommand.OBJECT: "Talent_Pool__c",
        RecruitingCommand.RECORD_ID: ORG_ID,
        RecruitingCommand.COMMAND: "Refresh",
    }
    return app.salesforce.create(RecruitingCommand.API_NAME, {**values, RecruitingCommand.STATUS: status})


def commands(app):
    return {row["Id"] for row in app.salesforce.query(select(RecruitingCommand.API_NAME, ["Id"]))}


@pytest.fixture
def attached(app):
    """What the service attaches, each where it attaches it."""
    action = app.salesforce.create(BulkAction.API_NAME, {BulkAction.ACTION: "Export"})
    load = app.salesforce.create(CandidateImport.API_NAME, {"Name": "People"})
    pool = new_pool(app, "Bench")
    app.salesforce.attach_file(action, "Candidates.csv", b"x")
    app.salesforce.attach_file(load, "people - rejected rows abc123.csv", b"x")
    app.salesforce.attach_file(pool, "Members on 2026-03-01.csv", b"x")
    return action, load, pool


def test_files_that_the_service_attached_go_after_thirty_days(handled, attached):
    purged(handled, days=29)
    assert len(files(handled)) == 3
    purged(handled, days=2)
    assert files(handled) == []


def test_what_a_person_uploaded_stays(handled, org, attached):
    action, load, _ = attached
    person = org.client("admin")
    for record, name in ((action, "Candidates"), (load, "people - rejected rows abc124"), (load, "people")):
        person.ContentVersion.create(
            {"Title": name, "PathOnClient": f"{name}.csv", "VersionData": "eA==", "FirstPublishLocationId": record}
        )
    purged(handled, days=31)
    assert files(handled) == ["Candidates.csv", "people - rejected rows abc124.csv", "people.csv"]


def test_a_file_of_such_a_name_on_another_record_stays(handled, attached):
    """An attachment of a mail, say, whose name its sender chose."""
    handled.salesforce.attach_file(attached[2], "Candidates.csv", b"x")
    purged(handled, days=31)
    assert files(handled) == ["Candidates.csv"]


def test_commands_that_ended_go_after_thirty_days_and_waiting_ones_stay(handled):
    waiting = {command(handled, status) for status in ("New", "Taken")}
    ended = {command(handled, status) for status in ("Done", "Failed")}
    purged(handled, days=29)
    assert commands(handled) == waiting | ended
    purged(handled, days=2)
    assert commands(handled) == waiting


def test_it_runs_once_a_day_and_a_part_that_comes_twice_changes_nothing(handled):
    command(handled, "Done")
    handled.clock.move(days=31)
    assert (retention.purge_daily(handled), retention.purge_daily(handled)) == (len(retention.LIFETIMES), 0)
    messages = app_queue_messages(handled, Queue.CHANGES)
    for message in messages * 2:
        retention.purge(handled, message)
    assert commands(handled) == set()
    handled.clock.move(days=1)
    assert retention.purge_daily(handled) == len(retention.LIFETIMES)


def test_many_go_in_parts(handled, monkeypatch):
    monkeypatch.setattr(retention, "PER_PART", 2)
    for _ in range(5):
        command(handled, "Done")
    handled.clock.move(days=31)
    left = []
    messages = [{"outlived": "commands", "at": handled.clock.now().isoformat(), "after": ""}]
    while messages:
        retention.purge(handled, messages[0])
        left.append(len(commands(handled)))
        messages = app_queue_messages(handled, Queue.CHANGES)
    assert left == [3, 1, 0]


def test_every_lifetime_is_at_least_a_month_and_names_an_object_of_ours():
    assert {each.object_name for each in retention.LIFETIMES.values()} == {
        BulkAction.API_NAME, CandidateImport.API_NAME, RecruitingCampaign.API_NAME, RecruitingCommand.API_NAME,
        TalentPool.API_NAME,
    }  # fmt: skip
    assert all(each.kept.days >= 30 for each in retention.LIFETIMES.values())
