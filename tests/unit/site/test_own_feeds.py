"""Feed templates of recruiters: what they may say, what they cannot do, and that a bad one spoils nothing."""

import xml.etree.ElementTree as ET
from tempfile import TemporaryFile

import pytest

from integration import syndication
from integration.records import Channel, JobRequisition
from integration.syndication.own_feeds import check, make
from tests.unit.site.feed_world import pairs

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<stellen anbieter="{{ publisher }}">
{% for job in jobs %}<stelle nr="{{ job.reference }}">
<titel>{{ job.title | upper }}</titel><ab>{{ job.date | date("%d.%m.%Y") }}</ab>
{% if job.salary %}<lohn>{{ job.salary }}</lohn>{% endif %}
<text>{{ job.description | cdata }}</text><kurz>{{ job.description | plain | short(20) }}</kurz>
</stelle>{% endfor %}
</stellen>
"""
WORDS = {"publisher": "Lee & Sons", "publisher_url": "https://jobs.example", "feed_url": "https://jobs.example/f.xml"}


def made(template):
    with TemporaryFile() as file:
        found = make(template, WORDS, [entry for entry, _ in pairs()], file)
        file.seek(0)
        return found, file.read()


def test_a_template_makes_its_own_form():
    found, data = made(GOOD)
    assert found == []
    root = ET.fromstring(data)
    assert root.get("anbieter") == "Lee & Sons"
    assert [each.findtext("ab") for each in root] == ["20.02.2026", "20.02.2026", "01.03.2026"]
    assert "‹24 h]]›" in root[0].findtext("text")
    assert root[0].findtext("kurz") == "You look after our p"


ATTACKS = [
    "{{ ''.__class__ }}",
    "{{ job.__class__ }}",
    "{% for job in jobs %}{{ job.__init__ }}{% endfor %}",
    "{% for job in jobs %}{{ job.title.__class__ }}{% endfor %}",
    "{% for job in jobs %}{{ job['__class__'] }}{% endfor %}",
    "{% for job in jobs %}{{ job | attr('x') }}{% endfor %}",
    "{% for job in jobs %}{{ job.items() }}{% endfor %}",
    "{% for job in jobs %}{% for again in jobs %}x{% endfor %}{% endfor %}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% for c in 'abc' %}x{% endfor %}",
    "{% for job in jobs recursive %}{{ loop(jobs) }}{% endfor %}",
    "{{ 'a' * 1000000000 }}",
    "{{ 2 ** 1000000 }}",
    "{{ 'a' | center(500000000) }}",
    "{{ publisher | format(1) }}",
    "{{ publisher | replace('', 'xxxxxxxxxxxxxxxxxxx') }}",
    "{{ cycler }}",
    "{{ lipsum() }}",
    "{{ config }}",
    "{{ self }}",
    "{{ namespace() }}",
    "{% import 'os' as os %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'x' %}",
    "{% set x = 1 %}",
    "{% macro m() %}{% endmacro %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% raw %}{% endraw %}{{ [].append }}",
    "{{ publisher.upper }}",
    "{{ () }}",
    "{{ {} }}",
    "{{ publisher[0] }}",
    "{{ publisher is mapping }}",
    "{% if true %}" * 3000,
    "{{ (" * 2000,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_S1_a_feed_template_reaches_nothing_but_words_of_jobs(attack):
    assert check(attack)


def test_S1_what_a_template_may_say_is_bounded():
    assert "characters of at most" in check("x" * 40_000)[0]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<a>{% for job in jobs %}{{ job.titel }}{% endfor %}</a>", "Line 1: “titel” is not known here. Did you mean"),
        ("<a>\n{% for job in jobs %}", "Line 2: "),
        ("<a>{% for job in jobs %}<b>{{ job.reference }}</a>{% endfor %}", "not well-formed XML: mismatched tag"),
        ("<a>{% for job in jobs %}{{ job.title }}{% endfor %}</a>", "3 of 3 jobs are missing"),
        ("<a>{% for job in jobs %}{% if loop.first %}{{ job.reference }}{% endif %}{% endfor %}</a>", "2 of 3 jobs"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "must not declare a document type"),
        ("", "not well-formed XML: no element found"),
    ],
)
def test_B31_B32_B44_a_bad_template_is_told_with_line_and_remedy(template, words):
    found, _ = made(template)
    assert words in "\n".join(found)


def test_a_bad_template_leaves_the_last_good_feed(app, desk, visitor):
    channel = desk.channel("stellen", adapter="generic", **{Channel.FEED_TEMPLATE: GOOD})
    desk.posting(requisition := desk.requisition(), channel)
    syndication.open_requisition(app, requisition)
    desk.work()
    before = visitor.get("/feeds/stellen.xml").data
    assert ET.fromstring(before).tag == "stellen"
    app.salesforce.update(Channel.API_NAME, channel, {Channel.FEED_TEMPLATE: GOOD.replace("job.title", "job.titel")})
    app.salesforce.update(JobRequisition.API_NAME, requisition, {JobRequisition.TITLE: "Day nurse"})
    syndication.refresh(app, {"channel": channel})
    assert visitor.get("/feeds/stellen.xml").data == before
    assert "“titel” is not known here. Did you mean “title”?" in desk.read(Channel.API_NAME, channel, Channel.FINDINGS)
    app.salesforce.update(Channel.API_NAME, channel, {Channel.FEED_TEMPLATE: GOOD})
    syndication.refresh(app, {"channel": channel})
    assert "DAY NURSE" in visitor.get("/feeds/stellen.xml").text
    assert desk.read(Channel.API_NAME, channel, Channel.FINDINGS) is None
