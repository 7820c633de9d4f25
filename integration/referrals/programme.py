"""What the org pays for recommendations: the active channel of the kind Referral."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from integration.model.referral import PAID_AFTER_DAYS, WINDOW_DAYS, Terms
from integration.model.vocabulary import ChannelKind, ReferralModel
from integration.records import Channel
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App

_FIELDS = (
    Channel.ID,
    Channel.REFERRAL_MODEL,
    Channel.REFERRAL_WINDOW_DAYS,
    Channel.BONUS_AFTER_DAYS,
    Channel.PAYS_MANAGERS,
)


@dataclass(frozen=True)
class Programme:
    """The channel, blank when there is none, and its terms."""

    channel: str = ""
    terms: Terms = field(default_factory=Terms)


def programme(app: App) -> Programme:
    """Of several channels the oldest; without one, bonuses that stand are decided by the usual terms."""
    where = both(equals(Channel.KIND, ChannelKind.REFERRAL), equals(Channel.ACTIVE, True))
    query = select(Channel.API_NAME, _FIELDS, where=where, order_by=[Channel.CREATED_AT, Channel.ID], limit=1)
    rows = app.salesforce.query(query)
    if not rows:
        return Programme()
    row = rows[0]
    terms = Terms(
        ReferralModel(str(row[Channel.REFERRAL_MODEL] or ReferralModel.PER_CANDIDATE)),
        _days(row[Channel.REFERRAL_WINDOW_DAYS], WINDOW_DAYS),
        _days(row[Channel.BONUS_AFTER_DAYS], PAID_AFTER_DAYS),
        bool(row[Channel.PAYS_MANAGERS]),
    )
    return Programme(str(row[Channel.ID]), terms)


def _days(value: object, usual: int) -> int:
    return usual if value is None else max(0, int(float(str(value))))
