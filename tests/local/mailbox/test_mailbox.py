"""The mailbox as the stack and a person see it; its notifications are read by the product's own verifier."""

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from werkzeug.test import Client

from integration.adapters.sns import SnsNotifications
from integration.errors import Rejected
from integration.local.mailbox.delivering import Delivery, notification
from integration.local.mailbox.provider import Provider
from integration.local.mailbox.server import Mailbox
from integration.local.mailbox.signing import Notifier, make_certificate
from integration.local.mailbox.store import Store
from integration.model.answers import judge
from integration.model.delivered import Delivered
from integration.model.event import Kind
from integration.model.incoming import Kind as Answers
from integration.replies.opening import opened

TOPIC = "arn:aws:sns:eu-west-1:000000000000:warmbench-test-mail"
TAGS = {"campaign": "C1", "step": "S1", "version": "1", "candidate": "K1"}


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "mailbox.db")
    yield store
    store.close()


@pytest.fixture
def client(store):
    return Client(Mailbox(store, Provider(store)))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("keys"))


def a_mail(recipient="ada@example.org", subject="Hello", message_id="id-1"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Jobs <jobs@example.com>", recipient, subject
    message.set_content("Hello Ada")
    message.add_alternative("<p>Hello Ada</p>", subtype="html")
    return {
        "message_id": message_id,
        "source": "jobs@example.com",
        "destination": [recipient],
        "raw_base64": base64.b64encode(bytes(message)).decode(),
        "tags": TAGS,
    }


def accept(client, **changes):
    return client.post("/accept", json=a_mail(**changes)).json["outcome"]


def kinds(store, message_id="id-1"):
    return [notice.kind for notice in store.notices(message_id)]


def test_a_browser_that_asks_for_an_icon_is_told_of_no_mistake(client):
    assert client.get("/favicon.ico").status_code == 204


def test_an_accepted_mail_is_listed_and_opened(client):
    assert accept(client) == "accepted"
    assert [mail["subject"] for mail in client.get("/messages?to=ADA@example.org").json] == ["Hello"]
    opened = client.get("/messages/id-1").json
    assert (opened["text"], opened["html"]) == ("Hello Ada\n", "<p>Hello Ada</p>\n")
    assert "Hello" in client.get("/mail/id-1").text


def test_a_mail_handed_over_twice_is_one_mail(client, store):
    accept(client)
    accept(client)
    assert len(client.get("/ledger").json) == 1
    assert kinds(store) == ["Send", "Delivery"]


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("ada@example.org", ["Send", "Delivery"]),
        ("bounce+1@example.org", ["Send", "Bounce"]),
        ("softbounce@example.org", ["Send", "Bounce"]),
        ("complaint@example.org", ["Send", "Delivery", "Complaint"]),
    ],
)
def test_addresses_act_as_in_the_providers_simulator(client, store, recipient, expected):
    accept(client, recipient=recipient)
    assert kinds(store) == expected


@pytest.mark.parametrize(
    ("fault", "outcome", "kept"),
    [
        ({"throttle": 1}, "throttle", 0),
        ({"paused": True}, "paused", 0),
        ({"refuse": 1}, "refuse", 0),
        ({"drop_reply": 1}, "drop_reply", 1),
    ],
)
def test_faults_strike_on_demand(client, fault, outcome, kept):
    client.post("/faults", json=fault)
    assert accept(client) == outcome
    assert len(client.get("/ledger").json) == kept


def test_events_can_be_lost_and_doubled(client, store):
    client.post("/faults", json={"lose_events": 1})
    accept(client)
    client.post("/faults", json={"duplicate_events": 1})
    accept(client, message_id="id-2")
    assert (kinds(store), kinds(store, "id-2")) == ([], ["Send", "Send", "Delivery", "Delivery"])


@pytest.mark.parametrize("fault", [{"throttle": 2}, {"thrttle": 1}, {"paused": 1}, {"drop_reply": "a"}])
def test_a_fault_that_does_not_exist_is_named(client, fault):
    answer = client.post("/faults", json=fault)
    assert answer.status_code == 400
    assert next(iter(fault)) in answer.json["error"]


