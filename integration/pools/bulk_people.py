"""Bulk actions on candidates themselves: tags and owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.candidates import announce
from integration.candidates.writing import raise_passing
from integration.errors import Rejected
from integration.model.segment_fields import nearest, shown
from integration.model.vocabulary import BulkActionKind, TagKind
from integration.pools.bulk_acts import Act, Before, Part, told
from integration.ports import Value
from integration.records import Candidate, CandidateTag, Tag
from integration.soql import both, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App


def tagging(app: App, kind: BulkActionKind, name: str) -> Act:
    """The tag of that name; one that is not there is made for tagging, refused for untagging."""
    if len(name) > 80:
        raise Rejected(f"“{shown(name)}” has {len(name)} characters. At most 80 fit a tag.", field="Target")
    found = app.salesforce.query(select(Tag.API_NAME, [Tag.ID], where=equals(Tag.NAME, name), order_by=[Tag.ID]))
    if found:
        tag = str(found[0][Tag.ID])
    elif kind is BulkActionKind.UNTAG:
        every = app.salesforce.query(select(Tag.API_NAME, [Tag.NAME], limit=2_000))
        hint = nearest(name, [str(row[Tag.NAME]) for row in every])
        raise Rejected(f"There is no tag “{shown(name)}”.{hint}", field="Target", value=shown(name))
    else:
        key = f"{TagKind.TAG.value}:{name}".lower()[:80]
        row: dict[str, Value] = {Tag.KEY: key, Tag.NAME: name, Tag.KIND: TagKind.TAG.value}
        outcomes = app.salesforce.upsert_many(Tag.API_NAME, Tag.KEY, [row])
        raise_passing(outcomes)
        if not outcomes[0].success:
            raise Rejected(f"The tag “{shown(name)}” could not be made: {outcomes[0].message}", field="Target")
        tag = outcomes[0].id
    return _Tagging(app, tag) if kind is BulkActionKind.TAG else _Untagging(app, tag)


def assigning(app: App, user: str) -> Act:
    """By id, user name or full name."""
    where = [equals("Username", user), equals("Name", user)]
    if user.isalnum() and len(user) in (15, 18) and user.startswith("005"):
        where = [equals("Id", user)]
    rows = app.salesforce.query(select("User", ["Id", "Name", "IsActive"], where=either(*where)))
    active = [row for row in rows if row["IsActive"]]
    if len(active) != 1:
        why = f"{len(active)} users are called so; enter the user name" if active else "no active user is called so"
        raise Rejected(f"“{shown(user)}”: {why}.", field="Target", value=shown(user))
    return _Assigning(app, str(active[0]["Id"]))


class _OfTag(Act):
    def __init__(self, app: App, tag: str) -> None:
        super().__init__(app)
        self._tag = tag

    def before(self, ids: Sequence[str]) -> Before:
        tagged = self._rows(ids)
        return [{"candidate": one, "tagged": one in tagged} for one in ids]

    def _rows(self, ids: Sequence[str]) -> dict[str, str]:
        where = both(equals(CandidateTag.TAG, self._tag), is_in(CandidateTag.CANDIDATE, ids))
        fields = [CandidateTag.ID, CandidateTag.CANDIDATE]
        rows = self.app.salesforce.query(select(CandidateTag.API_NAME, fields, where=where))
        return {str(row[CandidateTag.CANDIDATE]): str(row[CandidateTag.ID]) for row in rows}

    def _add(self, ids: Sequence[str]) -> Part:
        rows: list[dict[str, Value]] = [
            {CandidateTag.KEY: f"{one}|{self._tag}", CandidateTag.CANDIDATE: one, CandidateTag.TAG: self._tag}
            for one in ids
        ]
        if not rows:
            return Part()
        outcomes = self.app.salesforce.upsert_many(CandidateTag.API_NAME, CandidateTag.KEY, rows)
        raise_passing(outcomes)
        announce(self.app, ids)
        return told(outcomes, ids)

    def _take(self, ids: Sequence[str]) -> Part:
        rows = self._rows(ids)
        if not rows:
            return Part()
        outcomes = self.app.salesforce.delete_many(CandidateTag.API_NAME, list(rows.values()))
        raise_passing(outcomes)
        announce(self.app, list(rows))
        return told(outcomes, list(rows))


class _Tagging(_OfTag):
    kind = BulkActionKind.TAG

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        had = {row["candidate"] for row in before if row["tagged"]}
        added = self._add([one for one in ids if one not in had])
        return Part(added.done, len(had), added.failures)

    def restore(self, before: Before) -> tuple[int, int]:
        ours = [row["candidate"] for row in before if not row["tagged"]]
        return self._take(ours).done, len(ours)


class _Untagging(_OfTag):
    kind = BulkActionKind.UNTAG

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        had = [row["candidate"] for row in before if row["tagged"]]
        taken = self._take(had)
        return Part(len(had) - len(taken.failures), len(ids) - len(had), taken.failures)

    def restore(self, before: Before) -> tuple[int, int]:
        ours = [row["candidate"] for row in before if row["tagged"]]
        return self._add(ours).done, len(ours)


class _Assigning(Act):
    kind = BulkActionKind.ASSIGN_OWNER

    def __init__(self, app: App, user: str) -> None:
        super().__init__(app)
        self._user = user

    def before(self, ids: Sequence[str]) -> Before:
        rows = self.app.salesforce.query(
            select(Candidate.API_NAME, [Candidate.ID, Candidate.OWNER], where=is_in(Candidate.ID, ids))
        )
        return [{"candidate": row[Candidate.ID], "owner": row[Candidate.OWNER]} for row in rows]

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        others = [row["candidate"] for row in before if row["owner"] != self._user]
        gone = [(one, "was deleted meanwhile") for one in ids if one not in {row["candidate"] for row in before}]
        written = self._write([(one, self._user) for one in others])
        return Part(written.done, len(before) - len(others), (*written.failures, *gone))

    def restore(self, before: Before) -> tuple[int, int]:
        now = {row["candidate"]: row["owner"] for row in self.before([row["candidate"] for row in before])}
        ours = [row for row in before if row["owner"] != self._user]
        back = [row for row in ours if now.get(row["candidate"]) == self._user]
        return self._write([(row["candidate"], row["owner"]) for row in back]).done, len(ours)

    def _write(self, owners: Sequence[tuple[str, str]]) -> Part:
        if not owners:
            return Part()
        rows: list[dict[str, Value]] = [{Candidate.ID: one, Candidate.OWNER: owner} for one, owner in owners]
        outcomes = self.app.salesforce.update_many(Candidate.API_NAME, rows)
        raise_passing(outcomes)
        ids = [one for one, _ in owners]
        announce(self.app, ids)
        return told(outcomes, ids)
