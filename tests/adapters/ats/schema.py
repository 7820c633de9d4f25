"""What a vendor's calls take, as JSON Schema: short words for writing it, and the check."""

import json
from functools import cache

import fastjsonschema

TEXT = {"type": "string", "minLength": 1}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
URL = {"type": "string", "pattern": "^https?://[^ ]+$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
EMAIL = {"type": "string", "pattern": "^[^@ ]+@[^@ ]+$"}
BOOLEAN = {"type": "boolean"}


def one_of(*words):
    return {"type": "string", "enum": list(words)}


def body(*required, **properties):
    """An object that holds nothing else; a misspelt name is found."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


class Requests:
    """The schemas of a vendor's calls by name; `complaints` is what did not fit, empty at the end of a good test."""

    def __init__(self, schemas):
        self._schemas = schemas
        self.complaints = []
        self.seen = []

    def fits(self, call, sent):
        self.seen.append((call, sent))
        if call not in self._schemas:
            self.complaints.append(f"{call} is not a call of the vendor's")
            return False
        try:
            _compiled(json.dumps(self._schemas[call]))(sent)
        except fastjsonschema.JsonSchemaException as fault:
            self.complaints.append(f"{call}: {fault.message}")
            return False
        return True


@cache
def _compiled(written):
    return fastjsonschema.compile(json.loads(written))
