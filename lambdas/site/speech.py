"""The language of one answer: the page's own, that of the person to whom a link was written, or the browser's."""

from flask import g, request

from integration.model.wording import LANGUAGES, said


def language() -> str:
    """As set by the page or by the link that led here, else by Accept-Language among the languages that we speak."""
    chosen: str = g.get("language") or request.accept_languages.best_match(LANGUAGES, "en") or "en"
    return chosen


def speak(chosen: str) -> None:
    """The answer is in this language from here on."""
    g.language = chosen


def speak_to(person: str) -> None:
    """The visitor came by a link that was written to somebody of this language; an address that asks for one wins."""
    wanted = request.args.get("lang") or person
    if wanted in LANGUAGES:
        speak(wanted)


def say(text: str, **values: object) -> str:
    """A sentence of ours in the language of the answer."""
    return said(text, language(), **values)


def prefers(available: list[str], default: str) -> str:
    """The visitor's choice among a page's languages."""
    asked = request.args.get("lang", "")
    if asked in available:
        return asked
    if g.get("language") in available:  # of the person whose link led here
        return str(g.language)
    # The default stands first, so that it wins when a browser takes anything.
    ordered = [default, *(code for code in available if code != default)]
    return request.accept_languages.best_match(ordered, default) or default
