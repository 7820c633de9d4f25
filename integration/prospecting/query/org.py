"""The org and its past applicants: SOSL's words between the braces of FIND, and a SOQL condition on the candidate.

SOSL looks through every text field, so a word in one field is asked for anywhere and filtered afterwards. Its AND NOT
would also look into keys, sources and time zones, where a word says nothing about the person; what must not occur is
therefore a condition on title, employer and city, which can name whole words.
"""

from collections.abc import Iterator, Mapping

from integration import soql
from integration.model.boolean_query import And, In, Near, Node, Not, Or, Query, Words, country_meant
from integration.model.vocabulary import SearchSource, Stage
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
    all_of,
    any_of,
    asked_alone,
    near_as_both,
    told,
    widened,
)
from integration.records import Candidate

MOST_ROWS = 2_000
_RESERVED = r"?&|!{}[]()^~*:\"" + "'+-"
_LONGEST = 10_000
_NOT_IN = {
    "": (Candidate.TITLE, Candidate.EMPLOYER, Candidate.CITY),
    "title": (Candidate.TITLE,),
    "employer": (Candidate.EMPLOYER,),
    "city": (Candidate.CITY,),
    "location": (Candidate.CITY,),
}
"""Field of a query -> fields of the candidate whose words count for it."""
_NAMES = frozenset({"name", "first", "last", "city", "region", "location"})
_BEAR_ACCENTS = frozenset("aceilnosuyz")
_BESIDE = frozenset({"", "skill", "site", "phone", "email"})
"""What may stand in a tag or a further address, which are records of their own."""


def translate(query: Query, source: SearchSource) -> Translation:
    losses = Losses()
    found = widened(query.root, _Words(losses), losses)
    where = widened(query.root, _Conditions(losses), Losses())
    text = _written(found)
    if _letters(found) < 2 and text:
        losses.tell(f"{text} is too short for Salesforce to search for; every candidate is read and filtered.")
        text = ""
    if len(text) > _LONGEST:
        losses.tell("The words are too many for one search in Salesforce; every candidate is read and filtered.")
        text = ""
    if not text:
        losses.tell("No word narrows this search, so it reads every candidate up to the search's limit.")
    parameters = dict(_parameters(where, query if source == SearchSource.APPLICANTS else None))
    beside = any_of(_beside(query.root)) if text else AnyOf(())
    if _letters(beside) > 1 and len(_written(beside)) <= _LONGEST:
        parameters["beside"] = _written(beside)
    return Translation(source, text, parameters, tuple(losses.told), not losses.told)


def _beside(node: Node, name: str = "", *, negated: bool = False) -> Iterator[Formula]:
    """The words that must occur, any of which may do so in a tag or a further address.

    Who is meant and has none of them there is found by his own text alone. What cannot be asked is no condition of
    that either.
    """
    match node:
        case Words() | Near():
            if not negated and name in _BESIDE:
                words = node if isinstance(node, Words) else node.left
                term = _Words(Losses()).term(words)
                yield from () if term == EVERYBODY else (term,)
        case In():
            yield from _beside(node.part, node.field, negated=negated)
        case Not():
            yield from _beside(node.part, name, negated=not negated)
        case And() | Or():
            for part in node.parts:
                yield from _beside(part, name, negated=negated)


def _parameters(where: Formula, applicants: Query | None) -> Mapping[str, str]:
    parameters = {"where": _condition(where).text} if where != EVERYBODY else {}
    stage = _stage(applicants) if applicants else ""
    return parameters | ({"stage": stage} if stage else {})


def _stage(query: Query) -> str:
    """The one stage that every applicant must be in."""
    for name, leaf in asked_alone(query.root):
        if name == "stage" and isinstance(leaf, Words):
            for stage in Stage:
                if Words.of(stage) == leaf:
                    return stage
    return ""


