"""What the check of a campaign says beyond what stops the compiler: links to our own pages, and advice."""

import pytest

from integration import campaigns
from integration.campaigns.checking import problems
from integration.campaigns.reading import read
from integration.errors import Rejected
from integration.messages.compiling import compiled
from integration.messages.making import source_of
from integration.model import snapshot
from integration.records import MessageTemplate
from tests.unit.mail.letters import draft
from tests.unit.mail.story import campaign, person, pool, record, template

BASE = "https://jobs.warmbench.example"
LONG = "A team of nine, a yard with a bench, and work that is worth getting up for every day of the week. "


def text(inside):
    return f"<mj-section><mj-column><mj-text>{inside}</mj-text></mj-column></mj-section>"


ADVICE = [
    ({"body": "\n" + text(LONG + '<a href="https://x.example">click here</a>')}, "Body, line 2: the link text"),
    ({"body": '<wb-hero title="Hi" picture="https://x.example/a.png" alt="A" />'}, "almost only pictures"),
    ({"subject": "Act now, {{ first_name }}"}, '"Act now" is what filters look for'),
    ({"subject": "GREAT NEWS for you"}, "it shouts"),
    ({"subject": "News!!"}, "it shouts"),
]


@pytest.mark.parametrize(("changes", "expected"), ADVICE, ids=[expected for _, expected in ADVICE])
def test_advice_is_given_and_stops_nothing(changes, expected):
    result = compiled(source_of(BASE, draft(**changes)))
    assert [finding for finding in result.findings if expected in finding.text or expected in str(finding)]
    assert not [finding for finding in result.findings if finding.error]
    assert result.html


@pytest.mark.parametrize("subject", ["News for Ada", "IT and HR at Kestrel", "Why 12 May?"])
def test_usual_subject_gets_no_advice(subject):
    assert compiled(source_of(BASE, draft(subject=subject))).findings == []


@pytest.fixture
def linked(app, org):
    """A campaign whose mail links to a job and a landing page of ours."""
    body = text(f'{LONG}<a href="{BASE}/jobs/jaaaaaaaaaaaa">The job</a> <a href="{BASE}/p/nurses?x=1">All of it</a>')
    in_pool = pool(app)
    person(app, 1, in_pool)
    return campaign(app, in_pool, templates=[template(app, **{MessageTemplate.BODY: body})])


def publish(app):
    for key in (snapshot.job("jaaaaaaaaaaaa"), snapshot.page("nurses")):
        app.site.write(key, b"{}", content_type="application/json")


def test_link_to_a_page_that_is_not_published_is_an_error(app, linked):
    found = [str(finding) for finding in problems(app, read(app, linked)) if finding.error]
    assert len(found) == 2
    assert "/jobs/jaaaaaaaaaaaa leads to a job that is not published. Publish its posting" in found[0]
    publish(app)
    assert problems(app, read(app, linked)) == []


def test_approved_campaign_with_an_error_does_not_start(app, linked):
    with pytest.raises(Rejected, match="is not published"):
        campaigns.launch(app, linked)
    assert record(app, linked)["Status__c"] == "Approved"
    publish(app)
    campaigns.launch(app, linked)
    assert record(app, linked)["Status__c"] == "Running"
