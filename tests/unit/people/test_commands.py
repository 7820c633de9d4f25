"""Commands run once, whatever brings them; their outcome stands on the record and on the row."""

import json

import pytest

from integration import commands, leases
from integration.errors import Rejected, TryAgain
from integration.metadata.read import read
from integration.records import Candidate, CandidateImport, RecruitingCommand, TalentPool
from integration.sending import Reason, why_not
from lambdas import commands as handler
from tests.org_fixture import METADATA

OUTCOME = [RecruitingCommand.STATUS, RecruitingCommand.MESSAGE, RecruitingCommand.ATTEMPTS]


def commanded(app, org, object_name=TalentPool.API_NAME, command="Refresh", **values):
    """(record, command row) after a recruiter has set a command."""
    values = {"Name": "Bench", "Kind__c": "Static", **values} if object_name == TalentPool.API_NAME else values
    recruiter = getattr(org.client("recruiter"), object_name)
    record = recruiter.create(values)["id"]
    recruiter.update(record, {"Command__c": command})
    return record, org.rows("SELECT Id FROM Recruiting_Command__c ORDER BY CreatedDate DESC, Id DESC")[0]["Id"]


def row(app, command_id):
    return app.salesforce.get(RecruitingCommand.API_NAME, command_id, OUTCOME)


@pytest.fixture
def counting(monkeypatch):
    """(runs, fail): a use-case in the place of the pool's, which fails with fail[1] for its first fail[0] runs."""
    runs = []

    def refresh(app, record_id):
        runs.append(record_id)
        if fail and len(runs) <= fail[0]:
            raise fail[1]
        return f"Run {len(runs)}."

    fail = []
    monkeypatch.setattr("integration.pools.refresh", refresh)
    return runs, fail


def test_every_command_that_can_be_picked_has_a_use_case_and_the_reverse():
    schema = read(METADATA)
    picked = {
        (name, value.name)
        for name, described in schema.objects.items()
        if "Command__c" in described.fields and described.fields["Command__c"].type == "Picklist"
        for value in described.fields["Command__c"].picklist
    }
    written = {(name, commands.RIGHTS_CHANGED) for name in ("Candidate__c", "Consent__c")}
    assert set(commands.TABLE) == picked | written


@pytest.mark.parametrize("key", sorted(commands.TABLE))
def test_every_use_case_is_there(key):
    assert callable(commands.use_case(*key))


def test_a_command_runs_and_tells_on_row_and_record(app, org):
    pool, command = commanded(app, org)
    commands.run(app, command)
    assert row(app, command)[RecruitingCommand.STATUS] == "Done"
    record = app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.COMMAND, TalentPool.MESSAGE, TalentPool.STATUS])
    assert record == {TalentPool.COMMAND: None, TalentPool.MESSAGE: "0 members.", TalentPool.STATUS: "Ready"}


def test_a_command_that_comes_twice_runs_once(app, org, counting):
    _, command = commanded(app, org)
    for _ in range(3):
        commands.run(app, command)
    assert len(counting[0]) == 1


@pytest.mark.parametrize("call", ["get", "update"])
def test_a_second_worker_in_between_waits(app, org, counting, monkeypatch, call):
    _, command = commanded(app, org)
    real, second = getattr(app.salesforce, call), []

    def calling(*arguments):
        if not second:
            second.append(None)
            with pytest.raises(TryAgain):
                commands.run(app, command)
        return real(*arguments)

    monkeypatch.setattr(app.salesforce, call, calling)
    commands.run(app, command)
    assert len(counting[0]) == 1


def test_a_rejected_command_tells_why(app, org):
    pool, command = commanded(app, org, Kind__c="Dynamic", Rule__c="{}")
    commands.run(app, command)
    assert row(app, command)[RecruitingCommand.STATUS] == "Failed"
    told = app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.MESSAGE])[TalentPool.MESSAGE]
    assert told.startswith("A condition is empty")


