"""LDAP: a filter of RFC 4515. A directory finds pieces of values, so each word is asked for as a piece.

Upper and lower case are one to every directory; accents are to Active Directory, not to OpenLDAP, so a word that was
typed with accents is asked for in both spellings.
"""

import re

from integration.model.boolean_query import Query, Words, country_meant
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import spelling
from integration.prospecting.query.widening import (
    EVERYBODY,
    AllOf,
    AnyOf,
    Asked,
    Formula,
    Leaf,
    Losses,
    Unaskable,
    any_of,
    told,
    widened,
)

_NAME = ("cn", "displayName", "givenName", "sn")
_PLACE = ("l", "st", "co")
_TEXT = ("department", "ou", "description")
_EMPLOYER = ("company", "o")
_PHONE = ("telephoneNumber", "mobile")
_SITE = ("labeledURI",)
ATTRIBUTES = {
    "name": _NAME,
    "first": _NAME,
    "last": _NAME,
    "title": ("title",),
    "employer": _EMPLOYER,
    "location": _PLACE,
    "city": _PLACE,
    "region": _PLACE,
    "country": _PLACE,
    "skill": _TEXT,
    "school": _TEXT,
    "email": ("mail",),
    "phone": _PHONE,
    "site": _SITE,
    "text": _TEXT,
    "": (*_NAME, "title", *_EMPLOYER, *_PLACE, "mail", *_PHONE, *_SITE, *_TEXT),
}
_UNSAFE = re.compile(r"[\x00-\x1f\\*()\x7f]")


def translate(query: Query) -> Translation:
    losses = Losses()
    formula = widened(query.root, _Filter(losses), losses)
    if formula == EVERYBODY:
        raise Unaskable(
            "The LDAP directory can be asked nothing of this query: it cannot look for what is absent. Add a word that "
            "must occur, or leave this source out.",
            field="Query__c",
        )
    losses.tell("An LDAP directory finds parts of words too, such as java in JavaScript.")
    return Translation(SearchSource.LDAP, _written(formula), {}, tuple(losses.told), is_exact=False)


class _Filter:
    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def finds(self, name: str, leaf: Leaf) -> Formula:
        attributes = ATTRIBUTES.get(name)
        if attributes is None:
            self._losses.tell(f"{told(name, leaf)} is not asked: an LDAP directory does not know it.")
            return EVERYBODY
        if isinstance(leaf, Words):
            pieces = [_pieces(cores) for cores in spelling.literals(leaf)]
        else:
            self._losses.tell(f"{told(name, leaf)}: both are asked for in one value, however far apart they stand.")
            lefts, rights = spelling.literals(leaf.left), spelling.literals(leaf.right)
            pieces = [_pieces(one + other) for one in lefts for other in rights]
            if not leaf.in_order:
                pieces += [_pieces(other + one) for one in lefts for other in rights]
        asked: list[Formula] = [Asked(f"({attribute}={piece})") for attribute in attributes for piece in pieces]
        country = country_meant(leaf, name) if isinstance(leaf, Words) else ""
        return any_of([*asked, Asked(f"(c={country})")] if country else asked)

    def spares(self, name: str, leaf: Leaf) -> Formula:
        self._losses.tell(f"NOT {told(name, leaf)} is not asked: the directory would also leave out parts of words.")
        return EVERYBODY


def _pieces(cores: tuple[str, ...]) -> str:
    """The words as parts of a value in their order; what stands between them does not matter."""
    runs = [run for core in cores for run in re.split(r"[*?]+", core) if run]
    return "*" + "*".join(escaped(run) for run in runs) + "*"


def escaped(text: str) -> str:
    """A value as RFC 4515 §3 writes it."""
    return _UNSAFE.sub(lambda match: f"\\{ord(match.group()):02x}", text)


def _written(formula: Formula) -> str:
    match formula:
        case Asked():
            return str(formula.value)
        case AllOf():
            return f"(&{''.join(_written(part) for part in formula.parts)})"
        case AnyOf():
            return f"(|{''.join(_written(part) for part in formula.parts)})"
