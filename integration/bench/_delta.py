"""The feed of the hour after, made from the one before, and the same feed made anew."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from integration.model.feed import Publisher, form_of, problems
from integration.model.feed.pieces import Piece, Rendered, compose
from integration.model.google_jobs import advice
from integration.model.posting import Job, Place
from integration.ports import Record
from integration.records import JobPosting
from integration.syndication import reading
from integration.syndication.entries import Terms, entries_of

REBUILT = 5_000
EVERY = 1_000
CHANGED = REBUILT // EVERY
_TODAY = date(2026, 3, 2)
_BASE = "https://jobs.warmbench.example"
_FORM = form_of("indeed", Publisher("Lee & Sons", _BASE))
_PLACE = Place("a0L000000000001AAA", "Cork", "Munster", "T12", "IE", "1 Quay Street")
_RAW = (
    "<div><p>"
    + "you will our team with patients ward night “quoted” caf&eacute; code &amp; review " * 30
    + "</p></div>"
)
_CHUNK = 256 * 1024


def anew() -> int:
    """The feed of the hour after with every job rendered; its size."""
    return _made((), b"", changed=True)[2]


def from_before() -> int:
    """The same from the feed before. Raises when other bytes come out, or more is rendered than was edited."""
    pieces, before, _, _ = _hour_before()
    _, data, size, rendered = _made(pieces, before, changed=True)
    if rendered != CHANGED or hashlib.sha256(data).digest() != _whole_digest():
        raise AssertionError(f"{rendered} jobs were rendered for {CHANGED} that changed, or the feeds differ")
    return size


@cache
def _hour_before() -> tuple[list[Piece], bytes, int, int]:
    return _made((), b"", changed=False)


@cache
def _whole_digest() -> bytes:
    return hashlib.sha256(_made((), b"", changed=True)[1]).digest()


def _made(standing: Sequence[Piece], before: bytes, *, changed: bool) -> tuple[list[Piece], bytes, int, int]:
    """(pieces, bytes, size, how many were rendered)."""
    rendered = 0

    def render(ids: Sequence[str]) -> Mapping[str, Rendered]:
        nonlocal rendered
        rendered += len(ids)
        return {each: _rendered(each, edited=changed and int(each) % EVERY == 0) for each in ids}

    def wanted() -> Iterator[tuple[str, str]]:
        for number in range(REBUILT):
            yield f"{number:06d}", "v2" if changed and number % EVERY == 0 else "v1"

    chunks = (before[start : start + _CHUNK] for start in range(0, len(before), _CHUNK))
    out, pieces = bytearray(_FORM.opening), []
    for piece, data in compose(wanted(), standing, chunks, render, skip=len(_FORM.opening)):
        pieces.append(piece)
        out += data
    out += _FORM.closing(REBUILT, "2026-03-02")
    return pieces, bytes(out), len(out), rendered


def _rendered(number: str, *, edited: bool) -> Rendered:
    job = Job(
        requisition=f"R-{number}",
        title=f"Engineer {number}{' (edited)' if edited else ''}",
        description=reading.clean(_RAW),
        company="Lee & Sons",
        employment_type="FULL_TIME",
        posted_on=_TODAY,
        places=(_PLACE,),
    )
    advice(job, _TODAY, url=f"{_BASE}/jobs/j{number}")
    row: Record = {
        JobPosting.REFERENCE: f"j{number}",
        JobPosting.LOCATION: None,
        JobPosting.TRACKED_URL: f"{_BASE}/c/k1.{'x' * 150}{number}",
    }
    entries = list(entries_of(job, row, Terms(_BASE)))
    data = _FORM.render([(entry, job) for entry in entries])
    if problems("indeed", io.BytesIO(_FORM.opening + data + _FORM.closing(1, "2026-03-02"))):
        raise AssertionError("the board would refuse what the bench writes")
    return Rendered(data, len(entries), "2026-03-02")
