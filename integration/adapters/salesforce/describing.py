"""The fields of an object, as the org describes them to our user."""

import time
from collections.abc import Mapping
from typing import Any

from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.names import Names
from integration.ports import DescribedField

KEEP_SECONDS = 300.0


class Descriptions:
    """Describe calls, remembered: a field that an administrator adds is noticed within five minutes."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._kept: dict[str, tuple[float, list[DescribedField]]] = {}

    def fields(self, object_name: str) -> list[DescribedField]:
        now = time.monotonic()
        read_at, found = self._kept.get(object_name, (float("-inf"), []))
        if now - read_at > KEEP_SECONDS:
            path = f"sobjects/{self._names.outgoing(object_name)}/describe"
            answer: Any = self._connection.run(lambda client: client.restful(path), repeatable=True)
            found = [self._field(each) for each in answer["fields"] if self._is_ours(each["name"])]
            self._kept[object_name] = (now, found)
        return found

    def _is_ours(self, name: str) -> bool:
        """Queries spell every custom name with our namespace, so a field outside it cannot be asked for."""
        return self._names.outgoing(self._names.incoming(name)) == name

    def _field(self, described: Mapping[str, Any]) -> DescribedField:
        words = tuple(str(word["value"]) for word in described.get("picklistValues") or () if word["active"])
        return DescribedField(
            self._names.incoming(described["name"]),
            str(described["label"]),
            str(described["type"]),
            bool(described["filterable"]),
            words,
            bool(described["createable"]) and bool(described["updateable"]),
            bool(described["unique"]),
        )
