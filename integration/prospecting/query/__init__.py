"""The Boolean language of prospect searches: read once, translated for each source.

query = parse('title:(engineer OR developer) AND java NEAR/5 "team lead" -junior')
translate(query, SearchSource.GITHUB).losses    # what GitHub cannot express, in plain words
[hit for hit in hits if query.matches(document(hit))]
"""

from integration.prospecting.query.documents import document
from integration.prospecting.query.faults import BadQuery
from integration.prospecting.query.parser import parse

__all__ = ["BadQuery", "document", "parse"]
