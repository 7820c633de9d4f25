"""The preview of a campaign shows the very mail that its people then get."""

import re

import pytest

from integration.campaigns import launch, preview
from integration.campaigns.audience import PERSON, recipient_of
from integration.campaigns.previewing import letter
from integration.campaigns.reading import drafts, read
from integration.errors import Rejected
from integration.messages import make
from integration.ports import Queue
from integration.records import Candidate, MessageTemplate, RecruitingCampaign
from integration.sending import totals
from integration.soql import equals, select
from tests.app_fixture import app_sent_mail
from tests.unit.mail.letters import BODY
from tests.unit.mail.story import campaign as a_campaign
from tests.unit.mail.story import deliver, person, pool, template

FOUND = {
    Candidate.COLLECTED_FROM: "GitHub",
    Candidate.COLLECTED_AT: "2026-02-03T10:00:00.000+0000",
    Candidate.NOTICE_DUE_ON: "2026-03-05",
}
BRANCHES = BODY.replace("</mj-text>", "{% if title %} As {{ title }}.{% endif %}</mj-text>", 1)


class Post:
    """Takes the bytes as they are handed over."""

    def __init__(self):
        self.taken = []

    def send(self, raw, *, sender, recipient, tags):
        self.taken.append(raw)
        return f"id-{len(self.taken)}"


def blast(app, body=BODY):
    engineers = pool(app)
    return a_campaign(app, engineers, templates=[template(app, **{MessageTemplate.BODY: body})]), engineers


def page_of(app, org, campaign):
    address = app.salesforce.get(RecruitingCampaign.API_NAME, campaign, ["Preview_URL__c"])["Preview_URL__c"]
    return b"".join(app.salesforce.read_file(address.rpartition("/")[2])).decode()


def without_tokens(raw):
    """The mail as its lines would be without tokens, dates and what only a real mail has."""
    text = raw.replace(b"=\r\n", b"")
    text = re.sub(rb"(?m)^(Date|Reply-To|References|List-Unsubscribe): .*(\r\n[ \t].*)*\r\n", b"", text)
    text = re.sub(rb"=_wb_[0-9a-f]{24}", b"=_wb_", text)
    return re.sub(rb"/(c|o|u|preferences)/[\w./-]+", rb"/\1/", text.replace(b".gif", b""))


@pytest.mark.parametrize("found", [{}, FOUND], ids=["came by a form", "was found"])
def test_preview_bytes_equal_sent_bytes_but_for_tokens(app, found):
    campaign, engineers = blast(app, BRANCHES)
    candidate, _ = person(app, 1, engineers, **found)
    [row] = app.salesforce.query(select(Candidate.API_NAME, PERSON, where=equals(Candidate.ID, candidate)))
    [draft] = drafts(app, read(app, campaign))
    message, _ = make(app, draft)
    shown = letter(app, message, recipient_of(row))
    app.mailer = post = Post()
    launch(app, campaign)
    deliver(app, Queue.MAIL)
    [sent] = post.taken
    assert without_tokens(shown) == without_tokens(sent)


def test_without_a_candidate_every_branch_is_shown(app, org):
    campaign, _ = blast(app, BRANCHES)
    assert "Preview made of" in preview(app, campaign)
    page = page_of(app, org, campaign)
    assert "Step 1 · With title" in page
    assert "Step 1 · Without title" in page
    assert "Written from right to left" in page


def test_looking_at_a_preview_counts_nothing_and_mails_nobody(app, org):
    campaign, engineers = blast(app)
    candidate, _ = person(app, 1, engineers)
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign, {RecruitingCampaign.PREVIEW_AS: candidate})
    assert preview(app, campaign).startswith("Preview made of 1 mails")
    assert "as this candidate gets it" in page_of(app, org, campaign)
    assert app_sent_mail(app) == []
    assert totals(app, campaign).audience == 0


def test_somebody_without_an_address_is_named(app):
    campaign, _ = blast(app)
    candidate, _ = person(app, 1, email=None)
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign, {RecruitingCampaign.PREVIEW_AS: candidate})
    with pytest.raises(Rejected, match="no e-mail address"):
        preview(app, campaign)
