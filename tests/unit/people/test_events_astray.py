"""Commands whose events are lost, doubled or out of order: relay and sweep together run each of them once."""

import json

import boto3
import pytest
import responses

from integration import sweep
from integration.local.relay import SOURCE, Relay
from integration.ports import Queue
from integration.records import Candidate
from lambdas import commands as handler
from tests.app_fixture import REGION, app_queue_messages
from tests.unit.people.importing import new_pool

URL = "http://org.warmbench.test"
BUS = "warmbench-test"


class Moto:
    """The account of this process in the place of the local AWS."""

    def client(self, service):
        return boto3.client(service, region_name=REGION)


@pytest.fixture
def relay(app, org):
    """A relay from this process's org to a bus whose rule leads to the queue of commands."""
    events = boto3.client("events", region_name=REGION)
    events.create_event_bus(Name=BUS)
    pattern = json.dumps({"source": [{"prefix": SOURCE}]})
    events.put_rule(Name="commands", EventBusName=BUS, EventPattern=pattern)
    arn = f"arn:aws:sqs:{REGION}:123456789012:warmbench-test-{Queue.COMMANDS}"
    events.put_targets(Rule="commands", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.add_callback(responses.GET, f"{URL}/warmbench/events", lambda request: answered(org, request))
        mocked.add_passthru("https://")
        yield Relay(URL, org.app.id, org.app.issue_token("admin"), Moto(), BUS)


def answered(org, request):
    """The org's own answer, without the wait for further events."""
    answer = org.session.get(f"{request.url}&wait=0", headers={"Authorization": request.headers["Authorization"]})
    return answer.status_code, {}, answer.content


@pytest.fixture
def ran(monkeypatch):
    """The pools whose use-case ran, in order."""
    found = []
    monkeypatch.setattr("integration.pools.refresh", lambda app, pool: found.append(pool) or "Done.")
    return found


def work(app):
    """What waits in the queue of commands goes through the handler."""
    messages = app_queue_messages(app, Queue.COMMANDS)
    records = [{"messageId": str(place), "body": json.dumps(body)} for place, body in enumerate(messages)]
    assert handler.handler({"Records": records}, None) == {"batchItemFailures": []}
    return len(messages)


def command(app, org, count):
    pools = [new_pool(app, name=f"Pool {number}") for number in range(count)]
    for pool in pools:
        org.client("recruiter").Talent_Pool__c.update(pool, {"Command__c": "Refresh"})
    return pools


@pytest.mark.parametrize(
    "faults", [(), ("lost",), ("duplicated",), ("reordered",), ("lost", "duplicated", "reordered")]
)
def test_every_command_runs_once(handled, org, relay, ran, faults):
    for kind in faults:
        org.app.faults.add({"kind": f"event_{kind}", "times": 2, "every": 2})
    pools = command(handled, org, 6)
    position = relay.forward(0)
    heard = work(handled)
    handled.clock.move(minutes=1)
    relay.forward(position)
    heard += work(handled)
    assert heard == 6 - 2 * ("lost" in faults) + 2 * ("duplicated" in faults)
    sweep.sweep(handled)
    work(handled)
    assert sorted(ran) == sorted(pools)
    assert {row["Status__c"] for row in org.rows("SELECT Status__c FROM Recruiting_Command__c")} == {"Done"}
    if "reordered" in faults and "lost" not in faults:
        assert ran != pools


def test_position_never_passes_an_event_that_is_held_back(handled, org, relay, ran):
    org.app.faults.add({"kind": "event_reordered", "seconds": 30})
    held, early = command(handled, org, 2)
    position = relay.forward(0)
    work(handled)
    assert ran == [early]
    handled.clock.move(seconds=31)
    assert relay.forward(position) > position
    work(handled)
    assert ran == [early, held]


def test_rows_that_commit_late_are_announced_once(handled, org):
    """The org stamps a row and commits it minutes later, when rows behind that stamp were swept already."""
    recruiter = org.client("recruiter").Candidate__c
    handled.clock.move(minutes=20)
    seen = [recruiter.create({"Last_Name__c": "Seen"})["id"]]
    swept = [announced(handled)]
    org.app.faults.add({"kind": "commit_delayed", "seconds": 600, "times": 2, "object": Candidate.API_NAME})
    late = [recruiter.create({"Last_Name__c": name})["id"] for name in ("Late", "Later")]
    handled.clock.move(minutes=1)
    swept += [announced(handled), announced(handled)]
    assert swept == [seen, late, []]


def announced(app):
    app_queue_messages(app, Queue.CHANGES)
    sweep.sweep(app)
    return sorted(one for message in app_queue_messages(app, Queue.CHANGES) for one in message.get("candidates", []))
