"""The fixture `app`: the real App and its real adapters, with moto at the AWS edge and the embedded org in process.

def test_something(app):
    app.clock.move(days=3)                              # a FrozenClock, Monday 2026-03-02 09:00 UTC
    use_case(app, record_id)
    assert app.people.get("person#…", "caps")           # DynamoDB tables, S3 buckets and queues start empty
    assert app_queue_messages(app, Queue.MAIL) == [...]  # takes the waiting messages off the queue, oldest first
    assert app_sent_mail(app)[0]["Subject"] == "…"      # what the real SesMailer handed to SES, parsed

`app.salesforce` connects to the fixture `org` when it is first used, so a test that needs no org does not pay for one.
`handled` is the same app, and what the handlers in lambdas/ work on: `lambdas.send.handler(event, context)`.
Import the functions with `from tests.app_fixture import app_queue_messages, app_sent_mail`.
"""

import base64
import dataclasses
import email
import email.policy
import json
import os
from functools import cached_property

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from integration import app as composition
from integration.adapters import aws
from integration.app import App
from integration.config import TABLES, Config
from integration.ports import Queue
from tests.clock import FrozenClock

REGION = "eu-west-1"
SENDER_DOMAIN = "mail.warmbench.example"
ORG_ID = "00D000000000001EAA"

CONFIG = Config(
    stage="test",
    public_base_url="https://jobs.warmbench.example",
    org_id=ORG_ID,
    salesforce_secret="warmbench/test/salesforce",
    link_keys_parameter="/warmbench/test/link-keys",
    ats_secret="warmbench/test/ats",
    mail_topic_arn=f"arn:aws:sns:{REGION}:{DEFAULT_ACCOUNT_ID}:warmbench-test-mail",
    configuration_set="warmbench-test",
    send_rate=1_000_000.0,
    search_rate=1_000_000.0,
    link_checks=0,
    tables={name: f"warmbench-test-{name}" for name in TABLES},
    data_bucket="warmbench-test-data",
    site_bucket="warmbench-test-site",
)
LINK_KEYS = {"current": "k1", "keys": {"k1": base64.urlsafe_b64encode(b"a key of thirty-two bytes, tests").decode()}}


class AppUnderTest(App):
    """The App, connected to the org of this process."""

    def __init__(self, config, request):
        super().__init__(config)
        self._request = request

    @cached_property
    def salesforce(self):
        from integration.adapters.salesforce import connect

        org = self._request.getfixturevalue("org")
        secret = self.secrets.secret(self.config.salesforce_secret)
        return connect({**secret, "login_url": org.url}, session=org.session)


@pytest.fixture
def aws_account(monkeypatch):
    """An empty AWS account in this process. The clients outlive it: making them is what costs time."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    if "AWS_ENDPOINT_URL" in os.environ:
        # Tests before have spoken to a stack of their own, and so do the clients that are kept.
        monkeypatch.delenv("AWS_ENDPOINT_URL")
        aws.forget()
    with mock_aws():
        yield


@pytest.fixture
def app(aws_account, request):
    """An App on an empty account, a frozen clock, and the embedded org when it is asked for."""
    queue_urls = _make_account()
    under_test = AppUnderTest(dataclasses.replace(CONFIG, queue_urls=queue_urls), request)
    under_test.clock = FrozenClock()
    return under_test


@pytest.fixture
def handled(app, monkeypatch):
    """The same `app`, which the handlers in lambdas/ get from current() and tracker() too."""
    monkeypatch.setattr(composition, "from_environment", lambda: app.config)
    monkeypatch.setattr(composition, "App", lambda config: app)
    monkeypatch.setattr(composition, "TrackerApp", lambda config: app)
    for made in (composition.current, composition.tracker):
        made.cache_clear()
    yield app
    for made in (composition.current, composition.tracker):
        made.cache_clear()


def app_queue_messages(app, queue: Queue) -> list[dict]:
    """The messages waiting in a queue, oldest first, taken off it. Delayed ones show when their delay is over."""
    messages = []
    while True:
        answer = aws.sqs().receive_message(QueueUrl=app.config.queue_urls[queue], MaxNumberOfMessages=10)
        if not answer.get("Messages"):
            return messages
        for message in answer["Messages"]:
            messages.append(json.loads(message["Body"]))
            aws.sqs().delete_message(QueueUrl=app.config.queue_urls[queue], ReceiptHandle=message["ReceiptHandle"])


def app_sent_mail(app) -> list[email.message.EmailMessage]:
    """Every message handed to SES, in order, parsed; `message.recipients` are the envelope's."""
    sent = []
    for raw in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages:
        message = email.message_from_string(raw.raw_data, policy=email.policy.default)
        message.recipients = list(dict.fromkeys(raw.destinations))  # moto counts the To header as well
        sent.append(message)
    return sent


def _make_account() -> dict[Queue, str]:
    """Tables, buckets, queues, secrets and a verified sender domain, as serverless.yml has them."""
    for table in CONFIG.tables.values():
        aws.dynamodb().create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
    for bucket in (CONFIG.data_bucket, CONFIG.site_bucket):
        aws.s3().create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    aws.ses().create_email_identity(EmailIdentity=SENDER_DOMAIN)
    aws.ses().create_configuration_set(ConfigurationSetName=CONFIG.configuration_set)
    aws.ssm().put_parameter(Name=CONFIG.link_keys_parameter, Type="SecureString", Value=json.dumps(LINK_KEYS))
    secrets = {
        CONFIG.ats_secret: {"generic": "a webhook secret for tests"},
        CONFIG.salesforce_secret: {
            "client_id": "warmbench",
            "client_secret": "a client secret for tests",
        },
    }
    for name, value in secrets.items():
        aws.secretsmanager().create_secret(Name=name, SecretString=json.dumps(value))
    return {queue: aws.sqs().create_queue(QueueName=f"warmbench-test-{queue}")["QueueUrl"] for queue in Queue}
