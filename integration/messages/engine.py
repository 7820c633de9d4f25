"""Renders the blocks of a compiled message: compiled once per process, bounded in output."""

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Template

from integration.messages.language import environment, is_harmless

LONGEST = 1_000_000
_ESCAPING = environment(escape=True)
_PLAIN = environment(escape=False)


class TooLong(Exception):
    """A block made more text than a mail may have."""


def render(source: str, escape: bool, values: Mapping[str, str]) -> str:
    """A block for one person. Stops as soon as the text is too long, not after it was made."""
    pieces, length = [], 0
    for piece in _compiled(source, escape).generate(values):
        length += len(piece)
        if length > LONGEST:
            raise TooLong(f"a block of the template makes more than {LONGEST:,} characters")
        pieces.append(piece)
    return "".join(pieces)


@lru_cache(maxsize=512)
def _compiled(source: str, escape: bool) -> Template:
    # A stored message is as good as the code that wrote it; an older one may have known less.
    if not is_harmless(source):
        raise ValueError("a stored block uses more of the template language than it may")
    return (_ESCAPING if escape else _PLAIN).from_string(source)
