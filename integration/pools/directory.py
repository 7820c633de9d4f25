"""What the names in a rule stand for: pools and what lies below a folder, channels, campaigns, places."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from integration.model.segment_fields import BadRule, nearest, shown
from integration.model.vocabulary import PoolKind
from integration.pools import places
from integration.ports import Record
from integration.records import Channel, RecruitingCampaign, TalentPool
from integration.soql import select

if TYPE_CHECKING:
    from integration.app import App

POOL = (
    TalentPool.ID,
    TalentPool.NAME,
    TalentPool.KIND,
    TalentPool.PARENT,
    TalentPool.RULE,
    TalentPool.REVIEW,
    TalentPool.STATUS,
    TalentPool.PRIVATE,
    TalentPool.FROZEN,
    TalentPool.OWNER,
)


class Directory:
    """Read once for a piece of work; each list only when a rule names something of it.

    `for_owner` is the user on whose behalf names are looked up: private pools of others are not there for them.
    """

    def __init__(self, app: App, *, for_owner: str = "") -> None:
        self._app = app
        self._owner = for_owner
        self._lists: dict[str, dict[str, str]] = {}

    def on_behalf_of(self, owner: str) -> Directory:
        """The same, with what is read already, for another user."""
        other = copy(self)
        other._owner = owner
        return other

    @cached_property
    def pools(self) -> dict[str, Record]:
        """Every pool by id."""
        rows = self._app.salesforce.rows(select(TalentPool.API_NAME, POOL, order_by=[TalentPool.ID]))
        return {str(row[TalentPool.ID]): row for row in rows}

    def pool(self, text: str) -> tuple[str, frozenset[str], bool]:
        names = {one: str(row[TalentPool.NAME]) for one, row in self.pools.items() if self._may_be_named(row)}
        found = _named(text, names, "pool")
        is_folder = self.pools[found][TalentPool.KIND] == PoolKind.FOLDER
        return found, self.below(found) & names.keys() if is_folder else frozenset({found}), is_folder

    def _may_be_named(self, pool: Record) -> bool:
        """A rule or an act must not tell who is in somebody else's private pool."""
        return not self._owner or not pool[TalentPool.PRIVATE] or pool[TalentPool.OWNER] == self._owner

    def channel(self, text: str) -> str:
        return _named(text, self._names(Channel.API_NAME), "channel")

    def campaign(self, text: str) -> str:
        return _named(text, self._names(RecruitingCampaign.API_NAME), "campaign")

    def place(self, text: str) -> tuple[str, float, float]:
        return places.place(text)

    def name_of(self, record_id: str) -> str:
        """The name behind an id, for the rule in words."""
        if record_id in self.pools:
            return str(self.pools[record_id][TalentPool.NAME])
        return next((names[record_id] for names in self._lists.values() if record_id in names), record_id)

    def below(self, folder: str) -> frozenset[str]:
        """Every pool below a folder that can have members; a circle of folders ends where it began."""
        found: set[str] = set()
        todo = [folder]
        seen = {folder}
        while todo:
            for child in self._children.get(todo.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    todo.append(child)
                    if self.pools[child][TalentPool.KIND] != PoolKind.FOLDER:
                        found.add(child)
        return frozenset(found)

    def above(self, pool: str) -> list[str]:
        """The folders a pool lies in, nearest first."""
        path: list[str] = []
        at = self._parent(pool)
        while at and at not in path and at != pool:
            path.append(at)
            at = self._parent(at)
        return path

    def _parent(self, pool: str) -> str:
        return str(self.pools.get(pool, {}).get(TalentPool.PARENT) or "")

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        children: dict[str, list[str]] = {}
        for one in self.pools:
            if parent := self._parent(one):
                children.setdefault(parent, []).append(one)
        return children

    def _names(self, object_name: str) -> dict[str, str]:
        """Shared by all on whose behalf this directory is asked."""
        if object_name not in self._lists:
            rows = self._app.salesforce.rows(select(object_name, ["Id", "Name"]))
            self._lists[object_name] = {str(row["Id"]): str(row["Name"]) for row in rows}
        return self._lists[object_name]


def _named(text: str, names: Mapping[str, str], what: str) -> str:
    """An id by itself or by its name; raises BadRule for none and for several."""
    if text in names:
        return text
    found = [one for one, name in names.items() if name.casefold() == text.casefold()]
    if len(found) > 1:
        raise BadRule(f"{len(found)} {what}s are called “{shown(text)}”. Write the id of the one you mean.")
    if not found:
        raise BadRule(f"There is no {what} “{shown(text)}”.{nearest(text, list(names.values()))}")
    return found[0]
