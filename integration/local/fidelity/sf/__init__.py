"""The `sf` command line: Warmbench deployed by it into an org without metadata, and that org then used by it."""

from pathlib import Path

from integration.local.fidelity._check import Check
from integration.local.fidelity._org import served_org
from integration.local.fidelity.sf._cli import Cli
from integration.local.fidelity.sf._data import DATA
from integration.local.fidelity.sf._deploying import DEPLOYING, FAULTS
from integration.local.fidelity.sf._org import ORG


def run(folder: Path) -> list[Check]:
    """Against an org of the gate's own, in the order of somebody who sets it up and works with it."""
    with served_org(folder, "--bare") as org:
        cli = Cli.of(org, folder)
        return [check for calls in (ORG, DEPLOYING, DATA, FAULTS) for check in calls.run(cli)]
