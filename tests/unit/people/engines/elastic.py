"""How Elasticsearch answers the queries that are sent to People Data Labs, of keyword fields and one text field."""

import re

from tests.unit.people.engines.letters import bare, slop_needed, tokens

TEXTS = {"summary"}


def matches(query, person):
    [(kind, body)] = query.items()
    if kind == "bool":
        assert set(body) <= {"must", "should", "must_not", "minimum_should_match"}
        return (
            all(matches(each, person) for each in body.get("must", []))
            and (not body.get("should") or any(matches(each, person) for each in body["should"]))
            and not any(matches(each, person) for each in body.get("must_not", []))
        )
    [(field, asked)] = body.items()
    values = _values(person, field)
    return any(_KINDS[kind](field, asked, value) for value in values)


def _values(person, field):
    found = [person]
    for name in field.split("."):
        found = [value for each in found for value in _several(each.get(name))]
    return [str(value) for value in found]


def _several(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def _terms(field, value):
    return tokens(value) if field in TEXTS else [bare(value)]


def _wildcard(field, asked, value):
    pattern = re.escape(bare(asked["value"])).replace(r"\*", ".*").replace(r"\?", ".")
    return any(re.fullmatch(pattern, term, re.DOTALL) for term in _terms(field, value))


def _prefix(field, asked, value):
    return any(term.startswith(bare(asked["value"])) for term in _terms(field, value))


def _term(field, asked, value):
    return bare(asked) in _terms(field, value)


def _match(field, asked, value):
    assert field in TEXTS
    return any(word in tokens(value) for word in tokens(asked["query"]))


def _phrase(field, asked, value):
    assert field in TEXTS
    needed = slop_needed(tokens(asked["query"]), tokens(value))
    return needed is not None and needed <= asked.get("slop", 0)


_KINDS = {"wildcard": _wildcard, "prefix": _prefix, "term": _term, "match": _match, "match_phrase": _phrase}
