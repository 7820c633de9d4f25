"""The sweep: what no event told, found by the org's own stamps and each thing once."""

from datetime import timedelta

import pytest

from integration import commands, sweep
from integration.candidates import Origin, Person, find_or_create, rights
from integration.model.identity import Name, email
from integration.model.topic import Refusal
from integration.ports import Queue
from integration.records import Candidate
from integration.sending import Reason, why_not
from tests.app_fixture import app_queue_messages
from tests.unit.people.importing import new_pool


def changes(app):
    """Sweeps; (candidate ids, membership ids) that were announced."""
    app_queue_messages(app, Queue.CHANGES)
    sweep.sweep(app)
    sent = app_queue_messages(app, Queue.CHANGES)
    return tuple(
        sorted(one for message in sent for one in message.get(what, [])) for what in ("candidates", "memberships")
    )


def ann(app):
    origin = Origin(app.clock.now())
    [found] = find_or_create(app, [Person("r1", Name("Ann", "Lee"), (email("ann@a.example"),))], origin)
    return found


def test_what_people_change_is_announced_once(app, org):
    made = org.client("recruiter").Candidate__c.create({"Last_Name__c": "Lee"})["id"]
    assert changes(app) == ([made], [])
    assert changes(app) == ([], [])
    app.clock.move(minutes=2)
    org.client("recruiter").Candidate__c.update(made, {"City__c": "Cork"})
    assert changes(app) == ([made], [])


def test_what_we_write_ourselves_is_left_out(app, org):
    ann(app)
    assert changes(app) == ([], [])


def test_memberships_of_people_are_announced(app, org):
    found, pool = ann(app), new_pool(app)
    row = {"Pool__c": pool, "Candidate__c": found.id, "State__c": "Member"}
    made = org.client("recruiter").Pool_Membership__c.create(row)["id"]
    assert changes(app) == ([], [made])


def test_a_row_that_commits_late_is_found(app, org):
    recruiter = org.client("recruiter").Candidate__c
    late = recruiter.create({"Last_Name__c": "Late"})["id"]
    app.clock.move(minutes=10)
    early = recruiter.create({"Last_Name__c": "Early"})["id"]
    # The first sweep does not see the older row yet: its transaction is still open.
    assert changes_without(app, late) == ([early], [])
    assert changes(app) == ([late], [])


def changes_without(app, hidden):
    together = app.salesforce.together
    try:
        app.salesforce.together = lambda soqls: [
            [row for row in rows if row["Id"] != hidden] for rows in together(soqls)
        ]
        return changes(app)
    finally:
        del app.salesforce.together


def test_the_watermark_is_the_orgs_stamp_not_our_clock(app, org):
    made = org.client("recruiter").Candidate__c.create({"Last_Name__c": "Lee"})["id"]
    stamp = app.salesforce.get(Candidate.API_NAME, made, ["SystemModstamp"])["SystemModstamp"]
    app.clock.move(days=1)
    changes(app)
    assert app.claims.get("watermark", Candidate.API_NAME)["stamp"] == stamp


def test_a_sweep_that_dies_before_it_remembers_tells_again(app, org, monkeypatch):
    made = org.client("recruiter").Candidate__c.create({"Last_Name__c": "Lee"})["id"]
    with monkeypatch.context() as patched:
        patched.setattr(sweep, "_remember", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sweep.sweep(app)
    assert changes(app) == ([made], [])


def test_a_long_backlog_is_read_to_its_end(app, org, monkeypatch):
    monkeypatch.setattr(sweep, "PAGE", 3)
    recruiter = org.client("recruiter").Candidate__c
    made = sorted(recruiter.create({"Last_Name__c": f"Lee {number}"})["id"] for number in range(8))
    assert changes(app) == (made, [])
    assert changes(app) == ([], [])


def test_a_backlog_longer_than_one_sweep_goes_on_in_the_next(app, org, monkeypatch):
    monkeypatch.setattr(sweep, "PAGE", 2)
    monkeypatch.setattr(sweep, "MOST_PAGES", 2)
    recruiter = org.client("recruiter").Candidate__c
    made = {recruiter.create({"Last_Name__c": f"Lee {number}"})["id"] for number in range(9)}
    seen = [set(changes(app)[0]) for _ in range(4)]
    assert set.union(*seen) == made
    assert sum(map(len, seen)) == len(made)


def test_new_commands_are_queued_until_they_run(app, org):
    pool = new_pool(app)
    org.client("recruiter").Talent_Pool__c.update(pool, {"Command__c": "Refresh"})
    sweep.sweep(app)
    sweep.sweep(app)
    first, second = app_queue_messages(app, Queue.COMMANDS)
    assert first == second
    commands.run(app, first["command_id"])
    sweep.sweep(app)
    assert app_queue_messages(app, Queue.COMMANDS) == []


def test_a_taken_command_is_queued_when_its_lease_is_over(app, org, monkeypatch):
    pool = new_pool(app)
    org.client("recruiter").Talent_Pool__c.update(pool, {"Command__c": "Refresh"})
    command = org.rows("SELECT Id FROM Recruiting_Command__c")[0]["Id"]
    with monkeypatch.context() as patched:
        # The worker is killed: it neither finishes nor releases.
        patched.setattr("integration.pools.refresh", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patched.setattr("integration.leases.release", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            commands.run(app, command)
    sweep.sweep(app)
    assert app_queue_messages(app, Queue.COMMANDS) == []
    app.clock.move(minutes=6)
    sweep.sweep(app)
    assert app_queue_messages(app, Queue.COMMANDS) == [{"command_id": command}]


def test_an_opt_out_works_by_the_sweep_alone(app, org):
    found = ann(app)
    org.client("recruiter").Candidate__c.update(found.id, {"Do_Not_Contact__c": True})
    sweep.sweep(app)
    assert why_not(app, found.key, "ann@a.example") is Reason.DO_NOT_CONTACT


def test_a_withdrawn_consent_works_by_the_sweep_alone(app, org):
    found = ann(app)
    row = {"Candidate__c": found.id, "Purpose__c": "Newsletter", "State__c": "Withdrawn"}
    org.client("recruiter").Consent__c.create({**row, "At__c": app.clock.now().isoformat()})
    assert changes(app) == ([found.id], [])
    assert why_not(app, found.key, "ann@a.example", topic="Newsletter") is Refusal.STOPPED
    assert why_not(app, found.key, "ann@a.example", topic="Talent community") is None


def test_an_older_consent_that_is_read_again_changes_nothing(app, org):
    found = ann(app)
    client, at = org.client("recruiter"), app.clock.now()
    for state, days in (("Withdrawn", 0), ("Given", 1)):
        row = {"Candidate__c": found.id, "Purpose__c": "Newsletter", "State__c": state}
        client.Consent__c.create({**row, "At__c": (at + timedelta(days=days)).isoformat()})
    for row in org.rows("SELECT Id FROM Consent__c ORDER BY At__c DESC"):  # the newest first
        rights.consent_changed(app, row["Id"])
    assert why_not(app, found.key, "ann@a.example", topic="Newsletter") is None


def test_a_sweep_of_nothing_is_one_call(app, org, monkeypatch):
    app.salesforce.user_id()
    calls = []
    together = app.salesforce.together
    monkeypatch.setattr(app.salesforce, "together", lambda soqls: calls.append(len(soqls)) or together(soqls))
    monkeypatch.setattr(app.salesforce, "query", lambda soql: pytest.fail(soql))
    sweep.sweep(app)
    assert calls == [5]
