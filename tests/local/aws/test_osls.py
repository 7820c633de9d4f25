"""The deploy command of the handbook, unmodified, into an empty local AWS."""

import os
import subprocess

import pytest
import requests

from integration.local import deploy, package
from integration.local.cloud import REGION, Launch
from integration.local.places import PACKAGE, ROOT
from integration.local.serving import free_port
from integration.local.tools import node_environment, node_modules
from tests.local.aws.conftest import start_ministack

pytestmark = [pytest.mark.stack, pytest.mark.slow]


def test_osls_deploys_the_whole_stack(tmp_path):
    node_modules()
    assert package.main(["--platform", "local"]) == 0
    launch = Launch(free_port(), free_port(), "http://127.0.0.1:1", tmp_path / "state", tmp_path / "no-deps")
    cloud, process = start_ministack(launch)
    artifact = os.path.relpath(PACKAGE / "warmbench-local.zip", ROOT)
    site = f"http://127.0.0.1:{launch.front_port}"
    command = ["node_modules/.bin/osls", "deploy", "--stage", "local", "--region", REGION]
    try:
        done = subprocess.run(
            [*command, "--param", f"artifact={artifact}", "--param", f"publicBaseUrl={site}"],
            cwd=ROOT,
            env={**node_environment(), **cloud.environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        stack = cloud.client("cloudformation").describe_stacks(StackName=deploy.STACK)["Stacks"][0]
        assert stack["StackStatus"] == "UPDATE_COMPLETE"
        # The zip holds the dependencies: the folder that functions share locally does not exist here.
        assert requests.get(f"{site}/health", timeout=30).status_code == 200
    finally:
        process.stop()
