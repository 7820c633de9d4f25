"""`warmbench local`: starts the whole product on this machine and keeps it running until Ctrl-C."""

import argparse
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from integration.local import deploy, keys, parts, recovery
from integration.local.cloud import REGION, wait_until
from integration.local.parts import PartFailed, Parts, Ports, answers, mailbox_arguments
from integration.local.places import INSTANCE, LOGS, STATE, STATUS
from integration.local.processes import Process
from integration.local.serving import PortTaken, free_port, port_number, refuse_taken
from integration.local.stack import Status
from integration.local.tools import ToolMissing

FIRST_PORT = 8700
MARKER = STATE / "running"
"""There while the stack runs; still there at the next start: it was not stopped cleanly."""

PORTS = STATE / "ports.json"
"""Where it was last time."""
LETTING_GO = 15.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AlreadyRunning(Exception):
    """A stack of this checkout runs; the message says where."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


@dataclass(frozen=True)
class OrgAccess:
    """How the parts come into the org."""

    org_id: str
    token: str
    """The admin's."""
    client_id: str
    client_secret: str
    password: str
    """Every user's, until they are given one of their own."""

    def for_service(self, url: str) -> dict[str, str]:
        """What the functions' secret holds."""
        return {"login_url": url, "client_id": self.client_id, "client_secret": self.client_secret}


