"""Once a day: how warm everybody is, worked out anew from the history; only what changed is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.announcing import announce
from integration.candidates.writing import raise_passing
from integration.model.engagement import HORIZON, OF_TOUCH, Seen, band, of_mail
from integration.model.vocabulary import EngagementBand
from integration.ports import Queue, Value
from integration.records import CampaignEnrollment, Candidate, Touchpoint
from integration.soql import compare, either, is_in, select

if TYPE_CHECKING:
    from integration.app import App

PLACE = ("engagement", "day")
"""In the `people` table: the last day on which this was asked for."""
BATCH = 200
_WARM = (EngagementBand.ENGAGED.value, EngagementBand.HIGHLY_ENGAGED.value)


@dataclass
class _History:
    """What the org holds of everybody's signs of life within the horizon."""

    signs: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    opens: Counter[str] = field(default_factory=Counter)
    clicks: Counter[str] = field(default_factory=Counter)

    def of(self, candidate: str, mailed_at: datetime | None) -> list[Seen]:
        mail = of_mail(self.opens[candidate], self.clicks[candidate], mailed_at) if mailed_at else []
        return [*self.signs.get(candidate, ()), *mail]


def judge_daily(app: App) -> bool:
    """Key: the day. On the first run of a day, a message that has everybody judged."""
    today, item = app.clock.now().date().isoformat(), app.people.get(*PLACE)
    if item and item["day"] >= today:
        return False
    app.queues.send(Queue.CHANGES, {"engagement": today})
    app.people.put({"pk": PLACE[0], "sk": PLACE[1], "day": today})
    return True


def judge(app: App) -> int:
    """Key: the history as it stands. Writes bands and last signs of life that changed; how many people."""
    now = app.clock.now()
    history = _read(app, now)
    updates = list(_changes(app, history, now))
    for start in range(0, len(updates), BATCH):
        part = updates[start : start + BATCH]
        raise_passing(app.salesforce.update_many(Candidate.API_NAME, part))
        announce(app, [str(row[Candidate.ID]) for row in part])
    log.event("candidates.engagement_judged", changed=len(updates))
    return len(updates)


def _read(app: App, now: datetime) -> _History:
    history, since = _History(), now - HORIZON
    fields = [Touchpoint.CANDIDATE, Touchpoint.KIND, Touchpoint.AT]
    for row in app.salesforce.rows(select(Touchpoint.API_NAME, fields, where=compare(Touchpoint.AT, ">=", since))):
        if sign := OF_TOUCH.get(str(row[Touchpoint.KIND])):
            at = datetime.fromisoformat(str(row[Touchpoint.AT]))
            history.signs[str(row[Touchpoint.CANDIDATE])].append(Seen(sign, at))
    counts = [CampaignEnrollment.CANDIDATE, CampaignEnrollment.HUMAN_OPENS, CampaignEnrollment.HUMAN_CLICKS]
    answered = either(*(compare(name, ">", 0) for name in counts[1:]))
    for row in app.salesforce.rows(select(CampaignEnrollment.API_NAME, counts, where=answered)):
        candidate = str(row[CampaignEnrollment.CANDIDATE])
        history.opens[candidate] += int(row[CampaignEnrollment.HUMAN_OPENS] or 0)
        history.clicks[candidate] += int(row[CampaignEnrollment.HUMAN_CLICKS] or 0)
    return history


def _changes(app: App, history: _History, now: datetime) -> Iterator[dict[str, Value]]:
    """Those who are warm or gave a sign: nobody else's band can change."""
    fields = [Candidate.ID, Candidate.ENGAGEMENT_BAND, Candidate.LAST_ENGAGED_AT]
    lately = either(is_in(Candidate.ENGAGEMENT_BAND, _WARM), compare(Candidate.LAST_ENGAGED_AT, ">=", now - HORIZON))
    seen: set[str] = set()
    for row in app.salesforce.rows(select(Candidate.API_NAME, fields, where=lately)):
        seen.add(str(row[Candidate.ID]))
        yield from _change(row, history, now)
    others = sorted(history.signs.keys() - seen)
    for start in range(0, len(others), BATCH):
        where = is_in(Candidate.ID, others[start : start + BATCH])
        for row in app.salesforce.query(select(Candidate.API_NAME, fields, where=where)):
            yield from _change(row, history, now)


def _change(row: Mapping[str, Value], history: _History, now: datetime) -> Iterator[dict[str, Value]]:
    known = datetime.fromisoformat(str(row[Candidate.LAST_ENGAGED_AT])) if row[Candidate.LAST_ENGAGED_AT] else None
    signs = history.of(str(row[Candidate.ID]), known)
    values: dict[str, Value] = {}
    if (found := band(signs, now)).value != row[Candidate.ENGAGEMENT_BAND]:
        values[Candidate.ENGAGEMENT_BAND] = found.value
    # Never set back: a sign that is forgotten here may be known elsewhere.
    last = max((one.at for one in signs if one.at <= now), default=None)
    if last and (known is None or last > known):
        values[Candidate.LAST_ENGAGED_AT] = last.isoformat(timespec="seconds")
    if values:
        yield {Candidate.ID: row[Candidate.ID], **values}
