"""Whether a record's text holds what is wanted: a rough test that SQLite makes, and the exact one of the words."""

import re
from collections.abc import Callable, Sequence

from integration.local.org.sosl.terms import AllOf, AnyOf, Term, Wanted, Without

SEPARATOR = "\x1f"
"""Between a record's fields; no phrase reaches across it."""
_LETTER = r"[^\W_]"
_BETWEEN = rf"(?:(?!{SEPARATOR})[\W_])+"

Predicate = Callable[[str], bool]


def predicate(wanted: Wanted) -> Predicate:
    """The exact test of a record's text in lower case."""
    match wanted:
        case Term():
            return _term(wanted)
        case AllOf():
            tests = [predicate(each) for each in wanted.parts]
            return lambda text: all(test(text) for test in tests)
        case AnyOf():
            tests = [predicate(each) for each in wanted.parts]
            return lambda text: any(test(text) for test in tests)
        case Without():
            good, bad = predicate(wanted.wanted), predicate(wanted.unwanted)
            return lambda text: good(text) and not bad(text)


def _term(term: Term) -> Predicate:
    if not term.words:
        return lambda text: False
    wildcards = {"*": f"{_LETTER}*", "?": _LETTER}
    words = ("".join(wildcards.get(each) or re.escape(each) for each in word) for word in term.words)
    pattern = re.compile(rf"(?<!{_LETTER}){_BETWEEN.join(words)}(?!{_LETTER})")
    # Far faster than the pattern, and few records that lack the word get past it.
    longest = max((run for word in term.words for run in re.split(r"[*?]", word)), key=len)
    return lambda text: longest in text and pattern.search(text) is not None


def rough_sql(wanted: Wanted, columns: Sequence[str], bind: Callable[[object], str]) -> str:
    """A condition that every match meets, in SQL: far faster than reading each record's text."""
    match wanted:
        case Term():
            return _rough_term(wanted, columns, bind)
        case AllOf():
            return "(" + " AND ".join(rough_sql(each, columns, bind) for each in wanted.parts) + ")"
        case AnyOf():
            return "(" + " OR ".join(rough_sql(each, columns, bind) for each in wanted.parts) + ")"
        case Without():
            return rough_sql(wanted.wanted, columns, bind)


def _rough_term(term: Term, columns: Sequence[str], bind: Callable[[object], str]) -> str:
    """The longest run of plain characters. SQLite folds the case of ASCII alone; the rest is left to the exact test."""
    runs = [run for word in term.words for run in re.findall(r"[a-z0-9]+", word)]
    longest = max(runs, key=len, default="")
    if not longest:
        return "1"
    mark = bind(f"%{longest}%")
    return "(" + " OR ".join(f"{column} LIKE {mark}" for column in columns) + ")"
