"""What a formula is evaluated against: a record, what it was before, who saves it and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Values = Mapping[str, Any]
Load = Callable[[str, str], Values | None]
"""Object name and id to the stored row, for paths through a lookup."""


def _nothing(object_name: str, record_id: str) -> Values | None:
    return None


@dataclass(frozen=True)
class Context:
    """Who saves, and when; shared by all rows of a transaction."""

    user_id: str
    organization_id: str
    now: datetime
    permissions: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    load: Load = _nothing

    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(slots=True)
class Frame:
    """One row being saved."""

    record: Values
    prior: Values | None
    """None for a new record."""
    context: Context
    variables: dict[str, Any] = field(default_factory=dict)
    """A flow's variables and what its elements returned."""

    def has_changed(self, name: str) -> bool:
        """Whether the save changes this field of an existing record; blank text is as good as none."""
        if self.prior is None:
            return False
        before, now = self.prior.get(name), self.record.get(name)
        return before != now and not (before in (None, "") and now in (None, ""))
