"""Which candidates a person may see, change or give away. The service itself sees all of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

PER_QUERY = 200
"""What Salesforce answers in one query of UserRecordAccess."""


class Right(StrEnum):
    """Fields of UserRecordAccess."""

    SEE = "HasReadAccess"
    CHANGE = "HasEditAccess"
    GIVE_AWAY = "HasTransferAccess"


def in_reach(app: App, user_id: str, candidate_ids: Sequence[str], right: Right) -> list[str]:
    """Those of the candidates with whom the user has this right, in the order given."""
    queries = [
        select(
            "UserRecordAccess",
            ["RecordId", right.value],
            where=both(equals("UserId", user_id), is_in("RecordId", candidate_ids[start : start + PER_QUERY])),
        )
        for start in range(0, len(candidate_ids), PER_QUERY)
    ]
    allowed: set[str] = set()
    for rows in app.salesforce.together(queries):
        allowed.update(str(row["RecordId"]) for row in rows if row[right.value])
    return [one for one in candidate_ids if one in allowed]
