"""`warmbench demo`: plays the recruiter's story on the running stack and ends with the funnel, counted twice."""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from integration.demo.funnel import Funnel
from integration.demo.recruiter import StoryBroke
from integration.demo.story import Story
from integration.local.places import INSTANCE, LOGS
from integration.local.processes import is_alive
from integration.local.stack import NotRunning, Status, app_of, read_status

CHART = INSTANCE / "funnel.svg"
_START_SECONDS = 600
_WATCH_SECONDS = 0.5
_WIDTH = 110
"""The tables want so many columns; a narrower terminal wraps them."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="warmbench demo",
        description="Plays the story from an open job to a hire on the local stack (started when none runs), and "
        "prints the funnel. Other options are passed on to `warmbench local`.",
    )
    parser.add_argument("--stay", action="store_true", help="keep the stack up at the end, until Ctrl-C")
    parser.add_argument("--people", type=_size, default=5_000, help="rows of the imported file (default 5,000)")
    parser.add_argument(
        "--chart", type=Path, default=CHART, help="where the funnel is drawn (SVG; default %(default)s)"
    )
    options, for_local = parser.parse_known_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    console = Console(width=max(_WIDTH, Console().width))
    try:
        with stack(for_local, console) as status:
            agreed = play(status, console, file_size=options.people, chart=options.chart)
            if options.stay:
                _stay(status, console)
            return 0 if agreed else 1
    except (StoryBroke, NotRunning) as broke:
        console.print(f"[bold red]The story broke off:[/] {broke}\nRun it again: it goes on where it was.")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped. Run it again: it goes on where it was.")
        return 130


def play(status: Status, console: Console, *, file_size: int, chart: Path = CHART) -> bool:
    """Plays all acts and draws the funnel; whether every number of it equals its recount."""
    began = time.monotonic()
    with console.status("The recruiter sets up channels, pools, mails and a job ...") as line:
        story = Story(status, app_of(status), line.update, file_size=file_size)
        for title, act in story.acts():
            line.update(f"{title} ...")
            started = time.monotonic()
            came = act()
            console.print(f"[green]✓[/] {title} [dim]({time.monotonic() - started:.0f} s)[/]\n  {came}")
    funnel = Funnel(story.world.recruiter, story.world.mailbox, story.world.scene)
    console.print(*funnel.tables(), funnel.campaigns(), sep="\n\n")
    chart.write_text(funnel.picture(), encoding="utf-8")
    console.print(f"The funnel as a picture: {chart}")
    return _report(funnel, console, time.monotonic() - began)


def _report(funnel: Funnel, console: Console, seconds: float) -> bool:
    checks = list(funnel.checks())
    wrong = [check for check in checks if not check.agrees]
    for check in wrong:
        console.print(f"[bold red]✗ {check.number}:[/] {check.shown:g}, but {check.by} give {check.recount:g}")
    agreed = len(checks) - len(wrong)
    console.print(
        f"{agreed} of {len(checks)} numbers equal their recount from the org and the mailbox. {seconds:.0f} s."
    )
    return not wrong


@contextmanager
def stack(for_local: list[str], console: Console) -> Iterator[Status]:
    """The running stack, or one that is started here and stopped at the end."""
    try:
        yield read_status()
        return
    except NotRunning:
        pass
    process = subprocess.Popen([sys.executable, "-m", "integration.cli", "local", *for_local])  # noqa: S603
    try:
        yield _healthy(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _healthy(process: subprocess.Popen[bytes]) -> Status:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StoryBroke(f"The local stack did not start; its words are above and in {LOGS}.")
        try:
            return read_status()
        except NotRunning:
            time.sleep(0.2)
    raise StoryBroke(f"The local stack was not healthy after {_START_SECONDS} seconds; see {LOGS}.")


def _stay(status: Status, console: Console) -> None:
    for name in ("site", "mailbox", "console", "org"):
        console.print(f"{name:<8} {getattr(status, name)}")
    console.print("Everything stays up. Ctrl-C stops it.")
    while is_alive(status.pid):
        time.sleep(_WATCH_SECONDS)
    console.print("The stack was stopped.")


def _size(text: str) -> int:
    if not text.isdecimal() or not 100 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rows from 100 to 100,000")
    return int(text)