def test_faults_and_clock_survive_a_restart(client, store):
    client.post("/faults", json={"throttle": 0.5})
    client.post("/clock", json={"offset_seconds": 86_400})
    again = Provider(store)
    assert again.faults.throttle == 0.5
    assert again.now() - datetime.now(UTC) > timedelta(hours=23)


def test_an_answer_stands_beside_its_mail(client):
    accept(client)
    client.post("/messages/id-1/answer", data={"text": "Yes, call me"})
    assert "Yes, call me" in client.get("/mail/id-1").text
    assert len(client.get("/ledger").json) == 1


def test_replay_tells_everything_again(client, store):
    accept(client)
    store.mark_told([notice.number for notice in store.untold(10)])
    assert store.untold(10) == []
    assert client.post("/replay", json={"since": ""}).json == {"events": 2}
    assert len(store.untold(10)) == 2


@pytest.mark.parametrize("path", ["/messages/none", "/mail/none", "/mail/none/body", "/none"])
def test_what_is_not_there_is_said_to_be_missing(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"destination": []}', b'{"raw_base64": "%"}'])
def test_a_malformed_mail_is_refused_in_words(client, body):
    answer = client.post("/accept", data=body)
    assert answer.status_code == 400
    assert answer.json["error"]


def test_other_web_pages_are_kept_out(client):
    assert client.post("/faults", json={}, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403


def test_a_mails_html_cannot_script_this_page(client):
    accept(client)
    assert "sandbox" in client.get("/mail/id-1/body").headers["content-security-policy"]


def test_a_link_of_a_mail_opens_a_window_of_its_own(client):
    accept(client)
    assert '<base target="_blank"><p>Hello' in client.get("/mail/id-1/body").text


def notified(client, store, certificate, kind=0):
    accept(client)
    notifier = Notifier.from_file(certificate[0], TOPIC)
    return notifier.notification(store.untold(10)[kind].body, datetime.now(UTC))


def test_the_product_believes_the_mailboxs_notifications(client, store, certificate):
    body = notified(client, store, certificate, kind=1)
    [event] = SnsNotifications(TOPIC, certificate[1]).read(body, datetime.now(UTC))
    assert (event.kind, event.campaign, event.candidate, event.message_id) == (Kind.DELIVERY, "C1", "K1", "id-1")


def test_a_copy_of_a_notification_has_the_same_event_id(client, store, certificate):
    notices = [notified(client, store, certificate), notified(client, store, certificate)]
    reader = SnsNotifications(TOPIC, certificate[1])
    assert len({reader.read(body, datetime.now(UTC))[0].id for body in notices}) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"Message": "{}"},
        {"Subject": "Another"},
        {"TopicArn": TOPIC + "x"},
        {"SignatureVersion": "1"},
        {"Signature": ""},
        {"Signature": "%%%"},
        {"Type": "SubscriptionConfirmation"},
        {"Type": "Other"},
        {"Timestamp": "2020-01-01T00:00:00.000Z"},
        {"Timestamp": "yesterday"},
        {"Message": 1},
    ],
)
def test_S5_B42_an_altered_notification_is_refused(client, store, certificate, change):
    body = json.dumps({**json.loads(notified(client, store, certificate)), **change}).encode()
    with pytest.raises(Rejected, match="notification"):
        SnsNotifications(TOPIC, certificate[1]).read(body, datetime.now(UTC))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'{"Type": []}', b"[" * 100_000])
def test_B42_what_is_no_notification_is_refused(certificate, body):
    with pytest.raises(Rejected):
        SnsNotifications(TOPIC, certificate[1]).read(body, datetime.now(UTC))


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://s3.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://a@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://sns.eu-west-1.amazonaws.com:444/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://sns.eu-west-1.amazonaws.com/other.pem",
        "",
    ],
)
def test_S5_a_certificate_comes_from_the_regions_own_sns_host_only(client, store, certificate, url):
    body = json.dumps({**json.loads(notified(client, store, certificate)), "SigningCertURL": url}).encode()
    with pytest.raises(Rejected, match="not at SNS"):
        SnsNotifications(TOPIC).read(body, datetime.now(UTC))


