"""Names and rows at the edge: the namespace put on and taken off, parents flattened, ids checked."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from integration.errors import Rejected, shortened
from integration.ports import Record, Value
from integration.records import qualified
from integration.soql import checked

_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?", re.ASCII)
_LITERAL = re.compile(r"('(?:\\.|[^'\\])*')")
_SOUGHT = re.compile(r"\s*FIND\s*\{(?:\\.|[^\\}])*\}", re.IGNORECASE | re.DOTALL)
_SELECT = re.compile(r"\s*SELECT\s+(.*?)\s+FROM\s", re.IGNORECASE | re.DOTALL)


def checked_id(value: str) -> str:
    """A record's id, fit for an address. Anything else is refused before a call is made."""
    if not _ID.fullmatch(value):
        raise Rejected(f"{shortened(value)} is not the id of a record.", field="Id", value=shortened(value))
    return value


class Names:
    """Spells names for one org: with `namespace__` where Warmbench is installed as a package."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def outgoing(self, name: str) -> str:
        """An object's or a field's name as the org spells it."""
        return qualified(checked(name), self._namespace)

    def outgoing_soql(self, soql: str) -> str:
        """A query with its names qualified and its quoted values as they were."""
        parts = _LITERAL.split(soql)
        return "".join(part if part.startswith("'") else qualified(part, self._namespace) for part in parts)

    def outgoing_sosl(self, sosl: str) -> str:
        """A search with its names qualified, and the words between its braces as they were."""
        found = _SOUGHT.match(sosl)
        return (found[0] if found else "") + self.outgoing_soql(sosl[found.end() if found else 0 :])

    def outgoing_row(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """A row for JSON; `Parent__r.Key__c` becomes a reference by external id, or an empty lookup."""
        row: dict[str, Any] = {}
        for name, value in values.items():
            parent, _, field = self.outgoing(name).partition(".")
            if not field:
                row[parent] = value
            elif value is None or value == "":
                row[parent.removesuffix("__r") + ("__c" if parent.endswith("__r") else "Id")] = None
            else:
                row[parent] = {field: value}
        return row

    def incoming(self, name: str) -> str:
        """A name of the org as we spell it."""
        if not self._namespace:
            return name
        return re.sub(rf"\b{re.escape(self._namespace)}__(?=\w)", "", name)

    def incoming_record(self, record: Mapping[str, Any], asked: Sequence[str] = ()) -> Record:
        """A record flattened; `asked` parent fields are there as None when the lookup is empty."""
        flat: Record = {}
        self._flatten(record, "", flat)
        parents = [path for path in asked if "." in path]
        for path in parents:
            flat.setdefault(path, None)
            flat.pop(path.split(".")[0], None)
        return flat

    def _flatten(self, record: Mapping[str, Any], path: str, flat: Record) -> None:
        for name, value in record.items():
            if name == "attributes":
                continue
            here = path + self.incoming(name)
            if isinstance(value, dict):
                if "records" in value:
                    raise ValueError(f"{here} is a list of children; ask for them by a query of their own")
                self._flatten(value, f"{here}.", flat)
            else:
                flat[here] = value


def asked_fields(soql: str) -> list[str]:
    """The select list of a query."""
    found = _SELECT.match(soql)
    return [field.strip() for field in found[1].split(",")] if found else []
