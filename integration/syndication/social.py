"""Posts the open jobs of a channel on its network: those that its filter lets through, spread, in fair turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.errors import Rejected, TryAgain, Unsure
from integration.model.announcing import NETWORKS, POSTS_PER_DAY, REFUSED_FOR, Postable, planned, slot
from integration.model.posting import findings
from integration.model.vocabulary import ChannelStatus
from integration.ports import Announcement, Record, Value
from integration.records import Channel, JobPosting
from integration.soql import both, equals, is_in, select
from integration.syndication import outlets, reading
from integration.syndication.filters import REFUSED as FILTER_REFUSED
from integration.syndication.filters import Filter

if TYPE_CHECKING:
    from integration.app import App

FIELDS = (
    Channel.ID,
    Channel.ADAPTER,
    Channel.ACTIVE,
    Channel.SECRET_NAME,
    Channel.ACCOUNT,
    Channel.POSTS_PER_DAY,
    Channel.REPEAT_AFTER_DAYS,
    Channel.JOB_FILTER,
    Channel.FINDINGS,
    Channel.STATUS,
)
MOST_PLANNED = 20
MOST_NAMED = 10
_TELLING, _TOLD = "telling", "told"
_FORGOTTEN = timedelta(days=400)
"""After closing; longer than jobs that are opened again stay closed."""


@dataclass(frozen=True)
class _Pace:
    gap: timedelta
    a_day: int
    repeat: timedelta | None

    @classmethod
    def of(cls, channel: Record) -> _Pace:
        a_day = max(1, int(channel[Channel.POSTS_PER_DAY] or POSTS_PER_DAY))
        days = int(channel[Channel.REPEAT_AFTER_DAYS] or 0)
        return cls(slot(a_day), a_day, timedelta(days=days) if days > 0 else None)


@dataclass(frozen=True)
class _Waiting:
    """What may be posted on a channel, with the titles that people know the jobs by."""

    jobs: list[Postable]
    titles: Mapping[str, str]
    filtered: int
    """Open postings that the filter keeps back."""
    words: str
    in_doubt: list[str]


def post_next(app: App, channel: Record) -> int:
    """Key: the channel's slot, taken before the post, and the posting's mark, written before it too.

    A post whose answer is lost stays marked and is not made a second time. Raises TryAgain, Rejected.
    """
    channel_id, pace, now = str(channel[Channel.ID]), _Pace.of(channel), app.clock.now()
    last = _last_post(app, channel_id)
    if last and now < last + pace.gap:
        return 0
    waiting = _waiting(app, channel)
    chosen = _first_with_page(app, waiting, pace, now)
    if chosen is None:
        return 0
    place = outlets.reach(app, channel)
    if not _take_slot(app, channel_id, last, now):
        return 0
    if not outlets.take_turn(app, channel_id, min(pace.a_day, place.a_day)):
        return 0
    job, announcement = chosen
    pk, mark = _memory(channel_id), app.claims.get(_memory(channel_id), job.posting)
    app.claims.put({"pk": pk, "sk": job.posting, "at": now.isoformat(), "state": _TELLING})
    try:
        place.tell(announcement)
    except Unsure:
        log.event("post.in_doubt", channel=channel_id, posting=job.posting)
        raise
    except TryAgain:
        _put_back(app, pk, job.posting, mark)
        raise
    except Rejected:
        until = (now + REFUSED_FOR).isoformat()
        app.claims.put({**(mark or {"pk": pk, "sk": job.posting}), "not_before": until})
        raise
    app.claims.put({"pk": pk, "sk": job.posting, "at": now.isoformat(), "state": _TOLD})
    show_plan(app, channel, is_posted=True)
    return 1


def note_closed(app: App, channel_id: str, posting: str) -> None:
    """A job that opens again is news, though not at once."""
    pk = _memory(channel_id)
    if app.claims.get(pk, posting):
        ttl = int((app.clock.now() + _FORGOTTEN).timestamp())
        app.claims.update(pk, posting, {"closed": True, "ttl": ttl}, only_if={"pk": pk})


def preview(app: App, channel_id: str) -> str:
    """Key: the channel. Says which jobs are posted next, how many wait and how many the filter keeps back."""
    channel = app.salesforce.get(Channel.API_NAME, channel_id, FIELDS)
    if channel[Channel.ADAPTER] not in NETWORKS:
        raise Rejected(
            f"This channel posts nothing by itself. Enter one of {', '.join(NETWORKS)} as its adapter.", field="Adapter"
        )
    try:
        waiting, plan = show_plan(app, channel)
    except Rejected as rejected:
        show_refusal(app, channel_id, rejected.message)
        raise
    return _message(channel, waiting, plan)


def plan_day(app: App) -> None:
    """Key: channel and day. Shows on every network's channel what it posts next."""
    where = both(is_in(Channel.ADAPTER, NETWORKS), equals(Channel.ACTIVE, True))
    for channel in app.salesforce.query(select(Channel.API_NAME, FIELDS, where=where, order_by=[Channel.ID])):
        pk, day = f"{outlets.line(str(channel[Channel.ID]))}#plan", f"{app.clock.now():%Y-%m-%d}"
        ttl = int((app.clock.now() + outlets.KEPT).timestamp())
        if app.claims.put({"pk": pk, "sk": day, "ttl": ttl}, unless_exists=True):
            try:
                show_plan(app, channel)
            except Rejected as rejected:
                show_refusal(app, str(channel[Channel.ID]), rejected.message)


