"""What is known of people that rules may ask about, read for a few of them at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

from integration.model.segment_leaves import ENGAGEMENTS, PLACE, TAGS, TOUCHES, Facts, Standing, Touched
from integration.model.vocabulary import MembershipState, TagKind
from integration.pools.places import position
from integration.ports import Record
from integration.records import (
    CampaignEnrollment,
    Candidate,
    CandidateTag,
    PoolMembership,
    Tag,
    Touchpoint,
    parent,
)
from integration.soql import both, compare, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

IDS_PER_QUERY = 200
_FIRST_PAGE = 2_000
"""What a composite call returns of each query; more is asked for by itself."""
_TAG, _TAG_KIND = parent(CandidateTag.TAG, Tag.NAME), parent(CandidateTag.TAG, Tag.KIND)
_TOUCHES = {kind.touch.value: what for what, kind in ENGAGEMENTS.items() if kind.touch}
POOL = "pool:"


def facts_of(app: App, candidate_ids: Sequence[str], needs: frozenset[str], today: date) -> dict[str, Facts]:
    """Facts by candidate id, for those who still exist; only what `needs` names. At most 200 people."""
    if not candidate_ids:
        return {}
    queries = _queries(candidate_ids, needs)
    answers = dict(zip(queries, _all(app, list(queries.values())), strict=True))
    tags, skills = _tags(answers.get(TAGS, ()))
    pools = _pools(answers.get(POOL, ()))
    touches = _touches(answers.get("enrolled", ()), answers.get(TOUCHES, ()))
    placed = not needs.isdisjoint(PLACE)
    return {
        one: Facts(
            row,
            frozenset(tags.get(one, ())),
            frozenset(skills.get(one, ())),
            pools.get(one, {}),
            tuple(touches.get(one, ())),
            position(row) if placed else None,
            today,
        )
        for row in answers["people"]
        for one in [str(row[Candidate.ID])]
    }


def digests(facts: Facts, needs: Iterable[str]) -> dict[str, int]:
    """A short mark of each fact. Two that differ tell that the fact changed; what it was is not kept."""
    marks = {}
    for need in needs:
        if need.startswith(POOL):
            fact: object = facts.pools.get(need.removeprefix(POOL))
        elif need == TAGS:
            fact = (sorted(facts.tags), sorted(facts.skills))
        elif need == TOUCHES:
            fact = sorted(map(repr, facts.touches))
        else:
            fact = facts.values.get(need)
        marks[need] = crc32(repr(fact).encode())
    return marks


def _queries(ids: Sequence[str], needs: frozenset[str]) -> dict[str, str]:
    fields = sorted(need for need in needs if need not in (TAGS, TOUCHES) and not need.startswith(POOL))
    pools = sorted(need.removeprefix(POOL) for need in needs if need.startswith(POOL))
    queries = {"people": select(Candidate.API_NAME, [Candidate.ID, *fields], where=is_in(Candidate.ID, ids))}
    if TAGS in needs:
        where = is_in(CandidateTag.CANDIDATE, ids)
        queries[TAGS] = select(CandidateTag.API_NAME, [CandidateTag.CANDIDATE, _TAG, _TAG_KIND], where=where)
    if pools:
        named = is_in(PoolMembership.POOL, pools)
        where = both(is_in(PoolMembership.CANDIDATE, ids), equals(PoolMembership.STATE, MembershipState.MEMBER), named)
        standing = [PoolMembership.CANDIDATE, PoolMembership.POOL, PoolMembership.STAGE, PoolMembership.RATING]
        queries[POOL] = select(PoolMembership.API_NAME, standing, where=where)
    if TOUCHES in needs:
        human = [CampaignEnrollment.HUMAN_OPENS, CampaignEnrollment.HUMAN_CLICKS]
        where = both(is_in(CampaignEnrollment.CANDIDATE, ids), either(*(compare(count, ">", 0) for count in human)))
        signs = [CampaignEnrollment.CANDIDATE, CampaignEnrollment.CAMPAIGN, *human]
        queries["enrolled"] = select(CampaignEnrollment.API_NAME, signs, where=where)
        touched = [Touchpoint.CANDIDATE, Touchpoint.KIND, Touchpoint.CAMPAIGN, Touchpoint.AT]
        where = both(is_in(Touchpoint.CANDIDATE, ids), is_in(Touchpoint.KIND, list(_TOUCHES)))
        queries[TOUCHES] = select(Touchpoint.API_NAME, touched, where=where)
    return queries


def _all(app: App, queries: Sequence[str]) -> list[list[Record]]:
    pages = app.salesforce.together(queries)
    return [
        app.salesforce.query(query) if len(page) >= _FIRST_PAGE else page
        for query, page in zip(queries, pages, strict=True)
    ]


def _tags(rows: Iterable[Record]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    tags: dict[str, set[str]] = {}
    skills: dict[str, set[str]] = {}
    for row in rows:
        one, name = str(row[CandidateTag.CANDIDATE]), str(row[_TAG] or "").lower()
        tags.setdefault(one, set()).add(name)
        if row[_TAG_KIND] == TagKind.SKILL:
            skills.setdefault(one, set()).add(name)
    return tags, skills


def _pools(rows: Iterable[Record]) -> dict[str, dict[str, Standing]]:
    pools: dict[str, dict[str, Standing]] = {}
    for row in rows:
        pools.setdefault(str(row[PoolMembership.CANDIDATE]), {})[str(row[PoolMembership.POOL])] = standing_of(row)
    return pools


def standing_of(row: Mapping[str, object]) -> Standing:
    rating = row.get(PoolMembership.RATING)
    stage = str(row.get(PoolMembership.STAGE) or "")
    return Standing(stage, float(rating) if isinstance(rating, int | float) else None)


def _touches(enrolled: Iterable[Record], touched: Iterable[Record]) -> dict[str, list[Touched]]:
    touches: dict[str, list[Touched]] = {}
    for row in enrolled:
        mine = touches.setdefault(str(row[CampaignEnrollment.CANDIDATE]), [])
        campaign = str(row[CampaignEnrollment.CAMPAIGN] or "")
        for what, count in (("opened", CampaignEnrollment.HUMAN_OPENS), ("clicked", CampaignEnrollment.HUMAN_CLICKS)):
            if float(row[count] or 0) > 0:
                mine.append(Touched(what, campaign))
    for row in touched:
        what, at = _TOUCHES[str(row[Touchpoint.KIND])], str(row[Touchpoint.AT] or "")
        day = date.fromisoformat(at[:10]) if at else None
        campaign = str(row[Touchpoint.CAMPAIGN] or "")
        touches.setdefault(str(row[Touchpoint.CANDIDATE]), []).append(Touched(what, campaign, day))
    return touches
