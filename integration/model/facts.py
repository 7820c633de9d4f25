"""What is known of a person and a step at one moment: all that a decision is made of, and small enough to be kept."""

import json
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from integration.model.schedule import ALWAYS, Window, clock_time

_KEPT_NOT = frozenset({"row", "row_reason"})


@dataclass(frozen=True)
class Facts:
    """A field that is left at its default speaks against nothing."""

    now: datetime
    left_out: str = ""
    """Why the person is not in the audience."""
    left_out_record: str = ""
    row: str = ""
    """The state of the ledger row, when there is one."""
    row_reason: str = ""
    leave: str = "running"
    leave_reason: str = ""
    ends: datetime | None = None
    """When what still waits is given up."""
    address: bool = True
    allowed: bool = True
    refusal: str = ""
    """The word of the suppression that stands for good."""
    twin: str = ""
    """Another key of the same person that has the mail."""
    paused_until: datetime | None = None
    hold_until: datetime | None = None
    contact_at: datetime | None = None
    contact: str = ""
    contact_record: str = ""
    hold_days: int = 0
    cap: int = 0
    cap_days: int = 0
    wish_days: int = 0
    """Days that the person wants between two mails of ours."""
    mails: tuple[datetime, ...] = ()
    """Campaign mails to the person lately, whoever sent them."""
    full_until: datetime | None = None
    full: str = ""
    window: Window = ALWAYS
    zone: str = ""
    zone_from: str = ""
    """Who says so: the profile, the country, or the campaign for want of either."""
    working_days: bool = False
    holidays: tuple[str, ...] = ()
    """Days without mail in the person's country, as 2026-12-25."""
    transactional: bool = False

    def is_free(self, day: date) -> bool:
        """Whether no campaign mail goes on a day of the person's calendar."""
        return self.working_days and (day.weekday() >= 5 or day.isoformat() in self.holidays)

    def kept(self) -> str:
        """JSON for the ledger row: what differs from the defaults."""
        values: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default and field.name not in _KEPT_NOT:
                values[field.name] = _plain(value)
        return json.dumps(values, separators=(",", ":"))

    @classmethod
    def of_row(cls, text: str) -> "Facts":
        """The facts of a mail that was decided on."""
        values: dict[str, Any] = json.loads(text)
        facts = cls(datetime.fromisoformat(values.pop("now")))
        for name, value in values.items():
            if name in _MOMENTS:
                values[name] = datetime.fromisoformat(value)
            elif name == "mails":
                values[name] = tuple(datetime.fromisoformat(mail) for mail in value)
            elif name == "window":
                values[name] = Window(*(clock_time(end) for end in value))
            elif name == "holidays":
                values[name] = tuple(value)
        return replace(facts, **values)


_MOMENTS = frozenset({"ends", "paused_until", "hold_until", "contact_at", "full_until"})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds" if value.microsecond else "seconds")
    if isinstance(value, Window):
        return [value.start.isoformat(), value.end.isoformat()]
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
