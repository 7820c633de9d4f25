"""serverless.yml against the code and against our own rules, read from the CloudFormation that osls makes of it."""

import ast
import copy
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from integration.config import TABLES, from_environment
from integration.local import deploy
from integration.local.package import RUNTIME
from integration.ports import Queue

ROOT = Path(__file__).resolve().parent.parent
ROUTES = {
    "site": {"ANY /", "ANY /{proxy+}"},
    "track": {
        "GET /c/{link}",
        "HEAD /c/{link}",
        "GET /c/{link}/{mail}",
        "HEAD /c/{link}/{mail}",
        "GET /o/{mail}",
        "GET /u/{mail}",
        "POST /u/{mail}",
    },
    "mail_hooks": {"POST /hooks/mail"},
    "ats_hooks": {"POST /hooks/ats/{connection}"},
}
SCHEDULES = {
    "sweep": "rate(1 minute)",
    "drip": "rate(1 minute)",
    "rollup": "rate(5 minutes)",
    "prospect": "rate(5 minutes)",
    "syndicate": "rate(1 hour)",
    "ats_sync": "rate(10 minutes)",
}
WORKERS = {
    "commands": "commands",
    "import_file": "imports",
    "prospect": "searches",
    "pools": "changes",
    "register": "registrations",
    "send": "mail",
    "events": "events",
    "syndicate": "postings",
    "ats_sync": "ats",
    "mail_in": "inbound",
}


@pytest.fixture(scope="session")
def template():
    folder = deploy.templates({})
    return json.loads((folder / "cloudformation-template-update-stack.json").read_text())


def of_type(template, kind):
    return {name: each["Properties"] for name, each in template["Resources"].items() if each["Type"] == kind}


def functions(template):
    """Properties by the file in lambdas/ that answers."""
    found = of_type(template, "AWS::Lambda::Function").values()
    return {each["Handler"].removeprefix("lambdas/").removesuffix(".handler"): each for each in found}


def name_of(template, reference):
    """The function (file name) that a reference to its ARN means."""
    logical = re.search(r"(\w+)LambdaFunction", json.dumps(reference)).group(0)
    return template["Resources"][logical]["Properties"]["Handler"].split("/")[1].split(".")[0]


def queue_name(template, logical):
    return template["Resources"][logical]["Properties"]["QueueName"].split("-", 2)[2]


def statements(template):
    """(logical id of the role, statement) of every role."""
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def as_list(value):
    return value if isinstance(value, list) else [value]


def excessive(template):
    """Statements that allow a whole service or every resource."""
    found = []
    for role, statement in statements(template):
        actions, resources = as_list(statement["Action"]), as_list(statement["Resource"])
        if any("*" in action for action in actions) or any(resource in ("*", "arn:*") for resource in resources):
            found.append((role, actions, resources))
    return found


