"""Text as Lucene's query parser reads it, which ORCID (Solr) and OpenAlex (Elasticsearch) share."""

import re

from integration.model.boolean_query import Near, Words
from integration.prospecting.query import spelling
from integration.prospecting.query.widening import AllOf, AnyOf, Asked, Formula, Losses, all_of, any_of

_SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')


def term(words: Words, field: str, losses: Losses, *, wildcards: bool = True) -> Formula:
    """A word or phrase of one field, "" for the default one."""
    if spelling.reason(words):
        losses.tell(f"{spelling.reason(words)}.")
    prefix = f"{field}:" if field else ""
    alternatives: list[Formula] = []
    for cores in spelling.spellings(words):
        if spelling.has_wildcard(words):
            each = [core for core in cores if core.strip("*")]
            if len(cores) > 1:
                losses.tell(f"“{words.text}”: its words are asked for in any order.")
            alternatives.append(all_of(_one(core, prefix, wildcards=wildcards) for core in each))
        else:
            alternatives.append(Asked(prefix + _phrase(cores)))
    return any_of(alternatives)


def _one(core: str, prefix: str, *, wildcards: bool) -> Formula:
    if "*" not in core and "?" not in core:
        return Asked(prefix + _phrase((core,)))
    return Asked(prefix + core) if wildcards else AllOf(())


def near(leaf: Near, field: str, losses: Losses) -> Formula:
    """A sloppy phrase: moves of words, of which turning two around takes as many as they have words."""
    prefix = f"{field}:" if field else ""
    if spelling.has_wildcard(leaf.left) or spelling.has_wildcard(leaf.right):
        losses.tell(f"“{leaf.left.text} NEAR {leaf.right.text}”: both are asked for, however far apart they stand.")
        return all_of(term(part, field, losses) for part in (leaf.left, leaf.right))
    turned = 0 if leaf.in_order else len(leaf.left.words) + len(leaf.right.words)
    if turned:
        losses.tell(f"“{leaf.left.text} NEAR {leaf.right.text}” is asked for with up to {turned} words more between.")
    else:
        losses.tell(f"“{leaf.left.text} ONEAR {leaf.right.text}” is asked for in either order.")
    lefts, rights = spelling.spellings(leaf.left), spelling.spellings(leaf.right)
    return any_of(
        Asked(f"{prefix}{_quoted((*left, *right))}~{leaf.distance + turned}") for left in lefts for right in rights
    )


def _phrase(cores: tuple[str, ...]) -> str:
    if len(cores) > 1 or cores[0] in ("and", "or", "not"):
        return _quoted(cores)
    return _SPECIAL.sub(r"\\\1", cores[0])


def _quoted(cores: tuple[str, ...]) -> str:
    return f'"{" ".join(cores)}"'


def written(formula: Formula) -> str:
    match formula:
        case Asked():
            return str(formula.value)
        case AllOf():
            return " AND ".join(_grouped(part) for part in formula.parts)
        case AnyOf():
            return " OR ".join(_grouped(part) for part in formula.parts)


def _grouped(formula: Formula) -> str:
    return written(formula) if isinstance(formula, Asked) else f"({written(formula)})"
