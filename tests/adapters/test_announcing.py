"""The places that are told of jobs: what each is sent, in the shape it documents, and how its refusals read."""

import json
from urllib.parse import parse_qs

import jwt
import pytest
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from integration.adapters.announcing import connect
from integration.errors import Rejected, TryAgain
from integration.ports import Announcement
from tests.clock import FrozenClock

OPEN = Announcement(
    page="https://jobs.example/jobs/jabc",
    link="https://jobs.example/c/k1.x.y",
    title="Night nurse",
    text="Night nurse at Lee & Sons (Cork, IE).",
    summary="You look after our patients.",
)
CLOSED = Announcement(OPEN.page, OPEN.link, OPEN.title, OPEN.text, is_closed=True)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


@pytest.fixture
def web():
    with responses.RequestsMock() as mock:
        yield mock


def place(adapter, **secret):
    return connect(adapter, secret, FrozenClock())


def sent(web, number=-1):
    return json.loads(web.calls[number].request.body)


def test_google_is_told_what_changed_and_what_is_gone(web):
    web.post("https://oauth2.googleapis.com/token", json={"access_token": "t1", "expires_in": 3599})
    url = "https://indexing.googleapis.com/v3/urlNotifications:publish"
    web.post(url, json={"urlNotificationMetadata": {"url": OPEN.page}})
    google = place("google-indexing", client_email="robot@lee.iam.gserviceaccount.com", private_key=PEM)
    assert google.a_day == 200
    google.tell(OPEN)
    google.tell(CLOSED)
    form = parse_qs(web.calls[0].request.body)
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    claims = jwt.decode(
        form["assertion"][0], KEY.public_key(), algorithms=["RS256"], audience="https://oauth2.googleapis.com/token",
        options={"verify_exp": False, "verify_iat": False},
    )  # fmt: skip
    assert claims["scope"] == "https://www.googleapis.com/auth/indexing"
    assert [sent(web, number) for number in (1, 2)] == [
        {"url": OPEN.page, "type": "URL_UPDATED"},
        {"url": OPEN.page, "type": "URL_DELETED"},
    ]
    assert web.calls[1].request.headers["Authorization"] == "Bearer t1"
    assert len(web.calls) == 3  # signed in once


def test_indexnow_is_told_with_the_key_and_where_it_lies(web):
    web.post("https://api.indexnow.org/indexnow", status=202)
    place("indexnow", key="abcdef-123456").tell(OPEN)
    assert sent(web) == {
        "host": "jobs.example",
        "key": "abcdef-123456",
        "keyLocation": "https://jobs.example/abcdef-123456.txt",
        "urlList": [OPEN.page],
    }


def test_a_key_of_indexnow_has_its_form():
    with pytest.raises(Rejected, match="8 to 128"):
        place("indexnow", key="short")


def test_linkedin_gets_a_post_with_an_article(web):
    web.post("https://api.linkedin.com/rest/posts", status=201, headers={"x-restli-id": "urn:li:share:7"})
    assert place("linkedin-posts", token="t", account="4711").tell(OPEN) == "urn:li:share:7"
    body = sent(web)
    assert (body["author"], body["lifecycleState"]) == ("urn:li:organization:4711", "PUBLISHED")
    assert body["content"]["article"]["source"] == OPEN.link
    headers = web.calls[0].request.headers
    assert headers["X-Restli-Protocol-Version"] == "2.0.0"
    assert len(headers["LinkedIn-Version"]) == 6


def test_x_gets_a_text_that_fits_with_its_link(web):
    web.post("https://api.x.com/2/tweets", status=201, json={"data": {"id": "9", "text": "x"}})
    x = place("x-posts", token="t")
    assert x.tell(OPEN) == "9"
    assert sent(web) == {"text": f"{OPEN.text} {OPEN.link}"}
    x.tell(Announcement(OPEN.page, OPEN.link, "t", "word " * 100))
    assert len(sent(web)["text"].removesuffix(OPEN.link)) + 23 <= 280


def test_facebook_gets_a_message_on_the_page(web):
    web.post("https://graph.facebook.com/v23.0/815/feed", json={"id": "815_1"})
    assert place("facebook-page", token="t", account="815").tell(OPEN) == "815_1"
    form = parse_qs(web.calls[0].request.body)
    assert (form["message"], form["link"]) == ([OPEN.text], [OPEN.link])


def test_slack_and_teams_get_their_own_forms(web):
    slack, teams = "https://hooks.slack.com/services/T/B/x", "https://lee.webhook.office.com/webhookb2/x"
    web.post(slack, body="ok")
    web.post(teams, body="1")
    place("webhook", url=slack).tell(OPEN)
    assert sent(web)["text"] == f"Night nurse at Lee &amp; Sons (Cork, IE).\n{OPEN.link}"
    place("webhook", url=teams).tell(OPEN)
    content = sent(web)["attachments"][0]["content"]
    assert (content["type"], content["actions"][0]["url"]) == ("AdaptiveCard", OPEN.link)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/hooks.slack.com",
        "http://hooks.slack.com/services/x",
        "https://hooks.slack.com.evil.example/x",
        "https://127.0.0.1/x",
        "https://user:pw@hooks.slack.com/x",
        "gopher://hooks.slack.com/x",
        "file:///etc/passwd",
    ],
)
def test_S7_a_webhook_leads_to_slack_or_teams_and_nowhere_else(url):
    with pytest.raises(Rejected):
        place("webhook", url=url)


@pytest.mark.parametrize(
    ("status", "headers", "fault", "words"),
    [
        (429, {"Retry-After": "120"}, TryAgain, "is busy"),
        (503, {}, TryAgain, "is busy"),
        (401, {}, Rejected, "does not accept our key"),
        (422, {}, Rejected, "refused this"),
        (302, {"Location": "http://169.254.169.254/"}, Rejected, "refused this"),
    ],
)
def test_what_a_place_answers_is_said_in_our_words(web, status, headers, fault, words):
    web.post("https://api.x.com/2/tweets", status=status, headers=headers, body="secret t in the body")
    with pytest.raises(fault, match=words) as raised:
        place("x-posts", token="t-secret").tell(OPEN)
    assert "secret" not in str(raised.value)
    assert len(web.calls) == 1
    if status == 429:
        assert raised.value.seconds == 120


def test_an_incomplete_secret_names_what_is_missing():
    with pytest.raises(Rejected, match="no entry 'account'"):
        place("facebook-page", token="t")
    with pytest.raises(Rejected, match="no place “fax”"):
        place("fax")