REPLY_TO = "reply+token@in.example"


class Door(Delivery):
    """Keeps what would go into the local AWS."""

    def __init__(self):
        super().__init__("", "in.example")
        self.taken = []

    def deliver(self, name, raw, to, sender, at, check="passed"):
        self.taken.append((raw, notification(f"inbound/{name}", "bucket", to, sender, at, check)))


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def with_door(store, door):
    return Client(Mailbox(store, Provider(store), door))


def accept_answerable(client):
    given = a_mail()
    raw = b"Reply-To: Jobs <" + REPLY_TO.encode() + b">\r\nReferences: <token@in.example>\r\n"
    given["raw_base64"] = base64.b64encode(raw + base64.b64decode(given["raw_base64"])).decode()
    client.post("/accept", json=given)


@pytest.mark.parametrize(
    ("kind", "found"), [("person", Answers.PERSON), ("away", Answers.OUT_OF_OFFICE), ("bounce", Answers.BOUNCE)]
)
def test_answer_comes_in_as_the_provider_would_deliver_it(with_door, door, kind, found):
    accept_answerable(with_door)
    with_door.post("/messages/id-1/answer", data={"text": "Yes, call me", "kind": kind})
    [(raw, told)] = door.taken
    delivered = Delivered.read(told)
    assert (delivered.recipients, delivered.is_proven, delivered.is_spam) == ((REPLY_TO,), True, False)
    mail = opened(raw, delivered.recipients)
    assert judge(mail).kind is found
    assert mail.own_text == "Yes, call me"
    assert "token@in.example" in mail.headers.get("references", "") + (mail.report.original if mail.report else "")


def test_blank_machines_say_what_machines_say(with_door, door):
    accept_answerable(with_door)
    for kind in ("away", "bounce"):
        assert with_door.post("/messages/id-1/answer", data={"text": "", "kind": kind}).status_code == 303
    assert with_door.post("/messages/id-1/answer", data={"text": " ", "kind": "person"}).status_code == 400
    assert with_door.post("/messages/id-1/answer", data={"text": "x", "kind": "ghost"}).status_code == 400
    away, _ = (judge(opened(raw)) for raw, _ in door.taken)
    assert away.back_on


def test_answer_to_a_mail_without_our_address_ends_here(with_door, door):
    accept(with_door)
    with_door.post("/messages/id-1/answer", data={"text": "Yes"})
    assert door.taken == []


LETTER = {"from": "Bea <bea@people.example>", "to": "job-1+indeed@in.example", "subject": "Me", "text": "Hello"}


def test_letter_with_a_file_comes_in(with_door, door):
    file = (io.BytesIO(b"%PDF-1.4"), "cv.pdf")
    sent = with_door.post("/compose", data={**LETTER, "file": file, "check": "unproven"})
    assert sent.status_code == 303
    [(raw, told)] = door.taken
    mail = opened(raw)
    assert (mail.sender, mail.sender_name, mail.text) == ("bea@people.example", "Bea", "Hello")
    assert [each.name for each in mail.attachments] == ["cv.pdf"]
    assert not Delivered.read(told).is_proven
    assert with_door.get("/ledger").json == []
    assert "Me" in with_door.get(sent.headers["location"]).text


@pytest.mark.parametrize(
    ("field", "value"),
    [("to", "x@elsewhere.example"), ("to", "nobody"), ("from", ""), ("from", "a@b\r\nBcc: c@d.example")],
)
def test_letter_that_cannot_arrive_is_explained(with_door, door, field, value):
    answer = with_door.post("/compose", data={**LETTER, field: value})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert door.taken == []


def test_mail_waits_for_the_stack_with_a_plain_word(store):
    client = Client(Mailbox(store, Provider(store), Delivery("http://127.0.0.1:1", "in.example")))
    answer = client.post("/compose", json=LETTER)
    assert (answer.status_code, "not deployed" in answer.text) == (503, True)
