"""What an erasure has rewritten, for the certificate: each place noted once, before it is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integration.app import App

_DID = "did#"


@dataclass(frozen=True)
class Notes:
    """Key: the erasure and the place. An attempt that comes again counts the same places."""

    app: App
    partition: str

    def note(self, kind: str, place: str) -> None:
        self.app.people.put({"pk": self.partition, "sk": f"{_DID}{kind}#{place}"})

    def counts(self) -> Counter[str]:
        """How many places, by kind."""
        return Counter(item["sk"].split("#")[1] for item in self._items())

    def clear(self) -> None:
        for item in list(self._items()):
            self.app.people.delete(item["pk"], item["sk"])

    def _items(self) -> list[dict[str, str]]:
        return list(self.app.people.query(self.partition, prefix=_DID))
