"""What SES tells, by webhook and by EventBridge: typed, once, in any order."""

import itertools
import json
import random

import pytest

from integration import events, rollup, soql, tracking
from integration.adapters.ses_events import events_in
from integration.errors import Rejected
from integration.model import link
from integration.model.event import Kind
from integration.model.fold import fold
from integration.model.ledger import ledger_pk
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import RecruitingCampaign
from lambdas import events as handler
from tests.app_fixture import app_queue_messages
from tests.unit.track.test_rollup import world  # noqa: F401  (a fixture)

FACTS = {
    "Send": ("send", {}),
    "Delivery": ("delivery", {"recipients": ["a@b.example"]}),
    "DeliveryDelay": ("deliveryDelay", {"delayType": "MailboxFull",
                                        "delayedRecipients": [{"emailAddress": "a@b.example"}]}),
    "Bounce": ("bounce", {"bounceType": "Permanent", "bounceSubType": "General",
                          "bouncedRecipients": [{"emailAddress": "a@b.example", "status": "5.1.1"}]}),
    "Complaint": ("complaint", {"complaintFeedbackType": "abuse",
                                "complainedRecipients": [{"emailAddress": "a@b.example"}]}),
    "Reject": ("reject", {"reason": "Bad content"}),
    "Rendering Failure": ("failure", {"errorMessage": "Attribute is missing", "templateName": "t"}),
}  # fmt: skip


def notice(kind, campaign="C", step="S", candidate="K1", second=0, **facts):
    member, body = FACTS[kind]
    at = f"2026-03-02T09:00:{second:02}.000Z"
    tags = {"campaign": [campaign], "step": [step], "version": ["1"], "candidate": [candidate]}
    mail = {"messageId": f"m-{candidate}", "timestamp": at, "destination": ["a@b.example"], "tags": tags}
    return {"eventType": kind, "mail": mail, member: {**body, "timestamp": at, **facts}}


@pytest.mark.parametrize(
    ("kind", "ours", "detail"),
    [
        ("Send", Kind.SEND, ""),
        ("DeliveryDelay", Kind.DELAY, "MailboxFull"),
        ("Bounce", Kind.BOUNCE, "Permanent/General 5.1.1"),
        ("Complaint", Kind.COMPLAINT, "abuse"),
        ("Reject", Kind.REJECT, "Bad content"),
        ("Rendering Failure", Kind.REJECT, "Attribute is missing"),
    ],
)
def test_each_event_of_ses_is_typed(kind, ours, detail):
    [event] = events_in(notice(kind))
    assert (event.kind, event.detail, event.candidate, event.message_id) == (ours, detail, "K1", "m-K1")


@pytest.mark.parametrize("body", [{}, {"eventType": "Send"}, {"eventType": "Send", "mail": []}, {"eventType": ["Send"]},
                                  {"eventType": "Bounce", "mail": {"messageId": 1}, "bounce": 7}])  # fmt: skip
def test_what_is_no_event_of_ses_is_refused(body):
    with pytest.raises(Rejected):
        events_in(body)


def on_queue(*bodies):
    return {"Records": [{"messageId": f"m{n}", "body": json.dumps(body)} for n, body in enumerate(bodies)]}


def on_bus(body):
    return {"version": "0", "source": "aws.ses", "detail-type": "Email Bounced", "detail": body}


def test_events_come_by_eventbridge_too_and_eight_copies_count_once(handled, world):  # noqa: F811
    mine = {"campaign": world["campaign"], "step": world["step"]}
    bodies = [notice("Send", **mine), notice("Bounce", second=9, **mine)]
    answer = handler.handler(on_queue(*[on_bus(body) for body in bodies * 8], on_bus({"eventType": 1}), [1]), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m17"}]}
    rollup.run(handled)
    fields = [RecruitingCampaign.SENT, RecruitingCampaign.BOUNCED]
    [row] = handled.salesforce.query(soql.select(RecruitingCampaign.API_NAME, fields))
    assert list(row.values()) == [1, 1]
    key = ledger_pk(world["campaign"], world["step"], "1", "K1")
    assert handled.sends.get(key, "K1")["state"] == "settled"


def test_a_rejected_mail_counts_as_failed_not_as_sent(handled, world):  # noqa: F811
    mine = {"campaign": world["campaign"], "step": world["step"]}
    handler.handler(on_queue(on_bus(notice("Reject", **mine)), on_bus(notice("Send", **mine))), None)
    rollup.run(handled)
    fields = [RecruitingCampaign.SENT, RecruitingCampaign.FAILED]
    [row] = handled.salesforce.query(soql.select(RecruitingCampaign.API_NAME, fields))
    assert list(row.values()) == [0, 1]


def test_f28_eight_events_in_every_order_give_the_same_totals():
    told = [event for second, kind in enumerate(["Send", "DeliveryDelay", "Delivery", "Bounce", "Complaint"])
            for event in events_in(notice(kind, second=second))]  # fmt: skip
    told += [event for kind in ("Send", "Delivery", "Complaint") for event in events_in(notice(kind, candidate="K2"))]
    expected = fold(told)
    assert expected.steps["S"] == {"sent": 2, "delivered": 1, "bounced": 1, "complained": 2}
    orders = list(itertools.permutations(told))
    for order in random.Random(1).sample(orders, 300):
        assert fold(order) == expected


def test_a_click_from_the_tracker_is_stored_as_an_event_once(handled):
    where = {link.CAMPAIGN: "C", link.STEP: "S"}
    a_link = handled.links.sign(Purpose.LINK, {**where, link.TARGET: "https://other.example/", link.NUMBER: "1"})
    a_mail = handled.links.sign(Purpose.MAIL, {**where, link.VERSION: "1", link.CANDIDATE: "K1"})
    tracking.click(handled, a_link, a_mail, tracking.Visitor("GET", "Firefox", "203.0.113.77"))
    bodies = app_queue_messages(handled, Queue.EVENTS) * 2
    assert handler.handler(on_queue(*bodies, {"tokens": "k1.x", "id": "7"}), None) == {
        "batchItemFailures": [{"itemIdentifier": "m2"}]
    }
    stored = [event for key in handled.data.keys("raw/campaign=C/") for event in events.read(handled.data, key)]
    assert {(event.id, event.candidate, event.link, event.network) for event in stored} == {
        (bodies[0]["id"], "K1", "1", "203.0.113.0/24")
    }
