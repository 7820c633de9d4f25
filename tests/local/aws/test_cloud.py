"""The local AWS with the stack in it: roles bind, web pages stay out, mail goes through the mailbox."""

import io
import json
import socket
import time
import zipfile

import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from integration.local import deploy, keys
from integration.local.cloud import Cloud
from integration.local.stack import function_settings, queue_depths

pytestmark = pytest.mark.stack


def zipped(source):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("probe.py", source)
    return data.getvalue()


@pytest.fixture
def as_role(deployed):
    """Runs lines of Python inside a function that has another function's role and variables."""
    functions = deployed.client("lambda")
    made = []

    def run(name, lines):
        twin = functions.get_function_configuration(FunctionName=f"{deploy.STACK}-{name}")
        source = "import boto3, os\ndef handler(event, context):\n" + "".join(f"    {line}\n" for line in lines)
        made.append(f"probe-{name}-{len(made)}-{time.monotonic_ns()}")
        functions.create_function(
            FunctionName=made[-1],
            Runtime="python3.12",
            Role=twin["Role"],
            Handler="probe.handler",
            Code={"ZipFile": zipped(source)},
            Environment=twin["Environment"],
        )
        answer = functions.invoke(FunctionName=made[-1])
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    yield run
    for name in made:
        functions.delete_function(FunctionName=name)


def test_a_function_may_do_what_its_role_says(as_role):
    send = "boto3.client('sqs').send_message(QueueUrl=os.environ['EVENTS_QUEUE_URL'], MessageBody='{}')"
    answer, error = as_role("track", [f"return {send}['ResponseMetadata']['HTTPStatusCode']"])
    assert (answer, error) == (200, None)


def test_the_right_to_one_message_is_the_right_to_a_batch(as_role):
    send = "boto3.client('sqs').send_message_batch(QueueUrl=os.environ['EVENTS_QUEUE_URL'], Entries=[])"
    answer, _ = as_role("site", [send])
    assert "EmptyBatchRequest" in answer["errorMessage"]


KEY = "{'pk': {'S': 'a'}, 'sk': {'S': 'b'}}"
MAIL = "Destination={'ToAddresses': ['c@d.example']}, Content={'Raw': {'Data': b'Subject: x'}}"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("track", f"boto3.client('dynamodb').get_item(TableName='warmbench-local-sends', Key={KEY})"),
        ("track", "boto3.client('secretsmanager').get_secret_value(SecretId='warmbench/local/salesforce')"),
        ("site", "boto3.client('s3').put_object(Bucket=os.environ['SITE_BUCKET'], Key='pages/x', Body=b'x')"),
        ("site", f"boto3.client('dynamodb').put_item(TableName='warmbench-local-people', Item={KEY})"),
        ("register", f"boto3.client('sesv2').send_email(FromEmailAddress='jobs@careers.example.com', {MAIL})"),
        ("send", f"boto3.client('sesv2').send_email(FromEmailAddress='jobs@other.example.com', {MAIL})"),
    ],
)
def test_a_function_may_do_nothing_else(as_role, name, call):
    answer, error = as_role(name, [call])
    assert error
    assert "not authorized" in answer["errorMessage"] or "AccessDenied" in answer["errorMessage"]


def test_a_worker_may_postpone_a_message_of_its_queue(as_role):
    url = f"https://sqs.eu-central-1.amazonaws.com/000000000000/{deploy.STACK}-commands"
    call = f"boto3.client('sqs').change_message_visibility(QueueUrl='{url}', ReceiptHandle='x', VisibilityTimeout=1)"
    answer, _ = as_role("commands", [call])
    assert "ReceiptHandleIsInvalid" in answer["errorMessage"]


def test_the_sender_signs_as_if_its_records_were_published(deployed):
    identity = deployed.client("sesv2").get_email_identity(EmailIdentity=deploy.MAIL_IDENTITY)
    assert identity["VerifiedForSendingStatus"]
    assert (identity["DkimAttributes"]["Status"], identity["DkimAttributes"]["SigningEnabled"]) == ("SUCCESS", True)


def test_deploying_what_is_deployed_does_nothing(deployed):
    settings = function_settings(deployed.cloud, deploy.STACK)
    ports = {"publicBaseUrl": settings["PUBLIC_BASE_URL"], "orgId": settings["ORG_ID"]}
    assert ports["publicBaseUrl"] == deployed.site
    assert deployed.client("ssm").get_parameter(Name=deploy.DEPLOYED)["Parameter"]["Value"]


