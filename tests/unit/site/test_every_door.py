"""Claims that hold for each route of the site, asked of each route that there is."""

import json
from datetime import timedelta

import pytest

from integration.model import link, snapshot
from integration.model.link import Purpose
from integration.ports import Queue
from lambdas import track
from lambdas.site.security import PRIVATE_DOORS
from tests.app_fixture import app_queue_messages
from tests.test_serverless import ROUTES
from tests.unit.site import published
from tests.unit.site.routes import CANDIDATE, address, claims, doors, purpose_of, rules
from tests.unit.site.visitor import http_event

PERSON = {"first_name": "Ann", "last_name": "Lee", "email": "ann@x.example", "consent": ["Talent community"]}
STATE_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "http://jobs.warmbench.example"},
    {"origin": "https://jobs.warmbench.example.evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "https://jobs.warmbench.example"},
]
SIGNED_BY_ADDRESS = {"/confirm/<token>", "/address/<token>", "/invited/<token>"}
"""Their one button carries no form token: the address itself is the secret, it came by mail to whom it concerns."""


@pytest.fixture(autouse=True)
def files(app):
    published.put(app)
    draft = published.PAGE | {"id": "a0I000000000001AAA"}
    app.site.write(snapshot.preview(draft["id"]), json.dumps(draft).encode(), content_type="application/json")


def changing(visitor):
    """(rule, method) of everything that can change something."""
    return [(rule, method) for rule in rules(visitor) for method in sorted(rule.methods & STATE_CHANGING)]


def taken(app):
    return {queue: messages for queue in Queue if (messages := app_queue_messages(app, queue))}


def test_S20_the_doors_of_the_product_are_the_site_the_tracker_and_two_signed_hooks():
    assert set(ROUTES) == {"site", "track", "mail_hooks", "ats_hooks"}
    posts = {
        route for name in ROUTES.keys() - {"site"} for route in ROUTES[name] if not route.startswith(("GET", "HE"))
    }
    assert posts == {"POST /u/{mail}", "POST /hooks/mail", "POST /hooks/ats/{connection}"}


def test_S20_no_form_of_another_site_is_taken_by_any_route(app, visitor):
    asked = changing(visitor)
    assert len(asked) >= 9
    for rule, method in asked:
        for headers in FOREIGN:
            answer = visitor.ask(
                method,
                address(visitor, rule),
                body="action=stop&sure=yes&email=a%40x.example",
                headers={"content-type": "application/x-www-form-urlencoded", **headers},
            )
            assert answer.status == 403, (rule.rule, headers)
    assert taken(app) == {}


def test_S20_no_route_takes_a_form_without_its_own_signed_token(app, visitor):
    """Also where a browser says nothing of where a form came from, as old ones do."""
    other = visitor.get("/p/nurses").forms[-1]["hidden"]["form"]
    app.clock.move(seconds=30)
    for rule, method in changing(visitor):
        if rule.rule in SIGNED_BY_ADDRESS:
            continue
        for form in ("", "x", other):
            if form == other and rule.rule == "/p/<slug>":
                continue
            fields = {**PERSON, "action": "stop", "sure": "yes", "form": form}
            answer = visitor.post(address(visitor, rule), fields)
            assert (method, answer.status) == ("POST", 400), rule.rule
    assert taken(app).keys() <= {Queue.EVENTS}  # the page that was looked at


def test_S20_one_click_unsubscribing_needs_neither_cookie_nor_origin(app):
    """RFC 8058: the POST comes from the mail provider, so the signed address alone counts."""
    token = app.links.sign(Purpose.MAIL, {link.CAMPAIGN: "C", link.STEP: "S", link.VERSION: "1", link.CANDIDATE: "K"})
    event = http_event(
        "POST", f"/u/{token}", body="List-Unsubscribe=One-Click", headers={"origin": "https://mail.example"}
    )
    assert track.answer(app, event)["statusCode"] == 200
    assert [message["kind"] for message in app_queue_messages(app, Queue.EVENTS)] == ["unsubscribe"]


def test_S19_every_route_with_a_token_is_private_and_no_route_sets_a_cookie(app, visitor):
    private = doors(visitor)
    assert len(private) >= 8
    assert {rule.rule.split("<")[0] for rule in private} == set(PRIVATE_DOORS)
    for rule in rules(visitor):
        for method in ("GET", "HEAD", "POST"):
            answer = visitor.ask(method, address(visitor, rule))
            assert "set-cookie" not in answer.headers, rule.rule
            assert answer.headers["x-content-type-options"] == "nosniff", rule.rule
            if rule in private:
                assert answer.headers["cache-control"] == "private, no-store", rule.rule
                assert answer.headers["referrer-policy"] == "no-referrer", rule.rule
                assert answer.headers["x-robots-tag"] == "noindex", rule.rule


