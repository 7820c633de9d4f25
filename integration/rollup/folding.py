"""A campaign's dirty shards, folded one at a time: what a shard says of its people waits in a file, not in memory."""

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integration import events
from integration.model.event import Event
from integration.model.fold import Totals, added, fold
from integration.model.ledger import all_shards
from integration.model.verdict import Crowds, Watch

if TYPE_CHECKING:
    from integration.app import App

_COMPACT_ABOVE = 50
"""So many raw files of a shard are read one by one; above, they are written together once."""


@dataclass
class Folded:
    """What the fold of some shards of one campaign says, not told to anybody yet."""

    campaign: str
    whole: dict[str, Any]
    """Totals of all shards, as they are now."""
    shards: dict[str, Path]


def fold_dirty(app: "App", campaign: str, dirty: Sequence[str], folder: Path, is_late: Callable[[], bool]) -> Folded:
    """The dirty shards, and clean ones whose visitors turn out to be in many mails.

    When it gets late, what is left keeps its mark, or gets one, and is folded by the next run.
    """
    totals, watches = _former(app, campaign)
    crowds, files = _crowds(watches), dict[str, Path]()
    waiting = set(dirty)
    while waiting:
        for shard in sorted(waiting):
            if files and is_late():
                events.mark(app, campaign, shard, f"late {app.clock.now().isoformat()}")
                continue
            watches[shard] = Watch()
            found = fold(raw_events(app, campaign, shard), crowds=crowds, watch=watches[shard], now=app.clock.now())
            totals[shard] = found.without_people()
            files[shard] = folder / f"{campaign}-{shard}.json.gz"
            _keep(files[shard], found, watches[shard])
            del found
        known, crowds = crowds, _crowds(watches)
        waiting = {shard for shard, watch in watches.items() if crowds.differs(known) & watch.visitors}
    return Folded(campaign, added(one for one in totals.values() if one), files)


def kept(file: Path) -> dict[str, Any]:
    """What `fold_dirty` found in one shard: as it will be stored, with what is told but not stored."""
    found: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return found


def stored(app: "App", campaign: str, shard: str) -> dict[str, Any]:
    """What the last run that came to its end was told by the fold of this shard."""
    data = app.data.read(_stored_key(campaign, shard))
    found: dict[str, Any] = json.loads(data) if data else {}
    return found


def store(app: "App", campaign: str, shard: str, found: Mapping[str, Any]) -> None:
    """The totals, and per person and mail what the org and the ledger were told."""
    data = json.dumps(found, sort_keys=True).encode()
    app.data.write(_stored_key(campaign, shard), data, content_type="application/json")


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


def _former(app: "App", campaign: str) -> tuple[dict[str, Any], dict[str, Watch]]:
    totals, watches = {}, {}
    for shard in all_shards():
        before = stored(app, campaign, shard)
        totals[shard], watches[shard] = before.get("totals"), Watch.from_json(before.get("watch", ()))
    return totals, watches


def _crowds(watches: Mapping[str, Watch]) -> Crowds:
    whole = Watch()
    for watch in watches.values():
        whole.add(watch)
    return whole.crowds()


def _keep(file: Path, totals: Totals, watch: Watch) -> None:
    people = {key: {**asdict(person), "counts": dict(person.counts)} for key, person in totals.people.items()}
    told = {
        "totals": totals.without_people(),
        "people": people,
        "mails": {key: dict(counts) for key, counts in totals.mails.items() if counts},
        "watch": watch.as_json(),
        "signals": [asdict(signal) for signal in totals.signals],
        "rows": list(totals.mails),
        "open_until": totals.open_until,
    }
    file.write_bytes(gzip.compress(json.dumps(told).encode(), 1))


def _compacted_names(app: "App", prefix: str) -> set[str]:
    data = app.data.read(f"{prefix}compacted.json")
    return set(json.loads(data)) if data else set()


def _stored_key(campaign: str, shard: str) -> str:
    return f"rollup/campaign={campaign}/shard={shard}.json"