def test_expired_items_will_be_removed(deployed):
    for name in ("sends", "due", "people", "claims", "pace"):
        described = deployed.client("dynamodb").describe_time_to_live(TableName=f"{deploy.STACK}-{name}")
        assert described["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


@pytest.mark.parametrize("name", ["site", "track", "commands", "send", "sweep"])
@pytest.mark.parametrize("key", ["raw_command", "command", "manage"])
def test_whoever_may_invoke_a_function_cannot_run_code_by_an_event(deployed, tmp_path, name, key):
    """Zappa's own handler runs the text under these keys; ours know no such keys."""
    canary = tmp_path / "canary"
    event = {key: f"open({str(canary)!r}, 'w').close()"}
    deployed.client("lambda").invoke(FunctionName=f"{deploy.STACK}-{name}", Payload=json.dumps(event).encode())
    assert not canary.exists()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Host": "evil.example"}),
        ("/", {"Host": "127.0.0.1.evil.example:80"}),
        ("/2015-03-31/functions/", {"Origin": "https://evil.example"}),
        ("/2015-03-31/functions/", {"Origin": "null"}),
        ("/_ministack/reset", {}),
        ("/_ministack/config", {}),
        ("/_ministack/ses/messages", {}),
    ],
)
def test_web_pages_and_foreign_names_are_refused(deployed, path, headers):
    answer = requests.post(f"{deployed.cloud.endpoint}{path}", headers=headers, timeout=5)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_unsigned_calls_are_refused(deployed):
    assert requests.get(f"{deployed.cloud.endpoint}/2015-03-31/functions/", timeout=5).status_code == 403


def test_only_this_machine_is_listened_to(deployed):
    for address in (deployed.cloud.endpoint, deployed.site):
        port = int(address.rsplit(":", 1)[1])
        with socket.create_server(("127.0.0.2", port)):  # free, because it is not bound to every address
            pass


def test_presigned_addresses_work_and_a_changed_one_does_not(deployed):
    s3 = deployed.client("s3")
    bucket = function_settings(deployed.cloud, deploy.STACK)["DATA_BUCKET"]
    s3.put_object(Bucket=bucket, Key="imports/x.csv", Body=b"a,b")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "imports/x.csv"}, ExpiresIn=60)
    assert requests.get(url, headers={"Origin": "http://127.0.0.1:1"}, timeout=5).content == b"a,b"
    assert requests.get(url.replace("x.csv", "y.csv"), timeout=5).status_code == 403


def test_the_site_reaches_nothing_of_the_local_aws(deployed):
    before = deployed.client("dynamodb").list_tables()["TableNames"]
    requests.post(f"{deployed.site}/_ministack/reset", timeout=10)
    assert deployed.client("dynamodb").list_tables()["TableNames"] == before


def test_the_site_answers_to_this_machine_only(deployed):
    assert requests.get(f"{deployed.site}/health", timeout=10).status_code == 200
    assert requests.get(f"{deployed.site}/health", headers={"Host": "evil.example"}, timeout=5).status_code == 403


def test_a_body_larger_than_the_gateway_takes_is_refused(deployed):
    answer = requests.post(f"{deployed.site}/hooks/mail", data=b"x" * (10 * 2**20 + 1), timeout=30)
    assert answer.status_code == 413


ECHO = """
import json
def handler(event, context):
    if "fail" in event["rawPath"]:
        raise ValueError("secret")
    return {"statusCode": 200, "cookies": ["a=1", "b=2"], "body": json.dumps(event)}
"""


@pytest.fixture(scope="module")
def echo(deployed):
    """A route that answers with the event its function was given."""
    functions, apis = deployed.client("lambda"), deployed.client("apigatewayv2")
    role = functions.get_function_configuration(FunctionName=f"{deploy.STACK}-track")["Role"]
    made = functions.create_function(
        FunctionName="echo", Runtime="python3.12", Role=role, Handler="probe.handler", Code={"ZipFile": zipped(ECHO)}
    )
    [api] = [api["ApiId"] for api in apis.get_apis()["Items"] if api["Name"] == deploy.STACK]
    integration = apis.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=made["FunctionArn"], PayloadFormatVersion="2.0"
    )["IntegrationId"]
    apis.create_route(ApiId=api, RouteKey="ANY /echo/{rest}", Target=f"integrations/{integration}")
    return f"{deployed.site}/echo"


