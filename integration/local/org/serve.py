"""`warmbench org`: the embedded Salesforce org alone, on a port of this machine.

It begins with the source folder of --metadata. What `sf project deploy start` brings is kept in the database: when the
folder is the same as at the last start the org stays as it is, when it changed its files are laid over what is there.
"""

import argparse
import fcntl
import json
import os
import secrets
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from integration.local import certificate
from integration.local.org.app import OrgApp
from integration.local.org.signin.users import SEATS
from integration.local.places import HOME, ROOT
from integration.local.serving import PortTaken, free_port, given, port_number, refuse_taken, serve
from integration.metadata.read import read
from integration.metadata.refusal import UnsupportedMetadata
from integration.metadata.schema import Schema

PORT = 8910
METADATA = ROOT / "sf_metadata" / "main" / "default"
CLIENT_ID = "warmbench"
_FACTORY = "integration.local.org.serve:application"
_SERVICE = "integration"
_ADDRESS = "127.0.0.1"
_PATIENCE_SECONDS = 3.0


class DatabaseTaken(Exception):
    """Another process serves this database."""


def main(arguments: Sequence[str]) -> int:
    """Serves until Ctrl-C; says where, and how to get in."""
    options = _options(arguments)
    try:
        alone = _claimed(options.database)
        port = options.port or free_port()
        refuse_taken(port, "the org")
        tls = _certificate(options.database) if options.tls else None
        url = f"{'https' if tls else 'http'}://{_ADDRESS}:{port}"
        access = _prepared(options, url)
    except (DatabaseTaken, PortTaken, UnsupportedMetadata, ValueError, OSError, sqlite3.Error) as error:
        print(f"warmbench org: {error}", file=sys.stderr)
        return 1
    if options.access_file:
        _write_privately(options.access_file, json.dumps(access))
    settings = {
        "metadata": "" if options.bare else str(options.metadata),
        "database": str(options.database),
        "url": url,
        "access": access,
        "faults": options.faults,
        "certificate": str(tls[1]) if tls else "",
    }
    with alone:
        serve(_FACTORY, port, settings, threads=16, tls=tls)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="warmbench org", description=__doc__)
    parser.add_argument("--port", type=port_number, default=PORT, metavar="N", help="0: a free one (%(default)s)")
    parser.add_argument("--database", "--db", type=Path, default=HOME / "org.db", metavar="FILE", help="(%(default)s)")
    parser.add_argument("--metadata", type=Path, default=METADATA, metavar="DIR", help="(default: %(default)s)")
    parser.add_argument("--bare", action="store_true", help="no --metadata: the org is what was deployed into it")
    parser.add_argument("--fresh", action="store_true", help="forget every record and start over")
    parser.add_argument("--access-file", type=Path, metavar="FILE", help="write tokens and secrets there as JSON")
    parser.add_argument("--faults", action="store_true", help="let the admin order faults at /warmbench/faults")
    parser.add_argument("--client-certificate", type=Path, metavar="FILE", help="PEM: its key may sign the service in")
    parser.add_argument("--tls", action="store_true", help="serve https, for clients that speak nothing else")
    return parser.parse_args(arguments)


def _certificate(database: Path) -> tuple[Path, Path]:
    """Key and certificate beside the database; clients must be told to trust the latter."""
    key_file, certificate_file = database.with_suffix(".key"), database.with_suffix(".crt")
    certificate.ensure(key_file, certificate_file, "warmbench org", [_ADDRESS])
    return key_file, certificate_file


def _claimed(database: Path) -> IO[str]:
    """A lock on the database that the serving process inherits: numbers for new ids are counted in memory.

    After a kill the old serving process notices within a second that its parent is gone; that is waited for.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    lock = Path(f"{database}.lock").open("w")  # noqa: SIM115  (held as long as the org is served)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                lock.close()
                text = f"{database} is served by another process. Stop it, or choose another file with --database."
                raise DatabaseTaken(text) from error
            time.sleep(0.05)


def _prepared(options: argparse.Namespace, url: str) -> dict[str, str]:
    """Makes the database ready and says how to get in; in this process, so that faults are told plainly."""
    if options.fresh:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{options.database}{suffix}").unlink(missing_ok=True)
    schema = Schema() if options.bare else read(options.metadata)
    org = OrgApp(schema, options.database, url=url, background=False, resume=False)
    try:
        secret = org.client_secret(CLIENT_ID)
        certified = options.client_certificate.read_text() if options.client_certificate else None
        if secret is None or certified:
            secret = secret or secrets.token_urlsafe(32)
            org.register_client(CLIENT_ID, username=_SERVICE, secret=secret, certificate=certified)
        return {
            "org_id": org.id,
            "token": org.issue_token("admin"),
            "client_id": CLIENT_ID,
            "client_secret": secret,
            "password": org.passwords.shared(),
        }
    finally:
        org.close()


def _write_privately(path: Path, text: str) -> None:
    """Complete or not at all, and for nobody else to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def application() -> OrgApp:
    """The org of the serving process."""
    settings = given()
    # Ctrl-C reaches the parent alone, which then ends this process: of two signals at once the server loses one.
    os.setpgrp()
    org = OrgApp(
        read(Path(settings["metadata"])) if settings["metadata"] else Schema(),
        settings["database"],
        url=settings["url"],
        background=True,
        faults=settings["faults"],
    )
    threading.Thread(target=_announce, args=(org, settings), name="announce", daemon=True).start()
    return org


def _announce(org: OrgApp, settings: dict[str, Any]) -> None:
    """Tells the way in as soon as the port answers."""
    access = settings["access"]
    address = urlsplit(org.url)
    while not org.closing.is_set():
        try:
            socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    print(f"Salesforce org {access['org_id']} at {org.url}")
    print(f"Access token   {access['token']}")
    print(f"Service client {access['client_id']} / {access['client_secret']}")
    print(
        f"Password       {access['password']} of every user: {', '.join(each.username for each in SEATS)}", flush=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
