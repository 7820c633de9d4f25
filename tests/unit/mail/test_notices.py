"""People whose details were found are told so in the first mail, once, and the record says when."""

import email
import email.policy

import pytest

from integration.campaigns import tending
from integration.campaigns.audience import PERSON, recipient_of
from integration.model.notice import Notice
from integration.records import Candidate
from integration.sending import send_chunk
from integration.soql import select
from tests.app_fixture import app_sent_mail
from tests.unit.mail.letters import plenty, published, queue_message
from tests.unit.mail.story import person

FOUND = {
    Candidate.COLLECTED_FROM: "GitHub <script>",
    Candidate.COLLECTED_AT: "2026-02-03T10:00:00.000+0000",
    Candidate.NOTICE_DUE_ON: "2026-03-05",
}


def send(app, step="a0StepWB000001AAA", **changes):
    rows = app.salesforce.query(select(Candidate.API_NAME, PERSON))
    people = [recipient_of(row).as_json() for row in rows]
    send_chunk(app, queue_message(*people, **changes), plenty)


def parts(mail):
    whole = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    return [whole.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_the_first_mail_tells_where_the_details_came_from(app):
    published(app)
    person(app, 1, **FOUND)
    send(app)
    [mail] = app_sent_mail(app)
    text, html = parts(mail)
    assert "We found them by GitHub <script> on 2026-02-03" in text
    assert "We found them by GitHub &lt;script&gt; on 2026-02-03" in html
    assert "<script>" not in html
    assert "https://jobs.warmbench.example/preferences/" in text


def test_nobody_is_told_twice_and_the_record_says_when(app, org):
    published(app)
    published(app, version="2")
    person(app, 1, **FOUND)
    send(app)
    tending.tend(app)
    assert org.rows("SELECT Notice_Sent_At__c FROM Candidate__c")[0]["Notice_Sent_At__c"].startswith("2026-03-02T09:00")
    app.salesforce.update(
        Candidate.API_NAME, org.rows("SELECT Id FROM Candidate__c")[0]["Id"], {Candidate.NOTICE_SENT_AT: None}
    )
    send(app, version="2")  # a frozen audience may still say that the person has to be told
    first, second = (parts(mail)[0] for mail in app_sent_mail(app))
    assert "Why you hear from us" in first
    assert "Why you hear from us" not in second


def test_who_came_by_a_form_is_told_nothing_new(app):
    published(app)
    person(app, 1, **{Candidate.COLLECTED_FROM: "Landing page nurses"})
    send(app)
    [mail] = app_sent_mail(app)
    assert not any("Why you hear from us" in part for part in parts(mail))


@pytest.mark.parametrize(
    ("language", "begin"), [("de-AT", "Warum"), ("fr", "Pourquoi"), ("es", "Por qué"), ("xx", "Why")]
)
def test_the_notice_speaks_the_language_of_the_mail(language, begin):
    notice = Notice("Import", "2026-02-03")
    assert notice.text(language, "https://x/").startswith(begin)
    assert begin in notice.html(language, "https://x/")


def test_a_source_that_nobody_noted_is_not_left_blank():
    assert "by our own research and keep" in Notice(" ", "").text("en", "https://x/")


@pytest.mark.parametrize(("language", "words"), [("en", "a list of addresses that we loaded"), ("de", "eine Liste")])
def test_the_names_of_our_files_are_no_business_of_outsiders(language, words):
    notice = Notice("Import a08000000000001: cheap leads of March.csv", "2026-03-02")
    for told in (notice.text(language, "https://x.example"), notice.html(language, "https://x.example")):
        assert words in told
        assert "leads" not in told
        assert "a08" not in told
