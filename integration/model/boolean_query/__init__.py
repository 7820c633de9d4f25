"""One Boolean language for every search: the query as values, its meaning, and how it is shown.

query = parse("title:(engineer OR developer) AND java -junior")     # integration.prospecting.query
query.matches({"title": "Software engineer", "text": "Java, Kotlin"})
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from integration.model.boolean_query.fields import FIELDS
from integration.model.boolean_query.matching import Document, compiled, country_code, country_meant
from integration.model.boolean_query.tree import And, In, Near, Node, Not, Or, Words, both, either, leaves, without
from integration.model.boolean_query.wording import as_text, in_words
from integration.model.boolean_query.words import NotAWord, Word

__all__ = [
    "FIELDS",
    "And",
    "Document",
    "In",
    "Near",
    "Node",
    "Not",
    "NotAWord",
    "Or",
    "Query",
    "Word",
    "Words",
    "both",
    "country_code",
    "country_meant",
    "either",
    "leaves",
    "without",
]


@dataclass(frozen=True)
class Query:
    """What a recruiter asked for. Two queries are equal when they mean the same tree."""

    root: Node
    text: str = field(default="", compare=False)
    """As it was typed."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """How doubtful pieces were read, for the recruiter to see."""

    def matches(self, document: Document) -> bool:
        """Whether a document, a mapping of field to text, is asked for."""
        return self._test(document)

    @cached_property
    def _test(self) -> Callable[[Document], bool]:
        return compiled(self.root)

    @property
    def canonical(self) -> str:
        """The query with every parenthesis written, for storing and comparing."""
        return as_text(self.root)

    @property
    def in_words(self) -> str:
        return in_words(self.root)
