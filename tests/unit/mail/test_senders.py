"""Whose address the mails of a campaign come from, and what DMARC makes of it."""

import pytest

from integration import campaigns
from integration.adapters import aws
from integration.campaigns.audience import Estimate
from integration.campaigns.preflight import as_page, of_outside_links
from integration.errors import Rejected
from integration.messages import message_of_mark, writer
from integration.messages.findings import Finding
from integration.model.alignment import Identity, alignment, names_of
from integration.model.message import Link
from integration.ports import MailUnanswered, Queue
from integration.records import Brand, RecruitingCampaign
from tests.app_fixture import SENDER_DOMAIN, app_sent_mail
from tests.unit.mail.story import a_brand, campaign, deliver, person, pool, record

OWNER = "mary.lead@team.example"
OWN = f"jobs@{SENDER_DOMAIN}"


@pytest.fixture
def in_pool(app, org):
    made = pool(app)
    person(app, 1, made)
    return made


def test_a_sender_that_is_not_verified_falls_back_to_the_brands_and_everybody_is_told(app, in_pool):
    made = campaign(app, in_pool, status="Draft", **{RecruitingCampaign.SENDER: OWNER})
    words = f"{OWNER} is not verified at the mail provider, so mails come from {OWN} and answers go to {OWNER}."
    assert words in campaigns.check(app, made)
    assert words in record(app, made)["Findings__c"]
    campaigns.approve(app, made)
    assert words in campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    (mail,) = app_sent_mail(app)
    assert mail["From"].addresses[0].addr_spec == OWN
    assert mail["Reply-To"] == OWNER


def test_a_verified_sender_is_used_as_it_is(app, in_pool):
    aws.ses().create_email_identity(EmailIdentity="team.example")
    made = campaign(app, in_pool, **{RecruitingCampaign.SENDER: OWNER})
    assert "not verified" not in campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    (mail,) = app_sent_mail(app)
    assert (mail["From"].addresses[0].addr_spec, mail["Reply-To"]) == (OWNER, None)


def test_what_was_found_at_launch_holds_when_the_address_is_verified_later(app, in_pool):
    made = campaign(app, in_pool, **{RecruitingCampaign.SENDER: OWNER})
    campaigns.launch(app, made)
    aws.ses().create_email_identity(EmailIdentity=OWNER)
    deliver(app, Queue.MAIL)
    assert app_sent_mail(app)[0]["From"].addresses[0].addr_spec == OWN


def test_without_any_verified_sender_nothing_starts_and_nothing_is_tried(app, in_pool):
    brand = a_brand(app, **{Brand.FROM_ADDRESS: "jobs@nowhere.example"})
    made = campaign(app, in_pool, brand=brand, status="Draft")
    with pytest.raises(Rejected, match=r"jobs@nowhere.example is not verified at the mail provider"):
        campaigns.check(app, made)
    other = campaign(app, in_pool, brand=brand, **{RecruitingCampaign.SENDER: OWNER})
    with pytest.raises(Rejected, match="not verified"):
        campaigns.launch(app, other)
    assert deliver(app, Queue.MAIL) == 0


def test_answers_that_come_to_us_are_passed_on_to_whose_mails_they_are(app, in_pool, monkeypatch):
    app.config = app.config.__class__(**{**vars(app.config), "inbound_domain": "in.warmbench.example"})
    made = campaign(app, in_pool, **{RecruitingCampaign.SENDER: OWNER})
    campaigns.launch(app, made)
    deliver(app, Queue.MAIL)
    (mail,) = app_sent_mail(app)
    address = mail["Reply-To"].addresses[0]
    assert address.domain == "in.warmbench.example"
    step = message_of_mark(app, address.username.removeprefix("reply+")[:6])
    assert writer(app, *step).message.answers_to == OWNER


def test_a_provider_that_does_not_tell_stops_nothing(app, in_pool):
    class Silent:
        def identity(self, name):
            raise MailUnanswered("AccessDeniedException")

    app.mailer = Silent()
    text = campaigns.check(app, campaign(app, in_pool, status="Draft"))
    assert f"did not say whether {OWN} may send (AccessDeniedException)" in text


def test_nobody_to_write_to_is_an_error_of_a_blast_and_advice_for_a_drip(app, org):
    empty, shut = pool(app, "Empty"), pool(app, "Shut")
    person(app, 1, shut, Do_Not_Contact__c=True)
    with pytest.raises(Rejected, match="nobody can be reached, the pools have no members"):
        campaigns.check(app, campaign(app, empty, status="Draft"))
    made = campaign(app, shut, status="Draft")
    with pytest.raises(Rejected, match="nobody can be reached: 1 are not to be contacted"):
        campaigns.check(app, made)
    assert "<li>1 are not to be contacted</li>" in record(app, made)["Findings__c"]
    assert "The drip waits for new members" in campaigns.check(app, campaign(app, empty, kind="Drip", status="Draft"))


def test_an_address_is_known_by_itself_or_by_a_domain_above():
    assert names_of("Jo@mail.jobs.kestrel.example") == [
        "jo@mail.jobs.kestrel.example",
        "mail.jobs.kestrel.example",
        "jobs.kestrel.example",
        "kestrel.example",
    ]


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        (Identity("kestrel.example", True, True, "b.kestrel.example"), "aligned. Mails from jobs.kestrel.example are"),
        (Identity("kestrel.example", True, True), "aligned, by the signature (DKIM)"),
        (Identity("kestrel.example", True, False, "b.jobs.kestrel.example"), "by the MAIL FROM domain"),
        (Identity("kestrel.example", True), "not aligned. Mails from jobs.kestrel.example are neither"),
        (Identity("other.example", True, True, "b.other.example"), "not aligned"),
    ],
)
def test_alignment_in_plain_words(identity, words):
    assert words in alignment("ada@jobs.kestrel.example", identity)


def test_links_that_lead_outside_are_advice_and_only_so_many_are_tried(app):
    asked = []

    class Web:
        def fault(self, url):
            asked.append(url)
            return "answers with 404" if url.endswith("/1") else ""

    app.link_check = Web()
    app.config = app.config.__class__(**{**vars(app.config), "link_checks": 2})
    targets = [
        "mailto:a@b.example",
        "https://jobs.warmbench.example/p/x",
        *(f"https://x.example/{n}" for n in (1, 1, 2, 3)),
    ]
    message = type("Mail", (), {"links": [Link(str(n), target) for n, target in enumerate(targets)]})
    found = of_outside_links(app, [message])
    assert sorted(asked) == ["https://x.example/1", "https://x.example/2"]
    assert [str(one) for one in found] == [
        "Links: the link https://x.example/1 answers with 404. Open it yourself, or take it out. (advice)",
        "Links: 1 link to other sites not tried. (advice)",
    ]


def test_S2_findings_are_a_page_with_what_stops_first_and_names_are_text():
    findings = [Finding("Body", 3, "a <b> tag", error=False), Finding("Sender", 0, "not verified")]
    page = as_page(findings, Estimate(3, 1, 1, {"have paused mail": 1}), "Checked.")
    assert page.index("✗ <b>Sender</b>") < page.index("△ <b>Body, line 3</b>: a &lt;b&gt; tag")
    assert "<li>1 have paused mail</li>" in page
    assert "<li>1 are members of an excluded pool</li>" in page
