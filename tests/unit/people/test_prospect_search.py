"""A search over several sources, end to end in the embedded org."""

import contextlib

import pytest

from integration.errors import Rejected, TryAgain
from integration.ports import Queue
from integration.prospecting import searches
from integration.prospecting.searches import asking
from integration.records import Candidate, ProspectResult, ProspectSearch
from tests.app_fixture import app_queue_messages
from tests.unit.people.searching import (
    OPENALEX,
    ORCID,
    Outside,
    author,
    decide,
    member,
    new_search,
    outside,
    researcher,
    results,
    run,
    shown,
    with_directory,
    work,
)


@pytest.fixture
def world():
    with outside() as mocked:
        yield Outside(mocked)


def test_check_shows_what_each_source_is_asked_and_asks_nobody(app, world):
    record = new_search(app, "harbour AND university", "ORCID;OpenAlex")
    assert searches.check(app, record).startswith("Understood as: “harbour” and “university”.")
    status, text = shown(app, record, "status", "translations")
    assert status == "Checked"
    assert "ORCID: " in text
    assert "OpenAlex: " in text
    assert len(world.mocked.calls) == 0
    assert app_queue_messages(app, Queue.SEARCHES) == []


def test_a_search_gives_links_for_web_engines(app, world):
    record = new_search(app, 'harbour NEAR/3 "R&D" -<b>', "ORCID")
    searches.check(app, record)
    html = app.salesforce.get(ProspectSearch.API_NAME, record, [ProspectSearch.WEB_LINKS])[ProspectSearch.WEB_LINKS]
    assert 'href="https://www.google.com/search?q=site%3Alinkedin.com' in html
    assert ">Bing</a>" in html
    assert "<li>" in html  # DuckDuckGo knows no nearness
    assert "<b>" not in html
    assert len(world.mocked.calls) == 0


def test_a_long_query_becomes_several_links_and_no_half_tag(app, world):
    record = new_search(app, " OR ".join(f'"{word} engineer number"' for word in map(str, range(30))), "ORCID")
    searches.check(app, record)
    html = app.salesforce.get(ProspectSearch.API_NAME, record, [ProspectSearch.WEB_LINKS])[ProspectSearch.WEB_LINKS]
    assert "Google, part 2 of" in html
    assert html.endswith(("</p>", "</ul>"))


@pytest.mark.parametrize(
    ("query", "sources", "limit", "words"),
    [
        ("nurse AND (", "ORCID", None, "nurse AND (\n          ^"),
        ("", "ORCID", None, "The search has no query. Write what to look for in Query."),
        ("nurse", "", None, "No source is chosen. Choose in Sources where to look."),
        ("nurse", "ORCID", 0, "“Most people from each source” is 0; it can be 1 to 2,000."),
    ],
)
def test_a_search_that_cannot_run_says_what_to_correct(app, query, sources, limit, words):
    record = new_search(app, query, sources, limit=limit)
    with pytest.raises(Rejected) as told:
        searches.search(app, record)
    assert words in told.value.message
    assert shown(app, record, "status") == "Failed"
    assert app_queue_messages(app, Queue.SEARCHES) == []


def test_results_are_merged_across_sources_with_provenance(app, world):
    """ORCID and OpenAlex know one researcher by the same ORCID id; the directory knows her by her address."""
    with_directory(app)
    world.orcid = [researcher(1, "Ada", "Lovelace", email=["ada@harbour.example"])]
    world.openalex = [author(9, "Ada Lovelace", orcid=1, topics=["Analytical engines"])]
    world.directory = [
        member("Ada", "Lovelace", email="ADA@harbour.example", jobTitle="Engineer", employer="Harbour University"),
        member("Ben", "Byrne", jobTitle="Poet"),
    ]
    record = new_search(app, "name:ada", "ORCID;OpenAlex;Directory")
    run(app, record)
    [row] = results(app, record)
    assert row["Name"] == "Ada Lovelace"
    assert row[ProspectResult.SOURCE].split(";") == ["Directory", "ORCID", "OpenAlex"]
    assert row[ProspectResult.TITLE] == "Engineer"
    assert row[ProspectResult.SKILLS] == "Analytical engines"
    assert row[ProspectResult.EMAIL] == "ada@harbour.example"
    for said in ("ORCID https://orcid.org/0000-0002-0000-0001", "OpenAlex https://openalex.org/A9", "title Engineer"):
        assert said in row[ProspectResult.PROVENANCE]
    assert shown(app, record, "found", "new", "status", "progress") == (1, 1, "Done", 100)
    assert "Directory: 1 found, 1 fit the whole query." in shown(app, record, "source_status")


