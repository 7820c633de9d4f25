"""What a bulk action does to a part of its candidates, and how it is taken back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from integration.errors import Rejected
from integration.model.segment_fields import BadRule, nearest, shown
from integration.model.vocabulary import BulkActionKind, MembershipStage, PoolKind
from integration.pools.directory import Directory
from integration.ports import Outcome, Record
from integration.records import BulkAction, TalentPool

if TYPE_CHECKING:
    from integration.app import App

Before = list[dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """What became of some candidates."""

    done: int = 0
    unchanged: int = 0
    failures: tuple[tuple[str, str], ...] = ()


class Act(ABC):
    """One kind of action with its target. `before` is kept, `apply` changes, `restore` takes back.

    `restore` gives how many were restored, and how many had been changed by the action.
    """

    kind: ClassVar[BulkActionKind]

    def __init__(self, app: App) -> None:
        self.app = app

    @abstractmethod
    def before(self, ids: Sequence[str]) -> Before: ...

    @abstractmethod
    def apply(self, ids: Sequence[str], before: Before) -> Part: ...

    @abstractmethod
    def restore(self, before: Before) -> tuple[int, int]: ...


class Nothing(Act):
    """An export changes nothing."""

    kind = BulkActionKind.EXPORT

    def before(self, ids: Sequence[str]) -> Before:
        return []

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        return Part()

    def restore(self, before: Before) -> tuple[int, int]:
        return 0, 0


def prepared(app: App, record: Record) -> Act:
    """The act with its target found; raises Rejected when the target is missing or unknown."""
    from integration.pools import bulk_drips, bulk_handing, bulk_memberships, bulk_people  # they build on Act

    kind = BulkActionKind(str(record[BulkAction.ACTION]))
    target = str(record[BulkAction.TARGET] or "").strip()
    if kind is BulkActionKind.EXPORT:
        return Nothing(app)
    if kind in (BulkActionKind.TAG, BulkActionKind.UNTAG):
        return bulk_people.tagging(app, kind, _needed(target, "the tag"))
    if kind is BulkActionKind.ASSIGN_OWNER:
        return bulk_people.assigning(app, _needed(target, "the user"))
    if kind is BulkActionKind.ENROL:
        return bulk_drips.enrolling(app, _needed(target, "the campaign"))
    if kind is BulkActionKind.HAND_OVER:
        return bulk_handing.handing(app, target)
    if kind is BulkActionKind.SET_STAGE:
        stage = _stage(_needed(target, "the stage"))
        return bulk_memberships.staging(app, _pool(app, record, str(record[BulkAction.POOL] or "")), stage)
    pool = str(record[BulkAction.POOL] or "") or target
    return bulk_memberships.moving(app, kind, _pool(app, record, pool))


def _needed(target: str, what: str) -> str:
    if not target:
        raise Rejected(f"Enter {what} under Target.", field="Target")
    return target


def _stage(text: str) -> str:
    words = [stage.value for stage in MembershipStage]
    found = [word for word in words if word.lower() == text.lower()]
    if not found:
        raise Rejected(f"“{shown(text)}” is not a stage.{nearest(text, words)}", field="Target", value=shown(text))
    return found[0]


def _pool(app: App, record: Record, text: str) -> Record:
    if not text:
        raise Rejected("Choose the pool under Pool, or enter its name under Target.", field="Pool")
    directory = Directory(app, for_owner=str(record[BulkAction.OWNER] or ""))
    try:
        pool_id, _, is_folder = directory.pool(text)
    except BadRule as wrong:
        raise Rejected(str(wrong), field="Target", value=shown(text)) from wrong
    pool = directory.pools[pool_id]
    if is_folder or pool[TalentPool.KIND] == PoolKind.FOLDER:
        raise Rejected(f"“{pool[TalentPool.NAME]}” is a folder. Choose a pool in it.", field="Pool")
    return pool


def told(outcomes: Sequence[Outcome], ids: Sequence[str]) -> Part:
    """A Part from the outcomes of writes, row by row."""
    failures = tuple(
        (one, outcome.message or outcome.code)
        for one, outcome in zip(ids, outcomes, strict=True)
        if not outcome.success
    )
    return Part(len(outcomes) - len(failures), 0, failures)
