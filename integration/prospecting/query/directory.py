"""A directory that is a file, and an ATS without a search of its own: all of it is read and asked here, exactly."""

from integration.model.boolean_query import Query
from integration.model.vocabulary import SearchSource
from integration.ports import Translation


def translate(query: Query) -> Translation:
    return Translation(SearchSource.DIRECTORY, query.canonical)
