"""Google for Jobs: each rule on markup and page, and the command that tells them."""

import copy
import json
from datetime import date

import pytest

from integration.cli import main
from integration.model.google_jobs import check, page_findings, read_page
from integration.records import JobPosting

TODAY = date(2026, 3, 2)
GOOD = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Night nurse",
    "description": "<p>You look after our patients at night, together with two colleagues.</p><ul><li>Rounds</li></ul>"
    "<p>Two years on a ward are a must.</p>",
    "datePosted": "2026-02-20",
    "validThrough": "2026-04-30T23:59:59Z",
    "hiringOrganization": {"@type": "Organization", "name": "Lee", "sameAs": "https://lee.example"},
    "jobLocation": [
        {
            "@type": "Place",
            "address": {"addressLocality": "Cork", "addressRegion": "Munster", "addressCountry": "IE"},
        }
    ],
    "baseSalary": {"currency": "EUR", "value": {"minValue": 40000, "maxValue": 50000, "unitText": "YEAR"}},
    "employmentType": ["FULL_TIME"],
    "identifier": {"@type": "PropertyValue", "name": "Lee", "value": "R-1"},
    "directApply": True,
    "url": "https://jobs.example/jobs/j1",
}
PAGE = (
    '<!doctype html><html><head><title>x</title><link rel="canonical" href="https://jobs.example/jobs/j1">'
    '<script type="application/ld+json">%s</script></head><body><h1>Night nurse</h1></body></html>'
)


def changed(path, value):
    posting = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    place = posting
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return posting


def test_a_good_posting_shows():
    assert check(GOOD, TODAY) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("@type", "Posting", "no JobPosting"),
        ("@context", "https://example.org", "does not name schema.org"),
        ("title", None, "no title"),
        ("description", "", "no description"),
        ("description", "<b>Night nurse</b>", "only repeats the title"),
        ("datePosted", None, "no date of posting"),
        ("datePosted", "20.02.2026", "not ISO 8601"),
        ("datePosted", "2026-03-20", "lies in the future"),
        ("validThrough", "soon", "not ISO 8601"),
        ("validThrough", "2026-03-01", "expired on 2026-03-01"),
        ("validThrough", "2026-03-02", None),
        ("hiringOrganization", {"name": " "}, "names no employer"),
        ("jobLocation", None, "no location"),
        ("jobLocation.0.address", None, "no address"),
        ("jobLocation.0.address.addressCountry", None, "no country"),
    ],
)
def test_what_keeps_it_from_showing_is_said_so(path, value, words):
    found = check(changed(path, value), TODAY)
    if words is None:
        assert found == []
        return
    [finding] = found
    assert finding.blocks
    assert finding.message.startswith("Will not show in Google for Jobs because ")
    assert words in finding.message


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("title", "Night nurse €40k", "amount of money"),
        ("title", "Night nurse #1234", "a code"),
        ("title", "NIGHT NURSE WANTED", "all capitals"),
        ("title", "Night nurse!", "shouts"),
        ("title", "Night nurse, Cork", "names the place"),
        ("description", "<p>Come to us.</p>", "has 11 characters"),
        ("description", "Word by word. " * 20, "no paragraphs"),
        ("description", "<p>" + "Word by word. " * 20 + "</p><marquee>x</marquee>", "does not read <marquee>"),
        ("jobLocation.0.address.addressCountry", "Ireland", "two letters"),
        ("jobLocation.0.address.addressLocality", None, "no city"),
        ("jobLocation.0.address.addressRegion", None, "neither region"),
        ("jobLocationType", "HYBRID", "“HYBRID”"),
        ("baseSalary", None, "shows no salary"),
        ("baseSalary", {"currency": "EUR", "value": 4}, "needs a currency and a value"),
        ("baseSalary.currency", "Euro", "no code of three letters"),
        ("baseSalary.value.unitText", "year", "per none of"),
        ("baseSalary.value.minValue", "40k", "an amount is missing"),
        ("baseSalary.value.minValue", 60000, "the least is above the most"),
        ("employmentType", None, "No employment type"),
        ("employmentType", "full_time", "“full_time” is no employment type"),
        ("identifier", None, "own number of the job"),
        ("directApply", "yes", "only as true or false"),
        ("url", "https://jobs.example/jobs/j1?utm_source=x", "carries tracking"),
        ("hiringOrganization.sameAs", "lee", "no web address"),
        ("educationRequirements", {"credentialCategory": "PhD"}, "only these degrees"),
        ("experienceRequirements", {"monthsOfExperience": "many"}, "number of months"),
    ],
)
def test_hints_do_not_keep_it_from_showing(path, value, words):
    [finding] = check(changed(path, value), TODAY)
    assert not finding.blocks
    assert words in finding.message


def test_a_remote_job_names_a_country_and_says_that_it_is_remote():
    remote = changed("jobLocation", None) | {"jobLocationType": "TELECOMMUTE"}
    assert [finding.blocks for finding in check(remote, TODAY)] == [True, False]
    remote["applicantLocationRequirements"] = {"@type": "Country", "name": "IE"}
    remote["description"] += "<p>You work from home.</p>"
    assert check(remote, TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("%s", "{]", "no JSON"),
        ("application/ld+json", "text/plain", "no JobPosting markup"),
        ("%s", '[%s, {"@type": "JobPosting", "title": "Night nurse"}]', "2 JobPostings"),
        ("<title>", '<meta name="robots" content="noindex, follow"><title>', "noindex"),
        ("<h1>Night nurse</h1>", "<h1>Nurse</h1>", "do not see the title"),
        ('/jobs/j1">', '/jobs/j1?wb=1">', "canonical address"),
    ],
)
def test_the_page_around_the_markup_is_read_too(old, new, words):
    good = PAGE % json.dumps(GOOD)
    assert list(page_findings(read_page(good))) == []
    text = PAGE.replace(old, new)
    page = read_page(text % json.dumps(GOOD) if "%s" in text else text)
    assert words in next(iter(page_findings(page))).message


def test_a_posting_in_a_graph_is_found():
    assert read_page(PAGE % json.dumps({"@graph": [{"@type": "Organization"}, GOOD]})).postings == [GOOD]


def test_the_command_tells_and_counts(tmp_path, capsys):
    page = tmp_path / "job.html"
    page.write_text(PAGE % json.dumps(GOOD))
    assert main(["check", "posting", str(page), "--today", "2026-03-02"]) == 0
    assert "can show it: 0 to put right, 0 hints" in capsys.readouterr().out
    markup = tmp_path / "job.json"
    markup.write_text(json.dumps(changed("datePosted", None)))
    assert main(["check", "posting", str(markup), "--today", "2026-03-02"]) == 1
    assert "! Opened on: Will not show in Google for Jobs because it has no date" in capsys.readouterr().out
    assert main(["check", "posting", str(tmp_path / "none.html")]) == 2


def test_a_published_job_can_be_shown_and_shared(app, desk, visitor):
    _, posting = desk.live_job()
    reference = desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)
    page = read_page(visitor.get(f"/jobs/{reference}").text)
    assert list(page_findings(page)) == []
    assert [finding for finding in check(page.postings[0], TODAY) if finding.blocks] == []
    assert page.meta["og:title"] == page.meta["twitter:title"] == "Night nurse"
    assert page.meta["og:url"] == page.canonical == f"https://jobs.warmbench.example/jobs/{reference}"
    assert page.meta["og:description"] == page.meta["description"]
    assert page.meta["twitter:card"] == "summary"
