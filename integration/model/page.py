"""Landing pages: typed blocks, slugs and colours, checked in words that name the block and the field.

A page is a list of blocks, as JSON on the record:
[{"type": "hero", "title": "Join our nurses"}, {"type": "text", "body": "…"}, {"type": "form", "fields": ["phone"]}]
Text is plain: an empty line starts a paragraph, lines that start with `- ` make a list.
"""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from integration.model.form import CHOICES
from integration.model.vocabulary import Purpose

MOST_BLOCKS = 40
MOST_ITEMS = 30
LONGEST = 100_000
LEAST_CONTRAST = 4.5
"""WCAG 2.2 AA for text."""

Block = dict[str, Any]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True)
class Text:
    """A field that holds text of at most `longest` characters."""

    longest: int
    required: bool = False


@dataclass(frozen=True)
class Address:
    """A field that holds an https address or a path of this site."""

    required: bool = False


@dataclass(frozen=True)
class Words:
    """A field that holds a list of words out of a set."""

    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A field that holds a whole number from 1 to `most`."""

    most: int


@dataclass(frozen=True)
class Items:
    """A field that holds a list of objects."""

    fields: Mapping[str, Text]


Rule = Text | Address | Words | Number | Items

BLOCKS: Mapping[str, Mapping[str, Rule]] = {
    "hero": {
        "title": Text(120, required=True),
        "text": Text(600),
        "image": Address(),
        "alt": Text(200),
        "button": Text(40),
    },
    "text": {"title": Text(120), "body": Text(8_000, required=True)},
    "image": {"src": Address(required=True), "alt": Text(200, required=True), "caption": Text(300)},
    "jobs": {"title": Text(120), "department": Text(120), "limit": Number(50)},
    "quote": {"text": Text(800, required=True), "by": Text(120)},
    "faq": {"title": Text(120), "items": Items({"question": Text(200, True), "answer": Text(2_000, True)})},
    "form": {
        "title": Text(120),
        "text": Text(600),
        "fields": Words(CHOICES),
        "purposes": Words(tuple(Purpose)),
        "button": Text(40),
    },
}


def read_blocks(text: str) -> tuple[list[Block], list[str]]:
    """The blocks, and what is wrong with them; a page goes live only without a complaint."""
    if len(text) > LONGEST:
        return [], [f"The page has {len(text):,} characters; at most {LONGEST:,} fit. Shorten it."]
    try:
        blocks = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        return [], [f"Blocks is not JSON (line {line}): write a list of objects, such as " + _EXAMPLE]
    except RecursionError:
        return [], ["Blocks is nested too deep: write a plain list of objects, such as " + _EXAMPLE]
    if not isinstance(blocks, list):
        return [], ["Blocks is not a list: write objects between [ and ], such as " + _EXAMPLE]
    if len(blocks) > MOST_BLOCKS:
        return [], [f"The page has {len(blocks)} blocks; at most {MOST_BLOCKS} fit. Make two pages."]
    problems = [problem for number, block in enumerate(blocks, start=1) for problem in _check(number, block)]
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if kinds.count("form") > 1:
        problems.append("The page has more than one form block. Keep one.")
    if kinds.count("hero") > 1:
        problems.append("The page has more than one hero block. Keep one: it holds the page's only main heading.")
    return ([] if problems else [completed(block) for block in blocks]), problems


def completed(block: Block) -> Block:
    """A block with every field of its kind: what is not given is empty."""
    blank: dict[type[Rule], Any] = {Text: "", Address: "", Words: [], Items: [], Number: 0}
    rules = BLOCKS[block["type"]]
    return {"type": block["type"], **{name: block.get(name) or blank[type(rule)] for name, rule in rules.items()}}


_EXAMPLE = '[{"type": "text", "body": "…"}].'


def _check(number: int, block: object) -> Iterator[str]:
    if not isinstance(block, dict):
        yield f'Block {number} is not an object. Write it as {{"type": …}}.'
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in BLOCKS:
        given = f"has the unknown type “{_short(kind)}”" if kind else "has no type"
        yield f"Block {number} {given}. Known types are {', '.join(BLOCKS)}."
        return
    name = f"Block {number} ({kind})"
    rules = BLOCKS[kind]
    for field in block.keys() - rules.keys() - {"type"}:
        near = difflib.get_close_matches(str(field), rules, 1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"Known fields are {', '.join(rules)}."
        yield f"{name}: the field “{_short(field)}” is unknown. {remedy}"
    for field, rule in rules.items():
        for problem in _check_field(rule, block.get(field)):
            yield f"{name}, field “{field}”: {problem}"
    if kind == "hero" and block.get("image") and not block.get("alt"):
        yield f"{name}, field “alt”: missing. Say in words what the image shows."
    if kind == "faq" and not block.get("items"):
        yield f"{name}, field “items”: missing. Write a list of questions and answers."


def _check_field(rule: Rule, value: object) -> Iterator[str]:
    if value is None or value == "":
        if isinstance(rule, Text | Address) and rule.required:
            yield "missing. Fill it in."
        return
    match rule:
        case Text():
            yield from _check_text(rule, value)
        case Address():
            if not isinstance(value, str) or not is_safe_address(value):
                yield f"“{_short(value)}” is no safe address. Use one that starts with https:// or a path like /p/…"
        case Words():
            yield from _check_words(rule, value)
        case Number():
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= rule.most:
                yield f"“{_short(value)}” is not a whole number from 1 to {rule.most}."
        case Items():
            yield from _check_items(rule, value)


def _check_text(rule: Text, value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"“{_short(value)}” is not text. Put it in quotes."
    elif len(value) > rule.longest:
        yield f"the text has {len(value)} characters; at most {rule.longest} fit. Shorten it."
    elif rule.required and not value.strip():
        yield "only blanks. Fill it in."


def _check_words(rule: Words, value: object) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"“{_short(value)}” is not a list. Write words between [ and ]."
        return
    for word in value:
        if word not in rule.allowed:
            yield f"“{_short(word)}” is unknown. Possible are {', '.join(rule.allowed)}."
    if len({str(word) for word in value}) < len(value):
        yield "a word stands there twice. Keep it once."


def _check_items(rule: Items, value: object) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield "not a list of objects."
        return
    if len(value) > MOST_ITEMS:
        yield f"{len(value)} entries; at most {MOST_ITEMS} fit."
    for number, item in enumerate(value, start=1):
        for field, inner in rule.fields.items():
            for problem in _check_field(inner, item.get(field)):
                yield f"entry {number}, “{field}”: {problem}"


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
            f"The slug “{_short(slug)}” cannot stand in an address. Use small letters, digits and single hyphens, "
            "at most 60, such as night-nurses."
        )
    return ""


def default_blocks(headline: str, intro: str) -> list[Block]:
    """What a page shows when nobody laid it out."""
    hero: Block = {"type": "hero", "title": headline}
    if intro:
        hero["text"] = intro
    blocks: list[Block] = [hero, {"type": "jobs", "title": "Open jobs", "limit": 10}, {"type": "form"}]
    return [completed(block) for block in blocks]


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
            problems.append(f"The brand's {name} colour “{_short(given)}” is no colour. Write it like #0b5a6b.")
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


def _short(value: object) -> str:
    text = "".join(character if character.isprintable() else " " for character in str(value))
    return text if len(text) <= 40 else text[:39] + "…"
