"""A search reads the directory that its recruiter names, by the rules of every address that people give."""

import socket

import pytest

from integration.errors import Rejected
from integration.ports import Queue
from integration.prospecting import searches
from integration.records import ProspectResult
from tests.app_fixture import app_queue_messages
from tests.unit.people.searching import Outside, member, new_search, outside, results, run, shown, with_directory

OURS = "https://files.example/nurses.json"


@pytest.fixture
def world():
    with outside() as mocked:
        mocked.get("https://files.example/robots.txt", status=404)
        yield Outside(mocked)


def search_in(app, url, sources="Directory"):
    return new_search(app, "ada", sources, directory_url=url)


def test_a_search_reads_its_own_directory_in_place_of_the_operators(app, world):
    with_directory(app)
    world.directory = [member("Ada", "Operator", id="17")]
    world.mocked.get(OURS, json=[member("Ada", "Nurse", id="17"), member("Ben", "Byrne", id="18")])
    record = search_in(app, OURS)
    run(app, record)
    assert [row["Name"] for row in results(app, record)] == ["Ada Nurse"]
    assert f"url: {OURS}" in shown(app, record, "translations")
    run(app, new_search(app, "ada", "Directory"))
    assert {call.request.url for call in world.mocked.calls} >= {OURS, "https://people.example/staff.json"}


def test_the_same_number_in_two_directories_is_not_the_same_person(app, world):
    with_directory(app)
    world.directory = [member("Ada", "Operator", id="17")]
    world.mocked.get(OURS, json=[member("Ada", "Nurse", id="17")])
    record = search_in(app, OURS)
    run(app, record)
    app.salesforce.update("Prospect_Search__c", record, {"Directory_URL__c": None})
    run(app, record)
    assert sorted(row[ProspectResult.LAST_NAME] for row in results(app, record)) == ["Nurse", "Operator"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://files.example/nurses.json", "does not begin with https://"),
        ("files.example/nurses.json", "does not begin with https://"),
        ("file:///etc/passwd", "does not begin with https://"),
        ("https:///nurses.json", "does not begin with https://"),
        ("https://[files/nurses.json", "is no web address"),
        ("https://ann:secret@files.example/nurses.json", "holds a user or password"),
    ],
)
def test_an_address_that_cannot_be_a_directory_is_refused_before_anybody_is_asked(app, world, url, why):
    record = search_in(app, url)
    with pytest.raises(Rejected, match=why) as refused:
        searches.search(app, record)
    assert (refused.value.field, "secret" in refused.value.message) == ("Directory address", False)
    assert shown(app, record, "status") == "Failed"
    assert app_queue_messages(app, Queue.SEARCHES) == []


def test_an_address_is_not_looked_at_where_the_directory_is_not_asked(app, world):
    record = search_in(app, "http://files.example/nurses.json", "ORCID")
    run(app, record)
    assert shown(app, record, "status") == "Done"


def test_an_address_inside_a_private_network_is_refused_on_the_record(app, monkeypatch):
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    record = search_in(app, "https://metadata.files.example/latest")
    run(app, record)
    assert shown(app, record, "status") == "Failed"
    assert "lies inside a private network" in shown(app, record, "source_status")


def test_a_directory_that_leads_elsewhere_unencrypted_is_refused_on_the_record(app, world):
    world.mocked.get(OURS, status=302, headers={"Location": "http://files.example/nurses.json"})
    record = search_in(app, OURS)
    run(app, record)
    assert "not encrypted" in shown(app, record, "source_status")


def test_a_directory_that_is_not_there_is_told_on_the_record_and_the_rest_of_the_search_goes_on(app, world):
    world.mocked.get(OURS, status=404)
    record = search_in(app, OURS, "Directory;ORCID")
    run(app, record)
    assert shown(app, record, "status") == "Done"
    assert f"There is no file at {OURS}. Correct the address." in shown(app, record, "source_status")
