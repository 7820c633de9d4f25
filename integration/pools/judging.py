"""Changed candidates: only the rules that name a changed fact are asked, and the pools that name those pools."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from integration import log
from integration.errors import TryAgain
from integration.model.segment import Facts, Standing
from integration.model.segment_leaves import PLACE
from integration.pools import totals
from integration.pools.applying import Moves, apply
from integration.pools.book import Book
from integration.pools.book import read as read_book
from integration.pools.facts import IDS_PER_QUERY, POOL, digests, facts_of
from integration.pools.places import LATITUDE, LONGITUDE, located
from integration.ports import Item, Value
from integration.records import Candidate

if TYPE_CHECKING:
    from integration.app import App

JUDGED = "judged"
"""Sort key in the `people` table, under the candidate: a mark of each fact as rules last saw it, never the fact."""


def judge(app: App, candidate_ids: Sequence[str], *, pools: Collection[str] = ()) -> None:
    """Key: pool and candidate. Joins and leaves of these candidates; `pools` are asked even if no fact changed."""
    book = read_book(app)
    ids = sorted(set(candidate_ids))
    if not book.order:
        return
    for start in range(0, len(ids), IDS_PER_QUERY):
        _judge(app, book, ids[start : start + IDS_PER_QUERY], pools)


def seen_of(app: App, candidate_ids: Sequence[str]) -> dict[str, Item]:
    """The marks of the last time by candidate id, for those who were judged before."""
    found = app.people.get_many([_key(one) for one in candidate_ids])
    return {pk.partition("#")[2]: item for (pk, _), item in found.items()}


def touched(
    book: Book, facts: Mapping[str, Facts], seen: Mapping[str, Item], pools: Collection[str]
) -> tuple[dict[str, set[str]], dict[str, dict[str, int]]]:
    """(pool -> the candidates it has to look at, candidate -> the marks of their facts)."""
    work: dict[str, set[str]] = {pool: set(facts) for pool in pools if pool in book.rules}
    marks: dict[str, dict[str, int]] = {}
    for one, known in facts.items():
        now = digests(known, book.by_fact)
        before = seen[one]["facts"] if one in seen else {}
        if now != before:
            marks[one] = now
            for need, mark in now.items():
                if before.get(need) != mark:
                    for pool in book.by_fact[need]:
                        work.setdefault(pool, set()).add(one)
    return work, marks


def _judge(app: App, book: Book, ids: Sequence[str], pools: Collection[str]) -> None:
    today = app.clock.now().date()
    # The marks before the facts: whoever writes between the two reads has seen newer facts than we have.
    seen = seen_of(app, ids)
    facts = facts_of(app, ids, book.needs, today)
    if not book.needs.isdisjoint(PLACE):
        _locate(app, facts)
    work, marks = touched(book, facts, seen, pools)
    for pool in book.order:
        if not (candidates := work.get(pool)):
            continue
        fits = {one for one in candidates if book.rules[pool].matches(facts[one])}
        moves = apply(app, book.directory.pools[pool], fits, within=sorted(candidates))
        if moves:
            log.event("pool.judged", pool=pool, joined=len(moves.joined), left=len(moves.left))
            totals.mark(app, [pool])
        _pass_on(book, pool, moves, facts, work, marks)
    remember(app, marks, seen)


def _locate(app: App, facts: dict[str, Facts]) -> None:
    """Writes the coordinates of the city where the record has none of its own, and of the new one after a move."""
    moved = {one: point for one, known in facts.items() if (point := located(known.values))}
    for one, point in moved.items():
        here = {LATITUDE: point[0], LONGITUDE: point[1]}
        facts[one] = replace(facts[one], position=point, values={**facts[one].values, **here})
    if moved:
        rows: list[dict[str, Value]] = [
            {Candidate.ID: one, LATITUDE: point[0], LONGITUDE: point[1]} for one, point in moved.items()
        ]
        app.salesforce.update_many(Candidate.API_NAME, rows)  # what is refused is found by its city all the same


def _pass_on(
    book: Book,
    pool: str,
    moves: Moves,
    facts: dict[str, Facts],
    work: dict[str, set[str]],
    marks: dict[str, dict[str, int]],
) -> None:
    """Who joined or left is looked at by the pools whose rules name this one; they come later in the order."""
    need = f"{POOL}{pool}"
    for one in (*moves.joined, *moves.left):
        standing = dict(facts[one].pools)
        if one in moves.joined:
            standing[pool] = Standing()
        else:
            standing.pop(pool, None)
        facts[one] = replace(facts[one], pools=standing)
        for other in book.by_fact.get(need, ()):
            work.setdefault(other, set()).add(one)
        if need in book.by_fact and one in marks:
            marks[one] |= digests(facts[one], [need])


def remember(app: App, marks: Mapping[str, dict[str, int]], seen: Mapping[str, Item]) -> None:
    """Last: what was not written is judged again.

    When another worker has judged somebody meanwhile, one of the two has acted on older facts: the marks go, so that
    every pool looks at that person again.
    """
    beaten = 0
    for one, facts in marks.items():
        before = seen[one]["token"] if one in seen else None
        values = {"facts": facts, "token": secrets.token_hex(8)}
        if not app.people.update(*_key(one), values, only_if={"token": before}):
            app.people.delete(*_key(one))
            beaten += 1
    if beaten:
        raise TryAgain(f"{beaten} candidates were judged by another worker meanwhile", seconds=1)


def _key(candidate_id: str) -> tuple[str, str]:
    return f"candidate#{candidate_id}", JUDGED


def forget(app: App, candidate_ids: Iterable[str]) -> None:
    """For candidates that are erased."""
    for one in candidate_ids:
        app.people.delete(*_key(one))