@pytest.mark.parametrize("path", ["/c/{link}", "/c/{link}/{mail}", "/o/{mail}.gif", "/u/{mail}", "/u/x"])
def test_S19_answers_of_the_tracker_are_private_and_set_no_cookie(app, path):
    a_link = app.links.sign(Purpose.LINK, {link.TARGET: "https://x.example/", link.CAMPAIGN: "C", link.STEP: "S"})
    a_mail = app.links.sign(Purpose.MAIL, {link.CAMPAIGN: "C", link.STEP: "S", link.VERSION: "1", link.CANDIDATE: "K"})
    answer = track.answer(app, http_event("GET", path.format(link=a_link, mail=a_mail)))
    assert answer["statusCode"] == (404 if path == "/u/x" else 302 if path.startswith("/c/") else 200)
    assert answer["headers"]["cache-control"] == "private, no-store"
    assert answer["headers"]["referrer-policy"] == "no-referrer"
    assert "cookies" not in answer
    assert "set-cookie" not in answer["headers"]


def test_S9_a_token_of_another_door_person_or_day_gives_one_and_the_same_page(app, visitor):
    """Every pair of door and purpose; what fails answers with the very same bytes everywhere of the site."""
    answers = set()
    for rule in doors(visitor):
        for purpose in Purpose:
            if purpose is not purpose_of(rule):
                page = visitor.get(address(visitor, rule, app.links.sign(purpose, claims())))
                answers.add((page.status, page.text))
        expired = app.links.sign(purpose_of(rule), claims(), expires=app.clock.now() - timedelta(seconds=1))
        for wrong in (expired, "k1.x.y", CANDIDATE, "a0I000000000001AAA", "1"):
            page = visitor.get(address(visitor, rule, wrong))
            answers.add((page.status, page.text))
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1


def test_S9_a_good_token_opens_its_door(app, visitor):
    """So that the 404s above say something."""
    opened = {rule.rule: visitor.get(address(visitor, rule)).status for rule in doors(visitor)}
    assert opened.pop("/preferences/<token>/data.json") == 404  # nothing is gathered before it was asked for
    assert opened.pop("/r/<token>") == 302  # on to the job
    assert set(opened.values()) == {200}


def test_S9_every_wrong_token_costs_the_same_work(app, monkeypatch):
    """One signature each, whatever is wrong, so that time tells nothing; no clock is asked, which would be luck."""
    good = app.links.sign(Purpose.PREFERENCES, claims())
    key, payload, signature = good.split(".")
    other = signature[:-1] + ("Q" if signature.endswith("A") else "A")
    wrong = [f"k9.{payload}.{signature}", f"{key}.{payload}.{other}", f"{key}.{payload}x.{signature}",
             f"{key}.{payload}", "", "x", app.links.sign(Purpose.MAIL, claims())]  # fmt: skip
    made, real = [], type(app.links)._signature

    def counted(self, *arguments):
        made.append(1)
        return real(self, *arguments)

    monkeypatch.setattr(type(app.links), "_signature", counted)
    work = []
    for token in wrong:
        made.clear()
        with pytest.raises(link.BadToken):
            app.links.read(Purpose.PREFERENCES, token, app.clock.now())
        work.append(len(made))
    assert work == [1] * len(wrong)


@pytest.mark.slow
def test_S28_a_thousand_spoofed_addresses_are_one_network(app, visitor):
    form = visitor.get("/p/nurses").forms[-1]
    app.clock.move(seconds=30)
    app_queue_messages(app, Queue.EVENTS)
    statuses = []
    for number in range(1_000):
        spoofed = f"{number % 200 + 11}.{number // 200}.7.9"
        headers = {
            "x-forwarded-for": f"{spoofed}, 10.0.0.1",
            "forwarded": f"for={spoofed}",
            "x-real-ip": spoofed,
            "true-client-ip": spoofed,
            "cf-connecting-ip": spoofed,
        }
        person = {**form["hidden"], **PERSON, "email": f"a{number}@x.example"}
        statuses.append(visitor.post("/p/nurses", person, headers=headers).status)
    assert (statuses[:20], set(statuses[20:])) == ([303] * 20, {429})
    assert len(app_queue_messages(app, Queue.REGISTRATIONS)) == 20