class Progress:
    """One line per part, with the time it took."""

    def __init__(self) -> None:
        self._width = 10

    @contextmanager
    def step(self, name: str, doing: str) -> Iterator[None]:
        """Says what is being done, then how long it took."""
        started = time.monotonic()
        print(f"  {name:<{self._width}} {doing} …", end="", flush=True)
        yield
        print(f" {time.monotonic() - started:.1f} s", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Starts everything, waits, stops everything."""
    options = _options(arguments)
    for number in STOPPING:
        signal.signal(number, _stop)
    try:
        with _only_one():
            return _run(options)
    except Stopped:
        return 0
    except (AlreadyRunning, PortTaken, PartFailed, ToolMissing, deploy.DeployFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="warmbench local", description="Start the whole product on this machine.")
    parser.add_argument(
        "--port",
        type=port_number,
        default=FIRST_PORT,
        metavar="N",
        help="first of six ports (default: %(default)s); 0: free ones",
    )
    parser.add_argument("--fresh", action="store_true", help="forget everything and start over")
    parser.add_argument("--faults", action="store_true", help="let the org's admin order faults at /warmbench/faults")
    parser.add_argument("--status-file", type=Path, metavar="FILE", help="write the status there as well")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    if MARKER.exists() and PORTS.exists():  # the parts of a stack that was killed need a moment to end
        wait_until(_ports_of_last_time, seconds=LETTING_GO)
    ports = chosen_ports(options.port, again=not options.fresh)
    if options.fresh:
        _start_over()
    unclean = MARKER.exists()
    files = [STATUS, *([options.status_file] if options.status_file else [])]
    _forget(files)
    STATE.mkdir(parents=True, exist_ok=True)
    PORTS.write_text(json.dumps(vars(ports)))
    MARKER.touch()
    stack = Parts(ports)
    clean = not unclean
    try:
        status = bring_up(stack, unclean=unclean, faults=options.faults)
        clean = True
        status.write(*files)
        print(table(status), flush=True)
        return _watch(stack)
    except PartFailed:
        clean = False
        raise
    finally:
        _forget(files)
        print("  stopping …", flush=True)
        stopped = stack.stop()
        # After a part that died or had to be killed, or a start that failed before it recovered, the next one recovers.
        if clean and stopped:
            MARKER.unlink(missing_ok=True)


def _start_over() -> None:
    """Forgets everything, once the local AWS of a stack that was killed has done its last saving."""
    lock = STATE / "aws/lock"
    if lock.exists():
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
    shutil.rmtree(STATE, ignore_errors=True)


def bring_up(stack: Parts, *, unclean: bool, faults: bool = False) -> Status:
    """Starts part after part; each is healthy before the next one needs it."""
    ports, progress = stack.ports, Progress()
    note = recovery.saved_at(STATE / "aws/saved.json")
    with progress.step("tools", "MiniStack, Node and the functions' dependencies (half a minute the first time)"):
        parts.make_ready()
    with progress.step("org", "the embedded Salesforce org"):
        access = start_org(stack, faults=faults)
    with progress.step("mailbox", "the mailbox that takes every mail"):
        mailbox = stack.start("mailbox", "integration.local.mailbox", *mailbox_arguments(ports))
        stack.wait_for(mailbox, lambda: answers(f"{ports.url('mailbox')}/health"))
    with progress.step("sources", "stand-ins for GitHub, ORCID and other sources of prospects"):
        sources = stack.start("sources", "integration.local.sources", "--port", ports.sources)
        stack.wait_for(sources, lambda: answers(f"{ports.url('sources')}/health"))
    with progress.step("aws", "the local AWS"):
        cloud = stack.start_cloud(unclean=unclean)
    with progress.step("stack", "serverless.yml into it"):
        keys.put(cloud, parts.KEYS, access.for_service(ports.url("org")))
        keys.put_source_keys(cloud, ports.url("sources"))
        deploy.deploy(cloud, parts.parameters(ports, access.org_id))
    with progress.step("site", "the public pages"):
        stack.wait_for(stack.running[-1], lambda: answers(f"{ports.url('site')}/health"))
    status = status_of(ports, access)
    if unclean:
        with progress.step("recovery", "the last stop was not clean: hearing again what became of the last mails"):
            recovery.replay(status, note)
            recovery.resume(status)
    with progress.step("relay", "the org's events to the local AWS"):
        start_relay(stack, access)
    with progress.step("console", "the recruiters' pages"):
        start_console(stack, access)
    return status


def start_org(stack: Parts, *, faults: bool = False) -> OrgAccess:
    """Starts the org; what it tells about itself."""
    told = STATE / "org.json"
    told.unlink(missing_ok=True)
    url = stack.ports.url("org")
    arguments = ["--port", stack.ports.org, "--database", STATE / "org.db", "--access-file", told]
    arguments += ["--faults"] if faults else []
    org = stack.start("org", "integration.local.org.serve", *arguments)
    stack.wait_for(org, lambda: told.exists() and answers(f"{url}/warmbench/health"))
    return OrgAccess(**json.loads(told.read_text()))


def start_relay(stack: Parts, access: OrgAccess) -> Process:
    """Starts the relay; it saves its position in the local AWS."""
    ports = stack.ports
    arguments = ["--org", ports.url("org"), "--org-id", access.org_id, "--aws", ports.url("aws"), "--bus", deploy.STACK]
    return stack.start("relay", "integration.local.relay", *arguments, extra={"ORG_TOKEN": access.token})


def start_console(stack: Parts, access: OrgAccess) -> None:
    """Starts the recruiters' pages, signed in as the admin."""
    ports = stack.ports
    arguments = [
        "--port",
        ports.console,
        *(word for part in ("org", "site", "mailbox") for word in (f"--{part}", ports.url(part))),
    ]
    console = stack.start("console", "integration.local.console", *arguments, extra={"ORG_TOKEN": access.token})
    stack.wait_for(console, lambda: answers(f"{ports.url('console')}/health"))


def status_of(ports: Ports, access: OrgAccess) -> Status:
    """What others need to know."""
    return Status(
        org=ports.url("org"),
        org_token=access.token,
        site=ports.url("site"),
        mailbox=ports.url("mailbox"),
        sources=ports.url("sources"),
        console=ports.url("console"),
        aws=ports.url("aws"),
        aws_region=REGION,
        stack=deploy.STACK,
        pid=os.getpid(),
        version=version("warmbench"),
    )


def chosen_ports(first: int, *, again: bool = False) -> Ports:
    """Consecutive ones from `first`, or for 0 those of last time (`again`) or free ones; raises PortTaken."""
    names = tuple(Ports.__dataclass_fields__)
    if first == 0:
        return (_ports_of_last_time() if again else None) or Ports(*_free_ports(len(names)))
    for offset, name in enumerate(names):
        refuse_taken(first + offset, name)
    return Ports(*range(first, first + len(names)))


def _ports_of_last_time() -> Ports | None:
    """The same again where they are free: addresses in mails and bookmarks go on working."""
    try:
        ports = Ports(**json.loads(PORTS.read_text()))
        for name, port in vars(ports).items():
            refuse_taken(port, name)
    except (OSError, ValueError, TypeError, PortTaken):
        return None
    return ports


def _free_ports(count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        port = free_port()
        if port not in found:
            found.append(port)
    return found


def table(status: Status) -> str:
    """The addresses, for people."""
    rows = {
        "console": (status.console, "what recruiters work with: start here"),
        "site": (status.site, "what candidates see"),
        "mailbox": (status.mailbox, "every mail that was sent"),
        "org": (status.org, "the Salesforce APIs"),
        "sources": (status.sources, "stand-ins for outside sources of prospects: made-up people"),
        "aws": (status.aws, f"access key test, region {status.aws_region}"),
    }
    lines = [f"  {name:<10} {url:<24} {purpose}" for name, (url, purpose) in rows.items()]
    return "\n".join(["", *lines, "", f"  Logs are in {LOGS}. Ctrl-C stops everything.", ""])


def _watch(stack: Parts) -> int:
    while True:
        ended = stack.first_ended()
        if ended:
            raise PartFailed(ended.epitaph())
        time.sleep(0.5)


@contextmanager
def _only_one() -> Iterator[None]:
    """Holds the lock of this checkout; it falls with this process, however that ends."""
    INSTANCE.mkdir(parents=True, exist_ok=True)
    with (INSTANCE / "running.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_where_it_runs()) from None
        yield


def _where_it_runs() -> str:
    try:
        status = json.loads(STATUS.read_text())
        return f"This checkout's stack runs already: {status['site']}, process {status['pid']}."
    except (FileNotFoundError, ValueError, KeyError):
        return "This checkout's stack is being started or stopped by another process."


def _stop(number: int, frame: FrameType | None) -> None:
    """The first signal stops; a second one must not interrupt the stopping."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def _forget(files: Sequence[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
