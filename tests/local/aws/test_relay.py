"""The relay: the org's events reach the bus at least once, in order, and the position moves only after delivery."""

import json

import pytest
import responses
from botocore.exceptions import BotoCoreError

from integration.local import deploy
from integration.local.cloud import Cloud
from integration.local.relay import POSITION, Relay

pytestmark = pytest.mark.stack
ORG = "http://127.0.0.1:1"


def published(number):
    return {
        "sequence": number,
        "uuid": f"u{number}",
        "event": "Recruiting_Command__e",
        "payload": {"Command_Id__c": f"a0N{number:015}", "Org_Id__c": "00D000000000001AAA"},
    }


@pytest.fixture(scope="module")
def inbox(deployed):
    """A queue of this test behind a rule of its own."""
    sqs, events = deployed.client("sqs"), deployed.client("events")
    url = sqs.create_queue(QueueName="relayed")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": [{"prefix": "crm.local/test-org"}]})
    events.put_rule(Name="relayed", EventBusName=deploy.STACK, EventPattern=pattern)
    events.put_targets(Rule="relayed", EventBusName=deploy.STACK, Targets=[{"Id": "q", "Arn": arn}])

    def received():
        found = []
        while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
            for message in batch:
                found.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    return received


@pytest.fixture
def relay(deployed):
    return Relay(ORG, "test-org", "token", deployed.cloud, deploy.STACK)


@responses.activate
def test_events_arrive_as_the_event_relay_shapes_them(relay, inbox):
    asked = responses.get(f"{ORG}/warmbench/events", json={"events": [published(n) for n in range(1, 24)], "last": 23})
    assert relay.forward(0) == 23
    events = inbox()
    assert len(events) == 23
    assert events[0]["source"] == "crm.local/test-org/channel"
    assert events[0]["detail-type"] == "Recruiting_Command__e"
    assert events[0]["detail"]["payload"]["Command_Id__c"].startswith("a0N")
    assert asked.calls[0].request.headers["Authorization"] == "Bearer token"
    assert relay.position() == 23


@responses.activate
def test_a_bus_out_of_reach_leaves_the_position(relay, deployed):
    deployed.client("ssm").put_parameter(Name=POSITION, Value="40", Type="String", Overwrite=True)
    responses.get(f"{ORG}/warmbench/events", json={"events": [published(41)], "last": 41})
    with pytest.raises(BotoCoreError):
        Relay(ORG, "test-org", "token", Cloud(ORG), deploy.STACK).forward(40)
    assert relay.position() == 40


@responses.activate
def test_no_news_keeps_the_position(relay):
    responses.get(f"{ORG}/warmbench/events", json={"events": [], "last": 7})
    assert relay.forward(7) == 7
