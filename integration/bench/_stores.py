"""The sender's stores in a process of their own: it answers as DynamoDB, S3 and SES do where nothing is found and every
write succeeds, and makes each chunk of the audience when it is read.

`python -m integration.bench._stores` takes the message on standard input and prints its port.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 50

_DYNAMODB = {b"BatchGetItem": b'{"Responses":{},"UnprocessedKeys":{}}', b"Query": b'{"Items":[],"Count":0}'}
_ACCEPTED = b'{"MessageId":"0100"}'


def chunk_of(key: str) -> bytes:
    """One chunk of an audience, by its key in S3."""
    start = int(key.rpartition("/")[2].removesuffix(".jsonl")) * CHUNK
    lines = (
        json.dumps(
            {
                "key": f"01BENCH{number:019}",
                "id": f"a01{number:012}AAA",
                "email": f"person{number}@people.example",
                "slots": {"first_name": "Ada", "last_name": f"Number {number}", "city": "Cork"},
            }
        )
        for number in range(start, start + CHUNK)
    )
    return "\n".join(lines).encode()


@contextmanager
def serving(message: bytes) -> Iterator[str]:
    """The stores' address, while they serve."""
    command = [sys.executable, "-m", "integration.bench._stores"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        try:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("no way to speak with the stores")
            process.stdin.write(message)
            process.stdin.close()
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def _answer(request: bytes, headers: dict[bytes, bytes], message: bytes) -> bytes:
    method, path, _ = request.split(b" ", 2)
    if target := headers.get(b"x-amz-target"):
        return _DYNAMODB.get(target.rpartition(b".")[2], b"{}")
    if method == b"GET":
        key = path.decode().partition("?")[0]
        return message if "/messages/" in key else chunk_of(key)
    return _ACCEPTED


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head[1:])}
            if headers.get(b"expect"):
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await reader.readexactly(int(headers.get(b"content-length", b"0")))
            body = _answer(head[0], headers, message)
            start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            writer.write(start + body)  # at once: a second packet would wait for the first one's receipt
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _main(message: bytes) -> None:
    server = await asyncio.start_server(lambda r, w: _serve(r, w, message), "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(sys.stdin.buffer.read()))
