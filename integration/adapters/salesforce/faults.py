"""What Salesforce's error codes mean to us, and how a recruiter is told.

No message holds an address, a query or a record's values: Salesforce's own texts quote all three, so they stay here.
The two that are passed on are written by the org's own admins: validation rules, and nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simple_salesforce.exceptions import SalesforceError

from integration.errors import Gone, Rejected, TryAgain

LIMIT_SECONDS = 900

LIMITED = {"REQUEST_LIMIT_EXCEEDED", "TXN_SECURITY_METERING_ERROR"}
GONE = {"ENTITY_IS_DELETED"}
_PASSING = {
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "PROCESSING_HALTED",
    "QUERY_TIMEOUT",
    "REQUEST_RUNNING_TOO_LONG",
    "SERVER_UNAVAILABLE",
    "UNABLE_TO_LOCK_ROW",
}

# The codes a recruiter or an admin can act on: {field} is the field's name in words.
_REMEDIES = {
    "CANNOT_EXECUTE_FLOW_TRIGGER": "An automation of the org stopped the record. Ask an admin which one, and why.",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "An automation of the org stopped the record. Ask an admin which one.",
    "DELETE_FAILED": "The record is still in use by others. Remove it there first.",
    "DUPLICATES_DETECTED": "The org's duplicate rules know a record like this one. Use that one, or correct this one.",
    "DUPLICATE_EXTERNAL_ID": "The same key stands twice in one load. Keep one of the rows.",
    "DUPLICATE_VALUE": "Another record has the same {field}. Use that record, or change {field}.",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A rule of the org refused {field}. Correct it.",
    "FIELD_FILTER_VALIDATION_EXCEPTION": "The record chosen for {field} is not allowed there. Choose another.",
    "FIELD_INTEGRITY_EXCEPTION": "{field} does not fit the record. Choose another value.",
    "INVALID_CROSS_REFERENCE_KEY": "{field} refers to a record that is not there. Choose another.",
    "INVALID_EMAIL_ADDRESS": "{field} is not an e-mail address. Correct it.",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "{field} cannot be set here. Leave it out.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "{field} has a value that is not on its list. Choose one of the list.",
    "INVALID_TYPE_ON_FIELD_IN_RECORD": "{field} has a value of another kind, such as a word for a number. Correct it.",
    "MALFORMED_ID": "{field} is not a record. Choose one.",
    "MISSING_ARGUMENT": "{field} is empty, and the record is found by it. Fill it in.",
    "NUMBER_OUTSIDE_VALID_RANGE": "{field} is larger than the field takes. Correct it.",
    "REQUIRED_FIELD_MISSING": "{field} is empty. Fill it in.",
    "STRING_TOO_LONG": "{field} is longer than the field takes. Shorten it.",
}
_UNKNOWN_PARENT = "Foreign key external ID"
_FIELD_IN_TEXT = re.compile(
    r"duplicate value found: (\w+)|not found for field (\w+)|Required fields are missing: \[([^\]]*)\]"
)
_HOLDER_IN_TEXT = re.compile(r"on record with id: (\w{15,18})")
_LENGTH_IN_TEXT = re.compile(r"max length=(\d+)")


class SalesforceFault(Exception):
    """Not for a recruiter and not passing: missing rights, changed metadata, a wrong query. An alarm is due."""

    def __init__(self, code: str, doing: str = "") -> None:
        super().__init__(f"Salesforce refused{f' {doing}' if doing else ''}: {code}")
        self.code = code


class Passing(TryAgain):
    """May pass within seconds. `unprocessed` says that the call is proven to have changed nothing."""

    def __init__(self, message: str, *, unprocessed: bool = False, pause: float = 0.0) -> None:
        super().__init__(message)
        self.unprocessed = unprocessed
        self.pause = pause


class LimitReached(TryAgain):
    """The org's calls of the day are used up."""


