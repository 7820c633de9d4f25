"""A parsed search as values."""

from dataclasses import dataclass

from integration.local.org.soql.tree import Query
from integration.local.org.sosl.terms import Wanted

MOST_RESULTS = 2000
GROUPS = ("ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR")
"""The words before FIELDS after IN."""


@dataclass(frozen=True)
class Returned:
    """One object after RETURNING, as the query that its matches go through."""

    query: Query
    has_limit: bool = False


@dataclass(frozen=True)
class Search:
    """`returned` is empty where every searchable object is meant."""

    text: str
    """The statement, for the places of faults."""
    wanted: Wanted
    group: str = "ALL"
    returned: tuple[Returned, ...] = ()
    limit: int = MOST_RESULTS
