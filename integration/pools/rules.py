"""Dynamic pools: who fits the rule joins, who no longer fits leaves. SOQL answers single conditions only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model import segment
from integration.model.segment import Facts, FieldIs, HasTag, InPool, Rule
from integration.model.vocabulary import AddedBy, MembershipState, PoolKind
from integration.pools.members import count, join, leave
from integration.ports import Record, Value
from integration.records import Candidate, CandidateTag, PoolMembership, TalentPool, parent
from integration.soql import Condition, both, compare, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

READY, FAILED = "Ready", "Failed"
REVIEW_FIRST = "Review first"
IDS_PER_QUERY = 200
FIELDS: Mapping[str, segment.Kind] = {
    Candidate.FIRST_NAME: "text",
    Candidate.LAST_NAME: "text",
    Candidate.EMAIL: "text",
    Candidate.TITLE: "text",
    Candidate.EMPLOYER: "text",
    Candidate.CITY: "text",
    Candidate.REGION: "text",
    Candidate.COUNTRY: "text",
    Candidate.LANGUAGE: "text",
    Candidate.LIFECYCLE: "text",
    Candidate.ENGAGEMENT_BAND: "text",
    Candidate.AVAILABILITY: "text",
    Candidate.DESIRED_ROLE: "text",
    Candidate.DESIRED_LOCATION: "text",
    Candidate.COLLECTED_FROM: "text",
    Candidate.RATING: "number",
    Candidate.COLLECTED_AT: "date",
    Candidate.LAST_ENGAGED_AT: "date",
    Candidate.DO_NOT_CONTACT: "yes",
}


def refresh(app: App, pool_id: str) -> str:
    """Key: the pool. Judges every candidate for a dynamic pool, counts the members of any pool."""
    fields = [TalentPool.KIND, TalentPool.RULE, TalentPool.REVIEW]
    pool = app.salesforce.get(TalentPool.API_NAME, pool_id, fields)
    try:
        if pool[TalentPool.KIND] == PoolKind.FOLDER:
            raise Rejected("A folder has no members of its own. Refresh the pools in it.", field="Kind")
        joined = left = 0
        if pool[TalentPool.KIND] == PoolKind.DYNAMIC:
            rule = rule_of(pool)
            _check_circle(app, pool_id)
            joined, left = _apply(app, pool_id, pool, fitting(app, rule), within=None)
            app.salesforce.update(TalentPool.API_NAME, pool_id, {TalentPool.RULE_TEXT: rule.in_words()})
    except Rejected:
        app.salesforce.update(TalentPool.API_NAME, pool_id, {TalentPool.STATUS: FAILED})
        raise
    members = count(app, pool_id)
    app.salesforce.update(TalentPool.API_NAME, pool_id, {TalentPool.STATUS: READY})
    verb = "proposed" if pool[TalentPool.REVIEW] == REVIEW_FIRST else "joined"
    moves = f" {joined:,} {verb}, {left:,} left." if pool[TalentPool.KIND] == PoolKind.DYNAMIC else ""
    return f"{members:,} members.{moves}"


def judge(app: App, candidate_ids: Sequence[str]) -> None:
    """Key: pool and candidate. Joins and leaves of these candidates in every dynamic pool."""
    where = equals(TalentPool.KIND, PoolKind.DYNAMIC.value)
    fields = [TalentPool.ID, TalentPool.RULE, TalentPool.REVIEW]
    pools = app.salesforce.query(select(TalentPool.API_NAME, fields, where=where))
    if not pools:
        return
    facts = dict(_facts(app, candidate_ids))
    for pool in pools:
        try:
            rule = rule_of(pool)
        except Rejected as rejected:
            # The recruiter is told at the next Refresh; the other pools go on.
            log.event("pool.rule_rejected", pool=pool[TalentPool.ID], reason=rejected.message)
            continue
        fits = {candidate_id for candidate_id, known in facts.items() if rule.matches(known)}
        if any(_apply(app, str(pool[TalentPool.ID]), pool, fits, within=list(facts))):
            count(app, str(pool[TalentPool.ID]))


def rule_of(pool: Record) -> Rule:
    """The pool's rule; raises Rejected."""
    try:
        return segment.parse(json.loads(str(pool[TalentPool.RULE] or "null")), FIELDS)
    except json.JSONDecodeError as wrong:
        raise Rejected(
            f"The rule is not valid JSON (line {wrong.lineno}, column {wrong.colno}). "
            'Correct it; one condition looks like {"field": "City__c", "is": "equals", "value": "Cork"}.',
            field="Rule",
        ) from wrong
    except segment.BadRule as wrong:
        raise Rejected(str(wrong), field="Rule") from wrong


