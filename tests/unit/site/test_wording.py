"""What pages say is said in every language; a sentence that is missing fails here and not before a visitor."""

import re
from pathlib import Path

import pytest

from integration.gatherings import letters
from integration.model import consent, form, stage
from integration.model.wording import LANGUAGES, catalogue, said, spoken
from lambdas import _farewell
from lambdas.site import blocks, forms, jobs, own_page, preferences, private, recommending, web

ROOT = Path(__file__).parents[3]
OTHERS = [code for code in LANGUAGES if code != "en"]


def sentences():
    found = set()
    for path in (ROOT / "templates/site").glob("*.j2"):
        found |= set(re.findall(r"\bt\(\s*'([^']*)'", path.read_text()))
    for path in [*(ROOT / "lambdas/site").glob("*.py"), ROOT / "integration/model/form.py"]:
        found |= set(re.findall(r"\bsay\(\s*\"([^\"]*)\"", path.read_text()))
    found |= {text for field in form.FIELDS.values() for text in (field.label, field.hint) if text}
    found |= {*form.REQUIRED.values(), *consent.LABELS.values(), forms.TOO_OLD, jobs.NOT_SAVED}
    for path in (ROOT / "templates/email").glob("*.j2"):
        found |= set(re.findall(r"\[\[(.+?)\]\]", path.read_text()))
        found |= set(re.findall(r"\bt\('([^']*)'", path.read_text()))
    for page in _farewell.PAGES.values():
        found |= {page.title, *page.lines, page.button} - {""}
    for words in (
        own_page.FIELD_WORDS,
        own_page.SOURCE_WORDS,
        own_page.BASIS_WORDS,
        own_page.KIND_WORDS,
        own_page.STATE_WORDS,
        own_page.PURPOSE_WORDS,
        own_page.OFTEN,
        recommending.BONUS_WORDS,
    ):
        found |= set(words.values())
    found |= {*stage.SENTENCES, "Address", "No reason was noted. Ask us for it, or have it erased."}
    found |= set(recommending.STATES)
    found |= {words for letter in letters.LETTERS.values() for words in (letter.head, letter.line)} | {letters.BUTTON}
    for table in (web._MESSAGES, private._THANKS):
        found |= {line for lines in table.values() for line in lines}
    found |= {*preferences._TOPICS.values(), *preferences._FREQUENCIES.values()}
    return found | {name for name, _ in blocks._SHARES.values()}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_said_in_every_language(language):
    assert sentences() - catalogue(language).keys() == set()
    assert catalogue(language).keys() - sentences() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_filled_in_stands_in_every_language(language):
    for english, other in catalogue(language).items():
        assert set(re.findall(r"\{\w+\}|\{\{ \w+", english)) == set(re.findall(r"\{\w+\}|\{\{ \w+", other)), english


def test_a_language_that_we_do_not_speak_is_english():
    assert (spoken("de-AT"), spoken("xx"), spoken("")) == ("de", "en", "en")
    assert said("Open jobs", "xx") == "Open jobs"
    assert said("{count} places", "de-CH", count=3) == "3 Orte"
