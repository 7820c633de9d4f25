"""Kills the deployed sender with SIGKILL again and again: the function as it is packaged, in the local AWS.

    python -m tests.unit.mail.crash.packaged --recipients 10000 --kills 50 --copies 2 --pauses 20

The stack of serverless.yml runs with a time-out of one second for the sender and six seconds until its message comes
back. Only workers of that function are killed; queues, ledger and mailbox live on. The mailbox throttles 5 % and loses
2 % of the replies, tells one event in five twice, and tells all of them the way SNS does. Prints one line of JSON; exit
status 1 when somebody was mailed twice or is unaccounted for.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
import requests

from tests.unit.mail.crash.harness import is_done, options_of_a_blast, pause_and_resume, stretch, verdict

SENDER = "warmbench-local-send"
TIMEOUT_SECONDS, VISIBILITY_SECONDS = 1, 6
HORIZON_SECONDS = 20
FAULTS = {"throttle": 0.05, "drop_reply": 0.02, "duplicate_events": 0.2}


def main(argv):
    options = options_of_a_blast().parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return _run(options, Path(folder))


def _run(options, folder):
    from tests.local.aws.conftest import stack_without_org

    settings = {"sendVisibility": str(VISIBILITY_SECONDS), "sendRate": "1000"}
    with stack_without_org(folder, settings) as deployed:
        _shorten(deployed)
        requests.post(f"{deployed.mailbox}/faults", json=FAULTS, timeout=5).raise_for_status()
        app = _app(deployed)
        _freeze(app, options)
        done = _kill(options, app, deployed)
        return verdict(options, app, _books(deployed), done)


def _shorten(deployed):
    """The sender's time-out; what is in doubt waits seconds for its event, not a quarter of an hour."""
    functions = deployed.client("lambda")
    variables = functions.get_function_configuration(FunctionName=SENDER)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=SENDER,
        Timeout=TIMEOUT_SECONDS,
        Environment={"Variables": {**variables, "IN_DOUBT_SECONDS": str(HORIZON_SECONDS)}},
    )


def _app(deployed):
    from integration.adapters import aws
    from integration.app import App
    from integration.config import from_environment
    from integration.local.deploy import STACK
    from integration.local.stack import function_settings

    os.environ.update(deployed.cloud.environment)
    aws.forget()
    return App(from_environment(function_settings(deployed.cloud, STACK)))


def _freeze(app, options):
    from integration.local.deploy import MAIL_IDENTITY
    from integration.records import Brand
    from tests.unit.mail.crash.harness import freeze
    from tests.unit.mail.letters import BRAND

    freeze(app, options, brand={**BRAND, Brand.FROM_ADDRESS: f"jobs@{MAIL_IDENTITY}"})


def _kill(options, app, deployed):
    """Kills a busy sender and pauses the blast as often as asked, spread over the mails; waits for the end."""
    chance, done = random.Random(options.seed), Counter()
    wanted = {"kills": options.kills, "pauses": options.pauses}
    goals = dict.fromkeys(wanted, 1)
    until = time.monotonic() + options.seconds
    while time.monotonic() < until and not (is_done(app) and _untold(deployed) == 0):
        accepted = _counts(deployed)["mails"]
        for what, goal in goals.items():
            if done[what] < wanted[what] and accepted >= goal:
                done[what] += _kill_one(chance, deployed) if what == "kills" else _paused(app, chance)
                goals[what] = accepted + stretch(chance, options.recipients, wanted[what])
        time.sleep(0.05)
    return done


def _kill_one(chance, deployed):
    """How many were killed: none when none is there right now."""
    time.sleep(chance.random() * 0.05)
    workers = _workers(deployed)
    if not workers:
        return 0
    with suppress(psutil.NoSuchProcess):
        chance.choice(workers).send_signal(signal.SIGKILL)
        return 1
    return 0


def _workers(deployed):
    found = []
    for process in psutil.Process(deployed.process.popen.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if process.environ().get("AWS_LAMBDA_FUNCTION_NAME") == SENDER:
                found.append(process)
    return found


def _paused(app, chance):
    pause_and_resume(app, chance)
    return 1


def _counts(deployed):
    return requests.get(f"{deployed.mailbox}/health", timeout=30).json()


def _untold(deployed):
    return _counts(deployed)["events_untold"]


def _books(deployed):
    ledger = requests.get(f"{deployed.mailbox}/ledger", timeout=120).json()
    return Counter(entry["candidate"] for entry in ledger)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
