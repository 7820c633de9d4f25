"""Everybody whom a rule fits. The org answers what one row can say; AND, OR, NOT over sets are joined here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from integration.model.segment import All, Any_, Not, Rule, needs
from integration.model.segment_dates import Span
from integration.model.segment_leaves import ENGAGEMENTS, PLACE, Engaged, Facts, HasTag, InPool
from integration.model.vocabulary import MembershipState, TagKind
from integration.pools.places import position
from integration.pools.prefilter import asked, is_of_fields
from integration.records import CampaignEnrollment, Candidate, CandidateTag, PoolMembership, Tag, Touchpoint, parent
from integration.soql import Condition, both, compare, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App


def fitting(app: App, rule: Rule, today: date) -> set[str]:
    """Ids of all candidates that fit."""
    if is_of_fields(rule):
        return set(_by_fields(app, rule, today))
    if isinstance(rule, All):
        return _in_all(app, rule, today)
    if isinstance(rule, Any_):
        of_fields = tuple(part for part in rule.parts if is_of_fields(part))
        found = set(_by_fields(app, Any_(of_fields), today)) if of_fields else set()
        return found.union(*(fitting(app, part, today) for part in rule.parts if part not in of_fields))
    if isinstance(rule, Not):
        return _everybody(app) - fitting(app, rule.part, today)
    return set(_by_leaf(app, rule, today))


def _in_all(app: App, rule: All, today: date) -> set[str]:
    """Positive parts first: what they leave needs no list of everybody."""
    of_fields = tuple(part for part in rule.parts if is_of_fields(part))
    others = sorted((part for part in rule.parts if part not in of_fields), key=lambda part: isinstance(part, Not))
    rest: Rule | None = All(of_fields) if of_fields else None
    if rest and asked(rest, today).exact and isinstance(others[0], HasTag | InPool | Engaged):
        # What tags, members and touchpoints say of their candidate's fields, they say in the same query.
        found = set(_by_leaf(app, others.pop(0), today, rest))
    elif rest:
        found = set(_by_fields(app, rest, today))
    else:
        found = fitting(app, others.pop(0), today)
    for part in others:
        if not found:
            break
        inner = part.part if isinstance(part, Not) else part
        found = found - fitting(app, inner, today) if isinstance(part, Not) else found & fitting(app, inner, today)
    return found


def _everybody(app: App) -> set[str]:
    return {str(row[Candidate.ID]) for row in app.salesforce.rows(select(Candidate.API_NAME, [Candidate.ID]))}


def _by_fields(app: App, rule: Rule, today: date) -> Iterator[str]:
    question = asked(rule, today)
    if question.exact:
        for row in app.salesforce.rows(select(Candidate.API_NAME, [Candidate.ID], where=question.where)):
            yield str(row[Candidate.ID])
        return
    wanted = needs(rule)
    placed = not wanted.isdisjoint(PLACE)
    query = select(Candidate.API_NAME, [Candidate.ID, *sorted(wanted)], where=question.where)
    for row in app.salesforce.rows(query):
        if rule.matches(Facts(row, position=position(row) if placed else None, today=today)):
            yield str(row[Candidate.ID])


def _by_leaf(app: App, leaf: Rule, today: date, rest: Rule | None = None) -> Iterator[str]:
    """Ids of one condition; with `rest`, a rule of fields that queries answer exactly, of those who fit it too."""
    if isinstance(leaf, HasTag):
        where = equals(parent(CandidateTag.TAG, Tag.NAME), leaf.tag)
        if leaf.is_skill:
            where = both(where, equals(parent(CandidateTag.TAG, Tag.KIND), TagKind.SKILL))
        questions = [(CandidateTag.API_NAME, CandidateTag.CANDIDATE, where)]
    elif isinstance(leaf, InPool):
        questions = [(PoolMembership.API_NAME, PoolMembership.CANDIDATE, _members(leaf))]
    elif isinstance(leaf, Engaged):
        questions = list(_engaged(leaf, today))
    else:
        raise TypeError(f"{leaf} is answered by the candidate's own row")
    for object_name, lookup, where in questions:
        more = asked(rest, today, of=lookup).where if rest else None
        query = select(object_name, [lookup], where=where if more is None else both(where, more))
        yield from (str(row[lookup]) for row in app.salesforce.rows(query) if row[lookup])


def _members(leaf: InPool) -> Condition:
    conditions = [is_in(PoolMembership.POOL, leaf.any_of), equals(PoolMembership.STATE, MembershipState.MEMBER)]
    if leaf.stages:
        conditions.append(is_in(PoolMembership.STAGE, leaf.stages))
    if leaf.least_rating is not None and leaf.least_rating > 0:
        conditions.append(compare(PoolMembership.RATING, ">=", leaf.least_rating))
    return both(*conditions)


def _engaged(leaf: Engaged, today: date) -> Iterator[tuple[str, str, Condition]]:
    """(object, lookup to the candidate, condition)."""
    count = {"opened": CampaignEnrollment.HUMAN_OPENS, "clicked": CampaignEnrollment.HUMAN_CLICKS}.get(leaf.what)
    if count and leaf.within is None:
        where = compare(count, ">", 0)
        if leaf.campaign:
            where = both(where, equals(CampaignEnrollment.CAMPAIGN, leaf.campaign))
        yield CampaignEnrollment.API_NAME, CampaignEnrollment.CANDIDATE, where
    touch = ENGAGEMENTS[leaf.what].touch
    if touch is not None:
        conditions = [equals(Touchpoint.KIND, touch.value)]
        conditions += [equals(Touchpoint.CAMPAIGN, leaf.campaign)] if leaf.campaign else []
        conditions += _days_within(leaf.within, today) if leaf.within else []
        yield Touchpoint.API_NAME, Touchpoint.CANDIDATE, both(*conditions)


def _days_within(within: Span, today: date) -> list[Condition]:
    """The moments of the days that “in the last …” accepts."""
    first, last = within.before(today), today
    return [
        compare(Touchpoint.AT, ">=", datetime(first.year, first.month, first.day, tzinfo=UTC)),
        compare(Touchpoint.AT, "<=", datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC)),
    ]
