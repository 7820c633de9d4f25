"""One template in several languages: each person gets theirs, the rest the one it was written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import campaigns
from integration.campaigns.explaining import explain
from integration.campaigns.reading import drafts, read
from integration.campaigns.steps import source_of
from integration.errors import Rejected
from integration.messages import make
from integration.model.message import Message
from integration.model.tongue import spoken, why
from integration.ports import Queue
from integration.records import Candidate, MessageTemplate, RecruitingCampaign
from integration.sending.recipients import Recipient
from tests.app_fixture import app_sent_mail
from tests.unit.mail.story import campaign, deliver, person, pool, record, template

GERMAN = {
    MessageTemplate.LANGUAGE: "de",
    MessageTemplate.SUBJECT: "Neues für {{ first_name }}",
    MessageTemplate.BODY: "<mj-section><mj-column><mj-text>Guten Tag "
    '<a href="https://kestrel.example/de">mehr</a></mj-text></mj-column></mj-section>',
    MessageTemplate.TEXT: "Guten Tag {{ first_name }}",
}


@pytest.fixture
def translated(app, org):
    """(campaign, template, translation), with people who speak de, de-AT, fr, and nobody knows what."""
    in_pool, english = pool(app), template(app, "Welcome", **{MessageTemplate.LANGUAGE: "en"})
    german = template(app, "Willkommen", **GERMAN, **{MessageTemplate.TRANSLATION_OF: english})
    for number, language in enumerate(("de", "de-AT", "fr", None)):
        person(app, number, in_pool, **{Candidate.LANGUAGE: language})
    return campaign(app, in_pool, templates=[english]), english, german


def test_each_person_gets_their_language_and_the_others_the_templates(app, translated):
    campaigns.launch(app, translated[0])
    deliver(app, Queue.MAIL)
    mails = {mail["To"]: mail for mail in app_sent_mail(app)}
    assert [mails[f"person{n}@people.example"]["Subject"] for n in range(4)] == [
        "Neues für First0",
        "Neues für First1",
        "News for First2",
        "News for First3",
    ]
    german = mails["person0@people.example"]
    assert 'lang="de"' in german.get_body(("html",)).get_content()
    assert "Guten Tag First0" in german.get_body(("plain",)).get_content()


def test_links_of_all_languages_stand_on_the_step(app, translated):
    campaigns.launch(app, translated[0])
    targets = {row["Target__c"] for row in app.salesforce.query("SELECT Target__c FROM Campaign_Link__c")}
    assert {"https://kestrel.example/de", "https://kestrel.example/jobs"} <= targets


def test_explain_says_which_language_and_why(app, translated):
    made = translated[0]
    campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    told = []
    for number in (1, 2, 3):
        (row,) = app.salesforce.query(f"SELECT Id FROM Candidate__c WHERE Candidate_Key__c = '01CAND{number:020}'")
        app.salesforce.update(RecruitingCampaign.API_NAME, made, {"Explain_Candidate__c": row["Id"]})
        explain(app, made)
        told.append(record(app, made)["Explanation__c"])
    assert "in de, the person’s language" in told[0]
    assert "in en, the template’s language: there is no translation into fr" in told[1]
    assert "in en, the template’s language: the person’s is not known" in told[2]


def test_a_preview_shows_every_language_and_a_candidate_theirs(app, translated):
    made = translated[0]
    campaigns.preview(app, made)
    version, _ = app.salesforce.attached_file(made)
    page = b"".join(app.salesforce.read_file(version)).decode()
    assert "Guten Tag" in page
    assert "Step 1 · de · " in page
    (row,) = app.salesforce.query("SELECT Id FROM Candidate__c WHERE Language__c = 'de'")
    app.salesforce.update(RecruitingCampaign.API_NAME, made, {"Preview_As__c": row["Id"]})
    assert campaigns.preview(app, made).startswith("Preview made of 1 mails")


def test_a_test_mail_goes_out_in_every_language(app, translated):
    app.salesforce.update(RecruitingCampaign.API_NAME, translated[0], {"Test_Address__c": "me@kestrel.example"})
    assert campaigns.send_test(app, translated[0]) == "2 test mails on the way."
    deliver(app, Queue.MAIL)
    assert [mail["Subject"][:12] for mail in app_sent_mail(app)] == ["[Test] News ", "[Test] Neues"]


def test_a_changed_translation_is_another_mail(app, translated):
    made, _, german = translated
    (before,) = drafts(app, read(app, made))
    app.salesforce.update(MessageTemplate.API_NAME, german, {MessageTemplate.SUBJECT: "Nachrichten"})
    (after,) = drafts(app, read(app, made))
    assert source_of(before) != source_of(after)


@pytest.mark.parametrize(
    ("language", "body", "words"),
    [
        ("en", GERMAN[MessageTemplate.BODY], "there are two mails in en"),
        (None, GERMAN[MessageTemplate.BODY], "the translation has no language"),
        ("de", "<mj-section>", "Willkommen, Body"),
    ],
)
def test_check_says_what_is_wrong_with_a_translation(app, translated, language, body, words):
    made, _, german = translated
    app.salesforce.update(RecruitingCampaign.API_NAME, made, {"Status__c": "Draft"})
    values = {MessageTemplate.LANGUAGE: language, MessageTemplate.BODY: body}
    app.salesforce.update(MessageTemplate.API_NAME, german, values)
    with pytest.raises(Rejected, match=words):
        campaigns.check(app, made)


def test_a_message_survives_being_stored_with_its_languages(app, translated):
    (draft,) = drafts(app, read(app, translated[0]))
    message, _ = make(app, draft)
    assert Message.from_json(message.to_json()) == message
    assert [one.language for one in message.translations] == ["de"]


def test_a_recipients_language_survives_being_frozen():
    one = Recipient("k", "i", "a@b.example", {}, "Europe/Vienna", language="de-AT")
    assert Recipient.from_json(one.as_json()) == one


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        ("de", ["de", "fr"], "de"),
        ("de-AT", ["de", "fr"], "de"),
        ("de", ["de-CH"], "de-CH"),
        ("DE_ch", ["de", "de-CH"], "de-CH"),
        ("en-GB", ["en-US", "de"], "en"),
        ("it", ["de"], "en"),
        ("", ["de"], "en"),
    ],
)
def test_the_nearest_language_is_used(wanted, others, expected):
    assert spoken(wanted, "en", others) == expected


languages = st.sampled_from(["", "en", "en-GB", "de", "de-AT", "de-CH", "fr", "x"])


@given(languages, languages.filter(bool), st.lists(languages.filter(bool), max_size=4))
def test_there_is_always_a_mail_and_never_one_in_an_unrelated_language(wanted, default, others):
    chosen = spoken(wanted, default, others)
    assert chosen in (default, *others)
    assert chosen == default or chosen.partition("-")[0] == wanted.partition("-")[0]
    assert chosen in why(wanted, default, chosen)
