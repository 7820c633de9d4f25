"""kill -9 of the local AWS: what was saved is back, and nothing is sent before the ledger has caught up."""

import dataclasses
import json
from datetime import UTC, datetime

import pytest

from integration.local import deploy, package, recovery
from integration.local.aws.reasons import UNCLEAN
from integration.local.cloud import SENDS_TABLE, Launch, wait_until
from integration.local.serving import free_port
from tests.local.aws.conftest import ORG_ID, start_ministack

pytestmark = [pytest.mark.stack, pytest.mark.slow]
SWITCH = {"pk": {"S": "sending"}, "sk": {"S": "control"}}


@pytest.fixture(scope="module")
def crashed(tmp_path_factory):
    """A local AWS that was killed with a message being worked on, and the one that was started after it."""
    deps = package.dependencies(package.platform("local"))
    launch = Launch(free_port(), free_port(), "http://127.0.0.1:1", tmp_path_factory.mktemp("crash"), deps)
    cloud, process = start_ministack(launch)
    try:
        deploy.deploy(cloud, {"orgId": ORG_ID})
        sqs = cloud.client("sqs")
        url = sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="half done")
        assert sqs.receive_message(QueueUrl=url)["Messages"]
        done = datetime.now(UTC)
        saved = wait_until(lambda: (recovery.saved_at(launch.saved_note) or done) > done, seconds=40)
        assert saved
    finally:
        process.popen.kill()
        process.popen.wait()
    again = dataclasses.replace(launch, unclean=True)
    cloud, process = start_ministack(again)
    yield cloud, url
    process.stop()


def test_what_was_saved_is_back(crashed):
    cloud, _ = crashed
    functions = cloud.client("lambda").list_functions()["Functions"]
    assert {f"{deploy.STACK}-send", f"{deploy.STACK}-site"} <= {function["FunctionName"] for function in functions}
    assert cloud.client("ssm").get_parameter(Name=deploy.DEPLOYED)["Parameter"]["Value"]


def test_a_message_that_was_being_worked_on_can_be_taken_at_once(crashed):
    cloud, url = crashed
    [message] = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "half done"


def test_sending_is_paused(crashed):
    cloud, _ = crashed
    item = cloud.client("dynamodb").get_item(TableName=SENDS_TABLE, Key=SWITCH)["Item"]
    assert (item["state"]["S"], item["reason"]["S"]) == ("paused", UNCLEAN)


def test_a_never_saved_state_has_no_date(tmp_path):
    assert recovery.saved_at(tmp_path / "saved.json") is None
    (tmp_path / "saved.json").write_text("{")
    assert recovery.saved_at(tmp_path / "saved.json") is None
    (tmp_path / "saved.json").write_text(json.dumps({"at": "2026-01-02T03:04:05+00:00"}))
    assert recovery.saved_at(tmp_path / "saved.json") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