def test_try_again_releases_and_the_next_attempt_runs(app, org, counting):
    _, fail = counting
    fail += [1, TryAgain("the org is busy")]
    _, command = commanded(app, org)
    with pytest.raises(TryAgain):
        commands.run(app, command)
    assert row(app, command)[RecruitingCommand.STATUS] == "Taken"
    commands.run(app, command)
    assert row(app, command) == {
        RecruitingCommand.STATUS: "Done",
        RecruitingCommand.MESSAGE: "Run 2.",
        RecruitingCommand.ATTEMPTS: 2,
    }


def test_attempts_end_with_a_message(app, org, counting):
    _, fail = counting
    fail += [99, TryAgain("the org is busy")]
    _, command = commanded(app, org)
    for _ in range(commands.MAX_ATTEMPTS - 1):
        with pytest.raises(TryAgain):
            commands.run(app, command)
    commands.run(app, command)
    assert row(app, command)[RecruitingCommand.STATUS] == "Failed"
    assert "the org is busy" in row(app, command)[RecruitingCommand.MESSAGE]


def test_a_fault_is_raised_and_released(app, org, counting):
    _, fail = counting
    fail += [1, ZeroDivisionError()]
    _, command = commanded(app, org)
    with pytest.raises(ZeroDivisionError):
        commands.run(app, command)
    commands.run(app, command)
    assert row(app, command)[RecruitingCommand.STATUS] == "Done"


def test_a_dead_worker_is_followed_when_its_lease_is_over(app, org, counting):
    _, command = commanded(app, org)
    leases.take(app, f"command#{command}", lease=commands.LEASE, kept=commands.KEPT)
    with pytest.raises(TryAgain):
        commands.run(app, command)
    app.clock.move(seconds=commands.LEASE.total_seconds() + 1)
    commands.run(app, command)
    assert len(counting[0]) == 1


def test_a_worker_that_dies_before_it_tells_is_told_for(app, org, counting, monkeypatch):
    pool, command = commanded(app, org)
    with monkeypatch.context() as patched:
        patched.setattr(commands, "_tell", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            commands.run(app, command)
    commands.run(app, command)
    assert len(counting[0]) == 1
    assert row(app, command)[RecruitingCommand.MESSAGE] == "Run 1."
    assert app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.MESSAGE])[TalentPool.MESSAGE] == "Run 1."


def test_a_command_of_another_org_is_refused(app, org, counting):
    _, command = commanded(app, org)
    with pytest.raises(Rejected, match="another org"):
        commands.run(app, command, org_id="00D000000000099EAA")
    assert counting[0] == []


@pytest.mark.parametrize("number", ["", "../x", "a0X?", "a" * 14, "a" * 16, "a" * 19, "a0X000000000001' OR"])
def test_what_is_no_id_is_refused(app, number):
    with pytest.raises(Rejected, match="not a record id"):
        commands.run(app, number)


def test_a_deleted_record_is_no_fault(app, org):
    pool, command = commanded(app, org)
    app.salesforce.delete_many(TalentPool.API_NAME, [pool])
    commands.run(app, command)
    assert row(app, command)[RecruitingCommand.STATUS] == "Failed"
    assert "deleted" in row(app, command)[RecruitingCommand.MESSAGE]


def test_a_deleted_row_is_quiet(app, org, counting):
    _, command = commanded(app, org)
    app.salesforce.delete_many(RecruitingCommand.API_NAME, [command])
    commands.run(app, command)
    assert counting[0] == []


def test_the_handler_takes_the_orgs_event_and_the_sweeps_message(app, org, counting, monkeypatch):
    monkeypatch.setattr(handler, "current", lambda: app)
    _, one = commanded(app, org)
    _, two = commanded(app, org)
    event = {"detail": {"payload": {"Command_Id__c": one, "Org_Id__c": app.config.org_id}}}
    bodies = [event, {"command_id": two}]
    records = [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]
    assert handler.handler({"Records": records}, None) == {"batchItemFailures": []}
    assert len(counting[0]) == 2


