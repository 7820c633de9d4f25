"""The bench of the Salesforce client: both clients do the whole work, and its rows."""

import pytest

from integration.bench import sf
from integration.bench._served import serving
from integration.bench.org import load


@pytest.mark.slow
def test_both_clients_come_to_every_row():
    with serving() as server:
        load(server, range(2_500))
        rows = sf.measured(server, 1, 2_500)
    assert [row.unit for row in rows] == ["s", "MiB", "s", "s", "MiB"]
    assert [row.peer is None for row in rows] == [False, True, True, False, True]
    assert all(row.product >= 0 for row in rows)
    assert rows[2].product < 2