class Duplicate(Rejected):
    """Another record, `holder`, has the same value in a unique field."""

    def __init__(self, message: str, *, field: str, holder: str) -> None:
        super().__init__(message, field=field)
        self.holder = holder


@dataclass(frozen=True)
class Problem:
    """One entry of Salesforce's error list."""

    code: str
    text: str = ""
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Problem":
        """From `{errorCode | statusCode, message, fields}`; the fields are looked for in the text where left out."""
        text = str(entry.get("message") or "")
        named = tuple(str(field) for field in entry.get("fields") or ())
        return cls(str(entry.get("errorCode") or entry.get("statusCode") or ""), text, named or _fields_in(text))

    @property
    def holder(self) -> str:
        """The record that has the duplicated value already, where the text tells."""
        found = _HOLDER_IN_TEXT.search(self.text) if self.code == "DUPLICATE_VALUE" else None
        return _long_id(found[1]) if found else ""


def is_passing(code: str) -> bool:
    """Whether the same call may succeed in a moment."""
    return code in _PASSING or code.startswith("CONCURRENT_")


def meaning_of(error: SalesforceError) -> Exception:
    """What a refused call is to our callers."""
    if error.status == 300:
        return Rejected("Several records have this key. Merge them, then try again.")
    return meaning(problem_of(error.content), error.status)


def meaning(problem: Problem, status: int) -> Exception:
    """What one problem of a call is to our callers."""
    code = problem.code
    if code in LIMITED:
        return LimitReached(f"the org takes no more calls for now ({code})", seconds=LIMIT_SECONDS)
    if is_passing(code):
        return Passing(f"Salesforce is busy ({code})", unprocessed=True)
    if code in GONE:
        return Gone("The record was deleted.")
    field = problem.fields[0] if problem.fields else ""
    if code == "DUPLICATE_VALUE":
        return Duplicate(in_words(problem), field=field, holder=problem.holder)
    if is_for_people(problem):
        return Rejected(in_words(problem), field=field)
    if status >= 500:
        return Passing(f"Salesforce failed ({code or status})")
    return SalesforceFault(code or f"HTTP {status}")


def is_for_people(problem: Problem) -> bool:
    """Whether somebody who may edit the record can put it right."""
    return problem.code in _REMEDIES or _UNKNOWN_PARENT in problem.text


def in_words(problem: Problem) -> str:
    """A sentence for the record's page: the field and what to do, never the value."""
    if problem.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION" and problem.text:
        return problem.text
    fields = " and ".join(map(_label, problem.fields)) or "A field"
    if _UNKNOWN_PARENT in problem.text:
        return f"{fields} names a record that is not there. Create it first, or correct the name."
    if is_passing(problem.code):
        return "Somebody else was changing the record, or one it belongs to. Try again."
    remedy = _REMEDIES.get(problem.code, f"The org refused the record ({problem.code}). Ask an admin.")
    length = _LENGTH_IN_TEXT.search(problem.text)
    room = f" It takes {length[1]} characters." if length and problem.code == "STRING_TOO_LONG" else ""
    return remedy.format(field=fields) + room


def problem_of(content: Any) -> Problem:
    """The first problem of an error's content, whatever its shape; pages that are not JSON have none."""
    entry = content[0] if isinstance(content, list) and content else content
    return Problem.of(entry) if isinstance(entry, Mapping) else Problem("")


def _fields_in(text: str) -> tuple[str, ...]:
    found = _FIELD_IN_TEXT.search(text)
    if not found:
        return ()
    return tuple(name.strip() for name in "".join(group or "" for group in found.groups()).split(","))


def _long_id(record_id: str) -> str:
    """The 18 characters of an id that a text gives as 15: three more say which of them are capitals."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    fives = (record_id[start : start + 5] for start in (0, 5, 10))
    suffix = "".join(alphabet[sum(letter.isupper() << place for place, letter in enumerate(five))] for five in fives)
    return record_id[:15] + suffix


def _label(field: str) -> str:
    return field.removesuffix("__c").removesuffix("__r").replace("_", " ").strip() or field
