"""The two functions of mail, called as Lambda calls them."""

import json

import pytest

from integration import campaigns, drips
from integration.ports import Queue
from lambdas import drip, send
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.mail.letters import published, queue_message, recipient
from tests.unit.mail.story import campaign, person, pool


class Context:
    def get_remaining_time_in_millis(self):
        return 10_000


@pytest.fixture
def deployed(app, monkeypatch):
    """The handlers' App is the one of this test."""
    for handler in (send, drip):
        monkeypatch.setattr(handler, "current", lambda: app)
    return app


def records(*messages):
    return {"Records": [{"messageId": f"m{n}", "body": json.dumps(body)} for n, body in enumerate(messages)]}


def test_sender_takes_its_chunk(deployed):
    published(deployed)
    assert send.handler(records(queue_message(recipient(1))), Context()) == {"batchItemFailures": []}
    assert len(app_sent_mail(deployed)) == 1


def test_poison_goes_back_alone(deployed):
    published(deployed)
    answer = send.handler(records({"no": "campaign"}, queue_message(recipient(1))), Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert len(app_sent_mail(deployed)) == 1


def test_minute_runs_drips_and_tends_campaigns(deployed, org):
    app = deployed
    in_pool = pool(app)
    campaigns.launch(app, campaign(app, in_pool, kind="Drip"))
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    app.clock.move(minutes=1)
    assert drip.handler({}, Context()) == {"queued": 1}
    assert drip.handler({}, Context()) == {"queued": 0}
    assert len(app_queue_messages(app, Queue.MAIL)) == 1
