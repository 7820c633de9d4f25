"""Once a day: people whose alerts are due get the open jobs that fit and that are news to them, in one mail."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from integration import log
from integration.alerts import letters
from integration.campaigns.audience import PERSON, recipient_of
from integration.errors import Rejected
from integration.model import alert as rules
from integration.model import snapshot
from integration.model.alert import Alert, OpenJob
from integration.model.segment_fields import BadRule
from integration.model.segment_leaves import distance_km
from integration.model.vocabulary import AlertFrequency, Purpose
from integration.pools.places import place as place_of
from integration.ports import Item, Queue, Record, Value
from integration.records import Candidate, JobAlert
from integration.sending.aliases import SUPPRESSION, aliases, person_pk
from integration.sending.recipients import Recipient
from integration.sending.suppression import standing, topic_refusal
from integration.soql import Condition, both, compare, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

PLACE = ("job alerts", "day")
"""In the `people` table: the day that is told, and the last alert that was looked at."""
TOLD = "told jobs"
"""Sort key of the jobs that a person was told of; goes with the person."""
MOST_TOLD = 2_000
PER_PART = 200
LONGEST_RUN = timedelta(seconds=20)
"""The function may run for 55; drips and campaigns come first."""
PER_MESSAGE = 20
_END = "~"
_WHAT = (JobAlert.ID, JobAlert.CANDIDATE, JobAlert.QUERY, JobAlert.PLACE)


@dataclass(frozen=True)
class _Letter:
    """What one person is told, and what that leaves behind."""

    recipient: Recipient
    told: Item
    alerts: tuple[str, ...]


def tell_due(app: App) -> int:
    """Key: day and person. What is left of the day's alerts, as far as the time goes; how many mails were queued.

    They wait for the morning where each person lives, and no match is no mail.
    """
    began = app.clock.now()
    today = began.date()
    item = app.people.get(*PLACE) or {}
    after = str(item["after"]) if item.get("day") == today.isoformat() else ""
    count = 0
    while after != _END and app.clock.now() - began < LONGEST_RUN:
        queued, after = _tell_part(app, after, today)
        count += queued
    return count


def _tell_part(app: App, after: str, today: date) -> tuple[int, str]:
    """Mails queued, and behind which alert the next part begins."""
    due = _due(today)
    where = both(due, compare(JobAlert.ID, ">", after)) if after else due
    fields = [JobAlert.ID, JobAlert.CANDIDATE]
    rows = app.salesforce.query(select(JobAlert.API_NAME, fields, where=where, order_by=[JobAlert.ID], limit=PER_PART))
    count = _tell(app, sorted({str(row[JobAlert.CANDIDATE]) for row in rows}), today) if rows else 0
    after = str(rows[-1][JobAlert.ID]) if len(rows) == PER_PART else _END
    # Last: a part that was cut off begins again, and the ledger has one mail a day and person.
    app.people.put({"pk": PLACE[0], "sk": PLACE[1], "day": today.isoformat(), "after": after})
    return count, after


def _due(today: date) -> Condition:
    """Alerts whose day it is."""
    week = datetime.combine(today - timedelta(days=AlertFrequency.WEEKLY.days - 1), time(), tzinfo=UTC)
    return either(
        equals(JobAlert.FREQUENCY, AlertFrequency.DAILY.value),
        equals(JobAlert.LAST_SENT_AT, None),
        compare(JobAlert.LAST_SENT_AT, "<", week),
    )


def _tell(app: App, candidates: Sequence[str], today: date) -> int:
    jobs = _open_jobs(app)
    where = is_in(Candidate.ID, candidates)
    people = app.salesforce.query(select(Candidate.API_NAME, PERSON, where=where)) if jobs else []
    found = list(_letters(app, people, _alerts_of(app, candidates, today), jobs, today)) if people else []
    if not found:
        return 0
    try:
        step, version = letters.publish_of_day(app, today)
    except Rejected as rejected:
        log.event("alerts.unsent", reason=rejected.message)
        return 0
    stored = [letter.recipient.as_json() for letter in found]
    parts = [stored[start : start + PER_MESSAGE] for start in range(0, len(stored), PER_MESSAGE)]
    message = {"campaign": rules.CAMPAIGN, "step": step, "version": version}
    app.queues.send_many(Queue.MAIL, [{**message, "recipients": part} for part in parts])
    app.people.put_many([letter.told for letter in found])
    sent = app.clock.now().isoformat(timespec="seconds")
    rows: list[dict[str, Value]] = [
        {JobAlert.ID: one, JobAlert.LAST_SENT_AT: sent} for letter in found for one in letter.alerts
    ]
    app.salesforce.update_many(JobAlert.API_NAME, rows)
    log.event("alerts.queued", people=len(found))
    return len(found)


def _alerts_of(app: App, candidates: Sequence[str], today: date) -> Mapping[str, list[Record]]:
    """All alerts of these people that are due, also those of another part."""
    where = both(is_in(JobAlert.CANDIDATE, candidates), _due(today))
    found: dict[str, list[Record]] = defaultdict(list)
    for row in app.salesforce.query(select(JobAlert.API_NAME, _WHAT, where=where, order_by=[JobAlert.ID])):
        found[str(row[JobAlert.CANDIDATE])].append(row)
    return found


def _letters(
    app: App, people: Sequence[Record], alerts: Mapping[str, list[Record]], jobs: Sequence[OpenJob], today: date
) -> Iterable[_Letter]:
    pks = [person_pk(str(person[Candidate.CANDIDATE_KEY])) for person in people if person[Candidate.EMAIL]]
    noted = app.people.get_many([(pk, sk) for pk in pks for sk in (SUPPRESSION, TOLD)])
    now = app.clock.now().isoformat()
    for person in people:
        key = str(person[Candidate.CANDIDATE_KEY])
        pk, own = person_pk(key), noted.get((person_pk(key), SUPPRESSION), {})
        told = noted.get((pk, TOLD), {})
        if pk not in pks or told.get("day") == today.isoformat() or _is_stopped(own, now):
            continue
        others = aliases(app, key, own).others
        known = (
            [told, *app.people.get_many([(person_pk(other), TOLD) for other in others]).values()] if others else [told]
        )
        if letter := _letter(person, alerts.get(str(person[Candidate.ID]), ()), jobs, known):
            yield replace(letter, told={"pk": pk, "sk": TOLD, "day": today.isoformat(), **letter.told})


def _is_stopped(item: Item, now: str) -> bool:
    """Spares the mail; whoever is let through here is asked again, by every rule, right before it."""
    return standing(item, now) is not None or topic_refusal([item], Purpose.JOB_ALERTS.value) is not None


def _letter(person: Record, alerts: Sequence[Record], jobs: Sequence[OpenJob], known: Sequence[Item]) -> _Letter | None:
    told = [job for item in known for job in item.get("jobs", ())]
    searches = {str(row[JobAlert.ID]): Alert(*(str(row[name] or "") for name in _WHAT[2:])) for row in alerts}
    had = set(told)
    new = [job for job in rules.fitting([*searches.values()], jobs, distance) if job.requisition not in had]
    if not new:
        return None
    shown = tuple((job.reference, job.title, _where(job)) for job in new[: rules.MOST_SHOWN])
    answered = [one for one, alert in searches.items() if any(rules.fit(alert, job, distance) for job in new)]
    kept = [*told, *(job.requisition for job in new)][-MOST_TOLD:]
    return _Letter(replace(recipient_of(person), jobs=shown), {"jobs": kept}, tuple(answered))


def _where(job: OpenJob) -> str:
    return " · ".join([*job.places[:3], *(["Remote"] if job.remote else [])])


def _open_jobs(app: App) -> list[OpenJob]:
    """As the front page lists them."""
    data = app.site.read(snapshot.LISTING)
    return [
        OpenJob(
            requisition=str(job["requisition"]),
            reference=str(job["reference"]),
            title=str(job["title"]),
            department=str(job["department"] or ""),
            places=tuple(map(str, job["places"])),
            remote=bool(job["remote"]),
            posted_on=str(job["posted_on"] or ""),
        )
        for job in (json.loads(data)["jobs"] if data else ())
    ]


@lru_cache(10_000)
def distance(one: str, other: str) -> float | None:
    """Kilometres between two cities; None when one of them is none that we know."""
    try:
        return distance_km(place_of(one)[1:], place_of(other)[1:])
    except BadRule:
        return None