class _Words:
    """What stands in FIND."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def finds(self, name: str, leaf: Leaf) -> Formula:
        if name in ("job", "stage"):
            self._losses.tell(f"{told(name, leaf)} is looked for in the applications of those found.")
            return EVERYBODY
        if not isinstance(leaf, Words):
            self._losses.tell(f"{told(name, leaf)}: Salesforce asks for both, however far apart they stand.")
            return all_of(self.term(part) for part in near_as_both(leaf))
        found = any_of([self.term(leaf), *_accented(leaf)]) if name in _NAMES else self.term(leaf)
        country = country_meant(leaf, name)
        if country:
            return any_of([found, Asked(country)])
        if name and name != "country" and found != EVERYBODY:
            self._losses.tell(f"{told(name, leaf)}: Salesforce looks for it in every field.")
        return found

    def spares(self, name: str, leaf: Leaf) -> Formula:
        where = _NOT_IN.get(name, ())
        if isinstance(leaf, Words) and name == "country" and country_meant(leaf, name):
            return EVERYBODY
        if not isinstance(leaf, Words) or not spelling.is_plain(leaf) or not where:
            self._losses.tell(f"NOT {told(name, leaf)} is not asked.")
        elif len(where) > 1:
            self._losses.tell(f"NOT {told(name, leaf)} is asked of title, employer and city only.")
        return EVERYBODY

    def term(self, words: Words) -> Formula:
        if spelling.has_unspaced(words):
            self._losses.tell(f"“{words.text}” is not asked: Salesforce cuts this script into words in its own way.")
            return EVERYBODY
        if spelling.reason(words):
            self._losses.tell(f"{spelling.reason(words)}.")
        spelled = spelling.spellings(words)
        if len(words.words) > 1 and spelling.has_wildcard(words):
            self._losses.tell(f"“{words.text}”: its words are asked for in any order.")
            return any_of(all_of(Asked(_term((core,))) for core in cores if core.strip("*")) for cores in spelled)
        return any_of(Asked(_term(cores)) for cores in spelled)


def _accented(words: Words) -> Iterator[Formula]:
    """A name or place with any letter where one may bear an accent, since Salesforce is not known to ignore them."""
    if words.is_one and not spelling.has_wildcard(words) and words.text.isascii():
        core = words.words[0].core
        for at, letter in enumerate(core):
            if at and letter in _BEAR_ACCENTS:
                yield Asked(f"{core[:at]}?{core[at + 1 :]}")


class _Conditions:
    """What the candidate's own fields must hold, where that can be told from the field alone."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def finds(self, name: str, leaf: Leaf) -> Formula:
        country = country_meant(leaf, name) if isinstance(leaf, Words) and name == "country" else ""
        if not country:
            return EVERYBODY
        known = [soql.equals(Candidate.COUNTRY, country), soql.equals(Candidate.COUNTRY, None)]
        return Asked(soql.either(*known).text)

    def spares(self, name: str, leaf: Leaf) -> Formula:
        if isinstance(leaf, Words) and name == "country" and country_meant(leaf, name):
            return Asked(soql.compare(Candidate.COUNTRY, "!=", country_meant(leaf, name)).text)
        if not isinstance(leaf, Words) or not spelling.is_plain(leaf) or name not in _NOT_IN:
            return EVERYBODY
        text = " ".join(word.core for word in leaf.words)
        if any(mark in text for mark in "%_"):
            return EVERYBODY
        alone = [
            soql.compare(field, "LIKE", pattern)
            for field in _NOT_IN[name]
            for pattern in (text, f"{text} %", f"% {text}", f"% {text} %")
        ]
        return Asked(f"NOT ({soql.either(*alone).text})")


def _term(cores: tuple[str, ...]) -> str:
    escaped = [
        "".join(f"\\{each}" if each in _RESERVED and each not in "*?" else each for each in core) for core in cores
    ]
    is_operator = len(cores) == 1 and cores[0] in ("and", "or", "not")
    return f'"{" ".join(escaped)}"' if len(cores) > 1 or is_operator else escaped[0]


def _written(formula: Formula) -> str:
    match formula:
        case Asked():
            return str(formula.value)
        case AllOf():
            return " AND ".join(_grouped(part) for part in formula.parts)
        case AnyOf():
            return " OR ".join(_grouped(part) for part in formula.parts)


def _grouped(formula: Formula) -> str:
    return _written(formula) if isinstance(formula, Asked) else f"({_written(formula)})"


def _letters(formula: Formula) -> int:
    if isinstance(formula, Asked):
        return sum(each.isalnum() for each in str(formula.value))
    return sum(_letters(part) for part in formula.parts)


def _condition(formula: Formula) -> soql.Condition:
    match formula:
        case Asked():
            return soql.Condition(str(formula.value))
        case AllOf():
            return soql.both(*(_condition(part) for part in formula.parts))
        case AnyOf():
            return soql.either(*(_condition(part) for part in formula.parts))
