"""Kills the sender with SIGKILL again and again, then compares the ledger with the provider's books (F1, F3, F4).

    python -m tests.unit.mail.crash.harness --recipients 200 --kills 10 --copies 2 --senders 2 --pauses 20

A local AWS and a faulty provider run as processes of their own. Nothing is commanded after a kill: a new sender process
starts, as Lambda would start one, and the queue gives it what the dead one did not finish. Every message may be on the
queue several times, several senders may work at once, and a person may pause and resume again and again. Of the
provider's replies 2 % are lost and 5 % say "slow down". Prints one line of JSON; exit status 1 when somebody was mailed
twice or is unaccounted for.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[4]
PEOPLE_PER_CHUNK = 25
HORIZON_SECONDS = 3


def main(argv):
    parser = options_of_a_blast()
    parser.add_argument("--senders", type=int, default=1, help="how many work at once; each kill hits one of them")
    parser.add_argument("--without-events", action="store_true", help="the provider's events never come")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return _run(options, Path(folder))


def options_of_a_blast():
    """What every way of killing senders is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipients", type=int, default=100)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=240, help="longest time to the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copies", type=int, default=1, help="how often every message is on the queue")
    parser.add_argument("--pauses", type=int, default=0, help="how often a person pauses and resumes")
    return parser


def _run(options, folder):
    processes = []
    try:
        port = _start_cloud(processes)
        provider = _start_provider(processes, folder)
        os.environ.update(_environment(port, provider))
        app = _account()
        freeze(app, options)
        done = _kill_and_start(options, app, provider)
        books = [json.loads(line)["candidate"] for line in (folder / "books.jsonl").read_text().splitlines()]
        return verdict(options, app, Counter(books), done)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _start_cloud(processes):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    processes.append(process)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return port
    raise SystemExit("the local AWS did not start")


def _start_provider(processes, folder):
    command = [sys.executable, str(HERE / "provider.py"), str(folder / "books.jsonl")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    processes.append(process)
    return f"http://127.0.0.1:{int(process.stdout.readline())}"


def _environment(port, provider):
    from tests.app_fixture import CONFIG, REGION

    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ENDPOINT_URL_SESV2": provider,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "PYTHONPATH": str(ROOT),
        "STAGE": CONFIG.stage,
        "PUBLIC_BASE_URL": CONFIG.public_base_url,
        "ORG_ID": CONFIG.org_id,
        "LINK_KEYS_PARAMETER": CONFIG.link_keys_parameter,
        "DATA_BUCKET": CONFIG.data_bucket,
        "SITE_BUCKET": CONFIG.site_bucket,
        "SEND_RATE": "1000",
        "DROP": "0.02",
        "T429": "0.05",
        "IN_DOUBT_SECONDS": str(HORIZON_SECONDS),
        **{f"{name.upper()}_TABLE": table for name, table in CONFIG.tables.items()},
    }


def _account():
    from integration.adapters import aws
    from integration.app import App
    from integration.config import from_environment
    from tests.app_fixture import _make_account

    for queue, url in _make_account().items():
        os.environ[f"{queue.name}_QUEUE_URL"] = url
        # A dead worker's message comes back after this long; a deployed queue waits a minute.
        aws.sqs().set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "2"})
    return App(from_environment())


def freeze(app, options, **draft):
    """A launched blast, as far as senders see one."""
    amount = options.recipients
    from integration.ports import Queue
    from integration.sending.counting import PLAN
    from integration.sending.one import chunk_key
    from tests.unit.mail.letters import CAMPAIGN, STEP, published, recipient

    published(app, **draft)
    chunks = []
    for number, start in enumerate(range(1, amount + 1, PEOPLE_PER_CHUNK)):
        people = range(start, min(start + PEOPLE_PER_CHUNK, amount + 1))
        lines = "".join(json.dumps(recipient(one)) + "\n" for one in people)
        chunk = f"{number:05}"
        app.data.write(chunk_key(CAMPAIGN, STEP, "1", chunk), lines.encode(), content_type="application/x-ndjson")
        chunks.append({"campaign": CAMPAIGN, "step": STEP, "version": "1", "chunk": chunk})
    plan = {"kind": "Blast", "steps": [{"id": STEP, "version": "1"}], "audience": amount, "chunks": len(chunks)}
    app.sends.put({"pk": f"campaign#{CAMPAIGN}", "sk": PLAN, **plan})
    copies = chunks * options.copies
    random.Random(options.seed).shuffle(copies)
    app.queues.send_many(Queue.MAIL, copies)


