"""Every five minutes: fold what changed again and overwrite the totals in the org.

Idempotency key: (campaign, shard) and the stamp of its dirty mark. Totals are recounted from raw events, never
incremented, so a run that is repeated, or that dies half-way, gives the same numbers as one that was not.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from integration import events, log, reporting
from integration.model.event import Event
from integration.model.fold import Totals, added, fold
from integration.model.ledger import all_shards, ledger_pk
from integration.ports import Item
from integration.records import is_record_id

if TYPE_CHECKING:
    from integration.app import App

_COMPACT_ABOVE = 50
"""So many raw files of a shard are read one by one; above, they are written together once."""


def run(app: "App") -> int:
    """Folds all dirty shards and writes what changed; the number of shards folded."""
    marks = [mark for mark in app.claims.query(events.DIRTY) if mark.get("stamp")]
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
    folded = {mark["sk"].split("#")[1]: Totals() for mark in dirty}
    before = {shard: _stored(app, campaign, shard) for shard in all_shards()}
    for shard in folded:
        folded[shard] = fold(raw_events(app, campaign, shard))
    now = {shard: _as_stored(totals) for shard, totals in folded.items()}
    whole = added(stored["totals"] for stored in {**before, **now}.values() if stored)
    reporting.write_results(app, whole["results"])
    reporting.write_pages(app, whole["pages"])
    if is_record_id(campaign):
        changed = _changed(before, now, "people")
        reporting.write_campaign(app, campaign, whole, changed)
    _fold_on_ledger(app, campaign, _changed(before, now, "mails"))
    for shard, stored in now.items():
        data = json.dumps(stored, sort_keys=True).encode()
        app.data.write(_stored_key(campaign, shard), data, content_type="application/json")
    for mark in dirty:  # last: what fails above is folded again by the next run
        app.claims.update(events.DIRTY, mark["sk"], {"stamp": None}, only_if={"stamp": mark["stamp"]})
    log.event("campaign.rolled_up", campaign=campaign, shards=len(dirty))


def _as_stored(totals: Totals) -> dict[str, Any]:
    """What is kept of a fold: the totals, and per person and mail what the org and the ledger were told."""
    people = {key: {**asdict(person), "counts": dict(person.counts)} for key, person in totals.people.items()}
    return {
        "totals": totals.without_people(),
        "people": people,
        "mails": {key: dict(counts) for key, counts in totals.mails.items() if counts},
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
