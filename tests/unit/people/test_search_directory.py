"""A directory's file, CSV or JSON, as a source of prospects."""

import json

import pytest
import responses
from requests.exceptions import ConnectTimeout

from integration.errors import Rejected, TryAgain
from integration.ports import Translation
from integration.prospecting.sources import directory

URL = "https://people.example/staff"
ROBOTS = "https://people.example/robots.txt"
CSV = """First name,Last name,E-mail,Job title,Location,Skills
Ada,Lovelace,ada@people.example,Programmer,Cork,Rust; Boats
Ben,Byrne,,Poet,Lyon,
"""


@pytest.fixture
def web():
    """An outside world in which only what a test puts is there."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.get(ROBOTS, status=404)
        yield mocked


def search(app, query="", limit=1_000, url=URL):
    source = app.search_source("Directory")
    return list(source.search(Translation("Directory", query, {"url": url}), limit=limit))


def test_rows_of_a_csv_file_become_hits(app, web):
    web.get(URL, body=CSV)
    ada, ben = search(app)
    assert (ada.full_name, ada.title, ada.location) == ("Ada Lovelace", "Programmer", "Cork")
    assert (ada.emails, ada.skills) == (("ada@people.example",), ("Rust", "Boats"))
    assert (ben.emails, ben.source_id) == ((), f"{URL}#2")
    assert ada.seen_at == app.clock.now().isoformat()


def test_nested_objects_of_a_json_file_become_hits(app, web):
    person = {
        "id": 17,
        "firstName": "Ada",
        "lastName": "Lovelace",
        "emails": ["ada@people.example", True],
        "jobTitle": "Programmer",
        "address": {"city": "Cork", "country": "Ireland"},
        "skills": [{"name": "Rust"}, {"name": "Boats"}],
        "bio": "Wrote the first program",
    }
    web.get(URL, json={"total": 1, "people": [person, "no person", None]})
    [hit] = search(app)
    assert (hit.source_id.partition("#")[2], hit.full_name, hit.title) == ("17", "Ada Lovelace", "Programmer")
    assert (hit.location, hit.country) == ("Cork", "IE")
    assert (hit.emails, hit.skills) == (("ada@people.example",), ("Rust", "Boats"))
    assert hit.text == "Wrote the first program"


def test_one_object_a_line_is_read_too(app, web):
    web.get(URL, body="\n".join(json.dumps({"name": f"Ada {n}", "url": f"ada-{n}.example"}) for n in range(3)))
    assert [hit.source_id for hit in search(app)] == [f"https://ada-{n}.example" for n in range(3)]


def test_unchanged_file_is_not_sent_again(app, web):
    web.get(URL, body=CSV, headers={"ETag": '"v1"'})
    first = search(app)
    web.replace("GET", URL, status=304)
    assert search(app) == first
    assert web.calls[-1].request.headers["If-None-Match"] == '"v1"'


def test_file_is_filtered_by_the_whole_query_before_people_are_counted(app, web):
    web.get(URL, body=CSV + "Cai,Lovelace,,Programmer,Lyon,Rust\n")
    hits = search(app, 'title:programmer AND NOT location:Cork AND "rust"', limit=1)
    assert [hit.first for hit in hits] == ["Cai"]


def test_file_that_has_expired_is_read_again_though_its_etag_is_still_known(app, web):
    web.get(URL, body=CSV, headers={"ETag": '"v1"'})
    search(app)
    app.data.delete([key for key in app.data.keys("sources/") if not key.endswith(".json")])
    assert len(search(app)) == 2
    assert "If-None-Match" not in web.calls[-1].request.headers


def test_half_a_file_never_takes_the_place_of_a_whole_one(app, web):
    web.get(URL, body=CSV, headers={"ETag": '"v1"'})
    search(app)
    web.replace("GET", URL, body=ConnectTimeout())
    with pytest.raises(TryAgain):
        search(app)
    web.replace("GET", URL, status=304)
    assert len(search(app)) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<!DOCTYPE html><p>Sign in</p>", "web page"),
        ("[1, 2, 3]", "no list of people"),
        ('{"people": [', "no list of people"),
        ("[" * 100_000, "no list of people"),
        ("a,b,c\n1,2,3\n", "name"),
        ("", ""),
    ],
)
def test_file_that_is_none_of_people_is_refused_in_words(app, web, body, said):
    web.get(URL, body=body)
    with pytest.raises(Rejected) as refused:
        search(app)
    assert said in refused.value.message


def test_file_that_is_too_large_is_refused_and_not_kept(app, web, monkeypatch):
    monkeypatch.setattr(directory, "MOST_BYTES", 1_048_576)
    web.get(URL, body=CSV + "Ada,Lovelace,,,,\n" * 100_000)
    with pytest.raises(Rejected) as refused:
        search(app)
    assert "more than 1 MB" in refused.value.message
    assert list(app.data.keys("sources/")) == []


def test_missing_file_is_said_to_be_missing(app, web):
    web.get(URL, status=404)
    with pytest.raises(Rejected) as refused:
        search(app)
    assert "no file" in refused.value.message


def test_robots_txt_is_respected(app, web):
    web.replace("GET", ROBOTS, body="User-agent: *\nDisallow: /staff\n")
    web.get(URL, body=CSV)
    with pytest.raises(Rejected) as refused:
        search(app)
    assert "robots.txt" in refused.value.message
    assert [call.request.url for call in web.calls] == [ROBOTS]


def test_page_of_linkedin_is_never_asked_for(app, web):
    for url in ("https://www.linkedin.com/in/ada", "https://LINKEDIN.com./x", "https://lnkd.in/abc"):
        with pytest.raises(Rejected) as refused:
            search(app, url=url)
        assert "LinkedIn" in refused.value.message
    assert not web.calls


def test_redirect_to_linkedin_is_not_followed(app, web):
    web.get(URL, status=302, headers={"Location": "https://www.linkedin.com/in/ada"})
    with pytest.raises(Rejected):
        search(app)
    assert all("linkedin" not in call.request.url for call in web.calls)


def test_search_without_a_directory_says_what_is_missing(app):
    with pytest.raises(Rejected) as refused:
        search(app, url="")
    assert "directory_url" in refused.value.message