def test_a_function_sees_the_peer_and_not_what_a_caller_claims(echo):
    event = requests.post(f"{echo}/x", headers={"X-Forwarded-For": "6.6.6.6"}, timeout=10).json()
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert event["headers"]["x-forwarded-for"] == "6.6.6.6, 127.0.0.1"
    assert event["headers"]["x-forwarded-proto"] == "http"


def test_cookies_travel_apart_in_both_directions(echo):
    answer = requests.post(f"{echo}/x", headers={"Cookie": "one=1; two=2"}, timeout=10)
    assert answer.json()["cookies"] == ["one=1", "two=2"]
    assert "cookie" not in answer.json()["headers"]
    assert answer.raw.headers.getlist("set-cookie") == ["a=1", "b=2"]


def test_a_failing_function_tells_visitors_nothing(echo):
    answer = requests.post(f"{echo}/fail", timeout=10)
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


def test_the_front_is_quick_enough(deployed):
    session = requests.Session()
    session.get(f"{deployed.site}/c/x", timeout=10)
    started = time.monotonic()
    for _ in range(100):
        assert session.get(f"{deployed.site}/c/x", timeout=10).status_code == 404
    assert time.monotonic() - started < 2.0


def mail_client(deployed):
    ses = deployed.cloud._session.client(
        "sesv2",
        endpoint_url=deployed.cloud.endpoint,
        config=Config(retries={"total_max_attempts": 1}, read_timeout=5),
    )

    def send(recipient):
        return ses.send_email(
            FromEmailAddress="Jobs <jobs@careers.example.com>",
            Destination={"ToAddresses": [recipient]},
            Content={
                "Raw": {
                    "Data": f"From: jobs@careers.example.com\r\nTo: {recipient}\r\nSubject: hi\r\n\r\nhi\r\n".encode()
                }
            },
            EmailTags=[{"Name": "campaign", "Value": "c1"}, {"Name": "candidate", "Value": "k1"}],
            ConfigurationSetName=deploy.STACK,
        )["MessageId"]

    return send


def in_mailbox(deployed, recipient):
    return requests.get(f"{deployed.mailbox}/messages", params={"to": recipient}, timeout=5).json()


def test_an_accepted_mail_is_in_the_mailbox_before_the_sender_knows(deployed, faults):
    message_id = mail_client(deployed)("ann@example.com")
    [mail] = in_mailbox(deployed, "ann@example.com")
    assert mail["message_id"] == message_id
    assert "@" not in message_id


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"throttle": 1.0}, "TooManyRequestsException"),
        ({"refuse": 1.0}, "MessageRejected"),
        ({"paused": True}, "SendingPausedException"),
    ],
)
def test_the_mailbox_decides_what_the_sender_hears(deployed, faults, fault, code):
    faults(**fault)
    with pytest.raises(ClientError) as refused:
        mail_client(deployed)("bob@example.com")
    assert refused.value.response["Error"]["Code"] == code
    assert in_mailbox(deployed, "bob@example.com") == []


def test_a_lost_reply_is_a_closed_connection_after_the_mail_was_taken(deployed, faults):
    faults(drop_reply=1.0)
    with pytest.raises(HTTPClientError):
        mail_client(deployed)("cyd@example.com")
    assert len(in_mailbox(deployed, "cyd@example.com")) == 1
    faults()
    mail_client(deployed)("cyd@example.com")  # the next one goes as before


def test_secrets_are_the_same_at_the_next_start(deployed):
    folder = deployed.launch.state.parent / "keys"
    secret = {"login_url": "http://127.0.0.1:2"}
    before = deployed.client("ssm").get_parameter(Name=keys.LINK_KEYS, WithDecryption=True)["Parameter"]["Value"]
    keys.put(deployed.cloud, folder, secret)
    after = deployed.client("ssm").get_parameter(Name=keys.LINK_KEYS, WithDecryption=True)["Parameter"]["Value"]
    stored = deployed.client("secretsmanager").get_secret_value(SecretId=keys.SALESFORCE_SECRET)["SecretString"]
    assert before == after
    assert json.loads(stored) == secret


def test_depths_count_what_waits(deployed):
    assert set(queue_depths(deployed.cloud, deploy.STACK)) <= {"events", "commands", "changes"}
    assert isinstance(deployed.cloud, Cloud)
