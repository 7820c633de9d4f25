"""A query that cannot be meant: what is wrong, where, and what to do."""

from integration.errors import Rejected, shortened

_WINDOW = 60


class BadQuery(Rejected):
    """`position` counts characters of the query from 0."""

    def __init__(self, message: str, position: int, query: str) -> None:
        super().__init__(message, field="Query__c", value=shortened(query))
        self.position = position
        self.query = query

    @property
    def caret(self) -> str:
        """The part of the query around the fault with a mark under it."""
        start = max(0, self.position - _WINDOW)
        end = self.position + _WINDOW
        line = "".join(each if each.isprintable() else " " for each in self.query[start:end])
        before, after = "…" if start else "", "…" if end < len(self.query) else ""
        return f"{before}{line}{after}\n{' ' * (len(before) + self.position - start)}^"

    @property
    def shown(self) -> str:
        """Message and mark, for the record and the terminal."""
        return f"{self.message}\n{self.caret}"
