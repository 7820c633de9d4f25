"""The turn of the day: “in the last 90 days” changes by itself. Only those whose date the window passed are judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.model.segment import Rule, leaves
from integration.model.segment_dates import Span, turning
from integration.model.segment_leaves import ENGAGEMENTS, Engaged, FieldIs
from integration.pools.book import read as read_book
from integration.ports import Queue
from integration.records import Candidate, Touchpoint
from integration.soql import Literal, both, compare, equals, select

if TYPE_CHECKING:
    from integration.app import App

PLACE = ("pools", "day")
"""In the `people` table: the last day on which the rules were looked at."""
IDS_PER_MESSAGE = 200


def turn_of_day(app: App) -> int:
    """Key: the day. On the first run of a day, a message for each pool whose rule depends on the date."""
    today = app.clock.now().date()
    item = app.people.get(*PLACE)
    then = date.fromisoformat(item["day"]) if item else today
    if item and then >= today:
        return 0
    pools = []
    if then < today:
        book = read_book(app)
        pools = [pool for pool in book.order if next(_relative(book.rules[pool]), None)]
        messages = [{"turned": pool, "then": then.isoformat(), "now": today.isoformat()} for pool in pools]
        app.queues.send_many(Queue.CHANGES, messages)
    app.people.put({"pk": PLACE[0], "sk": PLACE[1], "day": today.isoformat()})
    return len(pools)


def turned(app: App, pool_id: str, then: str, now: str) -> None:
    """Key: pool and days. Has the candidates judged whose date came into a window or left it between the days."""
    book = read_book(app)
    if pool_id not in book.rules:
        return
    found = _passed(app, book.rules[pool_id], date.fromisoformat(then), date.fromisoformat(now))
    ids = sorted(set(found))
    parts = [ids[start : start + IDS_PER_MESSAGE] for start in range(0, len(ids), IDS_PER_MESSAGE)]
    app.queues.send_many(Queue.CHANGES, [{"candidates": part, "pools": [pool_id]} for part in parts])
    log.event("pool.day_turned", pool=pool_id, candidates=len(ids))


def _relative(rule: Rule) -> Iterator[tuple[FieldIs | Engaged, str, Span]]:
    for leaf in leaves(rule):
        if isinstance(leaf, FieldIs) and isinstance(leaf.value, Span):
            yield leaf, leaf.operator, leaf.value
        elif isinstance(leaf, Engaged) and leaf.within:
            yield leaf, "in the last", leaf.within


def _passed(app: App, rule: Rule, then: date, now: date) -> Iterator[str]:
    for leaf, operator, span in _relative(rule):
        for first, last in turning(operator, span, then, now):
            if isinstance(leaf, FieldIs):
                query = _dated(Candidate.API_NAME, Candidate.ID, leaf.field.name, first, last, leaf.field.is_moment)
            else:
                query = _dated(
                    Touchpoint.API_NAME, Touchpoint.CANDIDATE, Touchpoint.AT, first, last, True, _touch(leaf)
                )
            for row in app.salesforce.rows(query):
                yield str(next(iter(row.values())))


def _touch(leaf: Engaged) -> str:
    touch = ENGAGEMENTS[leaf.what].touch
    return touch.value if touch else ""


def _dated(object_name: str, wanted: str, field: str, first: date, last: date, is_moment: bool, touch: str = "") -> str:
    begins: Literal = _start(first) if is_moment else first
    ends: Literal = _start(last + timedelta(days=1)) if is_moment else last + timedelta(days=1)
    conditions = [compare(field, ">=", begins), compare(field, "<", ends)]
    conditions += [equals(Touchpoint.KIND, touch)] if touch else []
    return select(object_name, [wanted], where=both(*conditions))


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
