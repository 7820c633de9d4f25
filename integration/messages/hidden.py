"""The link that nobody can see: whoever follows it reads no mail, and gives the visits around it away."""

from dataclasses import replace

from integration.messages.compiling import Compiled, RawPiece

NUMBER = "hidden"
"""Stands in the link's token instead of a number made from its target (model/verdict knows it)."""
_BEFORE = '<a href="'
_AFTER = (
    '" aria-hidden="true" tabindex="-1" rel="nofollow"'
    ' style="display:none;visibility:hidden;mso-hide:all;font-size:0;line-height:0;max-height:0"></a>'
)
_END = "</body>"


def target_of(base_url: str) -> str:
    """Our own front page: should a person ever get there, they lose nothing."""
    return f"{base_url}/"


def with_hidden_link(made: Compiled, base_url: str) -> Compiled:
    """The page with the link as its last one: not shown, not read out, not reached by the keyboard, not in the text."""
    place = next((number for number in reversed(range(len(made.html))) if _END in str(made.html[number])), None)
    if place is None or not isinstance(made.html[place], str):
        return made
    before, _, after = str(made.html[place]).rpartition(_END)
    link: list[RawPiece] = [before + _BEFORE, {"link": len(made.links)}, _AFTER + _END + after]
    html = [*made.html[:place], *link, *made.html[place + 1 :]]
    return replace(made, html=html, links=[*made.links, target_of(base_url)])
