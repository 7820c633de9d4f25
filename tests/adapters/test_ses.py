"""SesMailer against a small server that misbehaves in every way: one attempt each, and the right word for it."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.validate import ParamValidator

from integration.adapters import aws, ses
from integration.adapters.ses import SesMailer
from integration.ports import MailInDoubt, MailRefused, MailSendingPaused, MailThrottled

RAW = b"From: Jobs <jobs@mail.warmbench.example>\r\nTo: ada@example.org\r\nSubject: Hello\r\n\r\nHello Ada\r\n"


HALVES = {"cut": ("500", b'{"Mess'), "garbage": ("6", b'{"Mess')}


class Provider(ThreadingHTTPServer):
    """Counts requests; `answer` is (status, code) or one of the words below."""

    daemon_threads = True
    answer: object = (200, "")

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.release = threading.Event()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append(json.loads(body))
        if self.server.answer == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif self.server.answer == "hang":
            self.server.release.wait(5)
            self.close_connection = True
        elif self.server.answer in HALVES:
            length, text = HALVES[self.server.answer]
            self.send_response(200)
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(text)
            self.close_connection = True
        else:
            self._reply(*self.server.answer)

    def _reply(self, status, code):
        body = json.dumps({"MessageId": "m-1"} if status == 200 else {"message": "ada@example.org"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if code:
            self.send_header("x-amzn-ErrorType", code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def provider(monkeypatch):
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    for name, value in {
        "AWS_ENDPOINT_URL_SESV2": f"http://127.0.0.1:{server.server_port}",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    aws.forget()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()
    aws.ses().close()
    aws.forget()


@pytest.fixture
def mailer(provider):
    return SesMailer("warmbench-test")


def send(mailer):
    return mailer.send(
        RAW, sender="jobs@mail.warmbench.example", recipient="ada@example.org", tags={"campaign": "c1", "step": "s1"}
    )


def test_accepted_mail_has_an_id(provider, mailer):
    assert send(mailer) == "m-1"
    (request,) = provider.requests
    assert request["Destination"] == {"ToAddresses": ["ada@example.org"]}
    assert request["ConfigurationSetName"] == "warmbench-test"
    assert request["EmailTags"] == [{"Name": "campaign", "Value": "c1"}, {"Name": "step", "Value": "s1"}]


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ((429, "TooManyRequestsException"), MailThrottled),
        ((400, "ThrottlingException"), MailThrottled),
        ((400, "LimitExceededException"), MailThrottled),
        ((429, ""), MailThrottled),
        ((400, "MessageRejected"), MailRefused),
        ((400, "BadRequestException"), MailRefused),
        ((404, "NotFoundException"), MailRefused),
        ((400, "MailFromDomainNotVerifiedException"), MailRefused),
        ((400, "AccountSuspendedException"), MailSendingPaused),
        ((400, "SendingPausedException"), MailSendingPaused),
        ((403, "AccessDeniedException"), MailSendingPaused),
        ((403, "ExpiredTokenException"), MailThrottled),
        ((500, "InternalFailure"), MailInDoubt),
        ((503, "ServiceUnavailable"), MailInDoubt),
        ((504, ""), MailInDoubt),
        ("drop", MailInDoubt),
        ("cut", MailInDoubt),
        ("garbage", MailInDoubt),
    ],
)
def test_each_answer_is_one_attempt_and_one_meaning(provider, mailer, answer, meaning):
    provider.answer = answer
    with pytest.raises(meaning) as caught:
        send(mailer)
    assert type(caught.value) is meaning
    assert "ada@" not in str(caught.value)
    assert len(provider.requests) == 1


def test_slow_answer_leaves_the_mail_in_doubt(provider, mailer, monkeypatch):
    monkeypatch.setattr(aws, "ONE_ATTEMPT", aws.ONE_ATTEMPT.merge(type(aws.ONE_ATTEMPT)(read_timeout=0.2)))
    provider.answer = "hang"
    with pytest.raises(MailInDoubt):
        send(mailer)
    assert len(provider.requests) == 1


def test_no_connection_proves_that_nothing_went(provider, mailer, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(MailThrottled):
            send(mailer)
    assert provider.requests == []


def test_connection_that_slept_is_not_used_again(provider, mailer, monkeypatch):
    ports = []
    monkeypatch.setattr(Handler, "setup", _noting_ports(Handler.setup, ports))
    send(mailer)
    send(mailer)
    assert len(ports) == 1
    now = time.monotonic()
    monkeypatch.setattr(ses.time, "monotonic", lambda: now + ses.LONGEST_IDLE + 1)
    send(mailer)
    assert len(ports) == 2


def _noting_ports(setup, ports):
    def noting(handler):
        ports.append(handler.client_address[1])
        setup(handler)

    return noting


def test_the_request_has_the_form_of_the_sdks_model(provider, mailer):
    asked = []
    aws.ses().meta.events.register("provide-client-params.sesv2.SendEmail", lambda params, **_: asked.append(params))
    send(mailer)
    shape = aws.ses().meta.service_model.operation_model("SendEmail").input_shape
    assert not ParamValidator().validate(asked[0], shape).has_errors()
    assert set(provider.requests[0]) == set(asked[0])
