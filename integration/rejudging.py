"""A new classifier judges history again: shards that an older one counted are marked dirty, a part in each run.

Idempotency key: the classifier's version and the last shard that was marked. The rollup then recounts them as always.
"""

import json
from itertools import islice
from typing import TYPE_CHECKING

from integration import events, log
from integration.model.verdict import CLASSIFIER

if TYPE_CHECKING:
    from integration.app import App

_NOTE = "rollup/classifier.json"
_A_PART = 64
"""Shards a run: some campaigns, so that what happened today does not wait for all of history."""


def mark_a_part(app: "App") -> int:
    """Marks the next shards, if any are left; how many."""
    note = json.loads(app.data.read(_NOTE) or b"{}")
    if note.get("version") == CLASSIFIER and "after" not in note:
        return 0
    after = note.get("after", "") if note.get("version") == CLASSIFIER else ""
    keys = list(islice((key for key in app.data.keys("rollup/campaign=") if key > after), _A_PART))
    for key in keys:
        campaign, shard = key.removeprefix("rollup/campaign=").removesuffix(".json").split("/shard=")
        mark = {"pk": events.DIRTY, "sk": f"{campaign}#{shard}", "stamp": f"classifier {CLASSIFIER}"}
        # A mark that is there already makes the rollup count the shard again anyway, with the new rules.
        app.claims.update(mark["pk"], mark["sk"], {"stamp": mark["stamp"]}, only_if={"stamp": None})
    left = {"after": keys[-1]} if len(keys) == _A_PART else {}
    # After the marks, so that a run which is cut off here marks the same shards again.
    app.data.write(_NOTE, json.dumps({"version": CLASSIFIER, **left}).encode(), content_type="application/json")
    if keys:
        log.event("history.rejudging", classifier=CLASSIFIER, shards=len(keys))
    return len(keys)
