"""Handing ready mails to the provider: the product's mailer against a loop of boto3's send_email.

Both speak to one stub on the loopback, in a process of its own, that answers each mail at once. The product's side also
writes each mail, personal and signed; the peer sends bytes that are ready.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

import boto3
from botocore.config import Config

from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.bench.mail import body, people, writers

MAILS = 1_000
GOAL = 1.1
SENDER = "jobs@mail.warmbench.example"
CAMPAIGN, STEP = "a0C000000000001AAA", "a0D000000000001AAA"


def run(runs: int) -> list[Row]:
    """Row 3 of the goals: CPU of a mail on the raw path, one attempt."""
    with _stub() as address:
        os.environ |= {
            "AWS_ENDPOINT_URL_SESV2": address,
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        write, _ = writers(body(""))
        ready = write(next(people()))
        product, peer = _product(ready), _peer(ready)
        whole = _product(None, write)
        for send in (product, peer, whole):
            send(20)  # connections are there, code is warm
        measured = interleaved(runs, *(partial(_microseconds, send) for send in (product, peer, whole)))
    return [
        Row("one ready mail through the mailer", "us CPU", measured[0], GOAL, measured[1]),
        Row("one mail written and sent", "us CPU", measured[2], GOAL, measured[1]),
    ]


def _microseconds(send: Callable[[int], None]) -> float:
    return cpu_seconds(partial(send, MAILS)) / MAILS * 1_000_000


def _product(ready: bytes | None, write: Callable[[Any], bytes] | None = None) -> Callable[[int], None]:
    from integration.adapters.ses import SesMailer

    mailer = SesMailer("warmbench")

    def send(amount: int) -> None:
        for person in islice(people(), amount):
            raw = ready if ready is not None else write(person) if write else b""
            tags = {"campaign": CAMPAIGN, "step": STEP, "version": "1", "candidate": person["key"]}
            mailer.send(raw, sender=SENDER, recipient=person["email"], tags=tags)

    return send


def _peer(ready: bytes) -> Callable[[int], None]:
    """What one would write with boto3 alone, and one attempt, for anything else sends twice."""
    client = boto3.client("sesv2", config=Config(retries={"total_max_attempts": 1}))

    def send(amount: int) -> None:
        for person in islice(people(), amount):
            tags = {"campaign": CAMPAIGN, "step": STEP, "version": "1", "candidate": person["key"]}
            client.send_email(
                FromEmailAddress=SENDER,
                Destination={"ToAddresses": [person["email"]]},
                Content={"Raw": {"Data": ready}},
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
                ConfigurationSetName="warmbench",
            )

    return send


@contextmanager
def _stub() -> Iterator[str]:
    """The provider's side, ended with the bench."""
    process = subprocess.Popen([sys.executable, "-c", _STUB], stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline() if process.stdout else '0')}"
    finally:
        process.kill()
        process.wait()


_STUB = """
import asyncio

ANSWER = b'{"MessageId":"0100"}'
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(ANSWER)

async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            sizes = [line for line in head.lower().split(b"\\r\\n") if line.startswith(b"content-length:")]
            if b"100-continue" in head.lower():
                writer.write(b"HTTP/1.1 100 Continue\\r\\n\\r\\n")
            await reader.readexactly(int(sizes[0].split(b":")[1]) if sizes else 0)
            writer.write(HEAD + ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""
