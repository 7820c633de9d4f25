"""SOSL: a statement to a search over the text of the org's records."""

from integration.local.org.sosl.find import search
from integration.local.org.sosl.parser import parse, parse_object
from integration.local.org.sosl.statement import GROUPS, MOST_RESULTS, Returned, Search
from integration.local.org.sosl.terms import parse_terms

__all__ = ["GROUPS", "MOST_RESULTS", "Returned", "Search", "parse", "parse_object", "parse_terms", "search"]
