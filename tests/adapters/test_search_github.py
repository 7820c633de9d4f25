"""GitHub as a source of prospects, with answers in the shape of its REST API (2022-11-28)."""

import json
import re

import pytest
import responses
from responses import matchers

from integration.adapters.searches import github
from integration.errors import Rejected, TryAgain
from tests.adapters.search_fixture import access, connect, found, waits

__all__ = ["access", "waits"]
SEARCH = "https://api.github.com/search/users"
PROFILE = re.compile(r"https://api\.github\.com/users/[\w%-]+")


def listed(*numbers, total=None, incomplete=False):
    return {
        "total_count": len(numbers) if total is None else total,
        "incomplete_results": incomplete,
        "items": [
            {"login": f"ada-{n}", "id": n, "type": "User", "url": f"https://api.github.com/users/ada-{n}", "score": 1.0}
            for n in numbers
        ],
    }


def profile(number, **values):
    return {
        "login": f"ada-{number}",
        "id": number,
        "html_url": f"https://github.com/ada-{number}",
        "name": f"Ada Example {number}",
        "company": "@example",
        "blog": "https://ada.example",
        "location": "Cork, Ireland",
        "email": None,
        "bio": "Rust and boats",
        "twitter_username": None,
        "public_repos": 12,
        "followers": 40,
        **values,
    }


def answer_profiles(**values):
    def answer(request):
        number = int(request.url.rpartition("-")[2])
        return 200, {}, json.dumps(profile(number, **values))

    responses.add_callback("GET", PROFILE, answer)


@responses.activate
def test_profile_becomes_a_hit_with_provenance(access, app):
    responses.get(SEARCH, json=listed(7))
    responses.get("https://api.github.com/users/ada-7", json=profile(7, email="ada@ada.example"))
    [hit] = found(connect("GitHub", access(github="token-of-tests")), "language:rust location:cork")
    assert (hit.source, hit.source_id, hit.url) == ("GitHub", "7", "https://github.com/ada-7")
    assert (hit.full_name, hit.employer, hit.location) == ("Ada Example 7", "example", "Cork, Ireland")
    assert hit.emails == ("ada@ada.example",)
    assert hit.profiles == ("https://github.com/ada-7", "https://ada.example")
    assert hit.seen_at == app.clock.now().isoformat()
    assert responses.calls[0].request.params["q"] == "language:rust location:cork type:user"
    assert responses.calls[0].request.headers["Authorization"] == "Bearer token-of-tests"


@responses.activate
def test_hidden_email_is_never_invented(access):
    responses.get(SEARCH, json=listed(1, 2))
    responses.get("https://api.github.com/users/ada-1", json=profile(1))
    responses.get("https://api.github.com/users/ada-2", json=profile(2, email="not an address"))
    assert [hit.emails for hit in found(connect("GitHub", access()), "ada")] == [(), ()]


@responses.activate
def test_pages_are_read_until_all_are_there_and_the_cap_is_said(access, monkeypatch):
    monkeypatch.setattr(github, "MOST", 40)  # 1,000 in pages of 100, in truth
    monkeypatch.setattr(github, "_PAGE", 10)
    for page in range(1, 5):
        responses.get(
            SEARCH,
            json=listed(*range(page * 10, page * 10 + 10), total=5_432),
            match=[matchers.query_param_matcher({"page": str(page)}, strict_match=False)],
        )
    answer_profiles()
    source = connect("GitHub", access(rate=1e6))
    hits = found(source, "python", limit=3_000)
    assert len({hit.source_id for hit in hits}) == 40
    [note] = source.notes
    assert "5,432" in note
    assert "never gives more than 40" in note


@responses.activate
def test_only_as_many_profiles_are_asked_for_as_are_wanted(access):
    responses.get(SEARCH, json=listed(*range(50), total=50))
    answer_profiles()
    assert len(found(connect("GitHub", access(rate=1e6)), "python", limit=3)) == 3
    assert len(responses.calls) == 4


@responses.activate
def test_partial_results_are_said_to_be_partial(access):
    responses.get(SEARCH, json=listed(1, incomplete=True))
    answer_profiles()
    source = connect("GitHub", access())
    found(source, "python")
    assert source.notes == ["GitHub ran out of time and gave only a part of the people it has."]


@responses.activate
def test_person_who_left_since_is_left_out(access):
    responses.get(SEARCH, json=listed(1, 2))
    responses.get("https://api.github.com/users/ada-1", status=404, json={"message": "Not Found"})
    responses.get("https://api.github.com/users/ada-2", json=profile(2))
    assert [hit.source_id for hit in found(connect("GitHub", access()), "x")] == ["2"]


@responses.activate
def test_searches_keep_below_ten_a_minute_without_a_token(access, waits):
    for page in (1, 2, 3):
        responses.get(
            SEARCH,
            json=listed(*range(page * 100, page * 100 + 100), total=250),
            match=[matchers.query_param_matcher({"page": str(page)}, strict_match=False)],
        )
    responses.get(PROFILE, status=404, json={})
    source = connect("GitHub", access())
    source._profile = lambda login: None  # only the searches are paced here
    found(source, "x", limit=300)
    assert waits == pytest.approx([60 / 9, 60 / 9], abs=0.01)


@responses.activate
def test_spent_rate_waits_until_its_reset_and_keeps_other_workers_away(access, app):
    reset = int(app.clock.now().timestamp()) + 45
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    responses.get(SEARCH, status=403, headers=headers, json={"message": "API rate limit exceeded"})
    with pytest.raises(TryAgain) as refused:
        found(connect("GitHub", access()), "x")
    assert refused.value.seconds == 45
    with pytest.raises(TryAgain) as kept_away:
        found(connect("GitHub", access()), "x")
    assert kept_away.value.seconds == 45
    assert len(responses.calls) == 1


@responses.activate
def test_short_secondary_limit_is_waited_out(access, waits):
    responses.get(
        SEARCH, status=403, headers={"Retry-After": "8"}, json={"message": "You have exceeded a secondary rate limit"}
    )
    responses.get(SEARCH, json=listed())
    assert found(connect("GitHub", access()), "x") == []
    assert waits == pytest.approx([8.0], abs=0.01)


@responses.activate
def test_without_a_key_profiles_end_with_a_word_and_not_with_a_fault(access):
    responses.get(SEARCH, json=listed(*range(50), total=50))
    answer_profiles()
    source = connect("GitHub", access())
    assert 25 < len(found(source, "python")) < 50
    assert "Without a key" in source.notes[0]


@responses.activate
def test_bad_token_names_the_key_and_the_remedy(access):
    responses.get(SEARCH, status=401, json={"message": "Bad credentials"})
    with pytest.raises(Rejected) as refused:
        found(connect("GitHub", access(github="expired")), "x")
    assert "Bad credentials" in refused.value.message
    assert "'github'" in refused.value.message
    assert "expired" not in refused.value.message


@responses.activate
def test_refused_query_is_shown_in_the_sources_words_shortened(access):
    responses.get(SEARCH, status=422, json={"message": "The search is longer than 256 characters. " + "x" * 500})
    with pytest.raises(Rejected) as refused:
        found(connect("GitHub", access()), "x" * 300)
    assert "longer than 256 characters" in refused.value.message
    assert len(refused.value.message) < 400
