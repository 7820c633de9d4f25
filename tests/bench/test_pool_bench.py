"""`warmbench bench pool` on a small org: rules and scans find the same people, and changes ask the rules."""

from integration.bench import pool


def test_the_bench_holds_rules_against_scans_of_the_same_file():
    with pool.people(3_000) as (app, connection):
        rows = pool.measured(app, connection, 1, 50)
    assert [row.metric for row in rows][:2] == ["rebuild: a few of all", "rebuild: nearly half"]
    assert rows[-1].metric == "50 changes, against the rebuild of all"
    assert all(row.product > 0 for row in rows)
    assert all(row.peer for row in rows)
