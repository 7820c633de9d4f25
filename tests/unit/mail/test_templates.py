"""What the check says of templates, the templates we deliver, and templates that attack."""

import os
import re

import pytest

from integration.errors import Rejected
from integration.messages import check, engine, isolation, language, make, preview, publish, writer
from integration.messages.compiling import CLIPPED_AT, compiled
from integration.messages.isolation import compile_apart, compile_once
from integration.messages.making import source_of
from integration.messages.slots import OF_CANDIDATE, PERSONA
from integration.model import link
from integration.model.link import Purpose
from integration.model.message import MAIL_TOKEN, NOTICE_HTML, PREFERENCES_TOKEN, Block, Slot, Writer
from integration.records import Brand, MessageTemplate
from tests.clock import FrozenClock
from tests.unit.mail.letters import BODY, BRAND, TEXT, draft, parsed
from tests.unit.mail.story import template

BASE = "https://jobs.warmbench.example"
CONSTANTS = {"job_title": "Test <Engineer> & more", "job_url": "https://jobs.warmbench.example/jobs/r1"}


def section(inside):
    return f"<mj-section><mj-column>{inside}</mj-column></mj-section>"


def text(inside):
    return section(f"<mj-text>{inside}</mj-text>")


def findings(app, **changes):
    return [str(finding) for finding in make(app, draft(**changes))[1]]


def body_of(app, body, **values):
    """The HTML a person reads."""
    message, found = make(app, draft(body=body))
    assert message is not None, [str(finding) for finding in found]
    return html_of(message, **values)


def html_of(message, **values):
    filled = {**dict.fromkeys(OF_CANDIDATE, ""), **values, MAIL_TOKEN: "MAILTOKEN", PREFERENCES_TOKEN: "PREFTOKEN"}
    raw = Writer(message, engine.render).write("a@people.example", filled, FrozenClock().at)
    return parsed(raw).get_body(("html",)).get_content()


WRONG = [
    ({"subject": "  "}, "Subject: the subject is empty"),
    ({"text": ""}, "Text: the text part is missing"),
    ({"body": ""}, "Body: the body is empty"),
    ({"body": text("{{ frist_name }}")}, "frist_name is not a known word. Did you mean first_name?"),
    ({"subject": "Hi {{ nmae }}"}, "Subject, line 1: nmae is not a known word. Use one of: "),
    ({"text": "\n\nHi {{ cty }}"}, "Text, line 3: cty is not a known word. Did you mean city?"),
    ({"body": "\n\n" + text("{% if city %}")}, "Body, line 3: the template cannot be read"),
    ({"body": text("{{ city")}, "Body, line 1: the template cannot be read"),
    (
        {"body": "\n" + section("<mj-txet>x</mj-txet>")},
        "Body, line 2: <mj-txet> is not available in mail. Did you mean mj-text?",
    ),
    ({"body": section("<mj-text>x")}, "closes nothing here. <mj-text> of line 1 is still open"),
    ({"body": section('<mj-image src="https://x.example/a.png"/>')}, "<mj-image> has no alt text"),
    ({"body": text('<img src="https://x.example/a.png">')}, "<img> has no alt text"),
    ({"body": text('<a href="htps://x.example">x</a>')}, "the address htps://x.example must begin with https://"),
    ({"body": text('<a href="https://x example/a">x</a>')}, "has a blank or an invisible character"),
    ({"body": text('<a href="https:///a">x</a>')}, "has no proper host name"),
    ({"body": text('<a href="https://x.example/{{ city }}">x</a>')}, "must be the same for everybody"),
    ({"text": "https://x.example/{{ city }}"}, "must be the same for everybody"),
    ({"body": "words outside" + text("x")}, 'the text "words outside" stands outside of <mj-text>'),
    ({"body": text("x" * CLIPPED_AT)}, "Gmail cuts it off at 102"),
    ({"body": text("<div>" * 100 + "</div>" * 100)}, "tags stand more than 60 deep"),
    ({"brand": {**BRAND, Brand.POSTAL_ADDRESS: ""}}, "Brand: the postal address is missing"),
    ({"brand": {**BRAND, Brand.FROM_ADDRESS: "nobody"}}, "Brand: the sender has no proper address"),
    ({"brand": {**BRAND, Brand.PRIMARY_COLOR: "red;}"}}, "is not a colour"),
    ({"body": f"<mjml><mj-body>{text('{{ postal_address }}')}</mj-body></mjml>"}, "it has no unsubscribe link"),
    (
        {"body": "<mjml><mj-body>" + text('<a href="{{ unsubscribe_url }}">out</a>') + "</mj-body></mjml>"},
        "it does not show the postal address",
    ),
    ({"body": text("{{ confirm_url }}")}, "confirm_url is not a known word"),
]


