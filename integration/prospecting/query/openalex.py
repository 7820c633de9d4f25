"""OpenAlex: authors by the words of their names, and by the country or the institution they were last at."""

from integration.model.boolean_query import Near, Or, Query, Words, country_code
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import solr, spelling
from integration.prospecting.query.widening import (
    EVERYBODY,
    Formula,
    Leaf,
    Losses,
    Unaskable,
    all_of,
    asked_alone,
    told,
    widened,
)


def translate(query: Query) -> Translation:
    losses = Losses()
    formula = widened(query.root, _Names(losses), losses)
    parameters = {}
    countries = _countries(query)
    if countries:
        parameters["filter"] = f"last_known_institutions.country_code:{'|'.join(countries)}"
    institution = "" if formula != EVERYBODY else _institution(query)
    if institution:
        parameters["institution"] = institution
        losses.tell(f"Of the institutions called {institution} only the best match is asked for.")
    if formula == EVERYBODY and not institution:
        raise Unaskable(
            "OpenAlex finds people by name, institution and country only. Add one of the first two that must occur, "
            'such as name:Smith or employer:"Trinity College Dublin", or leave this source out.',
            field="Query__c",
        )
    text = "" if formula == EVERYBODY else solr.written(formula)
    return Translation(SearchSource.OPENALEX, text, parameters, tuple(losses.told), not losses.told)


def _countries(query: Query) -> list[str]:
    """Codes of which one must hold."""
    for name, part in asked_alone(query.root):
        words = part.parts if isinstance(part, Or) else (part,)
        codes = [country_code(word.text) for word in words if isinstance(word, Words)]
        if name == "country" and len(codes) == len(words) and all(codes):
            return list(dict.fromkeys(codes))
    return []


def _institution(query: Query) -> str:
    for name, part in asked_alone(query.root):
        if name in ("employer", "school") and isinstance(part, Words) and not spelling.has_wildcard(part):
            return part.text
    return ""


class _Names:
    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def finds(self, name: str, leaf: Leaf) -> Formula:
        if name not in ("name", "first", "last"):
            if name != "country":
                self._losses.tell(f"{told(name, leaf)} is not asked: OpenAlex searches authors by their names.")
            return EVERYBODY
        words = (leaf.left, leaf.right) if isinstance(leaf, Near) else (leaf,)
        if any(spelling.has_unspaced(each) for each in words):
            self._losses.tell(f"{told(name, leaf)} is not asked: OpenAlex cuts this script into words in its own way.")
            return EVERYBODY
        if isinstance(leaf, Near):
            self._losses.tell(f"{told(name, leaf)}: OpenAlex asks for both, however far apart they stand.")
        if any(spelling.has_wildcard(each) for each in words):
            self._losses.tell(f"{told(name, leaf)}: OpenAlex knows no wildcards; what has one is not asked.")
        return all_of(solr.term(each, "", self._losses, wildcards=False) for each in words)

    def spares(self, name: str, leaf: Leaf) -> Formula:
        self._losses.tell(f"NOT {told(name, leaf)} is not asked: OpenAlex would also leave out forms of the word.")
        return EVERYBODY