def test_results_have_the_full_meaning_of_the_query(app, world):
    """ORCID gives whom it likes; what the query excludes is filtered here."""
    world.orcid = [
        researcher(1, "Ada", "Lovelace", "Harbour University"),
        researcher(2, "Ben", "Byrne", "Harbour Poetry School"),
    ]
    record = new_search(app, "harbour NOT poetry")
    run(app, record)
    assert [row["Name"] for row in results(app, record)] == ["Ada Lovelace"]


def test_results_are_ranked_by_visible_criteria(app, world):
    with_directory(app)
    world.directory = [
        member("Cy", "Cole", bio="Was once a nurse"),
        member("Bea", "Burke", jobTitle="Nurse", city="Cork", country="Ireland", email="bea@people.example"),
        member("Al", "Adams", jobTitle="Nurse", city="Cork", country="Ireland"),
    ]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    rows = results(app, record)
    assert [row["Name"] for row in rows] == ["Bea Burke", "Al Adams", "Cy Cole"]
    assert rows[0][ProspectResult.SCORE_REASONS].splitlines() == [
        "“nurse” in the title: 75 points",
        "An e-mail address is known: 10 points",
    ]
    assert rows[2][ProspectResult.SCORE_REASONS] == "“nurse” in the text: 37.5 points"


def test_a_search_that_does_not_rank_gives_no_score(app, world):
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour", rank=False)
    run(app, record)
    [row] = results(app, record)
    assert (row[ProspectResult.SCORE], row[ProspectResult.SCORE_REASONS]) == (None, None)


def test_one_source_failing_does_not_fail_the_search(app, world):
    world.orcid = [researcher(1)]
    world.fails(OPENALEX, 403)
    record = new_search(app, "name:(ada OR ben)", "ORCID;OpenAlex")
    run(app, record)
    assert len(results(app, record)) == 1
    status, message, told = shown(app, record, "status", "message", "source_status")
    assert status == "Done"
    assert "Not complete: OpenAlex failed." in message
    assert "OpenAlex: failed. OpenAlex does not accept our key (HTTP 403)" in told
    assert "ORCID: 1 found, 1 fit the whole query." in told


def test_a_source_that_is_busy_is_tried_again_and_given_up_in_the_end(app, world):
    world.orcid = [researcher(1)]
    world.fails(OPENALEX, 503)
    record = new_search(app, "name:(ada OR ben)", "ORCID;OpenAlex")
    searches.search(app, record)
    work(app, again=1)
    assert "OpenAlex: waits" in shown(app, record, "source_status")
    assert shown(app, record, "status") == "Searching"
    assert len(results(app, record)) == 1
    run(app, record)
    assert shown(app, record, "status") == "Done"
    assert "OpenAlex: failed." in shown(app, record, "source_status")
    assert "(asked 5 times)" in shown(app, record, "source_status")


def test_a_source_that_kills_its_worker_every_time_is_given_up(app, world, monkeypatch):
    """Such as an answer that does not fit into memory."""
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour")
    searches.search(app, record)
    [message] = app_queue_messages(app, Queue.SEARCHES)

    def killed(*arguments):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(asking, "_collect", killed)
        for _ in range(5):
            with contextlib.suppress(Killed):
                searches.work(app, message["search_id"], message["run"], message["source"])
        searches.work(app, message["search_id"], message["run"], message["source"])
    assert shown(app, record, "status") == "Failed"
    assert "could not be worked through (asked 5 times)" in shown(app, record, "message")


def test_somebody_without_a_name_is_listed_under_that_of_the_page(app, world):
    with_directory(app)
    world.directory = [{"id": "7", "jobTitle": "Nurse", "url": "https://people.example/ada-7"}]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    assert [row["Name"] for row in results(app, record)] == ["ada-7"]


def test_an_address_that_would_run_something_is_not_listed(app, world):
    with_directory(app)
    world.directory = [
        member("Eve", "Example", id="7", jobTitle="Nurse", url="javascript://people.example/%0aalert(1)")
    ]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    [row] = results(app, record)
    assert "javascript" not in str(row[ProspectResult.SOURCE_URL]) + str(row[ProspectResult.PROFILE_URL])


def test_a_search_whose_sources_all_fail_has_failed(app, world):
    world.fails(ORCID, 401)
    record = new_search(app, "harbour")
    run(app, record)
    status, message = shown(app, record, "status", "message")
    assert status == "Failed"
    assert message.startswith("No source could be asked. ORCID: ORCID does not accept our key")


