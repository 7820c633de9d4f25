"""The tracker as HTTP API events see it."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.app import App
from integration.config import Config
from integration.errors import TryAgain
from integration.model import hit, link
from integration.model.event import Event, Kind
from integration.model.guarding import GUARDING, NO_FRAME, ONLY_HTTPS
from integration.model.link import BadToken, Purpose, Signer
from integration.model.ulid import time_of, ulid
from integration.model.wording import understood
from integration.ports import Queue
from lambdas import track

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SITE = "https://careers.example.com"


class QueueInMemory:
    """ports.Queues that keeps what was sent; `broken` refuses everything."""

    def __init__(self):
        self.sent, self.broken = [], False

    def send(self, queue, message, *, delay_seconds=0):
        if self.broken:
            raise TryAgain("sqs did not answer")
        self.sent.append((queue, message))

    def send_text(self, queue, body):
        assert body.isascii()
        self.send(queue, json.loads(body))


class Standing:
    def now(self):
        return NOW


@pytest.fixture
def app():
    app = App(Config(stage="test", public_base_url=SITE, org_id="00D000000000001AAA"))
    app.clock, app.queues, app.links = Standing(), QueueInMemory(), Signer("k1", {"k1": b"k" * 32})
    return app


def request(path, method="GET", agent="Mozilla/5.0 (X11; Linux)", address="203.0.113.77"):
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {"user-agent": agent, "x-forwarded-for": "6.6.6.6"},
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": address}},
    }


def tokens(app, target=f"{SITE}/jobs/R-1", campaign="C1", mail_campaign="C1"):
    a_link = {link.TARGET: target, link.CAMPAIGN: campaign, link.STEP: "S1", link.NUMBER: "2", link.CHANNEL: "H1"}
    a_mail = {link.CAMPAIGN: mail_campaign, link.STEP: "S1", link.VERSION: "1", link.CANDIDATE: "K1"}
    return app.links.sign(Purpose.LINK, a_link), app.links.sign(Purpose.MAIL, a_mail)


def written(app):
    """The events that became of what was queued."""
    return [hit.event_of(message) for _, message in app.queues.sent]


def test_a_click_redirects_and_is_written_down(app):
    a_link, a_mail = tokens(app)
    response = track.answer(app, request(f"/c/{a_link}/{a_mail}"))
    assert response["statusCode"] == 302
    [(queue, _)] = app.queues.sent
    assert queue == Queue.EVENTS
    [event] = written(app)
    assert (event.kind, event.candidate, event.link, event.network) == (Kind.CLICK, "K1", "2", "203.0.113.0/24")


def test_our_own_page_is_told_where_the_visitor_came_from(app):
    a_link, a_mail = tokens(app, target=f"{SITE}/jobs/R-1?x=1#top")
    location = urlsplit(track.answer(app, request(f"/c/{a_link}/{a_mail}"))["headers"]["location"])
    claims = app.links.read(Purpose.SOURCE, parse_qs(location.query)["wb"][0], NOW)
    assert (claims[link.CHANNEL], claims[link.CAMPAIGN], location.fragment) == ("H1", "C1", "top")
    assert parse_qs(location.query)["x"] == ["1"]


@pytest.mark.parametrize("target", ["https://other.example/a?b=1", f"{SITE}.evil.example/", "mailto:a@b.example"])
def test_other_sites_get_their_address_as_it_is(app, target):
    a_link, a_mail = tokens(app, target=target)
    assert track.answer(app, request(f"/c/{a_link}/{a_mail}"))["headers"]["location"] == target


def test_S9_halves_of_two_addresses_do_not_pair(app):
    a_link, a_mail = tokens(app, mail_campaign="C2")
    assert track.answer(app, request(f"/c/{a_link}/{a_mail}"))["statusCode"] == 404
    assert app.queues.sent == []


def test_a_posting_link_needs_no_mail(app):
    token = app.links.sign(Purpose.LINK, {link.TARGET: f"{SITE}/jobs/R-1", link.CHANNEL: "H1", link.POSTING: "P1"})
    assert track.answer(app, request(f"/c/{token}"))["statusCode"] == 302
    assert (written(app)[0].posting, written(app)[0].campaign) == ("P1", "site")


def test_a_failing_queue_never_breaks_a_candidates_link(app, capsys):
    a_link, a_mail = tokens(app)
    app.queues.broken = True
    assert track.answer(app, request(f"/c/{a_link}/{a_mail}"))["statusCode"] == 302
    assert "event.unqueued" in capsys.readouterr().err


def test_the_pixel_is_a_picture_and_an_open(app):
    _, a_mail = tokens(app)
    response = track.answer(app, request(f"/o/{a_mail}.gif"))
    assert (response["headers"]["content-type"], response["isBase64Encoded"]) == ("image/gif", True)
    assert app.queues.sent[0][1]["kind"] == "open"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_fetching_an_unsubscribe_address_changes_nothing(app, method):
    _, a_mail = tokens(app)
    response = track.answer(app, request(f"/u/{a_mail}", method))
    assert response["statusCode"] == 200
    assert "stop these mails" in response["body"]
    assert app.queues.sent == []


def test_one_click_unsubscribe_is_durable_before_it_is_confirmed(app):
    _, a_mail = tokens(app)
    assert track.answer(app, request(f"/u/{a_mail}", "POST"))["statusCode"] == 200
    assert app.queues.sent[0][1]["kind"] == "unsubscribe"
    app.queues.broken = True
    assert track.answer(app, request(f"/u/{a_mail}", "POST"))["statusCode"] == 503


@pytest.mark.parametrize("path", ["/c/", "/c", "/o/x.gif", "/u/é", "/c/a/b/c", "/u/" + "a" * 10_000, "/x/y", "/c/.."])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_addresses_get_one_and_the_same_page(app, path, method):
    response = track.answer(app, request(path, method))
    assert (response["statusCode"], "does not work" in response["body"]) == (404, True)
    assert app.queues.sent == []


def test_S9_a_token_opens_no_other_door(app):
    a_link, a_mail = tokens(app)
    for path in (f"/u/{a_link}", f"/o/{a_link}.gif", f"/c/{a_mail}"):
        assert track.answer(app, request(path))["statusCode"] == 404


def test_a_forwarded_address_is_not_believed(app):
    _, a_mail = tokens(app)
    track.answer(app, request(f"/o/{a_mail}.gif", address="2001:db8:1:2::3"))
    assert app.queues.sent[0][1]["network"] == "2001:db8:1::/48"


def test_which_telling_headers_there_were_is_kept_but_not_their_values(app):
    a_link, a_mail = tokens(app)
    ahead = request(f"/c/{a_link}/{a_mail}")
    ahead["headers"] |= {"accept-language": "ga-IE", "sec-purpose": "prefetch;prerender"}
    track.answer(app, ahead)
    track.answer(app, request(f"/c/{a_link}/{a_mail}"))
    assert [event.headers for event in written(app)] == ["language prefetch prerender", "none"]


def test_a_hit_becomes_the_same_event_however_often_it_comes(app):
    a_link, a_mail = tokens(app)
    track.answer(app, request(f"/c/{a_link}/{a_mail}", agent="A" * 1_000))
    [(_, message)] = app.queues.sent
    event = hit.event_of(message)
    assert (event, event.at) == (hit.event_of(dict(message)), "2026-11-23T09:00:00.000+00:00")
    assert Event.from_message(event.as_message()) == event
    assert (event.source_month, event.step, event.version, event.channel) == ("2026-11", "S1", "1", "H1")
    assert (event.target, len(event.user_agent)) == (f"{SITE}/jobs/R-1", 300)


def test_neither_signature_nor_whole_address_rests_in_the_queue(app):
    a_link, a_mail = tokens(app)
    track.answer(app, request(f"/c/{a_link}/{a_mail}"))
    text = json.dumps(app.queues.sent[0][1])
    assert not [part for part in (a_link, a_mail, a_mail.rpartition(".")[2], "203.0.113.77") if part in text]


@given(st.text(), st.text(max_size=400))
def test_whatever_a_visitor_sends_is_queued_as_it_came(method, agent):
    token = Signer("k1", {"k1": b"k"}).sign(Purpose.MAIL, {link.CANDIDATE: "ké"})
    message = json.loads(hit.body(ulid(NOW), Kind.OPEN, (token,), method, agent, "203.0.113.0/24", "none"))
    event = hit.event_of(message)
    assert (event.method, event.user_agent, event.candidate) == (method, agent[:300], "ké")


def test_a_known_link_still_expires_and_goes_with_its_key(app):
    claims = {link.TARGET: "https://other.example/"}
    token = app.links.sign(Purpose.LINK, claims, expires=NOW + timedelta(minutes=1))
    for _ in range(2):
        assert app.links.read_shared(token, NOW)[link.TARGET] == "https://other.example/"
    with pytest.raises(BadToken):
        app.links.read_shared(token, NOW + timedelta(minutes=2))
    with pytest.raises(BadToken):
        Signer("k2", {"k2": b"n" * 32}).read_shared(token, NOW)
    for at in range(len(token)):
        with pytest.raises(BadToken):
            app.links.read_shared(token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :], NOW)


@given(st.binary(min_size=1, max_size=200), st.text(max_size=300))
def test_signatures_are_the_hmac_of_the_standard_library(key, text):
    made = Signer("k", {"k": key}).seal(Purpose.REPLY, text)
    message = f"a.{text}".encode(errors="surrogatepass")
    assert made == link._sealed(hmac.digest(key, message, hashlib.sha256)[:16])


@given(st.datetimes(datetime(1980, 1, 1), datetime(2900, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)))
def test_an_id_holds_its_time_to_the_millisecond_and_sorts_by_it(at):
    assert time_of(ulid(at)) == at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert ulid(at) < ulid(at + timedelta(milliseconds=1))


def mail_in(app, language, campaign="C1"):
    claims = {link.CAMPAIGN: campaign, link.STEP: "S1", link.VERSION: "1", link.CANDIDATE: "K1"}
    return app.links.sign(Purpose.MAIL, claims | ({link.LANGUAGE: language} if language else {}))


@pytest.mark.parametrize(
    ("mail", "browser", "spoken", "words"),
    [
        ("de", "es", "de", "Ja, diese Mails beenden"),
        ("", "es-MX,en;q=0.5", "es", "Sí, no más correos"),
        ("fr", "ar", "ar", "نعم، أوقفوا هذه الرسائل"),
        ("fr", "fr", "en", "Yes, stop these mails"),
        ("", "", "en", "Yes, stop these mails"),
    ],
)
def test_the_door_out_speaks_as_the_mail_did_or_as_the_browser_asks(app, mail, browser, spoken, words):
    asked = request(f"/u/{mail_in(app, mail)}")
    asked["headers"]["accept-language"] = browser
    response = track.answer(app, asked)
    assert words in response["body"]
    assert f'<html lang="{spoken}" dir="{"rtl" if spoken == "ar" else "ltr"}">' in response["body"]
    assert response["headers"]["content-language"] == spoken


@pytest.mark.parametrize(("language", "words"), [("de", "Erledigt: keine Mails mehr"), ("ar", "تم: لا رسائل بعد الآن")])
def test_what_was_done_is_said_in_the_same_language(app, language, words):
    assert words in track.answer(app, request(f"/u/{mail_in(app, language)}", "POST"))["body"]


def test_a_link_that_does_not_work_says_so_in_the_browsers_language(app):
    asked = request("/u/nothing")
    asked["headers"]["accept-language"] = "de"
    assert "Dieser Link funktioniert nicht" in track.answer(app, asked)["body"]


def test_every_answer_to_a_browser_is_guarded(app):
    a_link, a_mail = tokens(app)
    for path in (f"/c/{a_link}/{a_mail}", f"/o/{a_mail}.gif", f"/u/{a_mail}", "/u/nothing"):
        headers = track.answer(app, request(path))["headers"]
        assert {**GUARDING, **NO_FRAME, **ONLY_HTTPS}.items() <= headers.items(), path


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("de;q=0.5,es", "es"),
        ("fr, de;q=0.8, en;q=0.9", "en"),
        ("de;q=0, ar", "ar"),
        ("DE-at", "de"),
        ("*", "en"),
        ("de;q=nan,es;q=1e9", "de"),
        (",;;q=,", "en"),
        ("x" * 10_000, "en"),
    ],
)
def test_a_browsers_wish_is_understood_whatever_it_sends(header, wanted):
    assert understood(header) == wanted