@pytest.mark.parametrize(("changes", "expected"), WRONG, ids=[expected for _, expected in WRONG])
def test_check_says_what_is_wrong_and_where(app, changes, expected):
    message, found = make(app, draft(**changes))
    assert message is None
    assert any(expected in str(finding) for finding in found), [str(finding) for finding in found]


def test_complete_mjml_document_with_footer_is_taken_as_it_is(app):
    foot = text('{{ postal_address }} <a href="{{ unsubscribe_url }}">out</a>')
    html = body_of(app, f"<mjml><mj-body>{text('Hi')}{foot}</mj-body></mjml>")
    assert "/u/MAILTOKEN" in html
    assert "Preferences" not in html


def test_brand_values_cannot_add_markup(app):
    message, _ = make(app, draft(brand={**BRAND, Brand.FROM_NAME: "<script>alert(1)</script>"}))
    assert "<script>" not in html_of(message)


def test_a_mail_has_its_brand_for_a_title(app):
    """What a screen reader says first, and a window of a web mail shows."""
    message, _ = make(app, draft(brand={**BRAND, Brand.FROM_NAME: "Lee & Sons"}))
    assert "<title>Lee &amp; Sons</title>" in html_of(message)


ATTACKS = [
    # reading what a template must not see
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ first_name.__class__ }}",
    "{{ first_name.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self }}",
    "{{ config }}",
    "{{ request.application }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ first_name|attr('__class__') }}",
    "{{ first_name['__class__'] }}",
    "{{ (first_name|attr)('__class__') }}",
    "{{ first_name|map('upper') }}",
    "{{ [1]|map(attribute='__class__')|list }}",
    "{{ first_name.format(x) }}",
    "{{ '{0.__class__}'.format(first_name) }}",
    "{{ '%s'|format(first_name.__class__) }}",
    "{{ first_name|tojson }}",
    "{{ first_name|pprint }}",
    "{{ first_name|xmlattr }}",
    "{{ dict(a=1) }}",
    "{{ range(3) }}",
    "{{ loop.cycle }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import environ %}",
    "{% extends '_layout.mjml.j2' %}",
    "{% set x = first_name %}{{ x }}",
    "{% set ns = namespace() %}",
    "{% macro m() %}{% endmacro %}",
    "{% call m() %}{% endcall %}",
    "{% block b %}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% autoescape false %}{{ first_name }}{% endautoescape %}",
    "{{ first_name|safe }}",
    "{{ first_name|e|safe }}",
    "{% with a = 1 %}{{ a }}{% endwith %}",
    "{% do first_name %}",
    "{% for a in first_name recursive %}{{ loop(a) }}{% endfor %}",
    "{% for _x in ['a'] %}{{ _x }}{% endfor %}",
    "{% for a, b in [] %}{% endfor %}",
    "{{ _mail }}",
    "{{ _link_0 }}",
    # using up time, memory and output
    "{{ 'a' * 10**9 }}",
    "{{ 10**10**10 }}",
    "{{ 'a'|center(500000000) }}",
    "{{ 'a'.ljust(500000000) }}",
    "{% for i in range(99999999) %}{% endfor %}",
    "{% for a in first_name %}{% for b in first_name %}{% endfor %}{% endfor %}",
    "{{ first_name|replace('a', 'aaaaaaaaaaaaaaa')|replace('a', 'aaaaaaaaaaaa') }}",
    "{{ 'a'|indent(99999999) }}",
    "{{ 'a'|wordwrap(1) }}",
    "{{ ['a','b']|join(first_name * 99999) }}",
    "{{ 1 / 0 }}",
    "{{ first_name[::-1] }}",
    "{% for a in ['x'] %}{% for b in ['x'] %}{% for c in ['x'] %}{% endfor %}{% endfor %}{% endfor %}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{% if city %}" * 2000 + "{% endif %}" * 2000,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack[:50] for attack in ATTACKS])
@pytest.mark.parametrize("part", ["subject", "body", "text"])
def test_S1_B35_template_that_attacks_is_refused(app, part, attack):
    source = {"body": text(attack), "subject": attack, "text": attack}[part]
    found = compiled(source_of(BASE, draft(**{part: source}))).findings
    assert [finding for finding in found if finding.error and finding.part.lower() == part]


@pytest.mark.parametrize("attack", [ATTACKS[7], ATTACKS[47], ATTACKS[-1], ATTACKS[-2]])
def test_S1_child_refuses_the_same(app, attack):
    message, found = make(app, draft(body=text(attack)))
    assert message is None
    assert found


