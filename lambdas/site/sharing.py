"""What networks show of a page that is passed on: its picture, its words, its language as they spell it."""

from typing import Any

from lambdas.site.snapshots import Snapshot

_LONGEST = 155
_LOCALES = {"en": "en_US", "he": "he_IL"}


def locale(language: str) -> str:
    """`de` is `de_DE`, `pt-BR` is `pt_BR`: Open Graph wants a territory with every language."""
    code, _, territory = language.replace("_", "-").partition("-")
    return f"{code}_{territory.upper()}" if territory else _LOCALES.get(code, f"{code}_{code.upper()}")


def words_of(page: Snapshot) -> str:
    """The introduction, else what the hero says, else the headline: no page is passed on without a word."""
    hero = _hero(page)
    text = " ".join((page["intro"] or hero.get("text") or page["headline"]).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def image_of(page: Snapshot, base: str) -> dict[str, Any] | None:
    """The hero's picture; it is our own, so its address is made whole."""
    hero = _hero(page)
    if not hero.get("image"):
        return logo_of(page["brand"])
    address = hero["image"] if hero["image"].startswith("https://") else base + hero["image"]
    return {"address": address, "alt": hero.get("alt", ""), "size": hero.get("image_size"), "large": True}


def logo_of(brand: Snapshot) -> dict[str, Any] | None:
    """Networks read pictures by https only."""
    if not brand["logo"].startswith("https://"):
        return None
    return {"address": brand["logo"], "alt": brand["name"], "size": None, "large": False}


def _hero(page: Snapshot) -> Snapshot:
    return next((block for block in page["blocks"] if block["type"] == "hero"), {})