def test_every_handler_exists(template):
    for name in functions(template):
        module = ROOT / "lambdas" / name
        source = (module / "__init__.py" if module.is_dir() else module.with_suffix(".py")).read_text()
        names = {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
        imported = {
            alias.asname or alias.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert "handler" in names | imported, f"lambdas/{name} has no function `handler`"


def test_every_handler_is_deployed(template):
    found = {path.stem for path in (ROOT / "lambdas").glob("[!_]*.py")}
    found |= {path.parent.name for path in (ROOT / "lambdas").glob("[!_]*/__init__.py")}
    assert found == set(functions(template))


def test_functions_run_the_python_that_is_packaged(template):
    assert {each["Runtime"] for each in functions(template).values()} == {f"python{RUNTIME}"}


def test_routes_are_those_of_the_product(template):
    integrations = of_type(template, "AWS::ApiGatewayV2::Integration")
    routes: dict[str, set[str]] = {}
    for route in of_type(template, "AWS::ApiGatewayV2::Route").values():
        logical = re.search(r"HttpApiIntegration\w+", json.dumps(route["Target"])).group(0)
        name = name_of(template, integrations[logical]["IntegrationUri"])
        routes.setdefault(name, set()).add(route["RouteKey"])
    assert routes == ROUTES


def test_schedules_are_those_of_the_product(template):
    rules = [rule for rule in of_type(template, "AWS::Events::Rule").values() if "ScheduleExpression" in rule]
    assert {name_of(template, rule["Targets"][0]["Arn"]): rule["ScheduleExpression"] for rule in rules} == SCHEDULES


def test_every_queue_has_its_worker(template):
    found = {}
    for mapping in of_type(template, "AWS::Lambda::EventSourceMapping").values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2
        name = name_of(template, mapping["FunctionName"])
        found[name] = queue_name(template, mapping["EventSourceArn"]["Fn::GetAtt"][0])
    assert found == WORKERS


def test_a_message_stays_hidden_six_times_as_long_as_its_worker_may_take(template):
    for mapping in of_type(template, "AWS::Lambda::EventSourceMapping").values():
        queue = template["Resources"][mapping["EventSourceArn"]["Fn::GetAtt"][0]]["Properties"]
        worker = functions(template)[name_of(template, mapping["FunctionName"])]
        assert int(queue["VisibilityTimeout"]) >= 6 * worker["Timeout"], queue["QueueName"]


def test_whoever_splits_a_file_has_room_for_its_rows(template):
    """Load keeps the ready rows of the whole file beside it, at worst a second time as repeats or rejected ones."""
    rows, bytes_of_row, times = 4_000_000, 200, 2
    room = functions(template)["commands"]["EphemeralStorage"]["Size"] * 1_048_576
    assert room >= rows * bytes_of_row * times


def test_send_is_cut_short_and_tried_often(template):
    assert functions(template)["send"]["Timeout"] == 10
    assert template["Resources"]["MailQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == 20


def test_S24_every_queue_has_a_dead_letter_queue_with_an_alarm(template):
    queues = of_type(template, "AWS::SQS::Queue")
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    for name, queue in queues.items():
        if not name.endswith("Dlq"):
            dead_letters = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            assert queues[dead_letters]["QueueName"] == queue["QueueName"] + "-dlq"
            assert dead_letters in watched


def test_S24_every_alarm_is_told_to_somebody(template):
    assert all(alarm["AlarmActions"] for alarm in of_type(template, "AWS::CloudWatch::Alarm").values())


def test_S21_each_function_has_a_role_of_its_own(template):
    roles = [each["Role"]["Fn::GetAtt"][0] for each in functions(template).values()]
    assert len(set(roles)) == len(roles)


def test_S21_no_role_may_do_everything(template):
    assert excessive(template) == []


@pytest.mark.parametrize(("key", "value"), [("Action", ["dynamodb:*"]), ("Action", "s3:Get*"), ("Resource", "*")])
def test_S21_a_wide_permission_would_be_found(template, key, value):
    widened = copy.deepcopy(template)
    next(statements(widened))[1][key] = value
    assert excessive(widened)


def test_functions_are_told_only_what_the_settings_read(template):
    class Recording(dict):
        def get(self, name, default=""):
            known.add(name)
            return default

    known: set[str] = set()
    from_environment(Recording())
    for name, function in functions(template).items():
        unknown = set(function["Environment"]["Variables"]) - known
        assert not unknown, f"{name} is given {unknown}, which integration/config.py does not read"


@pytest.mark.parametrize("kind", ["TABLE", "BUCKET", "QUEUE_URL"])
def test_a_function_may_use_what_it_is_told_of(template, kind):
    for name, function in functions(template).items():
        role = function["Role"]["Fn::GetAtt"][0]
        allowed = json.dumps([statement["Resource"] for each, statement in statements(template) if each == role])
        for variable, value in function["Environment"]["Variables"].items():
            if variable.endswith(kind):
                assert f'"{value["Ref"]}"' in allowed or f"${{{value['Ref']}.Arn}}" in allowed, f"{name}: {variable}"


def test_names_are_those_the_settings_expect(template):
    tables = {each["TableName"].rsplit("-", 1)[1] for each in of_type(template, "AWS::DynamoDB::Table").values()}
    queues = {queue_name(template, name) for name in of_type(template, "AWS::SQS::Queue") if not name.endswith("Dlq")}
    assert tables == set(TABLES)
    assert queues == set(WORKERS.values()) <= {str(queue) for queue in Queue}


def test_S24_tables_are_kept_encrypted_and_recoverable(template):
    for name, table in of_type(template, "AWS::DynamoDB::Table").items():
        assert template["Resources"][name]["DeletionPolicy"] == "Retain"
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert table["SSESpecification"]["SSEEnabled"]
        assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
        assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]


def test_S24_buckets_are_closed_and_encrypted(template):
    for name, bucket in of_type(template, "AWS::S3::Bucket").items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"], name


def test_S24_queues_are_encrypted(template):
    assert all(queue["SqsManagedSseEnabled"] for queue in of_type(template, "AWS::SQS::Queue").values())


def test_S24_logs_do_not_stay_for_ever(template):
    groups = of_type(template, "AWS::Logs::LogGroup").values()
    assert len(groups) == len(functions(template))
    assert all(group["RetentionInDays"] == 30 for group in groups)


def test_S24_every_function_that_fails_is_told_to_somebody(template):
    watched = {
        name_of(template, dimension["Value"])
        for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == "Errors"
        for dimension in alarm["Dimensions"]
    }
    assert watched == set(functions(template))


@pytest.mark.parametrize(
    ("kind", "name", "claim"),
    [
        (
            "AWS::DynamoDB::Table",
            "PointInTimeRecoverySpecification",
            test_S24_tables_are_kept_encrypted_and_recoverable,
        ),
        ("AWS::DynamoDB::Table", "SSESpecification", test_S24_tables_are_kept_encrypted_and_recoverable),
        ("AWS::S3::Bucket", "BucketEncryption", test_S24_buckets_are_closed_and_encrypted),
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration", test_S24_buckets_are_closed_and_encrypted),
        ("AWS::SQS::Queue", "SqsManagedSseEnabled", test_S24_queues_are_encrypted),
        ("AWS::SQS::Queue", "RedrivePolicy", test_S24_every_queue_has_a_dead_letter_queue_with_an_alarm),
        ("AWS::Logs::LogGroup", "RetentionInDays", test_S24_logs_do_not_stay_for_ever),
        ("AWS::CloudWatch::Alarm", "AlarmActions", test_S24_every_alarm_is_told_to_somebody),
    ],
)
def test_S24_what_is_left_out_would_be_found(template, kind, name, claim):
    claim(template)
    broken = copy.deepcopy(template)
    next(each for each in of_type(broken, kind).values() if name in each).pop(name)
    with pytest.raises((AssertionError, KeyError)):
        claim(broken)


def test_commands_of_salesforce_reach_their_queue(template):
    [rule] = [
        rule
        for rule in of_type(template, "AWS::Events::Rule").values()
        if "detail-type" in rule.get("EventPattern", {})
    ]
    assert rule["EventPattern"] == {
        "source": [{"prefix": "crm.local"}],
        "detail-type": [{"suffix": "Recruiting_Command__e"}],
    }
    assert rule["Targets"] == [{"Id": "commands", "Arn": {"Fn::GetAtt": ["CommandsQueue", "Arn"]}}]


@pytest.mark.parametrize("step", ["create", "update"])
def test_cfn_lint_finds_nothing(step):
    path = deploy.templates({}) / f"cloudformation-template-{step}-stack.json"
    done = subprocess.run([Path(sys.executable).parent / "cfn-lint", path], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_lock_names_no_registry():
    text = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "registry" not in text
