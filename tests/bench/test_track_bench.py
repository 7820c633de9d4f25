"""The tracker's benches do the same work on both sides, and what it imports is asserted, not only measured."""

from integration.bench import cold, track


def test_the_tracker_imports_no_sdk_and_no_web_framework():
    assert cold.loaded(cold.TRACKER) == []
    assert set(cold.loaded("import boto3, flask")) >= {"boto3", "flask", "jinja2"}


def test_both_sides_of_the_click_lead_to_the_same_place():
    app, event, _ = track._app(), *track._request()
    track.assert_same(lambda: track.track.answer(app, event), track._peer(app, event), app)
