"""How warm somebody is: what they did themselves counts and fades, what machines did weighs nothing.

HALF_LIFE of silence halves a score. MOST keeps every score so low that two of them (60 days) always cost a band.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from integration.model.vocabulary import EngagementBand, Touch


class Sign(Enum):
    """A sign of life, with what it weighs on its day."""

    OPENED = 1.0
    CLICKED = 3.0
    REPLIED = 10.0
    REGISTERED = 10.5
    INTERVIEWED = 12.0
    ATTENDED = 15.0
    APPLIED = 20.0


HALF_LIFE = timedelta(days=30)
HORIZON = timedelta(days=180)
"""What is older has faded."""
ENGAGED, HIGHLY = 5.0, 20.0
MOST = 4 * HIGHLY - 0.001
MOST_OF_MAIL = 5
"""Opens, and clicks, that count: who opens a mail twenty times is not more interested than who answers one."""
OF_TOUCH: Mapping[str, Sign] = {
    Touch.REPLIED: Sign.REPLIED,
    Touch.REGISTERED: Sign.REGISTERED,
    Touch.APPLIED: Sign.APPLIED,
    Touch.ATTENDED: Sign.ATTENDED,
    Touch.INTERVIEWED: Sign.INTERVIEWED,
}
"""Touchpoints that the person made; first clicks count as clicks, and what others did is no sign of theirs."""


@dataclass(frozen=True)
class Seen:
    """A sign and when it was given."""

    sign: Sign
    at: datetime
    times: int = 1


def of_mail(opens: int, clicks: int, at: datetime) -> list[Seen]:
    """Human opens and clicks, of which only the last moment is known."""
    found = (Seen(Sign.OPENED, at, min(opens, MOST_OF_MAIL)), Seen(Sign.CLICKED, at, min(clicks, MOST_OF_MAIL)))
    return [one for one in found if one.times > 0]


def score(signs: Iterable[Seen], now: datetime) -> float:
    """The sum of what is left of each sign, none of them from the future. Capped before it fades, not after."""
    counted = [one for one in signs if now - HORIZON <= one.at <= now]
    if not counted:
        return 0.0
    latest = max(one.at for one in counted)
    then = sum(one.sign.value * one.times * _left(latest - one.at) for one in counted)
    return min(then, MOST) * _left(now - latest)


def band(signs: Iterable[Seen], now: datetime) -> EngagementBand:
    found = score(signs, now)
    if found >= HIGHLY:
        return EngagementBand.HIGHLY_ENGAGED
    return EngagementBand.ENGAGED if found >= ENGAGED else EngagementBand.INACTIVE


def _left(age: timedelta) -> float:
    return float(0.5 ** (age / HALF_LIFE))
