"""What a visitor will see of a page, read from its record; or all that is wrong with it, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integration import brands
from integration.errors import Rejected
from integration.model.blocks import Block, default_blocks, read_blocks
from integration.model.page import sentence, slug_problem
from integration.model.vocabulary import Purpose as Topic
from integration.pages import pictures
from integration.ports import Record
from integration.records import LandingPage
from integration.syndication.surfaces import keep_consent

if TYPE_CHECKING:
    from integration.app import App

_SUMMARY = 155
FIELDS = (
    LandingPage.SLUG,
    LandingPage.BRAND,
    LandingPage.POOL,
    LandingPage.HEADLINE,
    LandingPage.INTRO,
    LandingPage.BLOCKS,
    LandingPage.BLOCKS_B,
    LandingPage.LANGUAGE,
    LandingPage.TRANSLATION_OF,
    LandingPage.CONSENT_TEXT,
    LandingPage.DOUBLE_OPT_IN,
    LandingPage.REQUISITION,
    LandingPage.LIVE_VERSION,
    LandingPage.URL,
)


def checked(app: App, page_id: str, row: Record, *, draft: bool) -> dict[str, Any]:
    """Everything a visitor will see; raises Rejected with all that is wrong at once."""
    text = {name: str(row[name] or "").strip() for name in FIELDS if name != LandingPage.DOUBLE_OPT_IN}
    blocks, problems = _blocks(text)
    other, problems_b = read_blocks(text[LandingPage.BLOCKS_B]) if text[LandingPage.BLOCKS_B] else ([], [])
    problems += [f"Second layout: {problem}" for problem in problems_b]
    if problem := slug_problem(text[LandingPage.SLUG]):
        problems.insert(0, problem)
    if not text[LandingPage.HEADLINE]:
        problems.append("The headline is empty. Write what the page is about.")
    form = _form(blocks) or _form(other)
    if form is not None and not draft:
        problems += _missing_for_form(text)
    if other and _form(blocks) is not None and (_form(other) or {}).get("purposes") != (form or {}).get("purposes"):
        problems.append("Second layout: its form must ask for the same purposes as the first. Make them alike.")
    brand, brand_problems = brands.read(app, text[LandingPage.BRAND])
    problems += brand_problems
    if not problems:
        problems += [*pictures.keep(app, blocks), *pictures.keep(app, other)]
    if problems:
        raise Rejected(sentence(problems), field="Blocks" if blocks == [] else "")
    return _page(app, page_id, text, blocks, form) | {
        "blocks_b": other,
        "brand": brand,
        "double_opt_in": bool(row[LandingPage.DOUBLE_OPT_IN]),
    }


def _page(app: App, page_id: str, text: dict[str, str], blocks: list[Block], form: Block | None) -> dict[str, Any]:
    language = text[LandingPage.LANGUAGE] or "en"
    purposes = (form or {}).get("purposes") or [Topic.TALENT_COMMUNITY.value]
    intro = " ".join(text[LandingPage.INTRO].split())
    slug = text[LandingPage.SLUG]
    return {
        "id": page_id,
        "slug": slug,
        "url": f"{app.config.public_base_url}/p/{slug}",
        "headline": text[LandingPage.HEADLINE],
        "intro": intro if len(intro) <= _SUMMARY else intro[: _SUMMARY - 1] + "…",
        "blocks": blocks,
        "language": language,
        "consent": keep_consent(app, text[LandingPage.CONSENT_TEXT], purposes, language),
        "pool": text[LandingPage.POOL],
        "requisition": text[LandingPage.REQUISITION],
    }


def _blocks(text: dict[str, str]) -> tuple[list[Block], list[str]]:
    if text[LandingPage.BLOCKS]:
        return read_blocks(text[LandingPage.BLOCKS])
    return default_blocks(text[LandingPage.HEADLINE], text[LandingPage.INTRO]), []


def _form(blocks: list[Block]) -> Block | None:
    return next((block for block in blocks if block["type"] == "form"), None)


def _missing_for_form(text: dict[str, str]) -> list[str]:
    problems = []
    if not text[LandingPage.CONSENT_TEXT]:
        problems.append("The consent text is empty. Write what people agree to when they register.")
    if not text[LandingPage.POOL]:
        problems.append("The page has a form but no pool. Choose the pool that people join.")
    return problems
