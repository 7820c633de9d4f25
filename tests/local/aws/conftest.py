"""A local AWS with the stack deployed and the mailbox behind its SES, shared by the tests of this folder."""

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import requests

from integration.local import deploy, keys, package, parts
from integration.local.cloud import Cloud, Launch, wait_until
from integration.local.mailbox.signing import make_certificate
from integration.local.places import ROOT
from integration.local.processes import Process
from integration.local.serving import free_port

ORG_ID = "00D000000000001AAA"


@dataclass(frozen=True)
class Deployed:
    cloud: Cloud
    site: str
    mailbox: str
    launch: Launch
    process: Process

    def client(self, service):
        return self.cloud.client(service)


def start_ministack(launch):
    launch.prepare()
    process = Process.start("test-aws", launch.command(), environment=launch.environment(), folder=launch.scratch)
    cloud = Cloud(f"http://127.0.0.1:{launch.port}")
    if not wait_until(cloud.is_up, seconds=30):
        process.stop()
        raise AssertionError(process.epitaph())
    return cloud, process


def start_mailbox(folder, port, site):
    key, _ = make_certificate(folder)
    arguments = ["--port", port, "--db", folder / "mailbox.db", "--hooks-url", f"{site}/hooks/mail", "--key", key]
    command = [sys.executable, "-m", "integration.local.mailbox", *arguments, "--topic-arn", parts.TOPIC_ARN]
    process = Process.start("test-mailbox", list(map(str, command)), environment=os.environ, folder=ROOT)
    assert wait_until(lambda: parts.answers(f"http://127.0.0.1:{port}/health"), seconds=30), process.epitaph()
    return process


@contextmanager
def stack_without_org(folder, settings):
    """MiniStack with serverless.yml in it and the mailbox behind its SES; no org answers."""
    port, front, mailbox_port = free_port(), free_port(), free_port()
    ports = parts.Ports(site=front, org=1, mailbox=mailbox_port, console=1, aws=port, sources=1)
    deps = package.dependencies(package.platform("local"))
    launch = Launch(port, front, ports.url("mailbox"), folder / "aws", deps)
    cloud, process = start_ministack(launch)
    mailbox = start_mailbox(folder / "keys", mailbox_port, ports.url("site"))
    try:
        keys.put(cloud, folder / "keys", {"login_url": "http://127.0.0.1:1", "client_id": "x", "client_secret": "y"})
        deploy.deploy(cloud, {**parts.parameters(ports, ORG_ID), **settings})
        yield Deployed(cloud, ports.url("site"), ports.url("mailbox"), launch, process)
    finally:
        process.stop()
        mailbox.stop()


@pytest.fixture(scope="session")
def deployed(tmp_path_factory):
    with stack_without_org(tmp_path_factory.mktemp("aws"), {}) as deployed:
        yield deployed


@pytest.fixture
def faults(deployed):
    """Sets what goes wrong in the mailbox; mended afterwards."""

    def set_faults(**values):
        requests.post(f"{deployed.mailbox}/faults", json=values, timeout=5).raise_for_status()

    yield set_faults
    set_faults()
