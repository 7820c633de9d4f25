"""How the words of a query are written for engines that compare letters in their own way."""

import re
import unicodedata

from integration.model.boolean_query import Words
from integration.model.boolean_query.words import is_unspaced

_RUNS = re.compile(r"(?:[^\W_]|[*?])+")


def spellings(words: Words) -> list[tuple[str, ...]]:
    """The words without accents and, where it differs, as typed: engines that tell accents apart need both."""
    cores = tuple(word.core for word in words.words)
    typed = tuple(_RUNS.findall(unicodedata.normalize("NFC", words.text).lower()))
    return [cores] if typed == cores or len(typed) != len(cores) else [cores, typed]


def literals(words: Words) -> list[tuple[str, ...]]:
    """The spellings with the signs of C++, .NET and R&D, for sources that compare characters; `*` is any text."""
    signs = [(word.before.replace("&", "&*"), word.after.replace("&", "")) for word in words.words]
    return [
        tuple(f"{before}{core}{after}" for core, (before, after) in zip(cores, signs, strict=True))
        for cores in spellings(words)
    ]


def has_sign(words: Words) -> bool:
    """Whether C++, .NET or R&D is meant, of which most engines see the letters alone."""
    return any(word.before or word.after for word in words.words)


def has_single_letter(words: Words) -> bool:
    """Whether a letter stands alone, which engines find in C++ and R&D as well."""
    return any(len(word.core) == 1 and not is_unspaced(word.core) for word in words.words)


def has_wildcard(words: Words) -> bool:
    return any(word.has_wildcard for word in words.words)


def has_unspaced(words: Words) -> bool:
    """Whether a script without spaces is used, which each engine cuts into words in its own way."""
    return any(is_unspaced(word.core) for word in words.words)


def is_plain(words: Words) -> bool:
    """Whether every engine means the same by it."""
    return all(word.is_plain for word in words.words) and not has_unspaced(words) and len(spellings(words)) == 1


def reason(words: Words) -> str:
    """What an engine of letters and digits makes of a term; "" when it means the same."""
    if has_sign(words):
        return f"“{words.text}” is asked for by its letters alone"
    if has_single_letter(words):
        return f"“{words.text}” also finds the letter in words such as C++ and R&D"
    return ""
