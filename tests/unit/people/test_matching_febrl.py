"""Doubles in FEBRL, held against splink; and the merges of made-up towns, of which one in a thousand may be wrong."""

import csv

import pytest

from integration.bench import _clerks, _matches
from integration.bench.match import write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def febrl(tmp_path_factory):
    folder = tmp_path_factory.mktemp("febrl")
    _matches.febrl(folder)
    return folder


@pytest.mark.parametrize("names", [("febrl3",), ("febrl4a", "febrl4b")], ids=["FEBRL3", "FEBRL4"])
def test_merge_and_review_together_find_at_least_what_splink_finds(febrl, names):
    files = [febrl / f"{name}.csv" for name in names]
    with files[0].open(newline="") as file:
        entities = [_matches.febrl_entity(row["rec_id"]) for row in csv.DictReader(file)]
    true = len(entities) if len(files) > 1 else _matches.true_pairs(entities)
    ours, theirs = febrl / "ours.csv", febrl / "theirs.csv"
    _matches.product(files, _matches.FEBRL_MAP, ours)
    _matches.peer_on_febrl(files, theirs)
    found = _matches.outcome(ours, _matches.febrl_entity, true)
    assert found.recall >= _matches.outcome(theirs, _matches.febrl_entity, true).recall
    assert found.merge_precision >= 0.999
    assert found.review_precision >= 0.9
    assert found.merged_right / true >= 0.6


def test_merges_are_right_among_families_namesakes_and_role_mailboxes(tmp_path):
    merged = right = 0
    for seed, (schema, clerk) in enumerate((s, c) for s in ("everything", "crm", "register") for c in _clerks.CLERKS):
        made = _clerks.rows(800, clerk, 500 + seed)
        entities = {row["id"]: row["entity"] for row in made}
        write(tmp_path / "town.csv", made, ("id", *_clerks.SCHEMAS[schema]))
        _matches.product([tmp_path / "town.csv"], None, tmp_path / "pairs.csv")
        true = _matches.true_pairs(list(entities.values()))
        found = _matches.outcome(tmp_path / "pairs.csv", entities.__getitem__, true)
        merged, right = merged + found.merged, right + found.merged_right
    assert merged >= 2_000
    assert right / merged >= 0.999
