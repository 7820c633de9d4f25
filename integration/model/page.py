"""Landing pages beside their blocks: slugs, safe addresses, text as paragraphs, and a brand's look."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

LEAST_CONTRAST = 4.5
"""WCAG 2.2 AA for text."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


def is_safe_address(address: str) -> bool:
    """An https address, or a path of this site: no script, no data, no other host in disguise."""
    if any(ord(character) <= 32 or character == "\\" for character in address) or len(address) > 2_000:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname) and parts.username is None
    return not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")


def slug_problem(slug: str) -> str:
    """Why a slug cannot be used, or empty."""
    if not slug:
        return "The slug is empty. Enter the last part of the page's address, such as night-nurses."
    if len(slug) > 60 or not _SLUG.fullmatch(slug):
        return (
            f"The slug “{short(slug)}” cannot stand in an address. Use small letters, digits and single hyphens, "
            "at most 60, such as night-nurses."
        )
    return ""


def pieces(body: str) -> list[tuple[str, list[str]]]:
    """Plain text as ("p", lines) and ("ul", points)."""
    found: list[tuple[str, list[str]]] = []
    for paragraph in re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip()):
        for line in paragraph.split("\n"):
            kind, words = ("ul", line.lstrip()[2:]) if line.lstrip().startswith("- ") else ("p", line)
            if found and found[-1][0] == kind and line != paragraph.split("\n")[0]:
                found[-1][1].append(words.strip())
            else:
                found.append((kind, [words.strip()]))
    return [(kind, lines) for kind, lines in found if any(lines)]


@dataclass(frozen=True)
class Look:
    """A brand's colours as #rrggbb, and its font."""

    primary: str = "#0b5a6b"
    background: str = "#ffffff"
    text: str = "#1c2b33"
    font: str = "sans"


FONTS = ("sans", "serif", "rounded")


def colour(text: str) -> str:
    """`#ABC`, `abc` or `#aabbcc` as #rrggbb; empty when it is no colour."""
    value = "#" + text.strip().lower().removeprefix("#")
    if len(value) == 4:
        value = "#" + "".join(character * 2 for character in value[1:])
    return value if _COLOUR.fullmatch(value) else ""


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two #rrggbb colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(value: str) -> float:
    channels = (int(value[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(background: str) -> str:
    """Black or white, whichever reads better; the better one always passes AA."""
    return max(("#ffffff", "#111111"), key=lambda candidate: contrast(candidate, background))


def read_look(primary: str, background: str, text: str, font: str) -> tuple[Look, list[str]]:
    """A brand's look with defaults for what is empty, and what is wrong with it."""
    default = Look()
    problems = []
    read: dict[str, str] = {}
    for name, given in (("primary", primary), ("background", background), ("text", text)):
        read[name] = colour(given) if given else getattr(default, name)
        if not read[name]:
            problems.append(f"The brand's {name} colour “{short(given)}” is no colour. Write it like #0b5a6b.")
    if problems:
        return default, problems
    look = Look(**read, font=font.lower() if font.lower() in FONTS else "sans")
    return look, list(_contrast_problems(look))


def _contrast_problems(look: Look) -> Iterator[str]:
    for name, value in (("text", look.text), ("primary", look.primary)):
        ratio = contrast(value, look.background)
        if ratio < LEAST_CONTRAST:
            yield (
                f"The brand's {name} colour {value} on the background {look.background} has a contrast of {ratio:.1f}; "
                f"people with weak sight need {LEAST_CONTRAST}. Choose a stronger colour."
            )


def sentence(problems: Iterable[str], most: int = 5) -> str:
    """The first few problems as one message."""
    listed = list(problems)
    more = f" And {len(listed) - most} more." if len(listed) > most else ""
    return " ".join(listed[:most]) + more


def short(value: object) -> str:
    """A value as a complaint shows it."""
    text = "".join(character if character.isprintable() else " " for character in str(value))
    return text if len(text) <= 40 else text[:39] + "…"
