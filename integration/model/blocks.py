"""A landing page's typed blocks, checked in words that name the block, the field and the value.

A page is a list of blocks, as JSON on the record:
[{"type": "hero", "title": "Join our nurses"}, {"type": "text", "body": "…"}, {"type": "form", "fields": ["phone"]}]
Text is plain: an empty line starts a paragraph, lines that start with `- ` make a list.
A picture is an https address, a path of this site or the id of a file in Salesforce; it is copied at publishing.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integration.model.form import CHOICES
from integration.model.page import is_safe_address, short
from integration.model.vocabulary import Purpose

MOST_BLOCKS = 40
MOST_ITEMS = 30
LONGEST = 100_000
SALESFORCE_FILE = re.compile(r"068[a-zA-Z0-9]{12}(?:[a-zA-Z0-9]{3})?", re.ASCII)
NETWORKS = ("linkedin", "whatsapp", "facebook", "x", "email")

Block = dict[str, Any]


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
class Picture:
    """A field that holds a picture; `alt` says in the field of that name what it shows."""

    required: bool = False
    alt: str = "alt"


@dataclass(frozen=True)
class When:
    """A field that holds a local date and time, such as 2026-05-04T18:00."""

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

    fields: "Mapping[str, Rule]"


Rule = Text | Address | Picture | When | Words | Number | Items

_QUOTE: Mapping[str, Rule] = {
    "text": Text(800, required=True),
    "by": Text(120),
    "role": Text(120),
    "photo": Picture(),
    "alt": Text(200),
}
BLOCKS: Mapping[str, Mapping[str, Rule]] = {
    "hero": {
        "title": Text(120, required=True),
        "text": Text(600),
        "image": Picture(),
        "alt": Text(200),
        "button": Text(40),
    },
    "text": {"title": Text(120), "body": Text(8_000, required=True)},
    "image": {"src": Picture(required=True), "alt": Text(200), "caption": Text(300)},
    "video": {
        "title": Text(120, required=True),
        "src": Address(required=True),
        "poster": Picture(),
        "alt": Text(200),
        "text": Text(4_000),
    },
    "jobs": {
        "title": Text(120),
        "department": Text(120),
        "place": Text(120),
        "words": Text(120),
        "limit": Number(50),
    },
    "quote": _QUOTE,
    "people": {"title": Text(120), "items": Items(_QUOTE)},
    "faq": {"title": Text(120), "items": Items({"question": Text(200, True), "answer": Text(2_000, True)})},
    "event": {
        "title": Text(120, required=True),
        "starts": When(required=True),
        "ends": When(),
        "zone": Text(60),
        "place": Text(200),
        "text": Text(2_000),
        "link": Address(),
        "button": Text(40),
    },
    "map": {"title": Text(120), "address": Text(300, required=True), "text": Text(600)},
    "share": {"title": Text(120), "networks": Words(NETWORKS)},
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
    return {"type": block["type"], **_filled(BLOCKS[block["type"]], block)}


def _filled(rules: Mapping[str, Rule], given: Mapping[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for name, rule in rules.items():
        match rule:
            case Items():
                filled[name] = [_filled(rule.fields, item) for item in given.get(name) or []]
            case Words():
                filled[name] = given.get(name) or []
            case Number():
                filled[name] = given.get(name) or 0
            case _:
                filled[name] = given.get(name) or ""
    return filled


def pictures(block: Block) -> Iterator[tuple[dict[str, Any], str]]:
    """Where a block holds a picture: the block or one of its entries, and the field's name."""
    for name, rule in BLOCKS[block["type"]].items():
        if isinstance(rule, Picture) and block[name]:
            yield block, name
        elif isinstance(rule, Items):
            for item in block[name]:
                yield from (
                    (item, inner) for inner, kind in rule.fields.items() if isinstance(kind, Picture) and item[inner]
                )


_EXAMPLE = '[{"type": "text", "body": "…"}].'


def _check(number: int, block: object) -> Iterator[str]:
    if not isinstance(block, dict):
        yield f'Block {number} is not an object. Write it as {{"type": …}}.'
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in BLOCKS:
        given = f"has the unknown type “{short(kind)}”" if kind else "has no type"
        yield f"Block {number} {given}. Known types are {', '.join(BLOCKS)}."
        return
    name = f"Block {number} ({kind})"
    rules = BLOCKS[kind]
    for field in block.keys() - rules.keys() - {"type"}:
        near = difflib.get_close_matches(str(field), rules, 1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"Known fields are {', '.join(rules)}."
        yield f"{name}: the field “{short(field)}” is unknown. {remedy}"
    for field, rule in rules.items():
        for problem in _check_field(rule, block.get(field)):
            yield f"{name}, field “{field}”: {problem}"
    yield from (f"{name}{problem}" for problem in _check_alt(rules, block))


def _check_alt(rules: Mapping[str, Rule], block: Mapping[str, Any]) -> Iterator[str]:
    for field, rule in rules.items():
        if isinstance(rule, Picture) and block.get(field) and not block.get(rule.alt):
            yield f", field “{rule.alt}”: missing. Say in words what the image shows."


def _check_field(rule: Rule, value: object) -> Iterator[str]:
    if value is None or value == "":
        if isinstance(rule, Items):
            yield "missing. Write a list of objects."
        elif not isinstance(rule, Words | Number) and rule.required:
            yield "missing. Fill it in."
        return
    match rule:
        case Text():
            yield from _check_text(rule, value)
        case Address():
            if not isinstance(value, str) or not is_safe_address(value):
                yield f"“{short(value)}” is no safe address. Use one that starts with https:// or a path like /p/…"
        case Picture():
            if not isinstance(value, str) or not (is_safe_address(value) or SALESFORCE_FILE.fullmatch(value)):
                yield (
                    f"“{short(value)}” is no safe address. Use one that starts with https://, a path like /media/…, or "
                    "the id of a file in Salesforce (068…)."
                )
        case When():
            yield from _check_when(value)
        case Words():
            yield from _check_words(rule, value)
        case Number():
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= rule.most:
                yield f"“{short(value)}” is not a whole number from 1 to {rule.most}."
        case Items():
            yield from _check_items(rule, value)


def _check_text(rule: Text, value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"“{short(value)}” is not text. Put it in quotes."
    elif len(value) > rule.longest:
        yield f"the text has {len(value)} characters; at most {rule.longest} fit. Shorten it."
    elif rule.required and not value.strip():
        yield "only blanks. Fill it in."


def _check_when(value: object) -> Iterator[str]:
    try:
        datetime.fromisoformat(value if isinstance(value, str) and "T" in value else "")
    except ValueError:
        yield f"“{short(value)}” is no date and time. Write it like 2026-05-04T18:00."


def _check_words(rule: Words, value: object) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"“{short(value)}” is not a list. Write words between [ and ]."
        return
    for word in value:
        if word not in rule.allowed:
            yield f"“{short(word)}” is unknown. Possible are {', '.join(rule.allowed)}."
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
        yield from (f"entry {number}{problem}" for problem in _check_alt(rule.fields, item))


def default_blocks(headline: str, intro: str) -> list[Block]:
    """What a page shows when nobody laid it out."""
    hero: Block = {"type": "hero", "title": headline}
    if intro:
        hero["text"] = intro
    blocks: list[Block] = [hero, {"type": "jobs", "title": "Open jobs", "limit": 10}, {"type": "form"}]
    return [completed(block) for block in blocks]
