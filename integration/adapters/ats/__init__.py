"""Applicant tracking systems: one file each. `connect` makes the one of a connection's kind.

A connection's secret (`Secret_Name__c`) is flat JSON; which entries a system wants stands in its file. Every entry that
ends in `_url` is an address in place of the vendor's public one, trusted because only an operator can write it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from integration.adapters.ats.ashby import ashby
from integration.adapters.ats.calls import Calls
from integration.adapters.ats.greenhouse import greenhouse
from integration.adapters.ats.lever import lever
from integration.adapters.searches.addresses import origin_of
from integration.adapters.searches.edge import Edge
from integration.adapters.searches.turns import Turns
from integration.errors import Rejected, shortened
from integration.model.vocabulary import ConnectionKind
from integration.ports import Ats, Clock, Table

AGENT = "Warmbench/1.0"


@dataclass(frozen=True)
class Access:
    """What one connection is reached with."""

    connection: str
    """Its key: pace is kept for each."""
    clock: Clock
    pace: Table
    secret: Mapping[str, str] = field(repr=False)
    rate: float = 1.0
    """Multiplies the published rates."""
    sleep: Callable[[float], None] = time.sleep

    def calls(self, system: str) -> Calls:
        """Requests to the system, in its name."""
        turns = Turns(self.pace, self.clock, f"ats {self.connection}", factor=self.rate, sleep=self.sleep)
        trusted = [origin_of(url) for name, url in self.secret.items() if name.endswith("_url") and url]
        return Calls(Edge(system, turns, self.clock, agent=AGENT, trusted=trusted))

    def url(self, name: str, public: str) -> str:
        """The vendor's address, or the operator's in its place; without a slash at its end."""
        return (self.secret.get(f"{name}_url") or public).rstrip("/")


def connect(kind: str, access: Access) -> Ats:
    """The system of a connection; raises Rejected when there is no adapter for its kind."""
    make = _MAKERS.get(kind)
    if make is None:
        raise Rejected(f"There is no adapter for “{shortened(kind)}”.", field="Kind", value=shortened(kind))
    return make(access)


_MAKERS: Mapping[str, Callable[[Access], Ats]] = {
    ConnectionKind.ASHBY: ashby,
    ConnectionKind.GREENHOUSE: greenhouse,
    ConnectionKind.LEVER: lever,
}
"""Word of `ATS_Connection__c.Kind__c` -> what makes its `Ats`."""
