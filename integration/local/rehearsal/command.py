"""`warmbench rehearse`: a drip of the running local stack, played through in this process; nothing is sent."""

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from integration import campaigns, drips
from integration.errors import Gone, Rejected
from integration.local.rehearsal.copying import stage
from integration.local.rehearsal.playing import Play, timelines
from integration.local.rehearsal.stage import rehearsing
from integration.local.stack import NotRunning, app_of, read_status
from integration.ports import Queue


def main(arguments: Sequence[str]) -> int:
    """Prints who would get what when; with --against, what differs from a timeline that was saved before."""
    parser = argparse.ArgumentParser(prog="warmbench rehearse", description=__doc__)
    parser.add_argument("campaign", help="the id of a drip in the local stack's org")
    parser.add_argument("--days", type=int, default=90, help="how long to play (90)")
    parser.add_argument("--members", type=int, default=5, help="real members to take along, besides made-up people (5)")
    parser.add_argument("--save", type=Path, help="write the timeline to this file")
    parser.add_argument("--against", type=Path, help="show what differs from a timeline saved earlier")
    given = parser.parse_args(arguments)
    try:
        text = rehearsed(given.campaign, given.days, given.members)
        before = given.against.read_text() if given.against else None
        if given.save:
            given.save.write_text(text)
    except (NotRunning, Gone, Rejected, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1
    if before is None:
        print(text, end="")
    else:
        difference = difflib.unified_diff(before.splitlines(), text.splitlines(), "before", "now", lineterm="", n=1)
        print("\n".join(difference) or "Nothing differs.")
    return 0


def rehearsed(campaign_id: str, days: int, members: int) -> str:
    """The timeline of each person."""
    source = app_of(read_status())
    with rehearsing(source.clock.now().replace(second=0, microsecond=0)) as on:
        campaign, cast, memberships = stage(source, on.app, campaign_id, members)
        campaigns.launch(on.app, campaign)
        drips.enrol(on.app, memberships)
        drain, next_at = (lambda: on.queues.take(Queue.MAIL)), (lambda: on.queues.next_at(Queue.MAIL))
        log = Play(on.app, campaign, cast, on.mailer, drain, next_at).run(days)
    return "\n".join("\n".join([name, *lines, ""]) for name, lines in timelines(log, cast).items()) + "\n"
