"""The gates of clients hold against the committed baseline."""

import pytest

from integration.local.fidelity import main

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("gate", ["simple_salesforce", "jsforce", "cumulusci"])
def test_client_is_served_as_the_baseline_says(gate, capsys):
    status = main([gate])
    assert status == 0, capsys.readouterr().out