def show_refusal(app: App, channel_id: str, message: str) -> None:
    values: dict[str, Value] = {Channel.STATUS: ChannelStatus.NEEDS_ATTENTION.value, Channel.FINDINGS: message}
    app.salesforce.update(Channel.API_NAME, channel_id, values)


def show_plan(
    app: App, channel: Record, *, is_posted: bool = False
) -> tuple[_Waiting, list[tuple[datetime, Postable]]]:
    """Key: the channel. Writes the next posts onto it. Raises Rejected for a filter that cannot be used.

    What a network refused stays in the findings until it has taken a post.
    """
    pace = _Pace.of(channel)
    waiting = _waiting(app, channel)
    last = _last_post(app, str(channel[Channel.ID]))
    start = max(app.clock.now(), last + pace.gap) if last else app.clock.now()
    plan = planned(waiting.jobs, start, pace.gap, pace.repeat, MOST_PLANNED)
    lines = [f"{at:%Y-%m-%d %H:%M} {waiting.titles[job.posting]}" for at, job in plan]
    values: dict[str, Value] = {
        Channel.FILTER_IN_WORDS: waiting.words[:4_000] or None,
        Channel.NEXT_POSTS: "\n".join(lines) or None,
    }
    if is_posted or not _is_of_network(channel):
        values |= {Channel.STATUS: ChannelStatus.READY.value, Channel.FINDINGS: "\n".join(waiting.in_doubt) or None}
    app.salesforce.update(Channel.API_NAME, str(channel[Channel.ID]), values)
    return waiting, plan


def _is_of_network(channel: Record) -> bool:
    """Whether the findings tell of a refusal that no other filter puts right."""
    found = str(channel[Channel.FINDINGS] or "")
    return channel[Channel.STATUS] == ChannelStatus.NEEDS_ATTENTION and not found.startswith(FILTER_REFUSED)


