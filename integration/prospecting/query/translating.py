"""A query in the words of each source, and what of it the people found must still be asked."""

from integration.errors import Rejected, shortened
from integration.model.boolean_query import And, In, Near, Node, Not, Or, Query, Words, both, either, without
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import (
    directory,
    github,
    ldap,
    openalex,
    orcid,
    org,
    people_data_labs,
    stack_exchange,
)


def translate(query: Query, source: str) -> Translation:
    """Finds everybody whom the query means and perhaps more; the losses tell why.

    Raises Unaskable, which is Rejected, when the source can be asked nothing of it, and Rejected for an unknown source.
    """
    match source:
        case SearchSource.ORG | SearchSource.APPLICANTS:
            return org.translate(query, SearchSource(source))
        case SearchSource.DIRECTORY:
            return directory.translate(query)
        case SearchSource.LDAP:
            return ldap.translate(query)
        case SearchSource.GITHUB:
            return github.translate(query)
        case SearchSource.STACK_EXCHANGE:
            return stack_exchange.translate(query)
        case SearchSource.ORCID:
            return orcid.translate(query)
        case SearchSource.OPENALEX:
            return openalex.translate(query)
        case SearchSource.PEOPLE_DATA_LABS:
            return people_data_labs.translate(query)
    raise Rejected(f"{shortened(source)} is no source of searches.", field="source", value=shortened(source))


def remaining(query: Query, source: str) -> Query | None:
    """What the people found must still be asked, for `matches(document(hit))`; None when nothing is left.

    Sources search more than they send along: GitHub says who writes Python and not that this one does, ORCID looks
    through works. Such a word the source vouches for; all else is asked again.
    """
    left = _left(query.root, query, source, "", negated=False)
    return Query(left, query.text, query.notes) if left is not None else None


def _left(node: Node, query: Query, source: str, name: str, *, negated: bool) -> Node | None:
    """The node without what the source vouches for; None for what is thereby fulfilled."""
    match node:
        case Words() | Near():
            if not negated and _vouched(query, source, name, node):
                return None
            asked: Node = In(name, node) if name else node
            return without(asked) if negated else asked
        case In():
            return _left(node.part, query, source, node.field, negated=negated)
        case Not():
            return _left(node.part, query, source, name, negated=not negated)
        case And() | Or():
            parts = [_left(part, query, source, name, negated=negated) for part in node.parts]
            kept = [part for part in parts if part is not None]
            if isinstance(node, And) != negated:
                return both(kept) if kept else None
            return either(kept) if len(kept) == len(parts) else None


def _vouched(query: Query, source: str, name: str, leaf: Words | Near) -> bool:
    match source:
        case SearchSource.GITHUB:
            return name == "skill" and leaf in github.languages(query)
        case SearchSource.ORCID:
            return name in orcid.UNSEEN and orcid.is_asked(leaf)
    return False
