"""The bench of the rollup: a flush by jobs, its calls counted by the org, its numbers counted again."""

import pytest

from integration.bench import rollup


@pytest.mark.slow
def test_a_flush_by_jobs_takes_as_many_calls_as_a_million_events_may():
    calls, memory = rollup.run(1, [7_500])
    assert round(calls.product * 7_500 / 1e6) == rollup.CALLS_GOAL
    assert 0 < memory.product < rollup.MEMORY_GOAL
