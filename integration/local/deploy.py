"""Deploys serverless.yml into the local AWS: what `osls package` makes of it, by CloudFormation, in about a second.

What MiniStack's CloudFormation leaves out is set afterwards. Nothing is done when nothing changed.
"""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from integration.local import package
from integration.local.cloud import REGION, Cloud, wait_until
from integration.local.places import PACKAGE, ROOT
from integration.local.tools import ToolMissing, locked, node_environment, node_modules

STAGE = "local"
STACK = f"warmbench-{STAGE}"
DEPLOYED = f"/warmbench/{STAGE}/deployed"
"""Parameter: the fingerprint of what is deployed, beside the stack itself so that both are saved or lost together."""
MAIL_IDENTITY = "careers.example.com"
"""The domain that may send; in a real account its owner proves it by DNS records."""
INBOUND_DOMAIN = "in.careers.example.com"
"""Mail to it comes in; here the mailbox delivers it, so no receipt rule is made."""
KEEP_TEMPLATES = 4
Template = dict[str, Any]


class DeployFailed(Exception):
    """The local AWS refused the stack."""


def templates(parameters: Mapping[str, str]) -> Path:
    """The folder of what osls makes of serverless.yml with these parameters; made once per content."""
    inputs = [ROOT / "serverless.yml", ROOT / "package-lock.json", *sorted((ROOT / "lambdas/resources").glob("*.yml"))]
    content = b"".join(path.read_bytes() for path in inputs) + json.dumps(dict(sorted(parameters.items()))).encode()
    folder = PACKAGE / f"osls-{hashlib.sha256(content).hexdigest()[:16]}"
    with locked("osls"):
        if not (folder / "cloudformation-template-update-stack.json").exists():
            _forget_old_templates()
            _osls_package(parameters, folder)
    return folder


def deploy(cloud: Cloud, parameters: Mapping[str, str]) -> bool:
    """Brings the stack to what the checkout says; False when it was that already."""
    code = package.code_zip(package.platform("local"))
    folder = templates(parameters)
    create, update = (_read(folder, step) for step in ("create", "update"))
    wanted = hashlib.sha256(code + json.dumps(update).encode()).hexdigest()
    if _deployed(cloud) == wanted:
        return False
    if not _exists(cloud):
        _apply(cloud, "create_stack", TemplateBody=json.dumps(create))
    bucket = outputs_of(cloud)["ServerlessDeploymentBucket"]
    s3 = cloud.client("s3")
    s3.put_object(Bucket=bucket, Key=f"{wanted}/code.zip", Body=code)
    body = json.dumps(_with_code(update, f"{wanted}/code.zip"))
    s3.put_object(Bucket=bucket, Key=f"{wanted}/template.json", Body=body.encode())
    address = f"{cloud.endpoint}/{bucket}/{wanted}/template.json"
    _apply(cloud, "update_stack", TemplateURL=address, Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"])
    complete(cloud, update)
    cloud.client("ssm").put_parameter(Name=DEPLOYED, Value=wanted, Type="String", Overwrite=True)
    return True


def complete(cloud: Cloud, template: Template) -> None:
    """Does what MiniStack's CloudFormation drops without a word, and what people do by hand in a real account."""
    tables = cloud.client("dynamodb")
    for properties in _of_type(template, "AWS::DynamoDB::Table"):
        wish = properties["TimeToLiveSpecification"]
        name = properties["TableName"]
        if tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"] != "ENABLED":
            tables.update_time_to_live(TableName=name, TimeToLiveSpecification=wish)
    ses = cloud.client("sesv2")
    with suppress(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=MAIL_IDENTITY)
    functions = cloud.client("lambda")
    for properties in _of_type(template, "AWS::Lambda::Function"):
        if "ReservedConcurrentExecutions" in properties:
            functions.put_function_concurrency(
                FunctionName=properties["FunctionName"],
                ReservedConcurrentExecutions=properties["ReservedConcurrentExecutions"],
            )


def outputs_of(cloud: Cloud) -> dict[str, str]:
    """Physical ids of the stack's resources by logical id."""
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
    summaries = [summary for page in pages for summary in page["StackResourceSummaries"]]
    return {summary["LogicalResourceId"]: summary["PhysicalResourceId"] for summary in summaries}


def _osls_package(parameters: Mapping[str, str], folder: Path) -> None:
    node_modules()
    artifact = PACKAGE / "placeholder.zip"  # osls wants to see a file; the local code is uploaded by `deploy`
    artifact.parent.mkdir(parents=True, exist_ok=True)
    artifact.write_bytes(b"PK\x05\x06" + bytes(18))
    given = {**parameters, "artifact": str(artifact.relative_to(ROOT))}
    options = [part for name, value in given.items() for part in ("--param", f"{name}={value}")]
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    command = ["node_modules/.bin/osls", "package", "--stage", STAGE, "--region", REGION, "--package", str(unfinished)]
    done = subprocess.run(  # noqa: S603
        [*command, *options], cwd=ROOT, env=node_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ToolMissing(f"osls could not package serverless.yml:\n{(done.stdout + done.stderr)[-2_000:]}")
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def _forget_old_templates() -> None:
    made = sorted(PACKAGE.glob("osls-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in made[KEEP_TEMPLATES - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def _read(folder: Path, step: str) -> Template:
    template: Template = json.loads((folder / f"cloudformation-template-{step}-stack.json").read_text())
    return template


def _with_code(template: Template, key: str) -> Template:
    for properties in _of_type(template, "AWS::Lambda::Function"):
        properties["Code"]["S3Key"] = key
    return template


def _of_type(template: Template, kind: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def _deployed(cloud: Cloud) -> str:
    try:
        value: str = cloud.client("ssm").get_parameter(Name=DEPLOYED)["Parameter"]["Value"]
    except ClientError:
        return ""
    return value if _exists(cloud) else ""


def _exists(cloud: Cloud) -> bool:
    try:
        return bool(cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"])
    except ClientError:
        return False


def _apply(cloud: Cloud, action: str, **options: Any) -> None:
    """Calls CloudFormation and waits; the reasons of a failure are its events."""
    cloudformation = cloud.client("cloudformation")
    getattr(cloudformation, action)(StackName=STACK, **options)

    def status() -> str:
        return str(cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"])

    settled = wait_until(lambda: not status().endswith("IN_PROGRESS"), seconds=120, every=0.02)
    if not settled or status() not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
        reasons = [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in events
            if "FAILED" in event["ResourceStatus"]
        ]
        raise DeployFailed(f"{action} ended as {status()}.\n" + "\n".join(reasons[:10]))
