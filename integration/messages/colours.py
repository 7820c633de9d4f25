"""The colours of a mail: the brand's where they can be read, and what stands on them."""

from collections.abc import Mapping

from integration.model.page import LEAST_CONTRAST, colour, contrast, text_on

_CARD = "#ffffff"
_QUIET = "#5f6b7a"
_INK = "#1f2933"


def mail_colours(brand: Mapping[str, str]) -> dict[str, str]:
    """The text of buttons, links and the footer, and the body text, each readable on what is behind it."""
    primary, background = colour(brand["primary_color"]), colour(brand["background_color"])
    return {
        "text": _readable(brand["text_color"], _CARD, _INK),
        "on_primary": text_on(primary) if primary else "#ffffff",
        "link": _readable(brand["primary_color"], _CARD, _INK),
        "footer": _readable(_QUIET, background, text_on(background)) if background else _QUIET,
    }


def _readable(wanted: str, behind: str, instead: str) -> str:
    """The wanted colour when it has enough contrast; a named colour is taken as it is."""
    known = colour(wanted)
    return wanted if not known or contrast(known, behind) >= LEAST_CONTRAST else instead
