"""Kills the workers of an import with SIGKILL again and again, in Load and in Undo, and tells what stands in the end.

    python -m tests.unit.people.import_kill.harness --kills 12 --seed 1

A local AWS and the org run as processes of their own. The recruiter commands Load once and Undo once; nothing else is
commanded after a kill: the queue gives a new worker what the dead one did not finish. Prints one line of JSON.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import requests

from tests.unit.mail.crash.harness import _start_cloud

ROOT = Path(__file__).parents[4]
CLOCK = "/warmbench/test/clock"
LEASE_IS_OVER = timedelta(seconds=340)
LONGEST_LIFE = {"Load": 60, "Undo": 16}
"""Calls over the network until a worker dies at the latest; undisturbed, the words take some 250 and 60."""


def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        processes = []
        try:
            os.environ.update(_environment(_start_cloud(processes)))
            print(json.dumps(_run(options, _start_org(processes, Path(folder)))))
        finally:
            for process in processes:
                process.kill()
                process.wait()
    return 0


def _start_org(processes, folder):
    access = folder / "access.json"
    command = [sys.executable, "-m", "integration.local.org.serve", "--port", "0"]
    command += ["--database", str(folder / "org.db"), "--access-file", str(access)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    processes.append(process)
    said = [process.stdout.readline() for _ in range(3)]
    return {**json.loads(access.read_text()), "login_url": said[0].split(" at ")[1].strip()}


def _environment(port):
    from tests.app_fixture import CONFIG, REGION

    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "STAGE": CONFIG.stage,
        "PUBLIC_BASE_URL": CONFIG.public_base_url,
        "LINK_KEYS_PARAMETER": CONFIG.link_keys_parameter,
        "SALESFORCE_SECRET": CONFIG.salesforce_secret,
        "CLOCK_PARAMETER": CLOCK,
        "DATA_BUCKET": CONFIG.data_bucket,
        "SITE_BUCKET": CONFIG.site_bucket,
        **{f"{name.upper()}_TABLE": table for name, table in CONFIG.tables.items()},
    }


def _account(access):
    from integration.adapters import aws
    from integration.app import App
    from integration.config import from_environment
    from tests.app_fixture import _make_account

    for queue, url in _make_account().items():
        os.environ[f"{queue.name}_QUEUE_URL"] = url
    os.environ["ORG_ID"] = access["org_id"]
    name = os.environ["SALESFORCE_SECRET"]
    aws.secretsmanager().put_secret_value(SecretId=name, SecretString=json.dumps(access))
    aws.ssm().put_parameter(Name=CLOCK, Type="String", Value="0")
    return App(from_environment())


def _run(options, access):
    from integration.records import CandidateImport
    from tests.unit.people.import_kill import books
    from tests.unit.people.importing import field, new_import

    app, chance = _account(access), random.Random(options.seed)
    books.small_parts()
    pool = books.seed(app)
    before = books.standing(app)
    import_id = new_import(app, books.file(), Pool__c=pool)
    undo_kills = options.kills // 3
    kills = _play(app, access, import_id, "Load", options.kills - undo_kills, chance)
    result = {"kills": kills, "before": before, "loaded": books.standing(app), **books.told(app, import_id)}
    result["undo_kills"] = _play(app, access, import_id, "Undo", undo_kills, chance)
    result["after_undo"] = books.standing(app)
    result["undone"] = field(app, import_id, CandidateImport.STATUS)
    return result


def _play(app, access, import_id, word, kills, chance):
    """Commands the word as a recruiter would, and lets workers live and die until nothing waits; how many died."""
    from integration.adapters import aws
    from integration.ports import Queue
    from tests.unit.people.import_kill import worker

    command = _commanded(app, access, import_id, word)
    aws.sqs().send_message(QueueUrl=app.config.queue_urls[Queue.COMMANDS], MessageBody=worker.body(command))
    died = 0
    while True:
        fatal = chance.randint(1, LONGEST_LIFE[word]) if died < kills else 0
        _, status = os.waitpid(worker.start(fatal, chance.random()), 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            died += 1
        elif status:
            raise SystemExit(f"the worker gave up: {status}")
        else:
            return died
        _advance(aws, LEASE_IS_OVER)


def _commanded(app, access, import_id, word):
    from integration.records import CandidateImport, RecruitingCommand
    from integration.soql import both, equals, select

    url = f"{access['login_url']}/services/data/v62.0/sobjects/{CandidateImport.API_NAME}/{import_id}"
    headers = {"Authorization": f"Bearer {access['token']}"}
    requests.patch(url, json={CandidateImport.COMMAND: word}, headers=headers, timeout=30).raise_for_status()
    where = both(equals(RecruitingCommand.RECORD_ID, import_id), equals(RecruitingCommand.COMMAND, word))
    [row] = app.salesforce.query(select(RecruitingCommand.API_NAME, ["Id"], where=where))
    return row["Id"]


def _advance(aws, step):
    """The stage's clock goes on: the lease of a dead worker is over."""
    now = float(aws.ssm().get_parameter(Name=CLOCK)["Parameter"]["Value"])
    aws.ssm().put_parameter(Name=CLOCK, Type="String", Overwrite=True, Value=str(now + step.total_seconds()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
