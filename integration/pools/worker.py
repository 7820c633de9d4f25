"""The `changes` queue: candidates and memberships that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.candidates.completion import complete
from integration.pools import rules

if TYPE_CHECKING:
    from integration.app import App


def changed(app: App, candidate_ids: Sequence[str], membership_ids: Sequence[str]) -> None:
    """Key: what stands in the org now. Judging a candidate or a membership again changes nothing.

    Candidates made by hand get their key and contact points, then every dynamic pool judges them; memberships enrol in
    the running drips of their pool.
    """
    if candidate_ids:
        complete(app, candidate_ids)
        rules.judge(app, candidate_ids)
    if membership_ids:
        from integration import drips  # drips ask the pools who is in them

        drips.enrol(app, membership_ids)
