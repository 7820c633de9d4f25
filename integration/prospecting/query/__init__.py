"""The Boolean language of prospect searches: read once, translated for each source.

query = parse('title:(engineer OR developer) AND java NEAR/5 "team lead" -junior')
translate(query, SearchSource.GITHUB).losses    # what GitHub cannot express, in plain words
left = remaining(query, SearchSource.GITHUB)    # what its people must still be asked
[hit for hit in hits if left is None or left.matches(document(hit))]
"""

from integration.prospecting.query.documents import document
from integration.prospecting.query.faults import BadQuery
from integration.prospecting.query.parser import parse
from integration.prospecting.query.translating import remaining, translate
from integration.prospecting.query.web import Link, links
from integration.prospecting.query.widening import Unaskable

__all__ = ["BadQuery", "Link", "Unaskable", "document", "links", "parse", "remaining", "translate"]
