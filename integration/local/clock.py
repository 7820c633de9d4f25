"""`warmbench clock`: moves the local stack's one clock, then lets everything that became due happen."""

import argparse
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import requests

from integration.adapters.clock import OFFSET_MAX_AGE_SECONDS
from integration.local import keys
from integration.local.cloud import wait_until
from integration.local.stack import NotRunning, Status, queue_depths, read_status, untold_events

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
DUE = ("sweep", "prospect", "drip", "rollup")
"""Scheduled functions, in the order in which work flows from one to the next."""
PATIENCE = 300.0
"""Seconds for the queues to empty."""
LONGEST_NUMBER = 4
"""Digits: beyond that no calendar holds the stage's time."""
ASLEEP = 10.0
"""Seconds without work after which delayed messages are not waited for."""


class NotDrained(Exception):
    """Work was still waiting when patience ran out."""


def duration(text: str) -> timedelta:
    """`3d`, `2h`, `30m`, or several together: `1d12h`."""
    parts = re.findall(r"(\d+)([dhms])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration: write 3d, 2h, 30m or 1d12h")
    if any(len(number) > LONGEST_NUMBER for number, _ in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is too long: the clock moves by days or months, such as 3d or 90d")
    return timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})


def advance(status: Status, by: timedelta) -> None:
    """Moves the clock forward and runs what became due."""
    set_offset(status, (keys.clock_offset(status.cloud) or 0) + by.total_seconds())
    run_due(status)


def set_offset(status: Status, seconds: float) -> None:
    """For functions, org and mailbox alike; returns when the slowest has noticed."""
    keys.set_clock_offset(status.cloud, seconds)
    tell(status.org, seconds, token=status.org_token)
    tell(status.mailbox, seconds)
    time.sleep(OFFSET_MAX_AGE_SECONDS + 0.1)


def tell(part: str, seconds: float, *, token: str = "") -> None:
    """Tells the org or the mailbox what time it is."""
    address = f"{part}/warmbench/clock" if token else f"{part}/clock"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    requests.post(address, json={"offset_seconds": seconds}, headers=headers, timeout=10).raise_for_status()


def run_due(status: Status) -> None:
    """Runs the scheduled functions one after the other, each with all that follows from it."""
    for name in DUE:
        run(status, name)
        drain(status)


def run(status: Status, name: str) -> None:
    """Runs one scheduled function now, as its schedule would."""
    answer = status.cloud.client("lambda").invoke(FunctionName=f"{status.stack}-{name}", Payload=b"{}")
    if answer.get("FunctionError"):
        raise RuntimeError(f"{name} failed: {answer['Payload'].read().decode()[:500]}")


def drain(status: Status, *, patience: float = PATIENCE) -> None:
    """Waits until every queue is empty and the mailbox has told its events; raises NotDrained.

    A message that is delayed for long (a chunk that will be looked at once more, mail outside its window) is not waited
    for: after a while in which nothing else happens it counts as asleep.
    """
    everything = partial(queue_depths, status.cloud, status.stack)

    def working() -> bool:
        return bool(untold_events(status) or queue_depths(status.cloud, status.stack, delayed=False))

    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not wait_until(lambda: not working(), seconds=end - time.monotonic(), every=0.2):
            break
        if not everything() or not wait_until(working, seconds=ASLEEP, every=0.2):
            return
    left = ", ".join(f"{name} {depth}" for name, depth in everything().items())
    raise NotDrained(f"After {patience:.0f} s there is still work in the queues: {left}.")


def shown(status: Status) -> str:
    """The stage's time in words."""
    offset = timedelta(seconds=keys.clock_offset(status.cloud) or 0)
    present = datetime.now(UTC) + offset
    ahead = f" ({offset} ahead)" if offset else ""
    return f"{present:%A %Y-%m-%d %H:%M} UTC{ahead}"


def main(arguments: Sequence[str]) -> int:
    """Shows, advances or resets the clock."""
    parser = argparse.ArgumentParser(prog="warmbench clock", description="The one clock of the local stack.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("advance", help="move it forward").add_argument("by", type=duration, help="3d, 2h, 30m, 1d12h")
    commands.add_parser("show", help="say what time it is")
    commands.add_parser("reset", help="back to the machine's time")
    options = parser.parse_args(arguments)
    try:
        status = read_status()
        if options.command == "advance":
            advance(status, options.by)
        elif options.command == "reset":
            set_offset(status, 0)
        print(f"It is {shown(status)}.")
    except (NotRunning, NotDrained) as error:
        print(error, file=sys.stderr)
        return 1
    return 0