def _waiting(app: App, channel: Record) -> _Waiting:
    """The public postings of the channel that its filter lets through, and what the network knows of each."""
    channel_id, today = str(channel[Channel.ID]), app.clock.now().date()
    wanted = Filter(app, channel)
    fits = wanted.fits()
    memory = {str(item["sk"]): item for item in app.claims.query(_memory(channel_id))}
    rows = list(reading.postings(app, both(equals(JobPosting.CHANNEL, channel_id), reading.public(today))))
    known = reading.places(app, [str(row[JobPosting.REQUISITION]) for row in rows])
    jobs, titles, filtered, in_doubt = [], {}, 0, []
    for row in rows:
        posting = str(row[JobPosting.ID])
        # The employer's name is on every page; no filter asks for what a brand alone knows.
        job = reading.job_of(row, known, "-")
        if any(finding.blocks for finding in findings(job, today)):
            continue
        if not fits(row, job):
            filtered += 1
            continue
        item = memory.get(posting, {})
        where = f" ({job.places[0].text})" if job.places else ""
        titles[posting] = f"{job.title}{where}"
        jobs.append(_postable(row, job.department, item))
        if item.get("state") == _TELLING:
            in_doubt.append(_doubt(titles[posting], str(item["at"])))
    return _Waiting(jobs, titles, filtered, wanted.in_words, in_doubt)


def _postable(row: Record, department: str, item: Mapping[str, Any]) -> Postable:
    return Postable(
        str(row[JobPosting.ID]),
        str(row[JobPosting.REQUISITION]),
        department,
        datetime.fromisoformat(str(row[JobPosting.POSTED_AT])),
        _moment(item.get("at")),
        bool(item.get("closed")),
        _moment(item.get("not_before")),
    )


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _first_with_page(app: App, waiting: _Waiting, pace: _Pace, now: datetime) -> tuple[Postable, Announcement] | None:
    """The job whose turn it is, among those whose page visitors see already."""
    for at, job in planned(waiting.jobs, now, timedelta(0), pace.repeat, MOST_PLANNED):
        announcement = outlets.announcement(app, job.posting, is_closed=False) if at <= now else None
        if announcement is not None:
            return job, announcement
    return None


def _take_slot(app: App, channel_id: str, last: datetime | None, now: datetime) -> bool:
    """False when another worker was faster."""
    values, standing = {"at": now.isoformat()}, last.isoformat() if last else None
    return app.claims.update(f"{outlets.line(channel_id)}#slot", "last", values, only_if={"at": standing})


def _last_post(app: App, channel_id: str) -> datetime | None:
    standing = app.claims.get(f"{outlets.line(channel_id)}#slot", "last")
    return datetime.fromisoformat(standing["at"]) if standing else None


def _put_back(app: App, pk: str, posting: str, mark: dict[str, Any] | None) -> None:
    """The network was busy: nothing was posted."""
    if mark is None:
        app.claims.delete(pk, posting)
    else:
        app.claims.put(mark)


def _memory(channel_id: str) -> str:
    return f"{outlets.line(channel_id)}#told"


def _doubt(title: str, at: str) -> str:
    return (
        f"Perhaps posted at {at[:16].replace('T', ' ')} UTC, no answer came: {title}. Look at the network; it is not "
        "posted again before its repeat. To post it again, close and publish the posting."
    )


def _message(channel: Record, waiting: _Waiting, plan: list[tuple[datetime, Postable]]) -> str:
    kept = f" The filter keeps back {waiting.filtered} open {_postings(waiting.filtered)}." if waiting.filtered else ""
    if not waiting.jobs:
        return f"Nothing is to be posted: 0 open postings of this channel fit.{kept}"
    if not plan:
        one = len(waiting.jobs) == 1
        which = "the one that fits was" if one else f"all {len(waiting.jobs)} that fit were"
        return f"Nothing is to be posted: {which} posted and {'is' if one else 'are'} not to be repeated.{kept}"
    names = "; ".join(waiting.titles[job.posting] for _, job in plan[:MOST_NAMED])
    off = "" if channel[Channel.ACTIVE] else " The channel is not active: nothing goes out until it is."
    return (
        f"{len(waiting.jobs)} open {_postings(len(waiting.jobs))} fit. Next, the first at {plan[0][0]:%Y-%m-%d %H:%M} "
        f"UTC at the earliest: {names}{' …' if len(plan) > MOST_NAMED else '.'}{kept}{off}"
    )


def _postings(count: int) -> str:
    return "posting" if count == 1 else "postings"
