"""MiniStack's private names that the launcher leans on: a new version that moves one fails here, not in a demo."""

import json
import subprocess

import pytest

from integration.local.tools import REQUIREMENTS, python

pytestmark = pytest.mark.slow

PROBE = """
import inspect, json
from hypercorn.protocol.events import StreamClosed
from hypercorn.protocol.http_stream import HTTPStream
from ministack import app
from ministack.core import iam_actions, lambda_runtime, persistence
from ministack.services import apigateway, dynamodb, ses, ses_v2, sqs

def parameters(function):
    return list(inspect.signature(function).parameters)

print(json.dumps({
    "drain": parameters(lambda_runtime.Worker._drain_stderr_bounded),
    "drain defaults": lambda_runtime.Worker._drain_stderr_bounded.__defaults__,
    "workers": lambda_runtime._LOCAL_MAX_WORKERS,
    "encode": parameters(persistence._json_default),
    "format": parameters(persistence._state_format_version),
    "folder": isinstance(persistence.STATE_DIR, str),
    "build": parameters(app._build_persistence_save_dict),
    "respond": parameters(app._send_response),
    "execute": parameters(apigateway.handle_execute),
    "route": parameters(apigateway._match_route),
    "decode": parameters(apigateway.decode_http_api_path),
    "invoke": 'thread_name="ministack-apigw-invoke"' in inspect.getsource(apigateway._invoke_lambda_proxy),
    "source address": '"sourceIp": "127.0.0.1"' in inspect.getsource(apigateway._invoke_lambda_proxy),
    "apis": hasattr(apigateway._apis, "all_items"),
    "queues": hasattr(sqs._queues, "all_items"),
    "visible": '"visible_at"' in inspect.getsource(sqs),
    "receive": parameters(sqs._receive_messages_for_esm),
    "collect": parameters(sqs._collect_msgs)[:3],
    "tables": parameters(dynamodb.handle_request),
    "mail": parameters(ses_v2.handle_request),
    "mail error": parameters(ses_v2._json_err),
    "sent": callable(ses._sent_emails_list),
    "resource": parameters(iam_actions._ses_v2_resource_arn),
    "action": parameters(iam_actions.extract_iam_action),
    "imported anew": "    from ministack.core.iam_actions import" in inspect.getsource(app),
    "hang up": hasattr(StreamClosed(stream_id=1), "stream_id") and "self.stream_id" in inspect.getsource(HTTPStream),
}))
"""
HANDLER = ["method", "path", "headers", "body", "query_params"]
EXPECTED = {
    "drain": ["self", "first_line_wait", "idle_confirm", "hard_cap"],
    "drain defaults": [0.050, 0.005, 0.250],
    "workers": 0,
    "encode": ["obj"],
    "format": ["service"],
    "folder": True,
    "build": [],
    "respond": ["send", "status", "headers", "body", "head"],
    "execute": ["api_id", "stage", "path", "method", "headers", "body", "query_params", "raw_query_string"],
    "route": ["api_id", "method", "path"],
    "decode": ["raw_path"],
    "invoke": True,
    "source address": True,
    "apis": True,
    "queues": True,
    "action": ["service", "method", "path", "headers", "body", "query_params"],
    "imported anew": True,
    "visible": True,
    "receive": ["queue_url", "max_number"],
    "collect": ["q", "max_n", "vis_timeout"],
    "tables": HANDLER,
    "mail": HANDLER,
    "mail error": ["code", "message", "status"],
    "sent": True,
    "resource": ["method", "path", "body", "region", "account_id"],
    "hang up": True,
}


@pytest.fixture(scope="module")
def found():
    environment = {"AUTH": "true", "PERSIST_STATE": "0", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([python("ministack"), "-c", PROBE], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_name_is_as_the_launcher_expects(found, name):
    assert found[name] == EXPECTED[name]


def test_every_requirement_is_pinned():
    assert all("==" in requirement for requirements in REQUIREMENTS.values() for requirement in requirements)
