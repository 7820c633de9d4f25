"""ORCID: Solr over the register. Words without a field are looked for in the whole public record, works included."""

from integration.model.boolean_query import Query, Words
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import solr, spelling
from integration.prospecting.query.widening import EVERYBODY, Formula, Leaf, Losses, Unaskable, any_of, told, widened

_NAMES = ("given-names", "family-name", "credit-name", "other-names")
FIELDS = {
    "": ("",),
    "text": ("",),
    "title": ("",),
    "skill": ("",),
    "school": ("",),
    "employer": ("affiliation-org-name",),
    "name": _NAMES,
    "first": ("given-names", "credit-name", "other-names"),
    "last": ("family-name", "credit-name", "other-names"),
    "email": ("email",),
}
"""Field of a query -> fields of the register, of which one must hold it."""
UNSEEN = frozenset({"", "text", "title", "skill", "school", "employer"})
"""What the register searches but does not send along, so that its word must be taken for it."""


def translate(query: Query) -> Translation:
    losses = Losses()
    formula = widened(query.root, _Register(losses), losses)
    if formula == EVERYBODY:
        raise Unaskable(
            "ORCID can be asked nothing of this query: it knows names, institutions, e-mail and texts, and not what is "
            "absent. Add a word that must occur, or leave this source out.",
            field="Query__c",
        )
    return Translation(SearchSource.ORCID, solr.written(formula), {}, tuple(losses.told), not losses.told)


def is_asked(leaf: Leaf) -> bool:
    """Whether ORCID is asked for the words themselves, and not for letters that stand in them."""
    words = (leaf,) if isinstance(leaf, Words) else (leaf.left, leaf.right)
    return not any(spelling.reason(each) or spelling.has_unspaced(each) for each in words)


class _Register:
    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def finds(self, name: str, leaf: Leaf) -> Formula:
        fields = FIELDS.get(name)
        if fields is None:
            self._losses.tell(f"{told(name, leaf)} is not asked: ORCID cannot be searched by {name}.")
            return EVERYBODY
        words = (leaf,) if isinstance(leaf, Words) else (leaf.left, leaf.right)
        if any(spelling.has_unspaced(each) for each in words):
            self._losses.tell(f"{told(name, leaf)} is not asked: ORCID cuts this script into words in its own way.")
            return EVERYBODY
        if name in ("title", "skill", "school"):
            self._losses.tell(f"{told(name, leaf)}: ORCID looks for it anywhere in the record.")
        if isinstance(leaf, Words):
            return any_of(solr.term(leaf, field, self._losses) for field in fields)
        return any_of(solr.near(leaf, field, self._losses) for field in fields)

    def spares(self, name: str, leaf: Leaf) -> Formula:
        self._losses.tell(f"NOT {told(name, leaf)} is not asked: ORCID would look for it in all of a person's works.")
        return EVERYBODY
