"""How Lucene's query parser answers: AND, OR, NOT, groups, fields, phrases with slop, wildcards."""

import re

from tests.unit.people.engines.letters import bare, slop_needed

_TOKEN = re.compile(r'\s*(?:(\(|\))|((?:[\w-]+:)?"[^"]*"(?:~\d+)?)|((?:\\.|[^\s()"])+))')
_WORDS = r"\w+"


def matches(query, record, default=""):
    """`record` maps fields to texts; `default` is the field of words that name none."""
    parts = [next(each for each in match.groups() if each) for match in _TOKEN.finditer(query)]
    found, end = _any(parts, 0, record, default)
    assert end == len(parts), parts[end:]
    return found


def _any(parts, at, record, default):
    found, at = _all(parts, at, record, default)
    while at < len(parts) and parts[at] == "OR":
        other, at = _all(parts, at + 1, record, default)
        found = other or found
    return found, at


def _all(parts, at, record, default):
    found, at = _one(parts, at, record, default)
    while at < len(parts) and parts[at] not in ("OR", ")"):
        other, at = _one(parts, at + (parts[at] == "AND"), record, default)
        found = other and found
    return found, at


def _one(parts, at, record, default):
    if parts[at] == "NOT":
        found, at = _one(parts, at + 1, record, default)
        return not found, at
    if parts[at] == "(":
        found, at = _any(parts, at + 1, record, default)
        assert parts[at] == ")"
        return found, at + 1
    assert parts[at] not in ("AND", "OR", ")"), parts
    return _term(parts[at], record, default), at + 1


def _term(part, record, default):
    named = re.match(r"([a-z-]+):(?=.)", part)
    field, body = (named.group(1), part[named.end() :]) if named else (default, part)
    phrase = re.fullmatch(r'"([^"]*)"(?:~(\d+))?', body)
    texts = [re.findall(_WORDS, bare(text)) for text in record.get(field, [])]
    if phrase:
        wanted, slop = re.findall(_WORDS, bare(phrase.group(1))), int(phrase.group(2) or 0)
        needed = [slop_needed(wanted, text) for text in texts]
        return any(each is not None and each <= slop for each in needed)
    pattern = re.escape(bare(re.sub(r"\\(.)", r"\1", body))).replace(r"\*", r"\w*").replace(r"\?", r"\w")
    return any(re.fullmatch(pattern, word) for text in texts for word in text)
