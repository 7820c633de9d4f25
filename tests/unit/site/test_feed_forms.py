"""Every board's feed: its golden file, what its validator refuses, and the rules that hold for all."""

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.model.feed import ADAPTERS, DIALECTS, form_of, problems
from integration.model.feed.validating import items, values_of
from integration.syndication.entries import Terms, entries_of
from tests.unit.site.feed_world import NIGHTS, PLAIN, PUBLISHER, TERMS, TODAY, feed, pairs, row

GOLDEN = Path(__file__).parent / "golden"
XML = sorted(DIALECTS)


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
def test_the_feed_is_the_golden_file(adapter):
    assert feed(adapter) == (GOLDEN / adapter).read_bytes()


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
def test_each_validator_takes_its_golden_file(adapter):
    assert problems(adapter, io.BytesIO((GOLDEN / adapter).read_bytes())) == []


@pytest.mark.parametrize("adapter", XML)
def test_there_is_one_entry_for_each_place(adapter):
    values = [values_of(DIALECTS[adapter], item) for item in items(DIALECTS[adapter], io.BytesIO(feed(adapter)))]
    references = [found["reference"].removeprefix("urn:warmbench:") for found in values]
    assert len(set(references)) == 3
    assert references[2] == "jplain"
    assert all(reference.startswith("jnights-") for reference in references[:2])


@pytest.mark.parametrize("adapter", XML)
@pytest.mark.parametrize("name", ["reference", "title", "url", "description"])
def test_a_job_without_what_the_board_wants_is_refused(adapter, name):
    [(entry, job), *_] = pairs()
    data = feed(adapter, [(entry._replace(**{name: ""}), job)])
    found = problems(adapter, io.BytesIO(data))
    # Atom's id has a prefix of its own, so that it is never empty.
    assert found or (adapter, name) == ("atom", "reference")


@pytest.mark.parametrize(
    ("adapter", "old", "new", "words"),
    [
        ("indeed", b"2026-02-20", b"20.02.2026", "no day as Indeed writes it"),
        ("jooble", b"20.02.2026", b"2026-02-20", "no day as Jooble writes it"),
        ("rss", b"Fri, 20 Feb 2026", b"20 Feb 2026", "no day"),
        ("atom", b"2026-02-20T00:00:00Z", b"2026-02-20", "no day"),
        ("talent", b"<isremote><![CDATA[no]]></isremote>\n", b"", "<isremote> is missing"),
        ("careerjet", b"<location>", b"<place>", "well-formed"),
        ("xing", b"<![CDATA[IE]]>", b"<![CDATA[Ireland]]>", "country code"),
        ("adzuna", b"https://jobs.example/c", b"javascript:alert", "no web address"),
        ("generic", b"Rounds", b"Rounds &amp;", "HTML entity"),
        ("ziprecruiter", b"full_time", b"FULL TIME", "no type of job"),
        ("linkedin", b"<![CDATA[careers@lee.example]]>", b"", "contact is empty"),
        ("indeed", b"<source>", b"<jobs>", "well-formed"),
        ("jsonfeed", b'"JobPosting"', b'"Posting"', "no JobPosting"),
        ("jsonfeed", b'"items"', b"items", "no JSON"),
    ],
)
def test_a_validator_names_what_is_wrong(adapter, old, new, words):
    data = (GOLDEN / adapter).read_bytes()
    assert old in data
    found = problems(adapter, io.BytesIO(data.replace(old, new)))
    assert words in "\n".join(problem.message for problem in found)


def test_a_reference_that_stands_twice_is_found():
    entry, job = pairs()[0]
    for adapter in ADAPTERS:
        assert "twice" in problems(adapter, io.BytesIO(feed(adapter, [(entry, job), (entry, job)])))[0].message


@pytest.mark.parametrize(
    ("adapter", "job", "terms", "words"),
    [
        ("adzuna", replace(PLAIN, description="<p>Short.</p>"), TERMS, "Adzuna wants at least 100 characters"),
        ("linkedin", PLAIN, Terms("https://jobs.example", "", "hr@lee.example"), "“Account at the board”"),
        ("linkedin", replace(PLAIN, title="x" * 201), TERMS, "LinkedIn takes titles up to 200 characters"),
        ("jooble", replace(PLAIN, posted_on=date(2026, 1, 1)), TERMS, "Jooble takes jobs of the last 45 days"),
        ("indeed", replace(PLAIN, posted_on=None), TERMS, "Indeed wants the day it was posted"),
    ],
)
def test_what_a_board_refuses_is_told_before(adapter, job, terms, words):
    [entry] = entries_of(job, row("jplain", "x"), terms)
    [message] = form_of(adapter, PUBLISHER).refusals(entry, TODAY)
    assert words in message


def test_a_good_job_is_refused_nowhere():
    for adapter in ADAPTERS:
        assert [form_of(adapter, PUBLISHER).refusals(entry, TODAY) for entry, _ in pairs()] == [[], [], []]


EVIL = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["]]>", '"><x y="', "&", "\x00]]\x0b>", "\ud800", "\ufffe", "%s", "{{", "<!DOCTYPE x>", "&lt;", "'\"", "\x85"]
)


@settings(max_examples=40)
@given(EVIL, EVIL, EVIL)
def test_no_text_breaks_any_feed(title, category, city):
    place = replace(NIGHTS.places[0], city=city)
    job = replace(NIGHTS, title=title, department=category, places=(place,))
    [entry] = entries_of(job, row("jevil"), TERMS)
    for adapter in XML:
        root = ET.fromstring(feed(adapter, [(entry, job)]))
        assert len(root.findall(f".//{{*}}{DIALECTS[adapter].item}")) == 1
    assert json.loads(feed("jsonfeed", [(entry, job)]))["items"][0]["id"] == entry.reference


def test_the_json_feed_carries_the_job_posting_of_its_place():
    found = json.loads(feed("jsonfeed"))["items"]
    cities = [[each["address"]["addressLocality"] for each in item["_jobposting"]["jobLocation"]] for item in found[:2]]
    assert cities == [["Cork"], ["Berlin"]]
    assert found[2]["_jobposting"]["jobLocationType"] == "TELECOMMUTE"
    assert found[0]["_jobposting"]["url"] == "https://jobs.example/jobs/jnights"
