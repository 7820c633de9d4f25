"""The bulk action that takes people into a drip campaign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.drips.joining import enrol_people, running_drip, standing, withdraw_people
from integration.drips.org import people_of
from integration.errors import Rejected
from integration.model.segment_fields import BadRule, shown
from integration.model.vocabulary import BulkActionKind
from integration.pools.bulk_acts import Act, Before, Part
from integration.pools.directory import Directory

if TYPE_CHECKING:
    from integration.app import App


def enrolling(app: App, name: str) -> Act:
    """The campaign by id or name; raises Rejected unless it is a drip under way."""
    try:
        campaign = Directory(app).campaign(name)
    except BadRule as wrong:
        raise Rejected(str(wrong), field="Target", value=shown(name)) from wrong
    return _Enrolling(app, campaign)


class _Enrolling(Act):
    kind = BulkActionKind.ENROL

    def __init__(self, app: App, campaign: str) -> None:
        super().__init__(app)
        self._campaign = campaign

    def before(self, ids: Sequence[str]) -> Before:
        there = standing(self.app, self._campaign, people_of(self.app, ids))
        return [{"candidate": one, "enrolled": one in there} for one in ids]

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        running_drip(self.app, self._campaign)
        earlier = {row["candidate"] for row in before if row["enrolled"]}
        result = enrol_people(self.app, self._campaign, ids)
        refused = {one: why for one, why in result.refused.items() if one not in result.there}
        # Whom an earlier, cut off run of this part has enrolled stands as done.
        done = len({*result.added, *result.there} - earlier)
        return Part(done, len(earlier - refused.keys()), tuple(refused.items()))

    def restore(self, before: Before) -> tuple[int, int]:
        asked = [row["candidate"] for row in before if not row["enrolled"]]
        ours = standing(self.app, self._campaign, people_of(self.app, asked))
        return len(withdraw_people(self.app, self._campaign, list(ours))), len(ours)
