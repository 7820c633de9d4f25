"""Unmerge takes a merge back: 5,000 random pairs in the embedded org, every row of every object compared."""

from collections import Counter

import pytest

from integration.candidates.merging import merge, unmerge
from integration.candidates.merging.children import FILES, MOVED
from integration.records import Candidate, DuplicatePair
from integration.sending.suppression import look
from tests.in_memory import FilesInMemory, TableInMemory
from tests.unit.people.random_people import RandomPeople, rows_of

PAIRS = 5_000
PARTS = 10
FEW = 30
LOOKUPS = {kind.object: kind for kind in (*MOVED, FILES)}


@pytest.fixture
def random_app(app):
    """The app on the embedded org; what lies in AWS is kept in memory."""
    for name in ("people", "claims", "sends", "due"):
        setattr(app, name, TableInMemory())
    app.data = FilesInMemory()
    return app


@pytest.mark.parametrize("part", [pytest.param(part, marks=pytest.mark.slow) for part in range(PARTS)])
def test_unmerge_restores_both_people_their_memberships_sends_and_consents(random_app, org, part):
    restored(random_app, org, part, PAIRS // PARTS)


def test_unmerge_restores_a_few_random_pairs(random_app, org):
    restored(random_app, org, "a few", FEW)


def restored(app, org, seed, pairs):
    """Three pairs of ten are a chain: the second takes in who remained of the first."""
    world = RandomPeople(app, org, seed)
    chains = pairs * 3 // 20
    ids = world.make(3 * chains + 2 * (pairs - 2 * chains))
    threes = [ids[3 * number : 3 * number + 3] for number in range(chains)]
    rest = ids[3 * chains :]
    twos = [rest[place : place + 2] for place in range(0, len(rest), 2)]
    before, kept, said = rows_of(org), ledger(app), suppressions(app)
    done = []
    for group in (*threes, *twos):
        one, *others = group
        for other in others:
            wish = world.chance.choice(["First", "Second", None])
            pair = app.salesforce.create(
                DuplicatePair.API_NAME,
                {DuplicatePair.FIRST: one, DuplicatePair.SECOND: other, DuplicatePair.KEEP: wish},
            )
            merge(app, pair)
            one = app.salesforce.get(DuplicatePair.API_NAME, pair, [DuplicatePair.SURVIVOR])[DuplicatePair.SURVIVOR]
            done.append(pair)
    assert len(done) == pairs
    groups = [{world.keys[one] for one in group} for group in (*threes, *twos)]
    nothing_is_lost(before, rows_of(org), groups)
    the_strictest_counts(app, groups, said)
    assert ledger(app) == kept
    for pair in reversed(done):
        unmerge(app, pair)
    after = rows_of(org)
    for name, rows in before.items():
        assert told(after[name]) == told(rows), name
    assert ledger(app) == kept
    assert suppressions(app) == said


def told(rows):
    return sorted(repr(row) for row in rows)


def nothing_is_lost(before, merged, groups):
    """Every row of either hangs on the one who remains; two for one thing became one."""
    for name, kind in LOOKUPS.items():
        here, there = by_person(before[name], kind), by_person(merged[name], kind)
        remaining = {row[Candidate.CANDIDATE_KEY] for row in merged[Candidate.API_NAME]}
        for group in groups:
            [own] = group & remaining
            rows = [row for key in group for row in here.get(key, ())]
            if kind.twin:
                assert Counter({row[kind.twin] for row in rows}) == Counter(
                    row[kind.twin] for row in there.get(own, ())
                )
            else:
                assert len(there.get(own, ())) == len(rows), name
    one_record = {row[Candidate.CANDIDATE_KEY]: row for row in merged[Candidate.API_NAME]}
    for group in groups:
        people = [row for row in before[Candidate.API_NAME] if row[Candidate.CANDIDATE_KEY] in group]
        [own] = group & one_record.keys()
        for name in (Candidate.DO_NOT_CONTACT, Candidate.DO_NOT_REHIRE):
            assert one_record[own][name] == max(row[name] for row in people)
        assert one_record[own][Candidate.PAUSED_UNTIL] == max(
            (row[Candidate.PAUSED_UNTIL] for row in people if row[Candidate.PAUSED_UNTIL]), default=None
        )


def by_person(rows, kind):
    found = {}
    for row in rows:
        found.setdefault(row[kind.lookup], []).append(row)
    return found


def the_strictest_counts(app, groups, said):
    """A “no” of either stops mail to every one of their keys."""
    for group in groups:
        reasons = {said[key] for key in group if key in said}
        for key in group:
            reason = look(app, key, f"{key}@a.example").reason
            assert (reason is not None) == bool(reasons)


def ledger(app):
    return dict(app.sends.items)


def suppressions(app):
    return {
        pk.removeprefix("person#"): item["reason"]
        for (pk, sk), item in app.people.items.items()
        if sk == "suppression" and item.get("reason")
    }
