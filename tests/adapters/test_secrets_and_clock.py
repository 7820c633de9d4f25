"""AwsSecrets and StageClock against moto."""

from datetime import UTC, datetime, timedelta

import pytest

from integration.adapters import aws, secrets
from integration.adapters.clock import StageClock


@pytest.fixture
def passing_time(monkeypatch):
    """A monotonic clock that a test moves."""
    state = {"now": 1_000.0}
    monkeypatch.setattr(secrets.time, "monotonic", lambda: state["now"])
    return state


@pytest.fixture
def offset(app):
    def put(seconds):
        aws.ssm().put_parameter(Name="/warmbench/test/clock", Type="String", Value=str(seconds), Overwrite=True)

    put(0)
    return put


def test_secret_is_read_once_in_five_minutes(app, passing_time):
    name = app.config.ats_secret
    before = app.secrets.secret(name)
    aws.secretsmanager().put_secret_value(SecretId=name, SecretString='{"generic": "rotated"}')
    passing_time["now"] += 299
    assert app.secrets.secret(name) == before
    passing_time["now"] += 2
    assert app.secrets.secret(name) == {"generic": "rotated"}


def test_caller_cannot_change_what_is_remembered(app):
    app.secrets.secret(app.config.ats_secret).clear()
    assert app.secrets.secret(app.config.ats_secret)


def test_parameter_is_decrypted(app):
    assert app.links.current == "k1"


def test_clock_follows_its_offset_within_two_seconds(app, offset, passing_time):
    clock = StageClock(app.secrets, "/warmbench/test/clock")
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    offset(86_400.5)
    passing_time["now"] += 2.1
    assert abs(clock.now() - datetime.now(UTC) - timedelta(days=1, seconds=0.5)) < timedelta(seconds=1)


def test_clock_without_an_offset_reads_nothing():
    clock = StageClock(None, "")
    assert clock.now().tzinfo is UTC
