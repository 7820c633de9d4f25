"""A template's preview: several people, every branch, nothing that runs."""

from html import unescape

from integration.messages import make, preview
from integration.messages.proofs import MOST_BRANCHES, Proof, as_page, branches
from integration.records import MessageTemplate
from tests.unit.mail.letters import draft
from tests.unit.mail.story import a_brand, template


def text(inside):
    return f"<mj-section><mj-column><mj-text>{inside}</mj-text></mj-column></mj-section>"


def test_every_branch_has_its_person(app):
    body = text("{% if city and not title %}a{% elif employer %}b{% endif %}")
    message, _ = make(app, draft(body=body))
    made = dict(branches(message))
    assert len(made) == 8
    assert {(bool(p["city"]), bool(p["title"]), bool(p["employer"])) for p in made.values()} == {
        (a, b, c) for a in (True, False) for b in (True, False) for c in (True, False)
    }
    plain, _ = make(app, draft())
    assert list(branches(plain)) == []


def test_many_conditions_stop_at_the_cap(app):
    words = ("city", "title", "employer", "region", "country", "last_name")
    body = text("".join(f"{{% if {word} %}}x{{% endif %}}" for word in words))
    message, _ = make(app, draft(body=body))
    assert len(list(branches(message))) == MOST_BRANCHES


def test_mail_cannot_leave_its_frame():
    page = as_page([Proof('<b>"', "</p><script>1</script>", "\"></iframe><script>1</script>'", "<script>")])
    assert "<script" not in page
    assert page.count('sandbox=""') == 2


def test_preview_shows_all_personas_and_the_text_part(app, org):
    a_brand(app)
    made = template(app, **{MessageTemplate.BODY: text("Hello {{ first_name or 'there' }}{% if city %}!{% endif %}")})
    preview(app, made)
    version, _ = app.salesforce.attached_file(made)
    page = unescape(b"".join(app.salesforce.read_file(version)).decode())
    for expected in ("Hello there", "Hello Alex!", "Hello ليلى", "Wolfeschlegel", "Without city", "read more: https"):
        assert expected in page
