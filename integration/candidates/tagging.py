"""Skills and tags of candidates: a word is one Tag__c however it is written, a candidate has it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from integration.candidates.writing import DUPLICATE, is_taken, raise_passing
from integration.model.vocabulary import TagKind
from integration.records import CandidateTag, Tag
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

WORD_LENGTH = 70
"""Of a tag: its key holds the kind as well."""
PER_QUERY = 200

Word = tuple[TagKind, str]


def tag(app: App, wanted: Mapping[str, Sequence[Word]]) -> dict[str, list[str]]:
    """Key: candidate and tag. Gives candidates (by id) their words; by candidate the Candidate_Tag__c rows of these
    words, those that stood already among them: an attempt that died may have made them."""
    words: dict[str, Word] = {}
    for kind, word in (one for given in wanted.values() for one in given if one[1].strip()):
        words.setdefault(key_of(kind, word), (kind, word))
    if not words:
        return {}
    ids = _tag_ids(app, words)
    rows = [
        {CandidateTag.CANDIDATE: candidate, CandidateTag.TAG: ids[key]}
        for candidate, given in wanted.items()
        for key in dict.fromkeys(key_of(kind, word) for kind, word in given if word.strip())
        if key in ids
    ]
    outcomes = app.salesforce.create_many(CandidateTag.API_NAME, rows)
    raise_passing(outcomes)
    standing: dict[str, list[str]] = {}
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.id and (outcome.success or is_taken(outcome)):
            standing.setdefault(row[CandidateTag.CANDIDATE], []).append(outcome.id)
    return standing


def untag(app: App, row_ids: Sequence[str]) -> None:
    """Takes words away again; those that went with their candidate, or by somebody's hand, are gone already."""
    outcomes = app.salesforce.delete_many(CandidateTag.API_NAME, row_ids) if row_ids else ()
    raise_passing(outcomes)


def key_of(kind: TagKind, word: str) -> str:
    """Tag__c.Key__c: `skill:python`."""
    return f"{kind.value.lower()}:{' '.join(word.casefold().split())[:WORD_LENGTH]}"


def _tag_ids(app: App, words: Mapping[str, Word]) -> dict[str, str]:
    """Key -> id of every word; those that nobody used so far are made."""
    ids = _standing(app, list(words))
    missing = [key for key in words if key not in ids]
    if missing:
        rows = [
            {Tag.KEY: key, Tag.NAME: " ".join(words[key][1].split())[:WORD_LENGTH], Tag.KIND: words[key][0].value}
            for key in missing
        ]
        outcomes = app.salesforce.create_many(Tag.API_NAME, rows)
        raise_passing(outcomes)
        ids |= {key: one.id for key, one in zip(missing, outcomes, strict=True) if one.success}
        # Another worker made the same word in between.
        ids |= _standing(app, [key for key, one in zip(missing, outcomes, strict=True) if one.code == DUPLICATE])
    return ids


def _standing(app: App, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(keys), PER_QUERY):
        where = is_in(Tag.KEY, keys[start : start + PER_QUERY])
        rows = app.salesforce.query(select(Tag.API_NAME, [Tag.ID, Tag.KEY], where=where))
        found |= {str(row[Tag.KEY]): str(row[Tag.ID]) for row in rows}
    return found
