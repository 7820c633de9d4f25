"""A feed from which many jobs are missing that nobody closed is not published: the read has failed, not the jobs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.model.feed.pieces import Piece
from integration.records import JobPosting
from integration.soql import both, is_in, select
from integration.syndication import reading

if TYPE_CHECKING:
    from integration.app import App

HELD = "The feed was not renewed:"
FEWEST = 5
"""So many may be missing without a question."""
SHARE = 0.2
_IDS_PER_QUERY = 200


def unexplained(app: App, channel_id: str, now: Sequence[Piece], before: Sequence[Piece]) -> str:
    """Why the new feed is held, in words for the channel; empty when it may go out.

    A posting that is gone from the feed must still be there as a record that says why, or lie in the recycle bin.
    """
    present = {piece.posting for piece in now}
    gone = [piece.posting for piece in before if piece.entries and piece.posting not in present]
    if len(gone) < FEWEST or len(gone) < SHARE * len(before):
        return ""
    explained = 0
    for start in range(0, len(gone), _IDS_PER_QUERY):
        where = is_in(JobPosting.ID, gone[start : start + _IDS_PER_QUERY])
        known = app.salesforce.with_deleted(select(JobPosting.API_NAME, [JobPosting.ID], where=where))
        public = both(where, reading.public(app.clock.now().date()))
        missed = app.salesforce.query(select(JobPosting.API_NAME, [JobPosting.ID], where=public))
        explained += len({row[JobPosting.ID] for row in known} - {row[JobPosting.ID] for row in missed})
    missing = len(gone) - explained
    if missing < FEWEST or missing < SHARE * len(before):
        return ""
    return (
        f"{HELD} {missing} of {len(before)} jobs are missing though nobody closed them, as if the service could not "
        "see them. The last good feed stays. Check that the service's user sees all postings; to empty the feed on "
        "purpose, untick Active on this channel."
    )
