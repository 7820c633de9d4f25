"""The bulk action that hands people over to an applicant tracking system as prospects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.ats.connecting import Connection, connections
from integration.ats.offering import is_offered, offer_prospect, withdraw_prospect
from integration.errors import Rejected, shortened
from integration.model.vocabulary import BulkActionKind
from integration.pools.bulk_acts import Act, Before, Part
from integration.records import ATSConnection

if TYPE_CHECKING:
    from integration.app import App


def handing(app: App, target: str) -> Act:
    """To the connection of this name or key; without one to the only one there is. Raises Rejected."""
    there = [one for one in connections(app) if one.has_system]
    wanted = target.casefold()
    found = [one for one in there if not wanted or wanted in (one.key.casefold(), _name(one))]
    if len(found) != 1:
        names = ", ".join(one.key for one in there) or "none: make an ATS connection first"
        raise Rejected(
            f"“{shortened(target)}” names no ATS connection. Enter its key under Target; there is {names}.",
            field="Target",
            value=shortened(target),
        )
    return _Handing(app, found[0])


class _Handing(Act):
    kind = BulkActionKind.HAND_OVER

    def __init__(self, app: App, connection: Connection) -> None:
        super().__init__(app)
        self._key = connection.key

    def before(self, ids: Sequence[str]) -> Before:
        return [{"candidate": one, "offered": is_offered(self.app, self._key, one)} for one in ids]

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        new = [row["candidate"] for row in before if not row["offered"]]
        for one in new:
            offer_prospect(self.app, self._key, one)
        return Part(len(new), len(before) - len(new))

    def restore(self, before: Before) -> tuple[int, int]:
        ours = [row["candidate"] for row in before if not row["offered"]]
        return sum(withdraw_prospect(self.app, self._key, one) for one in ours), len(ours)


def _name(connection: Connection) -> str:
    return str(connection.row[ATSConnection.NAME] or "").casefold()
