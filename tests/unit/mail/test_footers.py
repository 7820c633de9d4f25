"""The foot of every mail speaks the language of the mail, and a mail in Arabic reads from right to left."""

import pytest

from integration.messages import engine, make
from integration.model.message import MAIL_TOKEN, PREFERENCES_TOKEN, Writer
from integration.model.wording import LANGUAGES, said
from tests.unit.mail.letters import draft, parsed

KEPT = "You get this mail because we keep your details for jobs that may fit you."


def parts(app, language):
    """(HTML, text) of a mail in a language."""
    message, found = make(app, draft(language=language))
    assert message is not None, [str(finding) for finding in found]
    values = {"first_name": "Ada", "city": "Cork", MAIL_TOKEN: "T", PREFERENCES_TOKEN: "P"}
    mail = parsed(Writer(message, engine.render).write("a@people.example", values, app.clock.now()))
    return tuple(mail.get_body((kind,)).get_content() for kind in ("html", "plain"))


@pytest.mark.parametrize("language", [*LANGUAGES, "de-AT", "fr"])
def test_the_foot_is_in_the_language_of_the_mail(app, language):
    html, text = parts(app, language)
    for part in (html, text):
        assert said(KEPT, language) in part
        assert part.count(said("Unsubscribe", language)) == 1
    assert f">{said('Preferences', language)}</a>" in html
    assert f"{said('Unsubscribe', language)}: https://jobs.warmbench.example/u/T" in text


def test_arabic_is_laid_out_from_right_to_left_and_the_rest_is_not(app):
    html, _ = parts(app, "ar")
    assert '<html lang="ar" dir="rtl"' in html
    assert "direction:ltr" not in html
    assert "text-align:right" in html
    other, _ = parts(app, "de")
    assert 'dir="rtl"' not in other
    assert "direction:rtl" not in other
