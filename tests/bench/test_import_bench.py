"""`warmbench bench import` and `load` on short lists: every row is accounted for, by all processes."""

from importlib import import_module

import pytest

from integration.bench import load

imports = import_module("integration.bench.import")


def test_the_bench_finds_every_row_and_measures_all_processes():
    time, processor, memory = imports.run(1, [2_000])
    assert "processor time" in processor.metric
    assert 0 < memory.product < memory.goal
    assert min(time.product, time.peer, processor.product, processor.peer) > 0


@pytest.mark.slow
def test_a_load_accounts_for_every_row_in_the_org():
    time, processor, memory = load.run(1, [400])
    assert processor.product > 0
    assert 0 < memory.product < memory.goal
    assert time.goal == load.SECONDS * 400 / 100_000