def fitting(app: App, rule: Rule) -> set[str]:
    """Ids of all candidates that fit, by one query per condition."""
    if isinstance(rule, segment.All):
        # Positive parts first: what they leave needs no list of everybody.
        parts = sorted(rule.parts, key=lambda part: isinstance(part, segment.Not))
        found = fitting(app, parts[0])
        for part in parts[1:]:
            found = found - fitting(app, part.part) if isinstance(part, segment.Not) else found & fitting(app, part)
        return found
    if isinstance(rule, segment.Any_):
        return set().union(*(fitting(app, part) for part in rule.parts))
    if isinstance(rule, segment.Not):
        everybody = {str(row[Candidate.ID]) for row in app.salesforce.rows(select(Candidate.API_NAME, [Candidate.ID]))}
        return everybody - fitting(app, rule.part)
    return set(_leaf(app, rule))


def _leaf(app: App, leaf: segment.Leaf) -> Iterator[str]:
    if isinstance(leaf, HasTag):
        where = equals(parent(CandidateTag.TAG, "Name"), leaf.tag)
        for row in app.salesforce.rows(select(CandidateTag.API_NAME, [CandidateTag.CANDIDATE], where=where)):
            yield str(row[CandidateTag.CANDIDATE])
    elif isinstance(leaf, InPool):
        where = both(equals(PoolMembership.POOL, leaf.pool), _is_member())
        for row in app.salesforce.rows(select(PoolMembership.API_NAME, [PoolMembership.CANDIDATE], where=where)):
            yield str(row[PoolMembership.CANDIDATE])
    else:
        fields = [Candidate.ID, leaf.field]
        for row in app.salesforce.rows(select(Candidate.API_NAME, fields, where=_where(leaf))):
            # The query may find more (LIKE has wildcards, dates have zones); the rule decides.
            if leaf.matches(Facts({leaf.field: row[leaf.field]})):
                yield str(row[Candidate.ID])


def _where(leaf: FieldIs) -> Condition:
    if leaf.operator == "in" and isinstance(leaf.value, tuple):
        return is_in(leaf.field, leaf.value)
    if leaf.operator == "empty":
        return equals(leaf.field, None)
    if leaf.operator == "contains":
        return compare(leaf.field, "LIKE", f"%{leaf.value}%")
    if FIELDS[leaf.field] == "date":
        return compare(leaf.field, "!=", None)
    value = leaf.value if not isinstance(leaf.value, tuple) else None
    return compare(leaf.field, {"equals": "=", "greater": ">", "less": "<"}[leaf.operator], value)


def _facts(app: App, candidate_ids: Sequence[str]) -> Iterator[tuple[str, Facts]]:
    ids = sorted(set(candidate_ids))
    for start in range(0, len(ids), IDS_PER_QUERY):
        part = ids[start : start + IDS_PER_QUERY]
        tag_name = parent(CandidateTag.TAG, "Name")
        people, tags, pools = app.salesforce.together(
            [
                select(Candidate.API_NAME, [Candidate.ID, *FIELDS], where=is_in(Candidate.ID, part)),
                select(
                    CandidateTag.API_NAME,
                    [CandidateTag.CANDIDATE, tag_name],
                    where=is_in(CandidateTag.CANDIDATE, part),
                ),
                select(
                    PoolMembership.API_NAME,
                    [PoolMembership.CANDIDATE, PoolMembership.POOL],
                    where=both(is_in(PoolMembership.CANDIDATE, part), _is_member()),
                ),
            ]
        )
        tags_of = _grouped(tags, CandidateTag.CANDIDATE, tag_name)
        pools_of = _grouped(pools, PoolMembership.CANDIDATE, PoolMembership.POOL)
        for row in people:
            one = str(row[Candidate.ID])
            yield (
                one,
                Facts(row, frozenset(tag.casefold() for tag in tags_of.get(one, ())), frozenset(pools_of.get(one, ()))),
            )


