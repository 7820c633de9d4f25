"""Requests of one mail that come too close together, too regularly or too often for a hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, pstdev

TWO_LINKS = 2.0
"""Seconds between two different links: nobody goes back to the mail and finds the next one so fast."""
NEXT_LINK = 4.0
"""Of three links and more, each within so many seconds of the one before."""
HURRY, HURRY_LINKS, HURRY_FROM = 60.0, 4, 90.0
"""So many links within so many seconds, the first of them so soon after delivery: fetched, not read."""
REPEATS, REPEATED_WITHIN = 4, 5.0
"""So many requests for one link within so many seconds; a person clicks twice, impatient ones three times."""
RHYTHM_LINKS, RHYTHM_SPREAD, RHYTHM_GAP = 5, 0.2, 120.0
"""So many links at even intervals: the spread of the gaps is a small part of their length."""


@dataclass(frozen=True)
class Request:
    """An open, click or visit with its time as a number; `who` is the network and browser it came from."""

    id: str
    at: float
    link: str
    who: tuple[str, str]


def bursts(clicks: Sequence[Request], delivered: float | None) -> Iterator[tuple[str, Sequence[Request]]]:
    """(why, the clicks of the burst), for clicks in the order of their times."""
    for run in _runs(clicks, NEXT_LINK):
        links = len({click.link for click in run})
        if links >= 3:
            yield f"{links} links, each within {NEXT_LINK:g} s of the one before", run
        else:
            yield from (
                (f"two links within {TWO_LINKS:g} s", pair)
                for pair in pairwise(run)
                if pair[0].link != pair[1].link and pair[1].at - pair[0].at <= TWO_LINKS
            )
        yield from _repeated(run)
    yield from _hurried(clicks, delivered)
    yield from _even(clicks)


def _runs(clicks: Sequence[Request], gap: float) -> Iterator[Sequence[Request]]:
    start = 0
    for place in range(1, len(clicks) + 1):
        if place == len(clicks) or clicks[place].at - clicks[place - 1].at > gap:
            yield clicks[start:place]
            start = place


def _repeated(run: Sequence[Request]) -> Iterator[tuple[str, Sequence[Request]]]:
    for link in {click.link for click in run} if len(run) >= REPEATS else ():
        same = [click for click in run if click.link == link]
        for first, last in zip(same, same[REPEATS - 1 :], strict=False):
            if last.at - first.at <= REPEATED_WITHIN:
                yield f"one link {REPEATS} times within {REPEATED_WITHIN:g} s", same
                break


def _hurried(clicks: Sequence[Request], delivered: float | None) -> Iterator[tuple[str, Sequence[Request]]]:
    if delivered is None or not clicks or clicks[0].at - delivered > HURRY_FROM:
        return
    early = [click for click in clicks if click.at - clicks[0].at <= HURRY]
    if (links := len({click.link for click in early})) >= HURRY_LINKS:
        yield f"{links} links within {HURRY:g} s, right after delivery", early


def _even(clicks: Sequence[Request]) -> Iterator[tuple[str, Sequence[Request]]]:
    by_visitor: dict[tuple[str, str], list[Request]] = {}
    for click in clicks:
        by_visitor.setdefault(click.who, []).append(click)
    for own in by_visitor.values():
        if len({click.link for click in own}) < RHYTHM_LINKS:
            continue
        gaps = [later.at - earlier.at for earlier, later in pairwise(own)]
        if max(gaps) <= RHYTHM_GAP and pstdev(gaps) <= RHYTHM_SPREAD * fmean(gaps):
            yield f"{len(own)} links at even intervals", own
