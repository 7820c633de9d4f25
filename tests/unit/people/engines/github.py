"""How GitHub answers: words of name or e-mail, places, languages; a qualifier that stands twice is an alternative."""

import re

from tests.unit.people.engines.letters import bare

_PART = re.compile(r'(location|language|in|type):("[^"]*"|\S+)|("[^"]*"|\S+)')


def matches(query, profile, languages):
    asked = {}
    words = []
    for kind, value, word in _PART.findall(query):
        if kind:
            asked.setdefault(kind, []).append(value.strip('"'))
        elif word != "OR":
            words.append(word.strip('"'))
    assert query.count(" OR ") <= 5
    assert len(" OR ".join(words)) <= 256
    scope = {"name": "name", "email": "email"}[asked.get("in", ["name"])[0]]
    return (
        (not words or any(_holds(profile.get(scope), word) for word in words))
        and _any(asked, "location", lambda value: _holds(profile.get("location"), value))
        and _any(asked, "language", lambda value: value in languages)
    )


def _any(asked, kind, test):
    return kind not in asked or any(test(value) for value in asked[kind])


def _holds(text, phrase):
    words = r"[^\W_]+"
    return " ".join(re.findall(words, bare(phrase))) in " ".join(re.findall(words, bare(text or "")))
