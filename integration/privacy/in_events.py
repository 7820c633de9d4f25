"""Single opens, clicks and outcomes of a person go on to be counted, under a name that leads to nobody.

The name is drawn once for an erasure and forgotten with its notes. It stands for one candidate key, so every total is
what it was: as many people, as many mails.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from integration import events
from integration.model.ledger import shard_of
from integration.privacy.noting import Notes
from integration.records import is_record_id
from integration.rollup import loads

if TYPE_CHECKING:
    from integration.app import App

KIND = "files of opens and clicks"


def shards(app: App, keys: Iterable[str]) -> list[tuple[str, str]]:
    """(campaign, shard) in which events of these candidate keys can stand: every shard ever written has its mark.

    Of what belongs to no campaign all are: single mails name the person and what caused them.
    """
    wanted = {shard_of(key) for key in keys}
    marked = [mark["sk"].split("#") for mark in app.claims.query(events.DIRTY)]
    return sorted((campaign, shard) for campaign, shard in marked if shard in wanted or not is_record_id(campaign))


def forget(app: App, campaign: str, shard: str, names: Mapping[str, str], notes: Notes) -> None:
    """Key: the file. `names` says what stands for each candidate key from now on."""
    changed = False
    for key in list(app.data.keys(events.prefix(campaign, shard))):
        if key.endswith(".gz"):
            changed |= _rename(app, key, names, notes, is_packed=True)
    for key in list(app.data.keys(loads.NOTES)):  # results that the org is loading now
        if key.endswith(".gz"):
            _rename(app, key, names, notes, is_packed=True)
    # The last totals know people by the same keys: with both renamed, the next recount sees no difference.
    if _rename(app, f"rollup/campaign={campaign}/shard={shard}.json", names, notes, is_packed=False) or changed:
        stamp = f"erased {app.clock.now().isoformat()}"
        app.claims.put({"pk": events.DIRTY, "sk": f"{campaign}#{shard}", "stamp": stamp})


def _rename(app: App, key: str, names: Mapping[str, str], notes: Notes, *, is_packed: bool) -> bool:
    data = app.data.read(key)
    if data is None:
        return False
    text = gzip.decompress(data) if is_packed else data
    renamed = text
    for name, anonymous in names.items():
        renamed = renamed.replace(name.encode(), anonymous.encode())
    if renamed == text:
        return False
    notes.note(KIND, key)
    content = gzip.compress(renamed, mtime=0) if is_packed else renamed
    app.data.write(key, content, content_type="application/gzip" if is_packed else "application/json")
    return True