MARKUP_ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example></ScRiPt>",
    '<img src=x onerror=alert(1) alt="">',
    '<img src="javascript:alert(1)" alt="">',
    '<img src="data:text/html,x" alt="">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html;base64,PHN2Zz4=">x</a>',
    '<a href="//x.example">x</a>',
    '<a href="/relative">x</a>',
    '<a href="https://user:pass@x.example/">x</a>',
    '<a href="https://x.example" onclick="x()">x</a>',
    "<svg onload=alert(1)></svg>",
    "<math><mi></mi></math>",
    "<iframe src=https://x.example></iframe>",
    "<object data=x></object>",
    "<embed src=x>",
    "<form action=https://x.example><input></form>",
    "<style>body{background:url(javascript:1)}</style>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<p style="behavior:url(x)">x</p>',
    '<p style="-moz-binding:url(x)">x</p>',
    '<p style="x:\\65xpression(1)">x</p>',
    "<base href=https://x.example>",
    '<meta http-equiv="refresh" content="0;url=x">',
    '<link rel="stylesheet" href="https://x.example">',
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    "<?php echo 1 ?>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<mj-raw><script>1</script></mj-raw>",
    '<mj-include path="/etc/passwd" />',
    '<mj-include path="https://x.example/a.mjml" />',
    '<mj-button href="javascript:1">x</mj-button>',
    '<p style="color:{{ city }}">x</p>',
    "<template><script>1</script></template>",
]


@pytest.mark.parametrize("attack", MARKUP_ATTACKS)
def test_S2_markup_that_attacks_is_refused(app, attack):
    result = compiled(source_of(BASE, draft(body=text(attack))))
    assert [finding for finding in result.findings if finding.error], result.html


@pytest.mark.parametrize("body", ["<mj-section>" * 15_000, text("<div>" * 30_000), "<" * 190_000, "{" * 190_000])
def test_B34_no_template_crashes_the_process(app, body):
    message, found = make(app, draft(body=body))
    assert message is None
    assert found


def test_comments_cannot_hide_markup_from_the_check(app):
    html = body_of(app, text("a<!--[if mso]><script>alert(1)</script><![endif]-->b"))
    assert "<script" not in html
    assert "ab</div>" in html


def test_S2_value_of_a_person_is_text_whatever_it_says(app):
    html = body_of(
        app,
        text("{{ first_name }} {% if city %}{{ city }}{% endif %}"),
        first_name="<script>{{ 7*7 }}</script>",
        city="<img src=x>",
    )
    assert "&lt;script&gt;{{ 7*7 }}&lt;/script&gt; &lt;img src=x&gt;" in html


def test_braces_of_a_value_in_a_block_are_not_read_again(app):
    constants = {**CONSTANTS, "job_title": "{{ first_name }}{% if %}"}
    message, found = make(app, draft(body=text("{% if city %}{{ job_title }}{% endif %}"), constants=constants))
    assert message is not None, [str(finding) for finding in found]
    assert "{{ first_name }}{% if %}" in html_of(message, city="Cork", first_name="Ada")


def test_B35_block_that_grows_too_long_fails_that_mail_only(app):
    nested = "{% for a in title|lines %}{% for b in employer|lines %}" + "x" * 600 + "{% endfor %}{% endfor %}"
    many = "\n".join("y" * 60)
    with pytest.raises(engine.TooLong):
        body_of(app, text(nested), title=many, employer=many)