def _kill_and_start(options, app, provider):
    """Starts senders, kills one once a few mails went, starts the next; events come a little after the mails."""
    chance = random.Random(options.seed)
    told, done = 0, Counter()
    until = time.monotonic() + options.seconds
    senders = [_start_sender() for _ in range(options.senders)]
    goals = {"kills": chance.randint(1, 9), "pauses": chance.randint(1, 9)}
    try:
        while time.monotonic() < until and not is_done(app):
            accepted = _accepted(provider)
            for what in goals:
                if done[what] < getattr(options, what) and len(accepted) >= goals[what]:
                    done[what] += 1
                    goals[what] = len(accepted) + stretch(chance, options.recipients, getattr(options, what))
                    _kill_one(chance, senders) if what == "kills" else pause_and_resume(app, chance)
            if not options.without_events:
                told = _tell(app, accepted, told)
            time.sleep(0.02)
    finally:
        for sender in senders:
            sender.kill()
            sender.wait()
    return done


def stretch(chance, recipients, times):
    """How many mails later the next one comes, so that all of them find something going on."""
    return chance.randint(1, max(2, recipients // (times + 1)))


def _kill_one(chance, senders):
    time.sleep(chance.random() * 0.05)
    victim = senders.pop(chance.randrange(len(senders)))
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    senders.append(_start_sender())


def pause_and_resume(app, chance):
    from integration.sending import control
    from tests.unit.mail.letters import CAMPAIGN

    control.pause(app, CAMPAIGN, "a person wants a look")
    time.sleep(chance.random() * 0.5)
    control.resume(app, CAMPAIGN)


def _start_sender():
    return subprocess.Popen([sys.executable, str(HERE / "sender.py")], stderr=subprocess.DEVNULL, cwd=ROOT)


def _accepted(provider):
    with urllib.request.urlopen(f"{provider}/accepted", timeout=10) as answer:
        return json.load(answer)


def _tell(app, accepted, told):
    """Send events of what was accepted since, the newest first."""
    from integration.model.event import Event, Kind
    from integration.sending import settle

    for facts in reversed(accepted[told:]):
        settle(app, Event(id=facts["message_id"], kind=Kind.SEND, at=app.clock.now().isoformat(), **facts))
    return len(accepted)


def is_done(app):
    from integration.sending.counting import progress
    from tests.unit.mail.letters import CAMPAIGN

    return progress(app, CAMPAIGN)[1]


def verdict(options, app, books, done):
    """Holds the ledger against the provider's books: how often it took a mail to each candidate."""
    from integration.sending import ledger_rows
    from tests.unit.mail.letters import CAMPAIGN, STEP

    rows = {row["sk"]: row["state"] for row in ledger_rows(app, CAMPAIGN, STEP, "1")}
    states = Counter(rows.values())
    result = {
        "recipients": options.recipients,
        "kills": done["kills"],
        "pauses": done["pauses"],
        "accepted": sum(books.values()),
        "twice": sum(1 for copies in books.values() if copies > 1),
        "unaccounted": options.recipients - sum(states[state] for state in ("accepted", "settled", "in_doubt")),
        "said_sent_but_not": sum(
            1 for key, state in rows.items() if state in {"accepted", "settled"} and not books[key]
        ),
        "finished": is_done(app),
        "states": dict(states),
        "without_a_row": options.recipients - len(rows),
        "went_without_a_row": sum(1 for key in books if key not in rows),
        "in_doubt": states["in_doubt"],
        "in_doubt_that_went": sum(1 for key, state in rows.items() if state == "in_doubt" and books[key]),
    }
    result |= _waiting(app)
    print(json.dumps(result))
    return 1 if result["twice"] or result["unaccounted"] or result["said_sent_but_not"] else 0


def _waiting(app):
    """What still lies in the mail queue: a person without a row is lost only when no message stands for them."""
    from integration.adapters import aws
    from integration.ports import Queue
    from tests.unit.mail.letters import CAMPAIGN

    names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    url = app.config.queue_urls[Queue.MAIL]
    found = aws.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    open_chunks = [item for item in app.sends.query(f"campaign#{CAMPAIGN}", prefix="chunk#") if not item["done"]]
    return {
        "messages_waiting": {
            name.removeprefix("ApproximateNumberOfMessages") or "Visible": int(found[name]) for name in names
        },
        "open_chunks": len(open_chunks),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
