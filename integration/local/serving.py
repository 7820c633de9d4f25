"""Serves a WSGI application of the local stack with granian: one worker process, several threads, 127.0.0.1 only.

The worker imports the application anew, so what it needs travels as JSON in one variable; it ends when its parent is
gone, however that happened.
"""

import argparse
import json
import os
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

_SETTINGS = "WARMBENCH_SERVING"
_THREADS = 8
_WATCH_SECONDS = 0.5


class PortTaken(Exception):
    """The message names the port and says what to do."""


def port_number(text: str) -> int:
    """A `--port` as it was typed: 0 for any free one, else 1024 to 65530, so that six in a row fit."""
    if not text.isascii() or not text.isdigit() or not (int(text) == 0 or 1024 <= int(text) <= 65530):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1024 to 65530, or 0 for a free one")
    return int(text)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def refuse_taken(port: int, what: str) -> None:
    """Raises PortTaken when somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            raise PortTaken(f"Port {port} ({what}) is taken by another program. Choose another with --port.") from fault


def serve(
    factory: str,
    port: int,
    settings: Mapping[str, Any],
    *,
    threads: int = _THREADS,
    tls: tuple[Path, Path] | None = None,
) -> None:
    """Serves what `module:factory` makes until SIGINT or SIGTERM; `tls` holds the files of key and certificate."""
    key_file, certificate_file = tls or (None, None)
    os.environ[_SETTINGS] = json.dumps(settings)
    Server(
        factory,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=threads,
        log_enabled=False,
        websockets=False,
        workers_kill_timeout=5,
        ssl_key=key_file,
        ssl_cert=certificate_file,
    ).serve()


def given() -> dict[str, Any]:
    """In the worker: the settings that `serve` was called with; from here on the worker ends with its parent."""
    _end_with(os.getppid())
    settings: dict[str, Any] = json.loads(os.environ[_SETTINGS])
    return settings


def _end_with(parent: int) -> None:
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os._exit(0)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
