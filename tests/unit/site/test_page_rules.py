"""Blocks, slugs, colours and forms: every refusal names its place, field and remedy."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model import form
from integration.model.blocks import BLOCKS, default_blocks, read_blocks
from integration.model.consent import LABELS, key_of, rows, text_version
from integration.model.page import (
    Look,
    contrast,
    is_safe_address,
    pieces,
    read_look,
    sentence,
    slug_problem,
    text_on,
)
from integration.model.vocabulary import ConsentState, Purpose
from tests.clock import FrozenClock

GOOD = [
    {"type": "hero", "title": "Nights that matter", "image": "https://x.example/a.jpg", "alt": "A ward at night"},
    {"type": "text", "body": "One.\n\n- two\n- three"},
    {"type": "faq", "items": [{"question": "When?", "answer": "Now."}]},
    {"type": "form", "fields": ["phone"], "purposes": ["Newsletter"]},
]


def test_good_blocks_come_back_complete():
    blocks, problems = read_blocks(json.dumps(GOOD))
    assert problems == []
    assert all(block.keys() == {"type", *BLOCKS[block["type"]]} for block in blocks)


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ("[{", "not JSON (line 1)"),
        ("{}", "not a list"),
        ("[" * 100_000, "too deep"),
        ("x" * 100_001, "at most 100,000"),
        ([{"type": "hero"}], "Block 1 (hero), field “title”: missing."),
        ([{"type": "text", "body": "  "}], "only blanks"),
        ([{"type": "text", "body": "a"}, {"type": "carousel"}], "Block 2 has the unknown type “carousel”"),
        ([{"title": "x"}], "Block 1 has no type"),
        (["text"], "Block 1 is not an object"),
        ([{"type": "text", "body": "a", "titel": "b"}], "Did you mean “title”?"),
        ([{"type": "text", "body": "a", "zzz": "b"}], "Known fields are title, body."),
        ([{"type": "text", "body": 5}], "“5” is not text"),
        ([{"type": "text", "body": "a" * 8001}], "8001 characters; at most 8000"),
        ([{"type": "image", "src": "javascript:alert(1)", "alt": "x"}], "no safe address"),
        ([{"type": "image", "src": "https://x.example/a.jpg"}], "field “alt”: missing"),
        ([{"type": "hero", "title": "a", "image": "/a.jpg"}], "Say in words what the image shows"),
        ([{"type": "jobs", "limit": 51}], "whole number from 1 to 50"),
        ([{"type": "jobs", "limit": True}], "whole number"),
        ([{"type": "form", "fields": ["shoe"]}], "“shoe” is unknown. Possible are phone"),
        ([{"type": "form", "fields": "phone"}], "not a list"),
        ([{"type": "form", "fields": ["phone", "phone"]}], "twice"),
        ([{"type": "form", "purposes": ["Spam"]}], "“Spam” is unknown"),
        ([{"type": "form"}, {"type": "form"}], "more than one form"),
        ([{"type": "hero", "title": "a"}, {"type": "hero", "title": "b"}], "more than one hero"),
        ([{"type": "faq", "items": [{"question": "?"}]}], "entry 1, “answer”: missing"),
        ([{"type": "video", "title": "a"}], "Block 1 (video), field “src”: missing"),
        (
            [{"type": "event", "title": "a", "starts": "soon"}],
            "“soon” is no date and time. Write it like 2026-05-04T18:00",
        ),
        ([{"type": "event", "title": "a", "starts": "2026-05-04"}], "no date and time"),
        ([{"type": "map"}], "Block 1 (map), field “address”: missing"),
        ([{"type": "share", "networks": ["myspace"]}], "“myspace” is unknown. Possible are linkedin"),
        ([{"type": "people", "items": [{"text": "a", "photo": "/a.jpg"}]}], "entry 1, field “alt”: missing"),
        ([{"type": "image", "src": "069000000000001", "alt": "x"}], "“069000000000001” is no safe address"),
        ([{"type": "faq"}], "field “items”: missing"),
        ([{"type": "text", "body": "a"}] * 41, "41 blocks; at most 40"),
    ],
)
def test_each_fault_names_block_and_field(blocks, words):
    read, problems = read_blocks(blocks if isinstance(blocks, str) else json.dumps(blocks))
    assert read == []
    assert words in " ".join(problems)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "title", "body", "items", "fields", "limit", "src"]), inner, max_size=4
        )
    ),
)


@given(JSON, st.sampled_from([*BLOCKS, "other"]))
def test_no_json_makes_the_check_fail(value, kind):
    text = json.dumps([{"type": kind, **value}] if isinstance(value, dict) else value)
    blocks, problems = read_blocks(text)
    assert bool(problems) or isinstance(blocks, list)


def test_default_page_has_hero_jobs_and_form():
    assert [block["type"] for block in default_blocks("Hello", "")] == ["hero", "jobs", "form"]
    assert default_blocks("Hello", "")[0]["text"] == ""


@pytest.mark.parametrize("slug", ["a", "night-nurses", "x2", "a" * 60])
def test_good_slugs(slug):
    assert slug_problem(slug) == ""


@pytest.mark.parametrize("slug", ["", "Night", "a b", "-a", "a--b", "a/b", "..", "é", "a" * 61, "a\n"])
def test_bad_slugs_are_explained(slug):
    assert "night-nurses" in slug_problem(slug)


@pytest.mark.parametrize("address", ["https://x.example/a", "/p/nurses", "https://x.example:8443/?a=b#c"])
def test_safe_addresses(address):
    assert is_safe_address(address)


@pytest.mark.parametrize(
    "address",
    ["http://x.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "data:text/html,x", "https://",
     "https://user@evil.example", " https://x.example", "https://x.example/\n", "x.html", "https://[bad"],
)  # fmt: skip
def test_unsafe_addresses(address):
    assert not is_safe_address(address)


def test_text_becomes_paragraphs_and_lists():
    assert pieces("One\ntwo\n\n- a\n- b\n\nThree\r\n\r\n") == [
        ("p", ["One", "two"]),
        ("ul", ["a", "b"]),
        ("p", ["Three"]),
    ]
    assert pieces("Intro:\n- a") == [("p", ["Intro:"]), ("ul", ["a"])]
    assert pieces("") == []


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@given(st.integers(0, 0xFFFFFF))
def test_text_on_any_colour_can_be_read(value):
    colour = f"#{value:06x}"
    assert contrast(text_on(colour), colour) >= 4.3


def test_a_weak_brand_colour_is_refused():
    assert "contrast of 1.4" in read_look("#ffd400", "", "", "")[1][0]
    assert read_look("", "", "", "") == (Look(), [])
    assert read_look("red", "", "", "")[1] == ["The brand's primary colour “red” is no colour. Write it like #0b5a6b."]
    assert read_look("#06C", "fff", "#111111", "Serif")[0] == Look("#0066cc", "#ffffff", "#111111", "serif")


def test_many_problems_are_cut_short():
    assert sentence(["a."] * 7) == "a. a. a. a. a. And 2 more."


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "Enter your first name."),
        ("first_name", "A" * 41, "at most 40"),
        ("first_name", "Win at http://x.example", "cannot hold a web address"),
        ("last_name", "www.evil.example", "cannot hold a web address"),
        ("last_name", "buy-pills.com now", "cannot hold a web address"),
        ("email", "", "Enter your e-mail."),
        ("email", "a@b", "not an e-mail address"),
        ("email", "a@b@c.example", "not an e-mail address"),
        ("email", ".a@x.example", "not an e-mail address"),
        ("email", "a@x..example", "not an e-mail address"),
        ("email", "a@-x.example", "not an e-mail address"),
        ("email", "a b@x.example", "not an e-mail address"),
        ("email", "a@x.example\nBcc: b@x.example", "not an e-mail address"),
        ("email", "a" * 65 + "@x.example", "not an e-mail address"),
        ("phone", "call me", "not a phone number"),
        ("phone", "12", "not a phone number"),
        ("profile", "not a link", "not a web address"),
    ],
)
def test_each_answer_is_checked(field, value, words):
    good = {"first_name": "Ann", "last_name": "Lee", "email": "ann@x.example"}
    _, errors = form.read({**good, field: value}, (*form.ALWAYS, "phone", "profile"))
    assert list(errors) == [field]
    assert words in errors[field]


@pytest.mark.parametrize("name", ["José", "Nguyễn Thị", "李", "O’Brien-Smith", "محمد", "Zoë 🌙", "Jr.", "d’Arc"])
def test_real_names_are_kept_exactly(name):
    values, errors = form.read({"first_name": f" {name} ", "last_name": name, "email": "a@x.example"}, form.ALWAYS)
    assert errors == {}
    assert values["first_name"] == name


@given(st.text())
def test_no_line_break_survives_in_a_name(text):
    tidied = form.tidy(text)
    assert not any(character in tidied for character in "\r\n\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def test_fields_keep_the_order_of_the_page():
    assert form.names(["city", "phone", "unknown"]) == ("email", "first_name", "last_name", "phone", "city")


def test_consent_rows_name_their_cause():
    now = FrozenClock().now()
    made = rows(
        cause="01J",
        purposes=["Newsletter", "Newsletter", "Nonsense"],
        state=ConsentState.PENDING,
        text_version="en-1",
        locale="en",
        at=now,
        evidence="e" * 300,
    )
    assert [(row.key, row.purpose) for row in made] == [("01J|Newsletter|Pending", Purpose.NEWSLETTER)]
    assert len(made[0].evidence) == 255
    longest = max(len(key_of("0" * 26, purpose, ConsentState.WITHDRAWN)) for purpose in Purpose)
    assert longest <= 80


def test_the_same_words_have_the_same_version():
    assert text_version("We keep it.", "en") == text_version("We keep it.", "en")
    others = [("We keep it.", "en"), ("We keep it!", "en"), ("We keep it.", "de")]
    assert len({text_version(text, locale) for text, locale in others}) == 3
    assert set(LABELS) == {purpose.value for purpose in Purpose}
