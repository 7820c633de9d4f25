"""The handlers as SQS and the schedule call them, and what they survive."""

import json
from contextlib import suppress
from functools import partial

import pytest

from integration.errors import Rejected, TryAgain
from integration.ports import Queue
from integration.prospecting import imports
from integration.records import Candidate, ContactPoint, TalentPool
from lambdas import ats_hooks, ats_sync, import_file, sweep
from lambdas import pools as pools_handler
from tests.app_fixture import app_queue_messages
from tests.unit.people.importing import counts, message, new_import, new_pool, run

PEOPLE = "First name,Last name,E-mail,Phone\nAnn,Lee,ann@a.example,+353861234567\nBob,May,bob@b.example,\n"


def batch(*bodies):
    return {"Records": [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]}


@pytest.fixture(autouse=True)
def one_app(app, monkeypatch):
    for handler in (ats_hooks, ats_sync, import_file, sweep, pools_handler):
        monkeypatch.setattr(handler, "current", lambda: app)


def test_an_import_by_its_handler(app):
    import_id = new_import(app, PEOPLE)
    imports.load(app, import_id)
    waiting = app_queue_messages(app, Queue.IMPORTS)
    assert import_file.handler(batch(*waiting, *waiting), None) == {"batchItemFailures": []}
    assert counts(app, import_id) == (2, 2, 0, 0, 0)


def test_a_message_of_another_import_or_load_does_nothing(app):
    stray = {"import_id": "a0X000000000001AAA", "load": "x", "chunk": 0}
    assert import_file.handler(batch(stray), None) == {"batchItemFailures": []}


def test_a_message_that_cannot_be_read_goes_back_alone(app):
    import_id = new_import(app, PEOPLE)
    imports.load(app, import_id)
    waiting = app_queue_messages(app, Queue.IMPORTS)
    assert import_file.handler(batch({}, *waiting), None) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert counts(app, import_id) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("call", ["create_many", "upsert_many"])
def test_a_lost_answer_doubles_nobody(app, monkeypatch, call):
    """F17: the org has written, its answer is lost; the chunk comes again."""
    import_id = new_import(app, PEOPLE, Pool__c=new_pool(app))
    imports.load(app, import_id)
    waiting = app_queue_messages(app, Queue.IMPORTS)
    real = getattr(app.salesforce, call)

    def losing(*arguments):
        real(*arguments)
        raise TryAgain("the answer was lost")

    with monkeypatch.context() as patched:
        patched.setattr(app.salesforce, call, losing)
        assert import_file.handler(batch(*waiting), None) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert import_file.handler(batch(*waiting), None) == {"batchItemFailures": []}
    assert counts(app, import_id) == (2, 2, 0, 0, 0)
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2
    assert app.salesforce.count("SELECT COUNT() FROM Contact_Point__c") == 3
    assert app.salesforce.count("SELECT COUNT() FROM Pool_Membership__c") == 2


def test_a_part_that_the_org_refuses_is_told_and_goes_on_by_load(app, monkeypatch):
    import_id = new_import(app, PEOPLE)
    imports.load(app, import_id)
    waiting = app_queue_messages(app, Queue.IMPORTS)
    with monkeypatch.context() as patched:
        refusal = Rejected("The org is being upgraded.")
        patched.setattr(app.salesforce, "together", lambda *_: (_ for _ in ()).throw(refusal))
        assert import_file.handler(batch(*waiting), None) == {"batchItemFailures": []}
    assert message(app, import_id).startswith("Part 1 of 1 could not be loaded: The org is being upgraded.")
    assert run(app, import_id) == (2, 2, 0, 0, 0)


POINTS = [(call, when) for call in ("together", "upsert_many", "create_many", "update") for when in ("before", "after")]


def interleaved(monkeypatch, salesforce, call, when, other):
    """At the first such call of a worker, `other` runs as a whole: the worst moment, and the same in every run."""
    real, done = getattr(salesforce, call), []

    def calling(*arguments):
        if when == "after":
            answer = real(*arguments)
        if not done:
            done.append(call)
            with suppress(TryAgain):  # then its message comes again
                other()
        return answer if when == "after" else real(*arguments)

    monkeypatch.setattr(salesforce, call, calling)


@pytest.mark.parametrize(("call", "when"), POINTS)
def test_workers_on_one_chunk_at_once_count_once(app, monkeypatch, call, when):
    import_id = new_import(app, PEOPLE, Pool__c=new_pool(app))
    imports.load(app, import_id)
    [waiting] = app_queue_messages(app, Queue.IMPORTS)
    other = partial(imports.work, app, waiting["import_id"], waiting["load"], waiting["chunk"])
    with monkeypatch.context() as patched:
        interleaved(patched, app.salesforce, call, when, other)
        other()
    other()
    assert counts(app, import_id) == (2, 2, 0, 0, 0)
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2
    assert app.salesforce.count("SELECT COUNT() FROM Contact_Point__c") == 3
    assert imports.undo(app, import_id).startswith("Undone: 2 candidates removed")


@pytest.mark.parametrize(("call", "when"), POINTS)
def test_imports_at_once_with_the_same_people_meet(app, monkeypatch, call, when):
    both = [new_import(app, PEOPLE) for _ in range(2)]
    for import_id in both:
        imports.load(app, import_id)
    one, two = (partial(imports.work, app, *sent.values()) for sent in app_queue_messages(app, Queue.IMPORTS))
    with monkeypatch.context() as patched:
        interleaved(patched, app.salesforce, call, when, two)
        one()
    results = [counts(app, import_id) for import_id in both]
    assert [rows for rows, *_ in results] == [2, 2]
    assert sum(created for _, created, *_ in results) == 2
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2
    assert app.salesforce.count("SELECT COUNT() FROM Contact_Point__c") == 3


def test_changes_by_their_handler(app, org):
    made = org.client("recruiter").Candidate__c.create(
        {"Last_Name__c": "Lee", "City__c": "Cork", "Email__c": "a@a.example"}
    )
    rule = {"field": Candidate.CITY, "is": "equals", "value": "Cork"}
    pool = new_pool(app, kind="Dynamic", Rule__c=json.dumps(rule))
    assert pools_handler.handler(batch({"candidates": [made["id"]]}), None) == {"batchItemFailures": []}
    sweep.handler({}, None)
    told = app_queue_messages(app, Queue.CHANGES)
    assert {"count": pool} in told
    assert pools_handler.handler(batch(*told), None) == {"batchItemFailures": []}
    assert app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.MEMBER_COUNT])[TalentPool.MEMBER_COUNT] == 1
    assert app.salesforce.count(f"SELECT COUNT() FROM {ContactPoint.API_NAME}") == 1


def test_the_sweep_and_the_retry_by_schedule(app, org):
    org.client("recruiter").Candidate__c.create({"Last_Name__c": "Lee"})
    assert sweep.handler({}, None) is None
    told = app_queue_messages(app, Queue.CHANGES)
    assert len([message for message in told if "candidates" in message]) == 1
    assert {"reconcile", "outlived"} <= {name for message in told for name in message}
    assert ats_sync.handler({"source": "aws.events"}, None) is None


def test_the_ats_queue_by_its_handler(app):
    body = {"connection": "generic", "id": "m1", "payload": {"type": "x", "data": {}}}
    assert ats_sync.handler(batch(body, body), None) == {"batchItemFailures": []}
    assert ats_hooks.handler({"body": "{}", "headers": {}}, None)["statusCode"] == 401
