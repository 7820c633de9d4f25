"""The words between the braces of FIND: terms, phrases, wildcards and AND, OR, AND NOT.

Parentheses bind first, then AND NOT, then AND (which also stands between bare words), then OR.
"""

import re
from dataclasses import dataclass

from integration.local.org.soql.errors import SoqlError, located

LONGEST = 10_000
_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<mark>[()])|(?P<phrase>"(?:\\.|[^"\\])*")|(?P<term>(?:\\.|[^\s()"\\])+)', re.DOTALL
)
_PIECE = re.compile(r"\\(.)|([*?])|([^\\])", re.DOTALL)
_UNESCAPED = frozenset("{}[]^~|!")
"""Reserved characters that mean nothing here. Others, such as - and &, part words as in the text that is searched."""
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True)
class Term:
    """Words that follow one another; `*` and `?` are wildcards."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    parts: "tuple[Wanted, ...]"


@dataclass(frozen=True)
class AnyOf:
    parts: "tuple[Wanted, ...]"


@dataclass(frozen=True)
class Without:
    wanted: "Wanted"
    unwanted: "Wanted"


Wanted = Term | AllOf | AnyOf | Without


def parse_terms(text: str, start: int = 0, end: int | None = None) -> Wanted:
    """What the piece of the statement from `start` to `end` asks for."""
    end = len(text) if end is None else end
    if end - start > LONGEST:
        raise SoqlError("INVALID_SEARCH", f"search term must not be longer than {LONGEST} characters")
    reader = _Reader(text, start, end)
    wanted = reader.any_of()
    if reader.kind:
        raise reader.refusal()
    if reader.characters < 2:
        reason = f"search term must be longer than one character: {text[start:end].strip()}"
        raise SoqlError("INVALID_SEARCH", reason)
    return wanted


class _Reader:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._end = end
        self._depth = 0
        self.characters = 0
        """How many letters and digits are asked for in all."""
        self.at = start
        self.kind = ""
        self.piece = ""
        self._next = start
        self._advance()

    def _advance(self) -> None:
        self.at = self._next
        while True:
            match = _TOKEN.match(self._text, self.at, self._end)
            if match is None or match.lastgroup != "space":
                break
            self.at = match.end()
        if self.at < self._end and match is None:
            raise located("MALFORMED_SEARCH", self._text, self.at, f"unexpected character: '{self._text[self.at]}'")
        self.kind = (match.lastgroup or "") if match else ""
        self.piece = match.group() if match else ""
        self._next = match.end() if match else self.at

    def refusal(self) -> SoqlError:
        return located("MALFORMED_SEARCH", self._text, self.at, f"unexpected token: '{self.piece or '}'}'")

    def _is(self, word: str) -> bool:
        return self.kind == "term" and self.piece.upper() == word

    def any_of(self) -> Wanted:
        parts = [self._all_of()]
        while self._is("OR"):
            self._advance()
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self) -> Wanted:
        parts = [self._unit()]
        while self.kind and self.piece != ")" and not self._is("OR"):
            negated = False
            if self._is("AND"):
                self._advance()
                negated = self._is("NOT")
                if negated:
                    self._advance()
            unit = self._unit()
            if negated:
                parts[-1] = Without(parts[-1], unit)
            else:
                parts.append(unit)
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _unit(self) -> Wanted:
        if self.piece == "(" and self.kind == "mark":
            return self._group()
        if self.kind not in ("term", "phrase") or self.piece.upper() in _OPERATORS:
            raise self.refusal()
        body = self.piece[1:-1] if self.kind == "phrase" else self.piece
        term = Term(self._words(body))
        self._advance()
        return term

    def _group(self) -> Wanted:
        self._depth += 1
        if self._depth > 50:
            raise located("MALFORMED_SEARCH", self._text, self.at, "too many parentheses")
        self._advance()
        inner = self.any_of()
        if self.piece != ")":
            raise self.refusal()
        self._advance()
        self._depth -= 1
        return inner

    def _words(self, body: str) -> tuple[str, ...]:
        pattern = "".join(self._piece(match) for match in _PIECE.finditer(body))
        words = tuple(re.findall(r"(?:[^\W_]|[*?])+", pattern.lower()))
        self.characters += sum(len(word.replace("*", "").replace("?", "")) for word in words)
        if any(word[0] in "*?" for word in words):
            raise SoqlError("INVALID_SEARCH", f"a wildcard cannot be the first character of a search term: {body}")
        return words

    def _piece(self, match: re.Match[str]) -> str:
        """An escaped character is text, and all that is neither letter nor digit parts words."""
        escaped, wildcard, plain = match.groups()
        if escaped is not None:
            return escaped if escaped not in "*?" else " "
        if plain is not None and plain in _UNESCAPED:
            reason = f"reserved character '{plain}' must be escaped with a backslash"
            raise located("MALFORMED_SEARCH", self._text, self.at, reason)
        return wildcard or plain
