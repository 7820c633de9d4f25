"""The running local stack as others see it: its status file, and an App bound to it."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import requests

from integration.adapters import aws
from integration.app import App
from integration.config import from_environment
from integration.local.cloud import Cloud
from integration.local.places import STATUS
from integration.local.processes import is_alive
from integration.ports import Queue


class NotRunning(Exception):
    """There is no local stack to work with."""

    def __init__(self) -> None:
        super().__init__("The local stack is not running. Start it with: warmbench local")


@dataclass(frozen=True)
class Status:
    """Where everything is; written when all of it is healthy."""

    org: str
    org_token: str
    """The admin's access token."""
    site: str
    """The public base URL."""
    mailbox: str
    sources: str
    """The stand-ins for outside sources of prospects."""
    console: str
    aws: str
    aws_region: str
    stack: str
    pid: int
    version: str

    @property
    def cloud(self) -> Cloud:
        return Cloud(self.aws)

    def write(self, *paths: Path) -> None:
        """Atomically, readable only by this person: it holds a token."""
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.unfinished")
            unfinished.unlink(missing_ok=True)
            unfinished.touch(mode=0o600)
            unfinished.write_text(json.dumps(asdict(self), indent=2) + "\n")
            unfinished.replace(path)


def read_status(path: Path = STATUS) -> Status:
    """The running stack's status; raises NotRunning."""
    try:
        status = Status(**json.loads(path.read_text()))
    except FileNotFoundError:
        raise NotRunning from None
    if not is_alive(status.pid):
        raise NotRunning
    return status


def app_of(status: Status) -> App:
    """An App with everything that all functions together may use; this process then speaks to the local AWS."""
    os.environ.update(status.cloud.environment)
    aws.forget()  # clients made before speak to where another stack was
    return App(from_environment(function_settings(status.cloud, status.stack)))


def function_settings(cloud: Cloud, stack: str) -> dict[str, str]:
    """The variables of all functions of a stack, together."""
    together: dict[str, str] = {}
    for page in cloud.client("lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            if function["FunctionName"].startswith(f"{stack}-"):
                together.update(function.get("Environment", {}).get("Variables", {}))
    return together


def queue_depths(cloud: Cloud, stack: str, *, delayed: bool = True) -> dict[str, int]:
    """Messages in each queue that holds any: waiting, being worked on, or delayed. Dead letters are not counted."""
    counts = [*_AT_WORK, _DELAYED] if delayed else _AT_WORK
    sqs = cloud.client("sqs")
    depths = {}
    for queue in Queue:
        for url in sqs.list_queues(QueueNamePrefix=f"{stack}-{queue}").get("QueueUrls", []):
            if not url.endswith("-dlq"):
                counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
                depths[str(queue)] = sum(int(counted[name]) for name in counts)
    return {name: depth for name, depth in depths.items() if depth}


def untold_events(status: Status) -> int:
    """Events of mails that the mailbox has still to tell; none while it was asked to hold them back."""
    if requests.get(f"{status.mailbox}/faults", timeout=10).json()["hold_events"]:
        return 0
    counts: dict[str, int] = requests.get(f"{status.mailbox}/health", timeout=10).json()
    return counts["events_untold"]


_AT_WORK = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
_DELAYED = "ApproximateNumberOfMessagesDelayed"
