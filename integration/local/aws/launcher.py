"""Starts MiniStack 1.5.33 as the local AWS: quick, closed to web pages, saved every few seconds, with the site's front.

    python -m integration.local.aws.launcher --front PORT --api NAME --mailbox URL --deps FOLDER --saved FILE
        [--pause TABLE]

runs in MiniStack's own environment. MiniStack's settings (BIND_HOST, GATEWAY_PORT, AUTH, PERSIST_STATE, TMPDIR …) come
through variables, because it reads them when it is imported; `settings` in integration/local/cloud.py lists them.
"""

import argparse
import asyncio
import fcntl
import os
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.protocol.events import StreamClosed
from ministack import app as ministack
from ministack.core import lambda_runtime

from integration.local.aws import batches, outgoing, permissions
from integration.local.aws.front import Front
from integration.local.aws.guard import Receive, Scope, Send, answer, headers_of, refuses
from integration.local.aws.reviving import move_queues, pause_sending, release_messages
from integration.local.aws.saving import Saver

WORKERS = 6
"""Processes of one function at most; above the concurrency of every queue."""


class Launcher:
    """The one ASGI application: the AWS address and, on a port of its own, the site."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.front_port: int = options.front
        self.front = Front(options.api, WORKERS)
        self.saver = Saver(options.saved)
        self.pause: str = options.pause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._lifespan(scope, receive, send)
        if scope["type"] != "http":
            return None
        self.saver.requests += 1
        if scope["server"][1] == self.front_port:
            return await self.front(scope, receive, send)
        reason = refuses(scope["path"], scope["query_string"], headers_of(scope))
        if reason:
            return await answer(send, 403, f"Forbidden: {reason}\n".encode(), "text/plain")
        await ministack.app(scope, receive, _losing(send))
        return None

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_noting(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                move_queues()
                release_messages()
                if self.pause:
                    await pause_sending(self.pause)
                self.saver.start_on(asyncio.get_running_loop())
            await send(message)

        await ministack.app(scope, receive, send_noting)


def _losing(send: Send) -> Send:
    """A `send` that closes the connection instead of sending an answer that must not arrive."""
    lost = False

    async def send_or_lose(message: dict[str, Any]) -> None:
        nonlocal lost
        if message["type"] == "http.response.start" and message["status"] == outgoing.DROPPED:
            lost = True
            stream = send.__self__  # type: ignore[attr-defined]  # hypercorn's stream: ASGI has no word for hanging up
            await stream.send(StreamClosed(stream_id=stream.stream_id))
        elif not lost:
            await send(message)

    return send_or_lose


def quicken(deps: Path) -> None:
    """The settings that make functions answer in milliseconds; asserted by tests/local/aws/test_private_names.py."""
    # After each answer MiniStack waits up to 50 ms for a log line.
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (0.002, 0.0005, 0.25)
    lambda_runtime._LOCAL_MAX_WORKERS = WORKERS
    os.environ["PYTHONPATH"] = str(deps)  # reaches the functions' processes; their zip holds only our own code


def main() -> None:
    """Serves until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--front", type=int, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--mailbox", required=True)
    parser.add_argument("--deps", type=Path, required=True)
    parser.add_argument("--saved", type=Path, required=True)
    parser.add_argument("--pause", default="", metavar="TABLE", help="start with sending paused")
    options = parser.parse_args()
    state = (options.saved.parent / "lock").open("w")
    fcntl.flock(state, fcntl.LOCK_EX)  # one that was told to stop may still be saving
    quicken(options.deps)
    permissions.as_aws()
    batches.as_large_as_asked()
    outgoing.hand_to(options.mailbox)
    config = Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}", f"127.0.0.1:{options.front}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    asyncio.run(serve(Launcher(options), config))


if __name__ == "__main__":
    main()
