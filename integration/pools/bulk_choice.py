"""Whom a bulk action is about: a list of ids, or everybody whom a rule fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from integration.candidates.reach import Right, in_reach
from integration.errors import Rejected
from integration.model.segment_fields import shown
from integration.model.vocabulary import BulkActionKind
from integration.pools.book import read_rule
from integration.pools.directory import Directory
from integration.pools.fields import fields_of
from integration.pools.fitting import fitting
from integration.ports import Record
from integration.records import BulkAction, Candidate, PoolMembership
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

MOST = 50_000
_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?", re.ASCII)
_PER_QUERY = 200
_NOBODY = "no candidate and no membership has this id"


def chosen_by(app: App, record: Record) -> tuple[list[str], list[tuple[str, str]]]:
    """(candidate ids, [(what was no candidate, why)]). Whom the action's owner may not see is nobody for them."""
    listed, rule = str(record[BulkAction.RECORD_IDS] or ""), str(record[BulkAction.FILTER] or "")
    if bool(listed.strip()) == bool(rule.strip()):
        told = "Give either a list of candidates or a filter" + (", not both." if listed.strip() else ".")
        raise Rejected(told, field="Candidates")
    if not rule.strip():
        ids, strangers = _of_list(app, listed)
    else:
        directory = Directory(app, for_owner=str(record[BulkAction.OWNER] or ""))
        parsed = read_rule(rule, fields_of(app), directory, "Filter")
        ids, strangers = sorted(fitting(app, parsed, app.clock.now().date())), []
    if ids:
        reached = in_reach(app, str(record[BulkAction.OWNER]), ids, _right(record))
        if listed.strip():
            strangers += [(one, _NOBODY) for one in sorted(set(ids) - set(reached))]
        ids = reached
    if not ids and not strangers:
        raise Rejected("Nobody is chosen. The filter fits no candidate: correct it.", field="Filter")
    if len(ids) > MOST:
        raise Rejected(f"{len(ids):,} candidates are chosen. At most {MOST:,} fit one action: split it.")
    return ids, strangers


def _right(record: Record) -> Right:
    """What the action does to each candidate, for which its owner needs a right."""
    kind = BulkActionKind(str(record[BulkAction.ACTION]))
    if kind is BulkActionKind.ASSIGN_OWNER:
        return Right.GIVE_AWAY
    return Right.CHANGE if kind in (BulkActionKind.TAG, BulkActionKind.UNTAG) else Right.SEE


def _of_list(app: App, text: str) -> tuple[list[str], list[tuple[str, str]]]:
    words = list(dict.fromkeys(re.split(r"[\s,;]+", text.strip())))
    strangers = [(shown(word), "this is not a record id") for word in words if not _ID.fullmatch(word)]
    asked = [word for word in words if _ID.fullmatch(word)]
    found: dict[str, str] = {}
    for start in range(0, len(asked), _PER_QUERY):
        part = asked[start : start + _PER_QUERY]
        for object_name, field in (
            (Candidate.API_NAME, Candidate.ID),
            (PoolMembership.API_NAME, PoolMembership.CANDIDATE),
        ):
            # An id of another object is refused by some orgs; the other query still answers.
            rows = _asked(app, object_name, field, part)
            found |= {str(row["Id"])[:15]: str(row[field]) for row in rows if row[field]}
    strangers += [(word, _NOBODY) for word in asked if word[:15] not in found]
    return list(dict.fromkeys(found[word[:15]] for word in asked if word[:15] in found)), strangers


def _asked(app: App, object_name: str, field: str, ids: list[str]) -> list[Record]:
    fields = list(dict.fromkeys(["Id", field]))
    try:
        return app.salesforce.query(select(object_name, fields, where=is_in("Id", ids)))
    except Rejected:
        if len(ids) == 1:
            return []
        return [row for one in ids for row in _asked(app, object_name, field, [one])]
