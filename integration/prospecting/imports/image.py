"""What stood in the org before a chunk was written, so that Undo can bring it back; kept before each write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from integration.candidates import Change, Found, State
from integration.prospecting.imports.places import Load, read_json, write_json
from integration.records import CandidateTag, PoolMembership
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App


class Image:
    """Key: load and chunk. Of several attempts the first one saw what stood before; later ones only add to it."""

    def __init__(self, app: App, load: Load, number: int) -> None:
        self._app = app
        self._key, self._members_key = load.image(number), load.members_before(number)
        self._tags_key = load.tags_before(number)
        self._entries: dict[str, Any] = read_json(app, self._key) or {}
        self._members: dict[str, bool] = read_json(app, self._members_key) or {}
        """Of candidates who were there already: whether they were in the pool."""
        self._tags: dict[str, list[str]] = read_json(app, self._tags_key) or {}
        """Of candidates who were there already: their Candidate_Tag__c rows."""
        self._changed = {entry["id"] for entry in self._entries.values()} - {""}

    def keep(self, changes: Sequence[Change], *, with_tags: bool) -> None:
        """Notes what is about to change, and which words people had who are about to get some."""
        added = [_added(self._entries, change) for change in changes if change.after or change.addresses]
        if any(added):
            write_json(self._app, self._key, self._entries)
        if with_tags:
            # Whom an earlier attempt made has an id by now, and had nothing before.
            self._keep_tags([one.id for one in changes if one.id and self._entries.get(one.key, {}).get("id", one.id)])

    def _keep_tags(self, candidate_ids: Sequence[str]) -> None:
        if new := sorted(set(candidate_ids) - self._tags.keys()):
            where = is_in(CandidateTag.CANDIDATE, new)
            fields = [CandidateTag.ID, CandidateTag.CANDIDATE]
            rows = self._app.salesforce.query(select(CandidateTag.API_NAME, fields, where=where))
            self._tags |= {candidate: [] for candidate in new}
            for row in rows:
                self._tags[str(row[CandidateTag.CANDIDATE])].append(str(row[CandidateTag.ID]))
            write_json(self._app, self._tags_key, self._tags)

    def new_tags(self, one: Found) -> list[str]:
        """The words that this load gave, whichever attempt wrote them."""
        before = set(self._tags.get(one.id, ()))
        return [row for row in one.tagged if row not in before]

    def members_before(self, pool_id: str, candidate_ids: Sequence[str]) -> set[str]:
        """Who of these was in the pool, or had left it, before this load."""
        if new := sorted(set(candidate_ids) - self._members.keys()):
            where = both(equals(PoolMembership.POOL, pool_id), is_in(PoolMembership.CANDIDATE, new))
            rows = self._app.salesforce.query(select(PoolMembership.API_NAME, [PoolMembership.CANDIDATE], where=where))
            standing = {str(row[PoolMembership.CANDIDATE]) for row in rows}
            self._members |= {candidate: candidate in standing for candidate in new}
            write_json(self._app, self._members_key, self._members)
        return {candidate for candidate, was_member in self._members.items() if was_member}

    def as_first_seen(self, one: Found) -> Found:
        """Whom an earlier attempt changed looks unchanged to this one."""
        return replace(one, state=State.UPDATED) if one.state is State.UNCHANGED and one.id in self._changed else one


def _added(entries: dict[str, Any], change: Change) -> bool:
    """Whether the entries say more now; a person who stands several times in a chunk changes several times."""
    new = {"id": change.id, "before": {}, "after": {}, "addresses": []}
    entry = entries.setdefault(change.key or change.id, new)
    before = {name: value for name, value in change.before.items() if name not in entry["before"]}
    addresses = [key for key in change.addresses if key not in entry["addresses"]]
    is_more = entry is new or bool(before or addresses) or not change.after.items() <= entry["after"].items()
    entry["before"] |= before
    entry["after"] |= change.after
    entry["addresses"] += addresses
    return is_more
