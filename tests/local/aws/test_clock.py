"""The one clock: what may be written for a duration, and who is told."""

import argparse
from datetime import timedelta

import pytest
import responses

from integration.local import clock


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3d", timedelta(days=3)),
        ("2h", timedelta(hours=2)),
        ("30m", timedelta(minutes=30)),
        ("1d12h", timedelta(days=1, hours=12)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_durations_are_read(text, meant):
    assert clock.duration(text) == meant


@pytest.mark.parametrize("text", ["", "3", "d", "3 d", "-3d", "3w", "3d!", "1.5h"])
def test_what_is_no_duration_is_told(text):
    with pytest.raises(argparse.ArgumentTypeError, match="write 3d"):
        clock.duration(text)


@pytest.mark.parametrize("text", ["99999d", "99999999999d", "12345678901h"])
def test_more_time_than_a_calendar_holds_is_told(text):
    with pytest.raises(argparse.ArgumentTypeError, match=f"'{text}' is too long"):
        clock.duration(text)


@responses.activate
def test_the_org_is_told_with_the_admins_token():
    told = responses.post("http://127.0.0.1:1/warmbench/clock", json={})
    clock.tell("http://127.0.0.1:1", 3600, token="secret")
    assert told.calls[0].request.headers["Authorization"] == "Bearer secret"
    assert told.calls[0].request.body == b'{"offset_seconds": 3600}'


@responses.activate
def test_the_mailbox_is_told_at_its_own_address():
    told = responses.post("http://127.0.0.1:2/clock", json={})
    clock.tell("http://127.0.0.1:2", 0)
    assert told.call_count == 1


def test_without_a_stack_the_command_says_how_to_start_one(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(clock.read_status, "__defaults__", (tmp_path / "status.json",))
    assert clock.main(["show"]) == 1
    assert "warmbench local" in capsys.readouterr().err