def _grouped(rows: Iterable[Record], by: str, value: str) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for row in rows:
        groups.setdefault(str(row[by]), set()).add(str(row[value]))
    return groups


def _apply(app: App, pool_id: str, pool: Record, fits: set[str], *, within: Sequence[str] | None) -> tuple[int, int]:
    """(joined, left). `within` limits the leaving to these candidates; a recruiter's own additions never leave."""
    rows = list(_memberships(app, pool_id, within))
    inside = {str(row[PoolMembership.CANDIDATE]) for row in rows if row[PoolMembership.STATE] == MembershipState.MEMBER}
    proposed = {
        str(row[PoolMembership.CANDIDATE]) for row in rows if row[PoolMembership.STATE] == MembershipState.PROPOSED
    }
    gone = [
        str(row[PoolMembership.ID])
        for row in rows
        if row[PoolMembership.STATE] in (MembershipState.MEMBER, MembershipState.PROPOSED)
        and row[PoolMembership.ADDED_BY] == AddedBy.RULE
        and str(row[PoolMembership.CANDIDATE]) not in fits
    ]
    review = pool[TalentPool.REVIEW] == REVIEW_FIRST
    state = MembershipState.PROPOSED if review else MembershipState.MEMBER
    rejected = {
        str(row[PoolMembership.CANDIDATE]) for row in rows if row[PoolMembership.STATE] == MembershipState.REJECTED
    }
    joining = sorted(fits - inside - rejected - (proposed if review else set()))
    if joining:
        join(app, pool_id, joining, AddedBy.RULE, state=state, again=True)
    leave(app, gone)
    return len(joining), len(gone)


def _memberships(app: App, pool_id: str, within: Sequence[str] | None) -> Iterator[Record]:
    fields = [PoolMembership.ID, PoolMembership.CANDIDATE, PoolMembership.STATE, PoolMembership.ADDED_BY]
    where = equals(PoolMembership.POOL, pool_id)
    if within is None:
        yield from app.salesforce.rows(select(PoolMembership.API_NAME, fields, where=where))
        return
    for start in range(0, len(within), IDS_PER_QUERY):
        part = is_in(PoolMembership.CANDIDATE, within[start : start + IDS_PER_QUERY])
        yield from app.salesforce.query(select(PoolMembership.API_NAME, fields, where=both(where, part)))


def _check_circle(app: App, pool_id: str) -> None:
    where = equals(TalentPool.KIND, PoolKind.DYNAMIC.value)
    fields = [TalentPool.ID, TalentPool.NAME, TalentPool.RULE]
    refers: dict[str, list[str]] = {}
    names: dict[str, Value] = {}
    for pool in app.salesforce.query(select(TalentPool.API_NAME, fields, where=where)):
        names[str(pool[TalentPool.ID])] = pool[TalentPool.NAME]
        try:
            parts = segment.leaves(rule_of(pool))
        except Rejected:
            continue
        refers[str(pool[TalentPool.ID])] = [leaf.pool for leaf in parts if isinstance(leaf, InPool)]
    if path := segment.circle(pool_id, refers):
        way = " → ".join(str(names.get(one, one)) for one in path)
        raise Rejected(f"The rule refers to its own pool: {way}. Remove one of these conditions.", field="Rule")


def _is_member() -> Condition:
    return equals(PoolMembership.STATE, MembershipState.MEMBER.value)
