"""Bad templates under the numbers of the bad inputs: each is refused before any mail, with part, line and remedy."""

import pytest

from integration.messages import engine, make
from integration.records import Brand
from tests.unit.mail.letters import BRAND, draft
from tests.unit.mail.test_templates import ATTACKS, WRONG, body_of, findings, section, text


def refused(app, **changes):
    message, found = make(app, draft(**changes))
    assert message is None
    return "\n".join(str(finding) for finding in found)


@pytest.mark.parametrize("part", ["subject", "body", "text"])
def test_B31_an_unknown_word_is_named_with_the_nearest_before_any_mail(app, part):
    wrong = "\n{{ frist_name }}" if part != "body" else text("\n{{ frist_name }}")
    told = refused(app, **{part: wrong})
    assert "frist_name is not a known word. Did you mean first_name?" in told
    assert f"{part.title()}, line 2" in told


@pytest.mark.parametrize(
    "wrong", ["{% if city %}", "{{ city", "{% endif %}", "{{ city | }}", "{% nonsense %}", "{{ }}"]
)
def test_B32_a_syntax_error_is_told_with_its_line(app, wrong):
    assert "Text, line 3: the template cannot be read" in refused(app, text=f"One\nTwo\n{wrong}")


@pytest.mark.parametrize("tag", ["mj-txet", "mj-raw", "mj-include", "mj-table-of-contents", "marquee", "mj-"])
def test_B33_a_tag_that_mail_does_not_have_is_named_with_its_line(app, tag):
    told = refused(app, body="\n" + section(f"<{tag}>x</{tag}>"))
    assert "Body, line 2" in told
    assert f"<{tag}>" in told


@pytest.mark.parametrize(
    "loop",
    [
        "{% for a in range(10**9) %}x{% endfor %}",
        "{% for a in title|lines %}" * 3 + "x" + "{% endfor %}" * 3,
        "{{ title * 10**9 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)  # fmt: skip
def test_B35_a_template_that_would_not_end_is_refused_before_any_mail(app, loop):
    assert refused(app, body=text(loop))


def test_B35_a_block_that_grows_out_of_what_a_person_wrote_fails_that_mail_alone(app):
    loop = text("{% for a in title|lines %}{% for b in employer|lines %}" + "x" * 600 + "{% endfor %}{% endfor %}")
    with pytest.raises(engine.TooLong):
        body_of(app, loop, title="\n".join("y" * 60), employer="\n".join("y" * 60))
    assert "x" * 600 in body_of(app, loop, title="one", employer="one")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"body": section('<mj-image src="https://x.example/a.png"/>')}, "<mj-image> has no alt text"),
        ({"body": text('<img src="https://x.example/a.png">')}, "<img> has no alt text"),
        ({"body": f"<mjml><mj-body>{text('{{ postal_address }}')}</mj-body></mjml>"}, "it has no unsubscribe link"),
        ({"subject": " "}, "the subject is empty"),
        ({"subject": ""}, "the subject is empty"),
        ({"text": ""}, "the text part is missing"),
        ({"brand": {**BRAND, Brand.POSTAL_ADDRESS: ""}}, "the postal address is missing"),
    ],
)
def test_B36_what_a_mail_must_have_is_asked_for_before_it_goes_out(app, changes, told):
    assert told in refused(app, **changes)


def test_B36_the_mail_that_has_it_all_is_taken(app):
    assert findings(app) == []
    assert (len(ATTACKS), len(WRONG)) >= (60, 20)
