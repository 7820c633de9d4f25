"""The parts of the local stack: how each is started and when it counts as ready."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import requests

from integration.local import deploy, keys, package, tools
from integration.local.cloud import ACCOUNT, REGION, Cloud, Launch, wait_until
from integration.local.mailbox.signing import make_certificate
from integration.local.places import ROOT, STATE
from integration.local.processes import Process

TOPIC_ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:{deploy.STACK}-mail"
KEYS = STATE / "keys"
STAND_INS = ("github", "stack_exchange", "orcid", "openalex", "people_data_labs")
"""Sources that are asked here instead of at their public addresses."""


class PartFailed(Exception):
    """A part did not come up; the message holds the end of its log."""


@dataclass(frozen=True)
class Ports:
    """Consecutive in this order with `--port N`."""

    site: int
    org: int
    mailbox: int
    console: int
    aws: int
    sources: int

    def url(self, part: str) -> str:
        return f"http://127.0.0.1:{getattr(self, part)}"


@dataclass
class Parts:
    """What runs, in the order in which it was started."""

    ports: Ports
    running: list[Process] = field(default_factory=list)

    def start(self, name: str, module: str, *arguments: object, extra: Mapping[str, str] | None = None) -> Process:
        """Starts one of the product's own modules as a process."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        process = Process.start(name, command, environment={**os.environ, **(extra or {})}, folder=ROOT)
        self.running.append(process)
        return process

    def start_cloud(self, *, unclean: bool) -> Cloud:
        """Starts MiniStack with the site's front."""
        deps = package.dependencies(package.platform("local"))
        launch = Launch(self.ports.aws, self.ports.site, self.ports.url("mailbox"), STATE / "aws", deps, unclean)
        launch.prepare()
        process = Process.start("aws", launch.command(), environment=launch.environment(), folder=launch.scratch)
        self.running.append(process)
        cloud = Cloud(self.ports.url("aws"))
        self.wait_for(process, cloud.is_up)
        return cloud

    def wait_for(self, process: Process, is_ready: Callable[[], bool], *, seconds: float = 60.0) -> None:
        """Returns when the part is ready; raises PartFailed when it ends or takes too long."""
        ready = wait_until(lambda: not process.is_running or is_ready(), seconds=seconds)
        if not ready or not process.is_running:
            raise PartFailed(process.epitaph())

    def first_ended(self) -> Process | None:
        """A part that ended by itself."""
        return next((process for process in self.running if not process.is_running), None)

    def stop(self) -> bool:
        """Stops all, the last started first; False when one had to be killed."""
        willing = True
        while self.running:
            willing = self.running.pop().stop() and willing
        return willing


def make_ready() -> None:
    """Makes what is only needed once per checkout, so that the rest starts in seconds."""
    tools.python("ministack")
    tools.node_modules()
    package.dependencies(package.platform("local"))


def answers(url: str, *, token: str = "") -> bool:
    """Whether an address answers with success."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        return requests.get(url, headers=headers, timeout=10).ok
    except requests.RequestException:
        return False


def mailbox_arguments(ports: Ports) -> list[object]:
    """The mailbox signs its events with the key whose certificate the stage pins."""
    key, _ = make_certificate(KEYS)
    database: Path = STATE / "mailbox.db"
    hooks = f"{ports.url('site')}/hooks/mail"
    tells = ["--hooks-url", hooks, "--key", key, "--topic-arn", TOPIC_ARN]
    takes = ["--aws", ports.url("aws"), "--inbound-domain", deploy.INBOUND_DOMAIN]
    return ["--port", ports.mailbox, "--db", database, *tells, *takes]


def parameters(ports: Ports, org_id: str) -> dict[str, str]:
    """The stage parameters of serverless.yml."""
    return {
        "publicBaseUrl": ports.url("site"),
        "orgId": org_id,
        "salesforceSecret": keys.SALESFORCE_SECRET,
        "atsSecret": keys.ATS_SECRET,
        "linkKeysParameter": keys.LINK_KEYS,
        "clockParameter": keys.CLOCK_OFFSET,
        "snsCertificateParameter": keys.SNS_CERTIFICATE,
        "searchesSecret": keys.SEARCHES_SECRET,
        "searchEndpoints": " ".join(f"{name}={ports.url('sources')}/{name}" for name in STAND_INS),
        "searchPrivateHosts": f"127.0.0.1:{ports.sources}",
        "searchRate": "100",
        "mailIdentity": deploy.MAIL_IDENTITY,
        "inboundDomain": deploy.INBOUND_DOMAIN,
        "sendRate": "200",
        "sendVisibility": "60",
    }
