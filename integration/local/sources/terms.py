"""The Boolean texts that GitHub, ORCID and OpenAlex take, as far as the service writes them: a test of one person.

Words, phrases, `field:value`, AND, OR, NOT, -, parentheses, wildcards, `"a b"~5`. Words are found as parts of values,
so a stand-in may give more people than a real source, never fewer.
"""

import re
from collections.abc import Callable, Mapping

Document = Mapping[str, str]
Test = Callable[[Document], bool]
_TOKEN = re.compile(
    r'\s*(?:(?P<mark>[()])|(?P<field>[\w.-]+):(?=[("\w\\*?])|(?P<phrase>"(?:\\.|[^"\\])*")(?:[~^][\d.]+)?'
    r"|(?P<minus>[-+!])(?=\S)|(?P<term>(?:\\.|[^\s()\"])+))"
)


class BadTerms(Exception):
    """The text is none of this language."""


def read(text: str, names: Mapping[str, tuple[str, ...]]) -> Test:
    """A test of one person. `names` says which of our fields a field means; "" is everything."""
    reader = _Reader(text, names)
    test = reader.any_of(("",)) if reader.tokens else _everybody
    if reader.tokens[reader.at :]:
        raise BadTerms(f"Cannot parse {text[:80]!r}")
    return test


def _everybody(document: Document) -> bool:
    return True


class _Reader:
    def __init__(self, text: str, names: Mapping[str, tuple[str, ...]]) -> None:
        self.names, self.at = names, 0
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if not found or not found.lastgroup:
                raise BadTerms(f"Cannot parse {text[place : place + 40]!r}")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()

    def look(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def any_of(self, fields: tuple[str, ...]) -> Test:
        parts = [self.all_of(fields)]
        while self.look() == ("term", "OR"):
            self.take()
            parts.append(self.all_of(fields))
        return lambda document: any(part(document) for part in parts)

    def all_of(self, fields: tuple[str, ...]) -> Test:
        parts = [self.one(fields)]
        while self.look() not in (("end", ""), ("mark", ")"), ("term", "OR")):
            if self.look() == ("term", "AND"):
                self.take()
            parts.append(self.one(fields))
        return lambda document: all(part(document) for part in parts)

    def one(self, fields: tuple[str, ...]) -> Test:
        kind, text = self.take() if self.at < len(self.tokens) else ("end", "")
        if kind == "minus" or (kind, text) == ("term", "NOT"):
            inner = self.one(fields)
            return inner if text == "+" else lambda document: not inner(document)
        if kind == "field":
            if text not in self.names:
                raise BadTerms(f"There is no field {text!r} here")
            return self.one(self.names[text])
        if (kind, text) == ("mark", "("):
            group = self.any_of(fields)
            if self.at >= len(self.tokens) or self.take() != ("mark", ")"):
                raise BadTerms("A parenthesis is not closed")
            return group
        if kind in ("phrase", "term") and text not in ("AND", "OR"):
            return _holds(text, fields)
        raise BadTerms("An operator has nothing to stand between")


def _holds(text: str, fields: tuple[str, ...]) -> Test:
    words = [word for word in re.sub(r"\\(.)", r"\1", text.strip('"')).split() if word]
    patterns = [re.compile(_pattern(word), re.IGNORECASE) for word in words]

    def test(document: Document) -> bool:
        values = document.values() if fields == ("",) else [document.get(field, "") for field in fields]
        return any(all(pattern.search(value) for pattern in patterns) for value in values)

    return test


def _pattern(word: str) -> str:
    wild = {"*": r"\S*", "?": r"\S"}
    return "".join(wild.get(letter, re.escape(letter)) for letter in word)
