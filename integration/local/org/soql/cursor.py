"""A place in a query's tokens, and the small reads that every rule of the grammar is made of."""

from typing import NoReturn

from integration.local.org.soql.errors import located, unexpected
from integration.local.org.soql.tokens import Token, tokenize
from integration.local.org.soql.tree import Call, Expression, Path

_ARGUMENTS = {
    "COUNT": (0, 1),
    "COUNT_DISTINCT": (1, 1),
    "SUM": (1, 1),
    "AVG": (1, 1),
    "MIN": (1, 1),
    "MAX": (1, 1),
    "TOLABEL": (1, 1),
    "FORMAT": (1, 1),
    "CONVERTTIMEZONE": (1, 1),
    "CONVERTCURRENCY": (1, 1),
    "GROUPING": (1, 1),
    "CALENDAR_MONTH": (1, 1),
    "CALENDAR_QUARTER": (1, 1),
    "CALENDAR_YEAR": (1, 1),
    "DAY_IN_MONTH": (1, 1),
    "DAY_IN_WEEK": (1, 1),
    "DAY_IN_YEAR": (1, 1),
    "DAY_ONLY": (1, 1),
    "FISCAL_MONTH": (1, 1),
    "FISCAL_QUARTER": (1, 1),
    "FISCAL_YEAR": (1, 1),
    "HOUR_IN_DAY": (1, 1),
    "WEEK_IN_MONTH": (1, 1),
    "WEEK_IN_YEAR": (1, 1),
}
"""Functions and how many arguments they take. DISTANCE is refused by name in `call`."""


class Cursor:
    """Reads tokens forward."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokenize(text)
        self._index = 0

    def look(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._index + ahead, len(self._tokens) - 1)]

    def take(self) -> Token:
        token = self.look()
        self._index += 1
        return token

    def refuse(self, token: Token | None = None) -> NoReturn:
        token = token or self.look()
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
        return int(token.text)

    def name(self) -> Token:
        if self.look().kind != "name":
            self.refuse()
        return self.take()

    def expression(self) -> Expression:
        """A field path, or a function of one."""
        token = self.name()
        if not self.is_mark("("):
            return Path(tuple(token.text.split(".")), token.at)
        return self._call(token)

    def _call(self, token: Token) -> Call:
        name = token.text.upper()
        if name in ("DISTANCE", "GEOLOCATION"):
            raise located("NOT_IMPLEMENTED", self.text, token.at, f"The local org does not implement {name} in queries")
        if name not in _ARGUMENTS:
            self.refuse(token)
        self.expect_mark("(")
        arguments: list[Expression] = []
        while not self.accept_mark(")"):
            if arguments:
                self.expect_mark(",")
            arguments.append(self.expression())
        low, high = _ARGUMENTS[name]
        if not low <= len(arguments) <= high:
            reason = f"wrong number of arguments to function {token.text}"
            raise located("MALFORMED_QUERY", self.text, token.at, reason)
        return Call(name, tuple(arguments), token.at)