def test_a_cap_and_its_consequence_are_shown(app, world):
    world.orcid = [researcher(number, last=f"Example {number}") for number in range(5)]
    record = new_search(app, "harbour", limit=3)
    run(app, record)
    assert len(results(app, record)) == 3
    assert "ORCID has 5 people for this query; the first 3 were taken." in shown(app, record, "source_status")
    assert "ORCID had more than the 3 that were taken." in shown(app, record, "message")


def test_every_message_may_come_twice(app, world):
    world.orcid = [researcher(1), researcher(2, "Ben", "Byrne")]
    record = new_search(app, "name:(ada OR ben)", "ORCID;OpenAlex")
    searches.search(app, record)
    messages = app_queue_messages(app, Queue.SEARCHES)
    for message in [*messages, *reversed(messages)]:
        searches.work(app, message["search_id"], message["run"], message["source"])
    assert len(results(app, record)) == 2
    assert shown(app, record, "found", "new") == (2, 2)
    assert len([call for call in world.mocked.calls if call.request.url.startswith(ORCID)]) == 1


def test_searching_again_keeps_decisions_and_rows(app, world):
    world.orcid = [researcher(1), researcher(2, "Ben", "Byrne")]
    record = new_search(app, "harbour")
    run(app, record)
    before = {row["Name"]: row["Id"] for row in results(app, record)}
    decide(app, results(app, record)[0], "Rejected")
    run(app, record)
    assert {row["Name"]: row["Id"] for row in results(app, record)} == before
    assert sorted(row[ProspectResult.DECISION] for row in results(app, record)) == ["New", "Rejected"]
    assert shown(app, record, "new") == 1


def test_known_people_are_shown_as_known_with_a_link(app, world):
    candidate = app.salesforce.create(
        Candidate.API_NAME,
        {Candidate.FIRST_NAME: "Ada", Candidate.LAST_NAME: "Lovelace", Candidate.TITLE: "Harbour master"},
    )
    world.orcid = [researcher(1, "Ben", "Byrne")]
    record = new_search(app, "harbour", "Salesforce;ORCID")
    run(app, record)
    known = next(row for row in results(app, record) if row["Name"] == "Ada Lovelace")
    assert (known[ProspectResult.DECISION], known[ProspectResult.CANDIDATE]) == ("Known", candidate)
    assert shown(app, record, "found", "new", "known") == (2, 1, 1)


def test_a_message_of_an_overtaken_run_does_nothing(app, world):
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour")
    searches.search(app, record)
    [late] = app_queue_messages(app, Queue.SEARCHES)
    run(app, record)
    calls = len(world.mocked.calls)
    searches.work(app, late["search_id"], late["run"], late["source"])
    assert len(world.mocked.calls) == calls


def test_nothing_personal_waits_in_the_bucket_after_the_search(app, world):
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour")
    run(app, record)
    assert list(app.data.keys("searches/")) == []


@pytest.mark.parametrize("where", ["stage", "save_state", "upsert_many", "update"])
def test_a_worker_that_dies_anywhere_changes_nothing_in_the_end(app, world, monkeypatch, where):
    world.orcid = [researcher(1), researcher(2, "Ben", "Byrne")]
    record = new_search(app, "name:(ada OR ben)", "ORCID;OpenAlex")
    searches.search(app, record)
    messages = app_queue_messages(app, Queue.SEARCHES)
    for number in range(1, 9):
        with monkeypatch.context() as broken:
            _kill(broken, app, where, at=number)
            for message in messages:
                with contextlib.suppress(Killed, TryAgain):
                    searches.work(app, message["search_id"], message["run"], message["source"])
        app.clock.move(minutes=6)
    for message in messages:
        searches.work(app, message["search_id"], message["run"], message["source"])
    assert sorted(row["Name"] for row in results(app, record)) == ["Ada Example", "Ben Byrne"]
    assert shown(app, record, "status", "found", "new") == ("Done", 2, 2)
    assert "2 people fit the whole query: 2 new" in shown(app, record, "message")


class Killed(BaseException):
    """The worker ended here."""


def _kill(broken, app, where, at):
    """Ends the worker at the n-th call, before it does anything."""
    calls = []
    owner = app.salesforce if hasattr(app.salesforce, where) else asking

    real = getattr(owner, where)

    def call(*arguments, **options):
        calls.append(1)
        if len(calls) == at:
            raise Killed
        return real(*arguments, **options)

    broken.setattr(owner, where, call)