def test_take_me_off_works_through_a_command(app, org):
    recruiter = org.client("recruiter").Candidate__c
    made = recruiter.create({"Last_Name__c": "Lee", "Email__c": "ann@a.example"})["id"]

    def run_last():
        rows = org.rows("SELECT Id FROM Recruiting_Command__c WHERE Status__c = 'New'")
        for one in rows:
            commands.run(app, one["Id"])
        return len(rows)

    def reason():
        key = app.salesforce.get(Candidate.API_NAME, made, [Candidate.CANDIDATE_KEY])[Candidate.CANDIDATE_KEY]
        return why_not(app, key, "ann@a.example")

    recruiter.update(made, {"Do_Not_Contact__c": True})
    assert run_last() == 1
    assert reason() is Reason.DO_NOT_CONTACT
    recruiter.update(made, {"Do_Not_Contact__c": False, "Paused_Until__c": "2026-03-10"})
    assert run_last() == 1
    assert reason() is Reason.PAUSED
    app.clock.move(days=9)
    assert reason() is None


def test_a_message_of_a_load_is_left_to_its_chunks(app, org):
    record = app.salesforce.create(CandidateImport.API_NAME, {"Name": "A list"})
    app.salesforce.attach_file(record, "a.csv", b"First name,Last name,E-mail\nAnn,Lee,ann@a.example\n")
    org.client("recruiter").Candidate_Import__c.update(record, {"Command__c": "Load"})
    commands.run(app, org.rows("SELECT Id FROM Recruiting_Command__c")[0]["Id"])
    told = app.salesforce.get(CandidateImport.API_NAME, record, [CandidateImport.MESSAGE])[CandidateImport.MESSAGE]
    assert told == "Loading 1 rows of “a.csv”."


@pytest.mark.parametrize(
    ("object_name", "command"),
    [("Nothing__c", "Refresh"), ("Account", "Refresh"), (TalentPool.API_NAME, "Explode"), ("User", "Rights changed")],
)
def test_B43_an_event_about_what_we_do_not_know_is_told_on_its_row_and_counted(
    app, org, counting, monkeypatch, capsys, object_name, command
):
    monkeypatch.setattr(handler, "current", lambda: app)
    values = {RecruitingCommand.OBJECT: object_name, RecruitingCommand.COMMAND: command}
    odd = app.salesforce.create(
        RecruitingCommand.API_NAME, {**values, RecruitingCommand.RECORD_ID: "a01000000000001AAA"}
    )
    _, good = commanded(app, org)
    bodies = [
        {"detail": {"payload": {"Command_Id__c": odd, "Org_Id__c": app.config.org_id}}},
        {"detail": {"payload": {"Command_Id__c": good, "Nobody_Knows__c": [1], "Org_Id__c": app.config.org_id}}},
    ]
    records = [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]
    assert handler.handler({"Records": records}, None) == {"batchItemFailures": []}
    assert len(counting[0]) == 1
    assert row(app, odd)[RecruitingCommand.STATUS] == "Failed"
    assert f"“{command}” cannot be done to {object_name}" in row(app, odd)[RecruitingCommand.MESSAGE]
    assert '"status": "Failed"' in capsys.readouterr().err


def test_B43_an_event_without_its_fields_goes_to_the_dead_letters_alone(app, org, counting, monkeypatch):
    monkeypatch.setattr(handler, "current", lambda: app)
    _, good = commanded(app, org)
    bodies = [{"detail": {"payload": {}}}, {"detail": {}}, {}, [], None, {"command_id": good}]
    records = [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]
    failed = [each["itemIdentifier"] for each in handler.handler({"Records": records}, None)["batchItemFailures"]]
    assert failed == ["0", "1", "2", "3", "4"]
    assert len(counting[0]) == 1
