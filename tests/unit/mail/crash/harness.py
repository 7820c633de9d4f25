"""Kills the sender with SIGKILL again and again, then compares the ledger with the provider's books (F1, F3, F4).

    python -m tests.unit.mail.crash.harness --recipients 200 --kills 10

A local AWS and a faulty provider run as processes of their own. Nothing is commanded after a kill: a new sender process
starts, as Lambda would start one, and the queue gives it what the dead one did not finish. Prints one line of JSON;
exit status 1 when somebody was mailed twice or is unaccounted for.
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
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipients", type=int, default=100)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=240, help="longest time to the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-events", action="store_true", help="the provider's events never come")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return _run(options, Path(folder))


def _run(options, folder):
    processes = []
    try:
        port = _start_cloud(processes)
        provider = _start_provider(processes, folder)
        os.environ.update(_environment(port, provider))
        app = _account()
        chunks = _freeze(app, options.recipients)
        kills = _kill_and_start(options, app, provider, chunks)
        return _verdict(options, app, folder, chunks, kills)
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


def _freeze(app, amount):
    """A launched blast, as far as senders see one."""
    from integration.ports import Queue
    from integration.sending.counting import PLAN
    from integration.sending.one import chunk_key
    from tests.unit.mail.letters import CAMPAIGN, STEP, published, recipient

    published(app)
    chunks = []
    for number, start in enumerate(range(1, amount + 1, PEOPLE_PER_CHUNK)):
        people = range(start, min(start + PEOPLE_PER_CHUNK, amount + 1))
        lines = "".join(json.dumps(recipient(one)) + "\n" for one in people)
        chunk = f"{number:05}"
        app.data.write(chunk_key(CAMPAIGN, STEP, "1", chunk), lines.encode(), content_type="application/x-ndjson")
        chunks.append({"campaign": CAMPAIGN, "step": STEP, "version": "1", "chunk": chunk})
    plan = {"kind": "Blast", "steps": [{"id": STEP, "version": "1"}], "audience": amount, "chunks": len(chunks)}
    app.sends.put({"pk": f"campaign#{CAMPAIGN}", "sk": PLAN, **plan})
    app.queues.send_many(Queue.MAIL, chunks)
    return chunks


def _kill_and_start(options, app, provider, chunks):
    """Starts the sender, kills it once it has sent a few, starts the next; events come a little after the mails."""
    chance = random.Random(options.seed)
    told, kills = 0, 0
    until = time.monotonic() + options.seconds
    sender, fatal = _start_sender(), chance.randint(1, 9)
    try:
        while time.monotonic() < until and not _is_done(app):
            accepted = _accepted(provider)
            if kills < options.kills and len(accepted) >= fatal:
                time.sleep(chance.random() * 0.05)
                sender.send_signal(signal.SIGKILL)
                sender.wait()
                kills += 1
                fatal = len(accepted) + chance.randint(1, max(2, options.recipients // (options.kills + 1)))
                sender = _start_sender()
            if not options.without_events:
                told = _tell(app, accepted, told)
            time.sleep(0.02)
    finally:
        sender.kill()
        sender.wait()
    return kills


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


def _is_done(app):
    from integration.sending.counting import progress
    from tests.unit.mail.letters import CAMPAIGN

    return progress(app, CAMPAIGN)[1]


def _verdict(options, app, folder, chunks, kills):
    from integration.sending import ledger_rows
    from tests.unit.mail.letters import CAMPAIGN, STEP

    books = Counter(json.loads(line)["candidate"] for line in (folder / "books.jsonl").read_text().splitlines())
    rows = {row["sk"]: row["state"] for row in ledger_rows(app, CAMPAIGN, STEP, "1")}
    states = Counter(rows.values())
    result = {
        "recipients": options.recipients,
        "kills": kills,
        "accepted": sum(books.values()),
        "twice": sum(1 for copies in books.values() if copies > 1),
        "unaccounted": options.recipients - sum(states[state] for state in ("accepted", "settled", "in_doubt")),
        "said_sent_but_not": sum(
            1 for key, state in rows.items() if state in {"accepted", "settled"} and not books[key]
        ),
        "finished": _is_done(app),
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
    free = app.pace.get("sender#jobs@mail.warmbench.example", "slot") or {}
    ahead = int(free.get("free_from", 0)) / 1000 - app.clock.now().timestamp()
    return {
        "messages_waiting": {
            name.removeprefix("ApproximateNumberOfMessages") or "Visible": int(found[name]) for name in names
        },
        "open_chunks": len(open_chunks),
        "sender_blocked_for_seconds": round(ahead),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
