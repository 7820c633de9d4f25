"""Elasticsearch's queries as People Data Labs takes them, as far as the service writes them: a test of one person."""

import re
from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]


class BadQuery(Exception):
    """Not a query, or one that the stand-in does not know."""


def matches(query: Any, person: Values) -> bool:
    """Whether a person is found by a query."""
    if not isinstance(query, dict) or len(query) != 1:
        raise BadQuery("a query is an object with one key")
    kind, body = next(iter(query.items()))
    if kind == "match_all":
        return True
    if kind == "bool":
        return _bool(body, person)
    if kind == "exists":
        return bool(person.get(str(body.get("field"))))
    if kind not in _TESTS or not isinstance(body, dict) or len(body) != 1:
        raise BadQuery(f"{kind} is not known here")
    field, wanted = next(iter(body.items()))
    wanted = wanted.get("value", wanted.get("query")) if isinstance(wanted, dict) else wanted
    value = person.get(field) or ""
    values = [str(each).lower() for each in (value if isinstance(value, list) else [value])]
    alternatives = wanted if isinstance(wanted, list) else [wanted]
    return any(_TESTS[kind](each, str(one).lower()) for each in values for one in alternatives)


def _bool(body: Any, person: Values) -> bool:
    if not isinstance(body, dict) or set(body) - {"must", "filter", "should", "must_not", "minimum_should_match"}:
        raise BadQuery("bool takes must, filter, should and must_not")
    must, should, must_not = ([*_list(body, *names)] for names in (("must", "filter"), ("should",), ("must_not",)))
    chosen = any(matches(each, person) for each in should) if should and not must else True
    return (
        chosen and all(matches(each, person) for each in must) and not any(matches(each, person) for each in must_not)
    )


def _list(body: Mapping[str, Any], *names: str) -> list[Any]:
    found = [body.get(name, []) for name in names]
    return [query for each in found for query in (each if isinstance(each, list) else [each])]


def _wildcard(value: str, wanted: str) -> bool:
    pattern = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in wanted)
    return re.fullmatch(pattern, value) is not None


def _prefix(value: str, wanted: str) -> bool:
    return value.startswith(wanted) or any(word.startswith(wanted) for word in re.findall(r"\w+", value))


def _words(value: str, wanted: str) -> bool:
    return set(re.findall(r"\w+", wanted)) <= set(re.findall(r"\w+", value))


_TESTS = {
    "term": lambda value, wanted: value == wanted,
    "terms": lambda value, wanted: value == wanted,
    "wildcard": _wildcard,
    "prefix": _prefix,
    "match": lambda value, wanted: bool(set(re.findall(r"\w+", wanted)) & set(re.findall(r"\w+", value))),
    "match_phrase": _words,
}
