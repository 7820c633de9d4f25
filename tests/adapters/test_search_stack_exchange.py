"""Stack Exchange as a source of prospects, with answers in the shape of its API 2.3."""

import re

import pytest
import responses
from responses import matchers

from integration.errors import Rejected, TryAgain
from integration.ports import Translation
from tests.adapters.search_fixture import access, connect, found, waits

__all__ = ["access", "waits"]
API = "https://api.stackexchange.com/2.3"


def wrapped(*items, has_more=False, **values):
    return {"items": list(items), "has_more": has_more, "quota_max": 300, "quota_remaining": 290, **values}


def user(number, **values):
    return {
        "user_id": number,
        "display_name": f"Ada O&#39;Example {number}",
        "reputation": 5_000 - number,
        "location": "Cork, Ireland",
        "link": f"https://stackoverflow.com/users/{number}/ada",
        "website_url": "https://ada.example",
        "user_type": "registered",
        "about_me": "<p>Rust &amp; boats</p>",
        **values,
    }


def at(**query):
    return [matchers.query_param_matcher(query, strict_match=False)]


@pytest.fixture
def api():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.get(f"{API}/filters/create", json=wrapped({"filter": "!made", "included_fields": []}))
        yield mocked


def test_user_becomes_a_hit_with_provenance(access, app, api):
    api.get(f"{API}/users", json=wrapped(user(7)), match=at(inname="ada", site="stackoverflow", filter="!made"))
    [hit] = found(connect("Stack Exchange", access()), inname="ada")
    assert (hit.source_id, hit.url) == ("stackoverflow:7", "https://stackoverflow.com/users/7/ada")
    assert (hit.full_name, hit.location, hit.emails) == ("Ada O'Example 7", "Cork, Ireland", ())
    assert hit.text == "Rust & boats\nReputation 4,993"
    assert hit.profiles == (hit.url, "https://ada.example")
    assert hit.seen_at == app.clock.now().isoformat()


def test_pages_are_read_while_there_are_more(access, api):
    for page in (1, 2, 3):
        api.get(f"{API}/users", json=wrapped(user(page), has_more=page < 3), match=at(page=str(page)))
    assert [hit.source_id[-1] for hit in found(connect("Stack Exchange", access()))] == ["1", "2", "3"]


def test_backoff_is_obeyed_by_every_worker(access, api, waits):
    api.get(f"{API}/users", json=wrapped(user(1), has_more=True, backoff=8), match=at(page="1"))
    api.get(f"{API}/users", json=wrapped(user(2)), match=at(page="2"))
    found(connect("Stack Exchange", access()))
    assert waits == pytest.approx([8.0], abs=0.01)


def test_long_backoff_sends_the_search_back_to_its_queue(access, api):
    api.get(f"{API}/users", json=wrapped(user(1), has_more=True, backoff=90))
    with pytest.raises(TryAgain) as again:
        found(connect("Stack Exchange", access()))
    assert again.value.seconds == 90


def test_spent_quota_of_the_day_is_said_and_what_was_found_stays(access, api):
    api.get(f"{API}/users", json=wrapped(user(1), has_more=True, quota_remaining=0))
    hits = connect("Stack Exchange", access()).search(Translation("Stack Exchange", ""), limit=100)
    assert next(hits).source_id == "stackoverflow:1"
    with pytest.raises(TryAgain) as again:
        next(hits)
    assert "used up" in str(again.value)


def test_throttle_hidden_in_a_bad_request_is_a_throttle(access, api):
    said = {"error_id": 502, "error_name": "throttle_violation", "error_message": "too many requests from this IP, "}
    said["error_message"] += "more requests available in 4321 seconds"
    api.get(f"{API}/users", status=400, json=said)
    with pytest.raises(TryAgain) as again:
        found(connect("Stack Exchange", access()))
    assert again.value.seconds == 4_321


def test_people_of_several_tags_are_those_who_are_good_at_all_of_them(access, api):
    def answerers(*numbers):
        return wrapped(*({"post_count": 9, "score": 90, "user": user(n)} for n in numbers))

    api.get(f"{API}/tags/rust/top-answerers/all_time", json=answerers(1, 2, 3))
    api.get(f"{API}/tags/c%2B%2B/top-answerers/all_time", json=answerers(3, 2, 9))
    api.get(f"{API}/users/2;3", json=wrapped(user(2), user(3)))
    hits = found(connect("Stack Exchange", access()), tagged="rust;c++")
    assert [hit.source_id for hit in hits] == ["stackoverflow:2", "stackoverflow:3"]
    assert hits[0].skills == ("rust", "c++")


def test_key_travels_with_every_request(access, api):
    api.get(f"{API}/users", json=wrapped())
    found(connect("Stack Exchange", access(stack_exchange="key-of-tests")))
    assert all(call.request.params["key"] == "key-of-tests" for call in api.calls)


def test_refused_key_is_said_with_its_remedy(access, api):
    api.get(re.compile(f"{API}/users.*"), status=403, json={"error_id": 403, "error_message": "`key` is not valid"})
    with pytest.raises(Rejected) as refused:
        found(connect("Stack Exchange", access(stack_exchange="old")))
    assert "'stack_exchange'" in refused.value.message
    assert "`key` is not valid" in refused.value.message


def test_site_that_is_none_is_refused_before_any_request(access, api):
    with pytest.raises(Rejected):
        found(connect("Stack Exchange", access()), site="../../evil")
    assert not api.calls