def test_S1_the_child_knows_no_secret_of_ours(app, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-key")
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == "canary-key"
    made = compile_apart(source_of(BASE, draft()))
    assert made.findings == []
    assert "canary-key" not in repr(made)


def test_the_same_mail_is_compiled_once_and_a_faulty_one_each_time(monkeypatch):
    asked, real = [], isolation.compile_apart
    monkeypatch.setattr(isolation, "compile_apart", lambda source: asked.append(source["subject"]) or real(source))
    good = source_of(BASE, draft(subject="Only in this test"))
    faulty = source_of(BASE, draft(subject="{{ nobody_knows }}"))
    made = [compile_once(good) for _ in range(2)]
    made[0].links.clear()
    assert made[1].links
    assert [bool(compile_once(faulty).findings) for _ in range(2)] == [True, True]
    assert asked == ["Only in this test", "{{ nobody_knows }}", "{{ nobody_knows }}"]


def test_golden_body_has_tracked_links_and_one_pixel(app):
    message, _ = make(app, draft())
    html = html_of(message, first_name="Ada", city="Cork")
    assert [one.target for one in message.links] == [
        "https://kestrel.example/a?b=1&c=2",
        "https://kestrel.example/jobs",
    ]
    assert html.count('href="https://jobs.warmbench.example/c/') == 3
    assert html.count("/MAILTOKEN") == 5  # two links and the hidden one, the pixel and the unsubscribe link
    assert html.count("/o/MAILTOKEN.gif") == 1
    assert "Hello Ada, <b>Cork</b> needs you." in html
    assert "kestrel.example/a" not in html


def test_a_link_that_people_cannot_see_is_the_last_of_the_page(app):
    message, _ = make(app, draft())
    html = html_of(message, first_name="Ada", city="Cork")
    [hidden] = re.findall(r"<a [^>]*aria-hidden[^>]*></a>", html)
    assert html.index(hidden) > html.rindex("/u/MAILTOKEN")
    assert 'tabindex="-1"' in hidden
    assert "display:none" in hidden
    token = re.search(r"/c/([^/]+)/", hidden)[1]
    claims = app.links.read(Purpose.LINK, token, app.clock.now())
    assert (claims[link.NUMBER], claims[link.TARGET]) == ("hidden", "https://jobs.warmbench.example/")
    assert "hidden" not in [one.number for one in message.links]


def test_text_part_says_the_same_and_ends_with_the_way_out(app):
    message, _ = make(app, draft())
    raw = Writer(message, engine.render).write(
        "a@people.example", {"first_name": "Ada", MAIL_TOKEN: "T", PREFERENCES_TOKEN: "P"}, app.clock.now()
    )
    part = parsed(raw).get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert part.startswith("Hello Ada,\n\nread more: https://jobs.warmbench.example/c/")
    assert "/T.\n" in part  # the full stop is no part of the link
    assert "1 Mill Lane\nCork T12" in part
    assert "Unsubscribe: https://jobs.warmbench.example/u/T" in part


def test_only_blocks_need_the_engine(app):
    slots, _ = make(app, draft())
    blocks, _ = make(app, draft(body=text("{% if city %}{{ city }}{% endif %}")))
    assert not slots.has_blocks
    assert {piece.name for piece in slots.html if isinstance(piece, Slot)} == {
        "first_name",
        "city",
        MAIL_TOKEN,
        PREFERENCES_TOKEN,
        NOTICE_HTML,
    }
    assert any(isinstance(piece, Block) for piece in blocks.html)


def test_stored_message_is_never_replaced(app):
    first, _ = make(app, draft(subject="First"))
    second, _ = make(app, draft(subject="Second"))
    publish(app, first)
    publish(app, second)
    assert writer(app, first.campaign, first.step, first.version).message == first


def test_template_record_shows_its_findings(app, org):
    app.salesforce.create(Brand.API_NAME, {"Name": "Kestrel", Brand.KEY: "kestrel", **BRAND})
    wrong = template(app, **{MessageTemplate.BODY: text("{{ frist_name }}")})
    with pytest.raises(Rejected, match="Did you mean first_name"):
        check(app, wrong)
    row = app.salesforce.get(MessageTemplate.API_NAME, wrong, [MessageTemplate.STATUS, MessageTemplate.FINDINGS])
    assert row[MessageTemplate.STATUS] == "Failed"
    assert "Did you mean first_name?" in row[MessageTemplate.FINDINGS]


def test_preview_is_written_to_a_made_up_person(app, org):
    app.salesforce.create(Brand.API_NAME, {"Name": "Kestrel", Brand.KEY: "kestrel", **BRAND})
    right = template(app)
    assert preview(app, right) == f"Preview made. Subject: News for {PERSONA['first_name']}"
    version, name = app.salesforce.attached_file(right)
    page = b"".join(app.salesforce.read_file(version)).decode()
    assert name == "Preview.html"
    assert "Hello Alex" in page


def test_body_and_text_of_these_tests_are_right(app):
    assert findings(app, body=BODY, text=TEXT) == []


def test_a_source_is_cut_as_it_was_checked_however_often_it_is_read():
    source = """Hi {{ first_name or "}} there" }},{# not said #}\n{%- if city %} in {{ city }}{% endif -%}\n!"""
    fresh = list(language.ENGINE.lexer.__class__.__base__(language.ENGINE).tokeniter(source, None))
    for _ in range(3):
        assert language.check(source, "Text", {"first_name", "city"}) == []
        assert list(language.ENGINE.lex(source)) == fresh
    assert [each.text for each in language.segments(source) if each.kind == "expression"] == [
        'first_name or "}} there"',
        "city",
    ]
    assert language.check("{{ first_name", "Text", {"first_name"})
    assert language.check("{{ first_name", "Text", {"first_name"})
