"""Saved mappings: chosen by a recruiter, or by themselves when a file has the very columns they were saved for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from integration.errors import Rejected, shortened
from integration.ports import Value
from integration.prospecting.files.table import About
from integration.prospecting.imports.columns import distinct_headers
from integration.prospecting.imports.layout import HEADER_WITHIN, read_mapping
from integration.prospecting.imports.reading import DELIMITERS, Line, first_records
from integration.records import CandidateImport, ImportProfile
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

NAME_LENGTH = 80
_MEANT = ("columns", "dates", "country", "existing")
"""What a profile says: what columns mean. Where they stand differs from file to file."""


@dataclass(frozen=True)
class Profile:
    id: str
    name: str
    mapping: dict[str, Any] = field(default_factory=dict)


def key_of(headers: Iterable[str]) -> str:
    """Import_Profile__c.Key__c of a file with these columns, in whatever order they stand."""
    names = sorted({" ".join(name.casefold().split()) for name in headers})
    return blake2b("\x1f".join(names).encode(errors="replace"), digest_size=16).hexdigest()


def chosen(app: App, profile_id: str) -> Profile:
    """The profile that the recruiter has chosen; raises Rejected when its mapping cannot be used."""
    row = app.salesforce.get(ImportProfile.API_NAME, profile_id, [ImportProfile.NAME, ImportProfile.MAPPING])
    return _profile(profile_id, str(row[ImportProfile.NAME]), str(row[ImportProfile.MAPPING] or ""))


def matching(app: App, lines: Sequence[str], about: About | None) -> Profile | None:
    """The profile that was saved for the columns of this file."""
    fields = [ImportProfile.ID, ImportProfile.NAME, ImportProfile.KEY, ImportProfile.MAPPING]
    rows = app.salesforce.query(select(ImportProfile.API_NAME, fields))
    known = {str(row[ImportProfile.KEY]): row for row in rows if row[ImportProfile.KEY]}
    for line in _possible_headers(lines, about) if known else ():
        row = known.get(key_of(distinct_headers(line.cells)))
        if row is not None and len(line.cells) > 1:
            text = str(row[ImportProfile.MAPPING] or "")
            return _profile(str(row[ImportProfile.ID]), str(row[ImportProfile.NAME]), text)
    return None


def _possible_headers(lines: Sequence[str], about: About | None) -> Iterable[Line]:
    if about is not None:
        return first_records(lines, ",", 1)
    return (line for delimiter in DELIMITERS for line in first_records(lines, delimiter, HEADER_WITHIN))


def _profile(profile_id: str, name: str, text: str) -> Profile:
    mapping = read_mapping(text)
    return Profile(profile_id, name, {word: value for word, value in mapping.items() if word in _MEANT})


def save(app: App, import_id: str) -> str:
    """Key: the file's columns. Keeps the import's mapping as the chosen profile, or as one of its own."""
    fields = [CandidateImport.NAME, CandidateImport.MAPPING, CandidateImport.PROFILE]
    record = app.salesforce.get(CandidateImport.API_NAME, import_id, fields)
    mapping = read_mapping(str(record[CandidateImport.MAPPING] or ""))
    if not mapping.get("columns"):
        raise Rejected(
            "There is no mapping to save yet. Command Preview first, correct it, then save it.", field="Mapping"
        )
    key = key_of(mapping["columns"])
    holder = _holder(app, key)
    wanted = str(record[CandidateImport.PROFILE] or "") or (holder.id if holder else "")
    if holder and wanted != holder.id:
        raise Rejected(
            f"The profile “{shortened(holder.name)}” stands for a file with these columns already. "
            "Choose that one as Profile, or delete it.",
            field="Profile",
            value=shortened(holder.name),
        )
    kept = {word: mapping[word] for word in _MEANT if mapping.get(word)}
    values: dict[str, Value] = {
        ImportProfile.KEY: key,
        ImportProfile.MAPPING: json.dumps(kept, ensure_ascii=False, indent=1),
    }
    if wanted:
        app.salesforce.update(ImportProfile.API_NAME, wanted, values)
        name = chosen(app, wanted).name
    else:
        name = shortened(str(record[CandidateImport.NAME]), NAME_LENGTH)
        [made] = app.salesforce.upsert_many(
            ImportProfile.API_NAME, ImportProfile.KEY, [{ImportProfile.NAME: name, **values}]
        )
        if not made.success:
            raise Rejected(f"Salesforce refused the profile: {made.message}", field="Profile")
        app.salesforce.update(CandidateImport.API_NAME, import_id, {CandidateImport.PROFILE: made.id})
    return f"Saved as profile “{name}”. Files with the same columns will use it by themselves."


def _holder(app: App, key: str) -> Profile | None:
    fields = [ImportProfile.ID, ImportProfile.NAME]
    rows = app.salesforce.query(select(ImportProfile.API_NAME, fields, where=equals(ImportProfile.KEY, key)))
    return Profile(str(rows[0][ImportProfile.ID]), str(rows[0][ImportProfile.NAME])) if rows else None
