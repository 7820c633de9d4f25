"""People Data Labs: Elasticsearch's bool queries. Its values are lower case; all but texts are kept whole (keyword).

Whole values are asked for by wildcards around the words, texts by match and match_phrase, whose slop serves NEAR.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from integration.model.boolean_query import Near, Query, Words, country_meant
from integration.model.boolean_query.matching import country_name
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import spelling
from integration.prospecting.query.widening import (
    EVERYBODY,
    AllOf,
    AnyOf,
    Asked,
    Formula,
    Leaf,
    Losses,
    Unaskable,
    any_of,
    told,
    widened,
)

_TEXTS = ("summary",)
_PROSE = ("summary", "industry", "education.school.name")
_PLACE = ("location_name", "location_country")
_WEB = ("linkedin_url", "github_url", "twitter_url", "facebook_url")
FIELDS = {
    "name": ("full_name", "first_name", "last_name"),
    "first": ("first_name", "full_name"),
    "last": ("last_name", "full_name"),
    "title": ("job_title",),
    "employer": ("job_company_name",),
    "location": _PLACE,
    "city": _PLACE,
    "region": _PLACE,
    "country": _PLACE,
    "skill": ("skills", *_PROSE),
    "school": _PROSE,
    "email": ("work_email", "personal_emails", "emails.address"),
    "phone": ("mobile_phone", "phone_numbers"),
    "site": _WEB,
    "text": _PROSE,
}
_ANYWHERE = ("name", "title", "employer", "location", "skill", "email", "phone")
_NOT_IN = {
    "title": ("job_title",),
    "employer": ("job_company_name",),
    "skill": ("skills",),
    "text": ("summary",),
    "": ("job_title", "job_company_name", "skills", "summary"),
}
_SHORT = 2
_JOINTS = ".'’"
_STARS = re.compile(r"\*+")

Json = Mapping[str, Any]


def translate(query: Query) -> Translation:
    losses = Losses()
    formula = widened(query.root, _Person(losses), losses)
    if not _demands(formula):
        raise Unaskable(
            "People Data Labs would charge for everybody it has, since it can be asked for nothing that must occur. "
            "Add a longer word that must occur, or leave this source out.",
            field="Query__c",
        )
    asked = json.dumps(_written(formula), ensure_ascii=False)
    return Translation(SearchSource.PEOPLE_DATA_LABS, asked, {}, tuple(losses.told), not losses.told)


class _Person:
    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def finds(self, name: str, leaf: Leaf) -> Formula:
        fields = _fields(name)
        if not fields:
            self._losses.tell(f"{told(name, leaf)} is not asked: People Data Labs does not know it.")
            return EVERYBODY
        if isinstance(leaf, Near):
            return self._near(name, leaf, fields)
        if spelling.has_single_letter(leaf) and len(leaf.words) == 1 and not spelling.has_sign(leaf):
            self._losses.tell(f"{told(name, leaf)} is not asked: a letter stands in nearly everybody's profile.")
            return EVERYBODY
        if len(leaf.words) > 1:
            self._tell_joined(name, leaf)
        self._losses.tell("People Data Labs finds parts of words too, such as java in JavaScript.")
        country = country_meant(leaf, name)
        found = [clause for field in fields for cores in _spelled(field, leaf) for clause in _clauses(field, cores)]
        if country:
            found.append({"term": {"location_country": country_name(country).lower()}})
        return any_of(Asked(clause) for clause in found)

    def _near(self, name: str, leaf: Near, fields: Iterable[str]) -> Formula:
        self._tell_joined(name, leaf)
        self._losses.tell(f"{told(name, leaf)}: in short fields both are asked for, however far apart they stand.")
        return any_of(
            Asked(clause)
            for field in fields
            for left in _spelled(field, leaf.left)
            for right in _spelled(field, leaf.right)
            for clause in _near_clauses(field, left, right, leaf)
        )

    def _tell_joined(self, name: str, leaf: Leaf) -> None:
        self._losses.tell(
            f"{told(name, leaf)}: in summaries, words joined as in node.js count as one and may be missed."
        )

    def spares(self, name: str, leaf: Leaf) -> Formula:
        fields = _NOT_IN.get(name, ())
        if not isinstance(leaf, Words) or not spelling.is_plain(leaf) or not fields:
            self._losses.tell(f"NOT {told(name, leaf)} is not asked.")
            return EVERYBODY
        if not name:
            self._losses.tell(f"NOT {told(name, leaf)} is asked of title, employer, skills and summary only.")
        text = " ".join(word.core for word in leaf.words)
        return Asked({"bool": {"must_not": [clause for field in fields for clause in _whole(field, text)]}})


def _fields(name: str) -> tuple[str, ...]:
    if name:
        return FIELDS.get(name, ())
    return tuple(dict.fromkeys(field for each in _ANYWHERE for field in FIELDS[each]))


def _spelled(field: str, words: Words) -> list[tuple[str, ...]]:
    return spelling.spellings(words) if field in _TEXTS else spelling.literals(words)


def _clauses(field: str, cores: tuple[str, ...]) -> list[Json]:
    """At least those whose field holds the words in this order."""
    if field not in _TEXTS:
        return [_within(field, "*".join(cores))]
    if any("*" in core or "?" in core for core in cores):
        parts = [_within(field, core) for core in cores if core.strip("*")]
        return [parts[0] if len(parts) == 1 else {"bool": {"must": parts}}]
    if len(cores) == 1:
        return [_within(field, cores[0])] if len(cores[0]) > _SHORT else _alone(field, cores[0])
    phrase: Json = {"match_phrase": {field: {"query": " ".join(cores)}}}
    return [phrase, _within(field, "*".join(cores))] if len(cores) == 2 else [phrase]


def _within(field: str, pattern: str) -> Json:
    return {"wildcard": {field: {"value": _STARS.sub("*", f"*{pattern}*")}}}


def _alone(field: str, core: str) -> list[Json]:
    """A short word: by itself, or joined to others as in node.js, which is one word to a text field."""
    ends = [
        pattern for joint in _JOINTS for pattern in (f"*{joint}{core}", f"{core}{joint}*", f"*{joint}{core}{joint}*")
    ]
    joined: list[Json] = [{"wildcard": {field: {"value": pattern}}} for pattern in ends]
    return [{"match": {field: {"query": core}}}, *joined]


def _near_clauses(field: str, left: tuple[str, ...], right: tuple[str, ...], leaf: Near) -> list[Json]:
    has_wildcards = any("*" in core or "?" in core for core in left + right)
    if field in _TEXTS and not has_wildcards:
        turned = 0 if leaf.in_order else len(left) + len(right)
        return [{"match_phrase": {field: {"query": " ".join(left + right), "slop": leaf.distance + turned}}}]
    if field in _TEXTS:
        return [{"bool": {"must": [_one_of(_clauses(field, left)), _one_of(_clauses(field, right))]}}]
    turned_around = [] if leaf.in_order else _clauses(field, right + left)
    return [*_clauses(field, left + right), *turned_around]


def _one_of(clauses: list[Json]) -> Json:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _whole(field: str, text: str) -> list[Json]:
    """Only those whose field holds the words as words."""
    if field in _TEXTS:
        return [{"match_phrase": {field: {"query": text}}}]
    patterns = (f"{text} *", f"* {text}", f"* {text} *")
    return [{"term": {field: text}}, *({"wildcard": {field: {"value": pattern}}} for pattern in patterns)]


def _demands(formula: Formula) -> bool:
    """Whether something must occur: else everybody who lacks a word would be paid for."""
    match formula:
        case Asked():
            return not (isinstance(formula.value, Mapping) and "must_not" in formula.value.get("bool", {}))
        case AllOf():
            return any(_demands(part) for part in formula.parts)
        case AnyOf():
            return all(_demands(part) for part in formula.parts)


def _written(formula: Formula) -> Json:
    match formula:
        case Asked():
            return formula.value if isinstance(formula.value, Mapping) else {}
        case AllOf():
            return {"bool": {"must": [_written(part) for part in formula.parts]}}
        case AnyOf():
            return {"bool": {"should": [_written(part) for part in formula.parts], "minimum_should_match": 1}}
