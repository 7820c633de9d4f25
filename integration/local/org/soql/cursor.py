"""A place in a query's tokens, and the small reads that every rule of the grammar is made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from integration.local.org.soql.errors import located, too_complicated, unexpected
from integration.local.org.soql.tokens import Token, tokenize

_NEVER_NAMES = frozenset({"NULL", "TRUE", "FALSE", "FOR", "UPDATE", "ELSE"})
"""Words that name neither object nor field nor alias."""
_DEEPEST = 100
_LONGEST_NUMBER = 4000
_NEVER_ALIASES = _NEVER_NAMES | {
    "AND", "AS", "ASC", "DESC", "EXCLUDES", "FIRST", "FROM", "GROUP", "HAVING", "IN", "INCLUDES", "LAST", "LIKE",
    "LIMIT", "NOT", "NULLS", "OR", "SELECT", "USING", "WHERE", "WITH",
}  # fmt: skip


class Cursor:
    """Reads tokens forward."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokenize(text)
        self._index = 0
        self._depth = 0

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Around what stands in parentheses; refuses to go on for ever."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise too_complicated()
        yield
        self._depth -= 1

    def look(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._index + ahead, len(self._tokens) - 1)]

    def take(self) -> Token:
        token = self.look()
        self._index += 1
        return token

    def refuse(self, token: Token | None = None) -> NoReturn:
        token = token or self.look()
        if token.text == ":" and self.look(1).kind == "name":
            raise located("MALFORMED_QUERY", self.text, token.at, "Bind variables only allowed in Apex code")
        raise unexpected(self.text, token.at, token.text)

    def is_word(self, *words: str, ahead: int = 0) -> bool:
        token = self.look(ahead)
        return token.kind == "name" and token.text.upper() in words

    def accept(self, *words: str) -> str:
        """Takes one of the keywords and tells which, or nothing."""
        return self.take().text.upper() if self.is_word(*words) else ""

    def expect(self, *words: str) -> str:
        return self.accept(*words) or self.refuse()

    def is_mark(self, mark: str, ahead: int = 0) -> bool:
        token = self.look(ahead)
        return token.kind == "mark" and token.text == mark

    def accept_mark(self, mark: str) -> bool:
        if not self.is_mark(mark):
            return False
        self._index += 1
        return True

    def expect_mark(self, mark: str) -> None:
        if not self.accept_mark(mark):
            self.refuse()

    def whole_number(self) -> int:
        token = self.look()
        if token.kind != "number" or not token.text.isdigit():
            self.refuse()
        self._index += 1
        return self._integer(token)

    def _integer(self, token: Token) -> int:
        if len(token.text) > _LONGEST_NUMBER:
            raise located("NUMBER_OUTSIDE_VALID_RANGE", self.text, token.at, "number outside valid range")
        return int(token.text)

    def count(self) -> int:
        """The n of LAST_N_DAYS:n, which may have a sign."""
        token = self.look()
        if token.kind != "number" or not token.text.lstrip("+-").isdigit():
            self.refuse()
        self._index += 1
        return self._integer(token)

    def number(self) -> str:
        if self.look().kind != "number":
            self.refuse()
        return self.take().text

    def name(self) -> Token:
        if self.look().kind != "name" or self.is_word(*_NEVER_NAMES):
            self.refuse()
        return self.take()

    def alias(self) -> str:
        """Takes a name that may be an alias, or nothing."""
        token = self.look()
        if token.kind != "name" or "." in token.text or self.is_word(*_NEVER_ALIASES):
            return ""
        return self.take().text
