"""What tests of prospect sources share: a source on an empty account, whose waits move the frozen clock."""

from datetime import timedelta

import pytest

from integration.adapters.searches import Access, connect
from integration.ports import Translation


class Waits(list):
    """The waits of a search, each of which moved the clock instead of taking time."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def __call__(self, seconds):
        self.append(seconds)
        self._clock.at += timedelta(seconds=seconds)


@pytest.fixture
def waits(app):
    return Waits(app.clock)


@pytest.fixture
def access(app, waits):
    """`access(github="a token")`; the published rates hold."""

    def made(*, endpoints=None, private_hosts=(), contact="", rate=1.0, **secret):
        return Access(
            clock=app.clock,
            pace=app.pace,
            kept=app.data,
            secret=secret,
            endpoints=endpoints or {},
            private_hosts=private_hosts,
            contact=contact,
            rate=rate,
            sleep=waits,
        )

    return made


def found(source, query="", limit=1_000, **parameters):
    """The hits of a search."""
    return list(source.search(Translation(str(source), query, parameters), limit=limit))


__all__ = ["Waits", "access", "connect", "found", "waits"]
