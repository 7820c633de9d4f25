"""The fields that a rule may ask for: every filterable field of a candidate, as the org describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from integration.candidates.leaving import HIDDEN
from integration.model.segment_fields import Field, Kind
from integration.ports import DescribedField
from integration.records import Candidate

if TYPE_CHECKING:
    from integration.app import App

_KINDS: Mapping[str, Kind] = {
    "string": "text", "email": "text", "phone": "text", "url": "text", "textarea": "text", "encryptedstring": "text",
    "picklist": "choice", "double": "number", "currency": "number", "percent": "number", "int": "number",
    "date": "date", "datetime": "date", "boolean": "yes", "reference": "reference",
}  # fmt: skip
KEPT_BACK = HIDDEN
"""Not everybody may see these, and a pool would show them by its members."""
_OF_THE_PLATFORM = frozenset(
    {
        "Id", "IsDeleted", "SystemModstamp", "LastModifiedDate", "LastModifiedById", "LastViewedDate",
        "LastReferencedDate",
    }
)  # fmt: skip
"""They change with every save, or name nothing that a recruiter means."""


def fields_of(app: App) -> dict[str, Field]:
    """By API name."""
    return {one.name: _field(one) for one in app.salesforce.fields(Candidate.API_NAME) if _may_be_asked(one)}


def _may_be_asked(one: DescribedField) -> bool:
    hidden = one.name in KEPT_BACK or one.name in _OF_THE_PLATFORM or one.name.endswith("__s")
    return one.filterable and one.type in _KINDS and not hidden


def _field(one: DescribedField) -> Field:
    return Field(one.name, one.label, _KINDS[one.type], one.words, is_moment=one.type == "datetime")
