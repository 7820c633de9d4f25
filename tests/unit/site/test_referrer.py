"""Where a visitor came from: the tag, then the referrer by the table of engines, else direct."""

import json

import pytest

from integration import syndication
from integration.model.referrer import DIRECT, _engines, foreign_host, of_host, origin_of
from integration.ports import Queue
from integration.records import Application, Channel, JobPosting
from tests.app_fixture import app_queue_messages

OWN = "jobs.example"
PAGE = f"https://{OWN}/jobs/jabc"
GOLDEN = [
    ("", "https://www.google.com/", "Search engine", "google"),
    ("", "https://www.google.co.uk/search?q=nurse", "Search engine", "google"),
    ("", "https://google.de", "Search engine", "google"),
    ("", "https://www.google.com.au/", "Search engine", "google"),
    ("", "https://mail.google.com/mail/u/0", "E-mail", "gmail"),
    ("", "https://gemini.google.com/app", "Search engine", "gemini"),
    ("", "android-app://com.google.android.gm/", "E-mail", "gmail"),
    ("", "https://www.bing.com/", "Search engine", "bing"),
    ("", "https://search.yahoo.com/x", "Search engine", "yahoo"),
    ("", "https://de.search.yahoo.com/x", "Search engine", "yahoo"),
    ("", "https://mail.yahoo.com/", "E-mail", "yahoo-mail"),
    ("", "https://chatgpt.com/", "Search engine", "chatgpt"),
    ("", "https://ie.indeed.com/viewjob?jk=1", "Job board", "indeed"),
    ("", "https://de.indeed.com", "Job board", "indeed"),
    ("", "https://www.glassdoor.ie/", "Job board", "glassdoor"),
    ("", "https://www.stepstone.de/", "Job board", "stepstone"),
    ("", "https://www.adzuna.co.uk/", "Aggregator", "adzuna"),
    ("", "https://ie.jooble.org/", "Aggregator", "jooble"),
    ("", "https://www.careerjet.ie/", "Aggregator", "careerjet"),
    ("", "https://ie.talent.com/", "Aggregator", "talent"),
    ("", "https://www.linkedin.com/", "Social", "linkedin"),
    ("", "https://lnkd.in/abc", "Social", "linkedin"),
    ("", "https://l.facebook.com/l.php?u=x", "Social", "facebook"),
    ("", "https://t.co/abc", "Social", "x"),
    ("", "https://old.reddit.com/r/nursing", "Social", "reddit"),
    ("", "https://github.com/lee", "Social", "github"),
    # tags win over referrers, known or not
    ("?utm_source=indeed", "https://www.google.com/", "Job board", "indeed"),
    ("?utm_source=Indeed", "", "Job board", "indeed"),
    ("?utm_source=linkedin.com", "", "Social", "linkedin"),
    ("?utm_source=spring-flyer", "https://www.google.com/", "", "spring-flyer"),
    # unknown hosts stay as they are and are never direct
    ("", "https://nurses-of-cork.example/links.html?x=1", "", "nurses-of-cork.example"),
    ("", "https://google.evil.example/", "", "google.evil.example"),
    ("", "https://notgoogle.com/", "", "notgoogle.com"),
    ("", "https://indeed.jobs-of-cork.example/", "", "indeed.jobs-of-cork.example"),
    ("", "http://192.0.2.1/", "", "192.0.2.1"),
    # nothing, ourselves, and what is no web address
    ("", "", "Direct", "direct"),
    ("", PAGE, "Direct", "direct"),
    ("", f"http://{OWN.upper()}/x", "Direct", "direct"),
    ("", "javascript:alert(1)", "Direct", "direct"),
    ("", "https://[broken", "Direct", "direct"),
    ("", "about:blank", "Direct", "direct"),
]


@pytest.mark.parametrize(("query", "referrer", "kind", "key"), GOLDEN)
def test_the_golden_origins(query, referrer, kind, key):
    found = origin_of(PAGE + query, referrer, OWN)
    assert (found.kind, found.key) == (kind, key)


def test_every_engine_is_found_by_its_own_host():
    exact, countries = _engines()
    cases = [(host, engine) for host, engine in exact.items()]
    cases += [
        (f"www.{label}.{end}", engine)
        for label, engine in countries.items()
        for end in ("com", "ie", "co.uk", "com.au")
    ]
    assert len(cases) + len(GOLDEN) >= 200
    for host, engine in cases:
        assert of_host(host) == engine, host


def test_of_a_referrer_only_the_host_is_kept():
    assert foreign_host("https://a.example/people/ada@lovelace.example?q=secret", OWN) == "a.example"
    assert origin_of(PAGE, "https://" + "a" * 300 + ".example", OWN).key.startswith("aaa")
    assert origin_of(PAGE, "", OWN) is DIRECT


def test_a_visitor_from_a_search_engine_is_credited_to_its_channel(app, org, desk, visitor):
    google = desk.channel("google", adapter="", **{Channel.KIND: "Search engine"})
    _, posting = desk.live_job()
    reference = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    page = visitor.get(f"/jobs/{reference}", headers={"Referer": "https://www.google.ie/search?q=nurse"})
    assert "public" not in page.headers["cache-control"]
    [visit] = [each for each in app_queue_messages(app, Queue.EVENTS) if each["kind"] == "visit"]
    assert visit["referrer"] == "google"
    form = page.text.partition('class="button wide" href="')[2].partition('"')[0].replace("&amp;", "&")
    visitor.fill(form, first_name="Ada", last_name="Byron", email="ada@lovelace.example")
    desk.work()
    [row] = org.rows(f"SELECT {Application.FIRST_SOURCE} FROM {Application.API_NAME}")
    assert row[Application.FIRST_SOURCE] == google


def test_a_site_that_nobody_knows_is_written_down_as_it_is(app, desk, visitor):
    _, posting = desk.live_job()
    reference = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    visitor.get(f"/jobs/{reference}", headers={"Referer": "https://nurses-of-cork.example/links?id=7"})
    visitor.get(f"/jobs/{reference}")
    visits = [each for each in app_queue_messages(app, Queue.EVENTS) if each["kind"] == "visit"]
    assert [each.get("referrer") for each in visits] == ["nurses-of-cork.example", None]


def test_a_short_link_and_its_picture_lead_to_the_tracked_link(app, desk, visitor):
    _, posting = desk.live_job()
    reference, tracked = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE, JobPosting.TRACKED_URL)
    answer = visitor.get(f"/s/{reference}")
    assert (answer.status, answer.headers["location"]) == (302, tracked)
    picture = visitor.get(f"/s/{reference}.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<path" in picture.text
    assert visitor.get("/s/jnobodyknows").status == visitor.get("/s/jnobodyknows.svg").status == 404
    syndication.close(app, posting)
    desk.work()
    assert visitor.get(f"/s/{reference}").headers["location"] == f"/jobs/{reference}"
    assert json.loads(app.site.read(f"pages/jobs/{reference}/live.json"))["state"] == "closed"
