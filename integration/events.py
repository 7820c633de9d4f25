"""The `events` queue: store raw, mark dirty, and act at once on what must not wait for the rollup.

Idempotency key: the event's id. A batch that arrives twice writes the same file again or one more with the same ids,
which the rollup reads as one.
"""

import gzip
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from integration import log, sending
from integration.errors import Rejected, TryAgain
from integration.model import alert
from integration.model.event import SITE, Event, Kind
from integration.model.fold import OUTCOMES
from integration.model.ledger import shard_of
from integration.model.registration import Kind as RegistrationKind
from integration.model.registration import Registration, Source
from integration.model.topic import Word
from integration.model.vocabulary import Purpose
from integration.ports import Files, Queue
from integration.records import is_record_id
from integration.sending.settling import PROOFS
from integration.sending.suppression import note_topics

if TYPE_CHECKING:
    from integration.app import App

DIRTY = "dirty"
"""Partition of `claims` with one item per (campaign, shard) that the rollup has to fold again."""


def receive(app: "App", batch: Sequence[tuple[str, Event]]) -> list[str]:
    """Takes a batch of (queue message id, event); the message ids that must come again."""
    groups: dict[tuple[str, str, str], list[tuple[str, Event]]] = defaultdict(list)
    for message_id, event in batch:
        groups[_partition(event), shard_of(event.candidate or event.id), event.at[:10]].append((message_id, event))
    failed: list[str] = []
    for (campaign, shard, day), group in groups.items():
        try:
            _store(app, campaign, shard, day, [event for _, event in group])
        except Exception as fault:  # one bad partition must not hold up the others
            log.fault("events.not_stored", fault, campaign=campaign)
            failed.extend(message_id for message_id, _ in group)
            continue
        failed.extend(message_id for message_id, event in group if not _acted(app, event))
    return failed


def _partition(event: Event) -> str:
    """Outcomes belong to a source, not to the campaign they came through: one partition alone counts each result."""
    return SITE if event.kind in OUTCOMES else event.campaign


def prefix(campaign: str, shard: str) -> str:
    """Where the raw files of one shard of one campaign stand."""
    return f"raw/campaign={campaign}/shard={shard}/"


def read(files: Files, key: str) -> Iterator[Event]:
    """The events of one raw file. What many have in common (campaign, step, browser) is held once for all of them."""
    data = files.read(key)
    if data is not None:
        for line in gzip.decompress(data).splitlines():
            message = json.loads(line)
            yield Event.from_message({name: sys.intern(str(value)) for name, value in message.items()})


def pack(events: Sequence[Event]) -> bytes:
    """A raw file; the same events give the same bytes."""
    lines = (json.dumps(event.as_message(), sort_keys=True, ensure_ascii=False) for event in events)
    return gzip.compress("\n".join(lines).encode(), mtime=0)


def _store(app: "App", campaign: str, shard: str, day: str, events: list[Event]) -> None:
    events = sorted(events, key=lambda event: event.id)
    name = hashlib.sha256("\n".join(event.id for event in events).encode()).hexdigest()[:24]
    app.data.write(
        f"{prefix(campaign, shard)}date={day}/{name}.jsonl.gz", pack(events), content_type="application/gzip"
    )
    # After the file, so that a mark never speaks of what is not there yet.
    mark(app, campaign, shard, name + app.clock.now().isoformat())


def mark(app: "App", campaign: str, shard: str, stamp: str) -> None:
    """The rollup folds the shard again; a stamp that it has not seen outlives a run that is at work now."""
    app.claims.put({"pk": DIRTY, "sk": f"{campaign}#{shard}", "stamp": stamp})


def _acted(app: "App", event: Event) -> bool:
    """Moves the ledger or stops the mail; False when it has to be tried again."""
    try:
        if event.kind in PROOFS:
            sending.settle(app, event)
        elif event.kind is Kind.UNSUBSCRIBE:
            _withdraw(app, event)
    except Rejected as rejected:
        log.event("event.rejected", id=event.id, reason=rejected.message)
    except TryAgain as again:
        log.event("event.again", id=event.id, reason=str(again))
        return False
    except Exception as fault:  # a bug in what follows from one event: it alone comes again, then to the dead letters
        log.fault("event.failed", fault, id=event.id)
        return False
    return True


def _withdraw(app: "App", event: Event) -> None:
    """No further mail from this second on; the org hears of it through the registrations worker."""
    at = datetime.fromisoformat(event.at)
    candidate = event.candidate.partition(".")[0]  # a transactional mail's row is named candidate.cause
    topics = (Purpose.JOB_ALERTS.value,) if event.campaign == alert.CAMPAIGN else ()
    if topics:  # who has enough of these mails may want others
        note_topics(app, candidate, topics, Word.WITHDRAWN)
    else:
        sending.suppress(app, candidate=candidate, reason=sending.Reason.UNSUBSCRIBED, at=at)
    wish = Registration(
        id=event.id,
        kind=RegistrationKind.PREFERENCES,
        at=event.at,
        candidate=candidate,
        fields={"action": "topics" if topics else "all"},
        purposes=topics,
        evidence="one-click unsubscribe",
        source=Source(campaign=event.campaign if is_record_id(event.campaign) else ""),
    )
    app.queues.send(Queue.REGISTRATIONS, wish.as_message())
