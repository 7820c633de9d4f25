import json
from contextlib import ExitStack, closing
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from integration.adapters.sigv4 import SignedQueues, SignedSecrets, authorization
from integration.config import AwsAccess
from integration.errors import TryAgain
from integration.ports import Queue

ACCESS = AwsAccess("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a-session-token", "eu-west-1", "")


def botocores(headers, body, service, at):
    request = AWSRequest("POST", f"https://{headers['host']}/", headers=dict(headers), data=body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: at)
        SigV4Auth(Credentials(ACCESS.key_id, ACCESS.secret, ACCESS.token), service, ACCESS.region).add_auth(request)
    return request.headers["Authorization"]


@given(body=st.binary(max_size=200), service=st.sampled_from(["sqs", "ssm"]), at=st.datetimes(datetime(2020, 1, 1)))
def test_authorization_equals_botocores_byte_for_byte(body, service, at):
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "host": f"{service}.eu-west-1.amazonaws.com",
        "x-amz-date": at.strftime("%Y%m%dT%H%M%SZ"),
        "x-amz-security-token": ACCESS.token,
        "x-amz-target": "AmazonSQS.SendMessage",
    }
    assert authorization(ACCESS, service, headers, "/", body) == botocores(headers, body, service, at)


@pytest.fixture
def service():
    """A small AWS: remembers requests, answers what is asked, may hang up on a kept-alive connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            self.server.requests.append((self.headers, json.loads(body)))
            status = self.server.statuses.pop(0) if self.server.statuses else 200
            answer = json.dumps(self.server.answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            if self.server.hang_up:
                self.close_connection = True

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.requests, server.statuses, server.answer, server.hang_up = [], [], {}, False
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def opened():
    """Closes at the end what a test opened."""
    with ExitStack() as stack:
        yield lambda client: stack.enter_context(closing(client))


def access_to(server):
    return AwsAccess("k", "s", "", "us-east-1", f"http://127.0.0.1:{server.server_port}")


def test_a_message_is_sent_in_sqs_json_form(service, opened):
    opened(SignedQueues(access_to(service), {Queue.EVENTS: "http://q/events"})).send(Queue.EVENTS, {"id": "é"})
    headers, body = service.requests[0]
    assert headers["x-amz-target"] == "AmazonSQS.SendMessage"
    assert body == {"QueueUrl": "http://q/events", "MessageBody": '{"id":"\\u00e9"}'}


def test_a_stale_connection_is_opened_anew(service, opened):
    queues = opened(SignedQueues(access_to(service), {Queue.EVENTS: "http://q/events"}))
    service.hang_up = True
    queues.send(Queue.EVENTS, {"n": 1})
    queues.send(Queue.EVENTS, {"n": 2})
    assert [json.loads(body["MessageBody"])["n"] for _, body in service.requests] == [1, 2]


def test_a_refusal_asks_to_try_again(service, opened):
    service.statuses = [503]
    with pytest.raises(TryAgain, match="sqs answered 503"):
        opened(SignedQueues(access_to(service), {Queue.EVENTS: "u"})).send(Queue.EVENTS, {})


def test_nobody_listening_asks_to_try_again():
    access = AwsAccess("k", "s", "", "us-east-1", "http://127.0.0.1:9")
    with pytest.raises(TryAgain, match="did not answer"):
        SignedQueues(access, {Queue.EVENTS: "u"}).send(Queue.EVENTS, {})


def test_a_parameter_is_read_once_in_five_minutes(service, opened):
    service.answer = {"Parameter": {"Value": "secret"}}
    now = [0.0]
    secrets = opened(SignedSecrets(access_to(service), lambda: now[0]))
    assert [secrets.parameter("/p"), secrets.parameter("/p")] == ["secret", "secret"]
    now[0] = 301
    secrets.parameter("/p")
    assert len(service.requests) == 2
    assert service.requests[0][1] == {"Name": "/p", "WithDecryption": True}


def test_the_clock_may_ask_for_a_fresher_value(service, opened):
    service.answer = {"Parameter": {"Value": "60"}}
    now = [0.0]
    secrets = opened(SignedSecrets(access_to(service), lambda: now[0]))
    secrets.parameter("/clock", max_age_seconds=2)
    now[0] = 3
    secrets.parameter("/clock", max_age_seconds=2)
    assert len(service.requests) == 2
