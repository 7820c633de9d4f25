"""What pages and mails of the service say, in the visitor's language. English is what stands in the code.

Beside this file each language has a list of pairs: a line in English, the same in the language, an empty line.
"""

import re
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "de", "es", "ar")
"""In which every page and every mail of the service can be had."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_LONGEST_HEADER = 500
_WEIGHT = re.compile(r"[01](?:\.\d{0,3})?", re.ASCII)


def spoken(language: str) -> str:
    """The language in which we can say it: `de-AT` is `de`, what we do not speak is English."""
    code = language[:2].lower()
    return code if code in LANGUAGES else "en"


def said(text: str, language: str, **values: object) -> str:
    """A sentence of ours in the language, its `{names}` filled in."""
    words = text if spoken(language) == "en" else catalogue(spoken(language)).get(text, text)
    return words.format(**values) if values else words


def understood(accept_language: str) -> str:
    """The first language of a browser's Accept-Language that we speak, by its wish; English when there is none."""
    wishes = []
    for place, part in enumerate(accept_language[:_LONGEST_HEADER].split(",")):
        code, _, rest = part.strip().partition(";")
        weight = rest.strip().removeprefix("q=")
        if code[:2].lower() in LANGUAGES and weight not in ("0", "0.0", "0.00", "0.000"):
            wishes.append((-_weight(weight), place, code[:2].lower()))
    return min(wishes)[2] if wishes else "en"


def _weight(text: str) -> float:
    """A weight from 0 to 1 with at most three digits; whatever else stands there is a whole one."""
    return float(text) if _WEIGHT.fullmatch(text) else 1.0


@cache
def catalogue(language: str) -> dict[str, str]:
    """English to the language."""
    text = (files(__package__) / f"{language}.txt").read_text(encoding="utf-8")
    pairs = [block.split("\n") for block in text.strip().split("\n\n")]
    return {pair[0]: pair[1] for pair in pairs}
