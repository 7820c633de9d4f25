"""Every five minutes: fold what changed again and overwrite the totals in the org.

Idempotency key: (campaign, shard) and the stamp of its dirty mark. Totals are recounted from raw events, never
incremented, so a run that is repeated, or that dies half-way, gives the same numbers as one that was not.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import drips, events, log, rejudging, reporting
from integration.model.event import Event
from integration.model.fold import Totals, added, fold
from integration.model.ledger import all_shards, ledger_pk
from integration.model.verdict import Crowds, Watch
from integration.model.vocabulary import CampaignKind
from integration.ports import Item
from integration.records import is_record_id
from integration.sending.counting import plan_of

if TYPE_CHECKING:
    from integration.app import App

_COMPACT_ABOVE = 50
"""So many raw files of a shard are read one by one; above, they are written together once."""
_NEWS = timedelta(days=7)
"""What people did longer ago is counted, but no drip acts on it: a later classifier must not wake old stories."""


def run(app: "App") -> int:
    """Folds all dirty shards and writes what changed; the number of shards folded."""
    rejudging.mark_a_part(app)
    now = app.clock.now().isoformat()
    marks = [mark for mark in app.claims.query(events.DIRTY) if mark.get("stamp") and mark.get("due", now) <= now]
    campaigns: dict[str, list[Item]] = {}
    for mark in marks:
        campaigns.setdefault(mark["sk"].split("#")[0], []).append(mark)
    for campaign, dirty in campaigns.items():
        _roll(app, campaign, dirty)
    if campaigns:
        reporting.write_outcomes(app)
    reporting.write_spend(app)
    return len(marks)


def _roll(app: "App", campaign: str, dirty: list[Item]) -> None:
    before = {shard: _stored(app, campaign, shard) for shard in all_shards()}
    folded, watches = _folded(app, campaign, [mark["sk"].split("#")[1] for mark in dirty], before)
    now = {shard: _as_stored(totals, watches[shard]) for shard, totals in folded.items()}
    whole = added(stored["totals"] for stored in {**before, **now}.values() if stored)
    reporting.write_results(app, whole["results"])
    reporting.write_pages(app, whole["pages"])
    if is_record_id(campaign):
        changed = _changed(before, now, "people")
        former = {key: person for stored in before.values() for key, person in stored.get("people", {}).items()}
        reporting.write_campaign(app, campaign, whole, changed, former)
    mails = _changed(before, now, "mails")
    _fold_on_ledger(app, campaign, mails)
    _tell_drips(app, campaign, folded.values(), set(mails))
    for shard, stored in now.items():
        data = json.dumps(stored, sort_keys=True).encode()
        app.data.write(_stored_key(campaign, shard), data, content_type="application/json")
    for mark in dirty:  # last: what fails above is folded again by the next run
        due = folded[mark["sk"].split("#")[1]].open_until
        left = {"due": due} if due else {"stamp": None, "due": None}
        app.claims.update(events.DIRTY, mark["sk"], left, only_if={"stamp": mark["stamp"]})
    log.event("campaign.rolled_up", campaign=campaign, shards=len(folded))


def _folded(
    app: "App", campaign: str, shards: list[str], before: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Totals], dict[str, Watch]]:
    """The dirty shards, and clean ones whose visitors turn out to be in many mails."""
    now = app.clock.now()
    watches = {shard: Watch.from_json(stored.get("watch", ())) for shard, stored in before.items()}
    crowds = _crowds(watches)
    folded: dict[str, Totals] = {}
    waiting = set(shards)
    while waiting:
        for shard in sorted(waiting):
            watches[shard] = Watch()
            folded[shard] = fold(raw_events(app, campaign, shard), crowds=crowds, watch=watches[shard], now=now)
        known, crowds = crowds, _crowds(watches)
        waiting = {shard for shard, watch in watches.items() if crowds.differs(known) & watch.visitors}
    return folded, watches


def _crowds(watches: Mapping[str, Watch]) -> Crowds:
    whole = Watch()
    for watch in watches.values():
        whole.add(watch)
    return whole.crowds()


def _tell_drips(app: "App", campaign: str, folded: Iterable[Totals], mails: set[str]) -> None:
    """Drips hear what people did, once it is settled that people did it; what they heard before counts once."""
    if (plan_of(app, campaign) or {}).get("kind") != CampaignKind.DRIP:
        return
    oldest = app.clock.now() - _NEWS
    news = [
        signal
        for totals in folded
        for signal in totals.signals
        if f"{signal.candidate}|{signal.step}|{signal.version}" in mails and datetime.fromisoformat(signal.at) > oldest
    ]
    drips.hear(app, news)


def _as_stored(totals: Totals, watch: Watch) -> dict[str, Any]:
    """What is kept of a fold: the totals, and per person and mail what the org and the ledger were told."""
    people = {key: {**asdict(person), "counts": dict(person.counts)} for key, person in totals.people.items()}
    return {
        "totals": totals.without_people(),
        "people": people,
        "mails": {key: dict(counts) for key, counts in totals.mails.items() if counts},
        "watch": watch.as_json(),
    }


def _changed(before: dict[str, Any], now: dict[str, Any], name: str) -> dict[str, Any]:
    """Only what differs from the last run is written again."""
    return {
        key: value
        for shard, stored in now.items()
        for key, value in stored[name].items()
        if before[shard].get(name, {}).get(key) != value
    }


def raw_events(app: "App", campaign: str, shard: str) -> Iterable[Event]:
    """All events of a shard: its compacted file and the files that came after; some may come twice."""
    prefix = events.prefix(campaign, shard)
    compacted = f"{prefix}compacted.jsonl.gz"
    done = _compacted_names(app, prefix)
    keys = [key for key in app.data.keys(f"{prefix}date=") if key not in done]
    found = [event for key in [compacted, *keys] for event in events.read(app.data, key)]
    if len(keys) > _COMPACT_ABOVE:
        unique = sorted({event.id: event for event in found}.values(), key=lambda event: event.id)
        app.data.write(compacted, events.pack(unique), content_type="application/gzip")
        # The list of names comes second: without it files are read twice, which changes nothing.
        names = json.dumps(sorted(done | set(keys))).encode()
        app.data.write(f"{prefix}compacted.json", names, content_type="application/json")
    return found


def _compacted_names(app: "App", prefix: str) -> set[str]:
    data = app.data.read(f"{prefix}compacted.json")
    return set(json.loads(data)) if data else set()


def _stored_key(campaign: str, shard: str) -> str:
    return f"rollup/campaign={campaign}/shard={shard}.json"


def _stored(app: "App", campaign: str, shard: str) -> dict[str, Any]:
    data = app.data.read(_stored_key(campaign, shard))
    stored: dict[str, Any] = json.loads(data) if data else {}
    return stored


def _fold_on_ledger(app: "App", campaign: str, mails: dict[str, dict[str, int]]) -> None:
    """Engagement stands on the very item that says the mail was sent."""
    for mail, counts in mails.items():
        key, step, version = mail.split("|")
        pk = ledger_pk(campaign, step, version, key)
        if key:
            app.sends.update(pk, key, {"engagement": counts}, only_if={"pk": pk})
