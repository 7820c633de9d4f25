"""GitHub's search for people: by name, e-mail, place and programming language, and by nothing else they write.

Several places, or several languages, are alternatives to GitHub; so of two that must both hold one is asked.
"""

from integration.model.boolean_query import And, Near, Or, Query, Words
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import spelling
from integration.prospecting.query.widening import Losses, Unaskable, asked_alone, told

LONGEST = 256
MOST_OPERATORS = 5
_QUALIFIERS = {
    "location": "location",
    "city": "location",
    "region": "location",
    "country": "location",
    "skill": "language",
    "name": "in:name",
    "first": "in:name",
    "last": "in:name",
    "email": "in:email",
}
_LANGUAGES = """
ada assembly bash c c++ c# clojure cobol crystal css cuda d dart delphi elixir elm erlang f# fortran go golang
groovy haskell haxe hcl html java javascript julia kotlin lisp lua matlab mathematica nim nix objective-c ocaml
pascal perl php plsql powershell prolog python r racket reason ruby rust scala scheme scss shell solidity sql
swift tcl typescript vba verilog vhdl vue zig
"""
LANGUAGES = frozenset(_LANGUAGES.split())
"""What `language:` knows; with another word it finds nobody."""

Choice = tuple[str, list[Words]]


def translate(query: Query) -> Translation:
    losses = Losses()
    chosen: dict[str, list[Words]] = {}
    for name, part in asked_alone(query.root):
        words = part.parts if isinstance(part, Or) else (part,)
        choice = _choice(name, words, losses)
        if choice is None:
            continue
        qualifier, spelled = choice
        if qualifier in chosen or (qualifier.startswith("in:") and any(each.startswith("in:") for each in chosen)):
            losses.tell(f"{told(name, part)} is not asked: GitHub takes one condition of a kind.")
        else:
            chosen[qualifier] = spelled
    _tell_the_rest(query, losses)
    text = _written(chosen, losses)
    if not text:
        raise Unaskable(
            "GitHub finds people by name, e-mail, place and programming language only. Add one that must occur, "
            "such as skill:python or location:Dublin, or leave this source out.",
            field="Query__c",
        )
    if set(chosen) != {"language"}:
        losses.tell("GitHub finds parts of names and places too, such as ann in Joanna.")
    return Translation(SearchSource.GITHUB, text, {}, tuple(losses.told), not losses.told)


def _choice(name: str, parts: tuple[object, ...], losses: Losses) -> Choice | None:
    """The qualifier and its alternatives; None for what GitHub cannot be asked."""
    words = [part for part in parts if isinstance(part, Words)]
    whole = " OR ".join(told(name, part) for part in parts if isinstance(part, Words | Near))
    qualifier = _QUALIFIERS.get(name)
    if qualifier is None:
        losses.tell(f"{whole} is not asked: GitHub searches neither profiles' texts nor employers.")
    elif len(words) < len(parts):
        losses.tell(f"{whole} is not asked: GitHub knows no nearness.")
    elif any(spelling.has_wildcard(word) for word in words):
        losses.tell(f"{whole} is not asked: GitHub knows no wildcards.")
    elif qualifier == "language" and not all(_language(word) for word in words):
        losses.tell(f"{whole} is not asked: it is no programming language to GitHub.")
    else:
        return qualifier, words
    return None


def _tell_the_rest(query: Query, losses: Losses) -> None:
    """Conditions that `asked_alone` leaves out: NOT, and alternatives of several kinds."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    for part in parts:
        if not asked_alone(part):
            losses.tell(f"{told('', part)} is not asked: GitHub knows alternatives of one kind and nothing to exclude.")


def _language(words: Words) -> str:
    return words.text.lower() if words.text.lower() in LANGUAGES else ""


def languages(query: Query) -> list[Words]:
    """The skills that GitHub itself vouches for: everybody it finds has one of them."""
    for name, part in asked_alone(query.root):
        words = part.parts if isinstance(part, Or) else (part,)
        if name == "skill" and all(isinstance(word, Words) and _language(word) for word in words):
            return [word for word in words if isinstance(word, Words)]
    return []


def _written(chosen: dict[str, list[Words]], losses: Losses) -> str:
    """Qualifiers do not count against the length; the words of names do."""
    pieces: list[str] = []
    for qualifier, words in chosen.items():
        if qualifier == "language":
            pieces += [f"language:{_language(word)}" for word in words]
            continue
        spelled = [_quoted(" ".join(cores)) for word in words for cores in spelling.spellings(word)]
        if qualifier == "location":
            pieces += [f"location:{each}" for each in spelled]
        elif len(spelled) > MOST_OPERATORS + 1 or len(" OR ".join(spelled)) > LONGEST:
            limits = f"{MOST_OPERATORS} operators and {LONGEST} characters"
            losses.tell(f"The names are not asked: GitHub takes at most {limits}.")
        else:
            pieces = [" OR ".join(spelled), qualifier, *pieces]
    return " ".join(pieces)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
