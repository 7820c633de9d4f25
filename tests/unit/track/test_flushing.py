"""What a flush costs, and what becomes of it when rows, jobs or runs fail: totals equal a recount, nothing is lost."""

import gzip
import json
import random

import pytest

from integration import events, rollup, soql
from integration.errors import TryAgain
from integration.model.event import Kind
from integration.model.fold import fold
from integration.model.ledger import all_shards, ledger_pk, shard_of
from integration.ports import Queue
from integration.privacy import in_events
from integration.privacy.noting import Notes
from integration.records import CampaignEnrollment, Candidate, RecruitingCampaign, Touchpoint
from integration.rollup import flushing
from tests.app_fixture import app_queue_messages
from tests.unit.track.test_rollup import a_story, an_event, receive, world  # noqa: F401

CLICKS = [CampaignEnrollment.CANDIDATE, CampaignEnrollment.HUMAN_OPENS, CampaignEnrollment.HUMAN_CLICKS]


def results(app):
    """Everything that the org holds of the campaign's people."""
    rows = app.salesforce.query(soql.select(CampaignEnrollment.API_NAME, CLICKS))
    touches = app.salesforce.query(soql.select(Touchpoint.API_NAME, [Touchpoint.KEY]))
    fields = [Candidate.CANDIDATE_KEY, Candidate.LAST_ENGAGED_AT]
    people = app.salesforce.query(soql.select(Candidate.API_NAME, fields))
    return [sorted(map(tuple, (row.values() for row in table)), key=str) for table in (rows, touches, people)]


def clicks(app):
    rows = app.salesforce.query(soql.select(CampaignEnrollment.API_NAME, CLICKS))
    return sorted((row[CampaignEnrollment.CANDIDATE], row[CampaignEnrollment.HUMAN_CLICKS]) for row in rows)


def click(world, key, minutes):  # noqa: F811
    return an_event(
        world, Kind.CLICK, key, minutes, link="1", target="https://jobs.example/1", network=f"86.40.{minutes}.0/24"
    )


@pytest.fixture
def by_jobs(monkeypatch):
    """Any number of rows counts as many."""
    monkeypatch.setattr(flushing, "MOST_BY_COLLECTIONS", 0)


def calls(org):
    return org.app.usage.total()


def test_a_small_flush_takes_four_calls_and_what_follows_five(app, org, world):  # noqa: F811
    receive(app, a_story(world))
    for key, record_id in world["people"].items():
        app.sends.update(ledger_pk(world["campaign"], world["step"], "1", key), key, {"candidate_id": record_id})
    before = calls(org)
    rollup.run(app)
    # one asks when people were last heard of; due, two pages without outcomes, Operations; campaigns with a hold-out
    assert calls(org) - before == 4 + 5
    rollup.run(app)
    assert calls(org) - before == 9 + 2


def test_many_rows_go_in_one_job_an_object_and_nobody_waits(app, org, world, by_jobs):  # noqa: F811
    receive(app, a_story(world))
    rollup.run(app)
    assert app_queue_messages(app, Queue.CHANGES) == []  # pools must not look before the rows are there
    rollup.run(app)
    [message] = app_queue_messages(app, Queue.CHANGES)
    assert message["candidates"] == sorted([world["people"]["K1"], world["people"]["K3"]])
    jobs = results(app)
    receive(app, [click(world, "K2", 50)])
    rollup.run(app)
    rollup.run(app)
    assert results(app) != jobs
    assert list(app.data.keys("rollup/loads/")) == []
    assert org.app.usage.by_kind()["bulk POST"] == 6


def test_both_ways_write_the_same(app, world, monkeypatch):  # noqa: F811
    receive(app, a_story(world))
    rollup.run(app)
    by_collections = results(app)
    for object_name in (CampaignEnrollment.API_NAME, Touchpoint.API_NAME):
        rows = app.salesforce.query(soql.select(object_name, ["Id"]))
        app.salesforce.delete_many(object_name, [row["Id"] for row in rows])
    app.data.delete(list(app.data.keys("rollup/campaign=")))
    mark_all(app, world)
    monkeypatch.setattr(flushing, "MOST_BY_COLLECTIONS", 0)
    rollup.run(app)
    rollup.run(app)
    assert results(app) == by_collections


def mark_all(app, world):  # noqa: F811
    for shard in all_shards():
        events.mark(app, world["campaign"], shard, "by hand")


def test_a_campaign_waits_while_the_org_loads_its_rows(app, org, world, by_jobs, monkeypatch):  # noqa: F811
    receive(app, [click(world, "K1", 10)])
    with monkeypatch.context() as slow:
        waiting = []
        slow.setattr(org.app, "work_off", waiting.append)
        rollup.run(app)
        receive(app, [click(world, "K1", 20)])
        assert rollup.run(app) == 0
        assert clicks(app) == []
    for job in waiting:
        org.app.work_off(job)
    assert rollup.run(app) == 1
    rollup.run(app)
    assert clicks(app) == [(world["people"]["K1"], 2)]


def test_a_job_that_never_ends_is_given_up_and_its_rows_come_again(app, org, world, by_jobs, monkeypatch):  # noqa: F811
    receive(app, [click(world, "K1", 10)])
    with monkeypatch.context() as stuck:
        stuck.setattr(org.app, "work_off", lambda job: None)
        rollup.run(app)
        app.clock.move(hours=7)
        rollup.run(app)  # gives it up
    rollup.run(app)  # finds it aborted, and writes again
    rollup.run(app)
    assert clicks(app) == [(world["people"]["K1"], 1)]


def test_an_erasure_reaches_what_is_being_loaded(app, world, by_jobs):  # noqa: F811
    receive(app, [click(world, "K1", 10)])
    rollup.run(app)
    in_events.forget(app, world["campaign"], shard_of("K1"), {"K1": "drawn"}, Notes(app, "erasure"))
    [people] = [key for key in app.data.keys("rollup/loads/") if key.endswith(".gz")]
    campaign, shard, key, _ = json.loads(gzip.decompress(app.data.read(people)))
    assert (campaign, shard, key) == (world["campaign"], shard_of("K1"), "drawn")
    rollup.run(app)
    assert not any(b'"K1"' in app.data.read(key) for key in app.data.keys("rollup/"))
    assert clicks(app) == [(world["people"]["K1"], 1)]


@pytest.mark.parametrize("kind", [CampaignEnrollment.API_NAME, Touchpoint.API_NAME, Candidate.API_NAME])
def test_a_job_that_fails_is_written_again(app, org, world, by_jobs, kind):  # noqa: F811
    receive(app, a_story(world))
    org.app.faults.add({"kind": "job_failed", "object": kind})
    for _ in range(4):
        rollup.run(app)
    enrolled, touches, people = results(app)
    assert (len(enrolled), len(touches), sum(bool(at) for _, at in people)) == (2, 1, 1)
    assert rollup.run(app) == 0


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("code", ["UNABLE_TO_LOCK_ROW", "FIELD_CUSTOM_VALIDATION_EXCEPTION"])
def test_a_row_that_was_refused_is_written_later_and_the_others_at_once(
    app,
    org,
    world,  # noqa: F811
    monkeypatch,
    many,
    code,
    capsys,
):
    monkeypatch.setattr(flushing, "MOST_BY_COLLECTIONS", 0 if many else 2_000)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    receive(app, [click(world, "K1", 10), click(world, "K2", 10)])
    times = 12 if code.startswith("UNABLE") and not many else 1
    org.app.faults.add(
        {"kind": "partial", "code": code, "object": CampaignEnrollment.API_NAME, "times": times, "every": 1}
    )
    rollup.run(app)
    if many:
        rollup.run(app)
    assert "total.refused" in capsys.readouterr().err
    if code.startswith("FIELD"):  # a rule of the org: it is not asked again until there is news
        assert len(clicks(app)) == 1
        assert rollup.run(app) == 0
        receive(app, [an_event(world, Kind.DELIVERY, "K1", 1), an_event(world, Kind.DELIVERY, "K2", 1)])
    for _ in range(2):
        rollup.run(app)
    assert clicks(app) == sorted((world["people"][key], 1) for key in ("K1", "K2"))


def test_whoever_was_deleted_is_passed_over_in_silence(app, org, world, capsys):  # noqa: F811
    receive(app, [click(world, "K1", 10), click(world, "K2", 10)])
    gone = world["people"]["K1"]
    app.sends.put(
        {
            "pk": ledger_pk(world["campaign"], world["step"], "1", "K1"),
            "sk": "K1",
            "candidate_id": gone,
            "state": "settled",
        }
    )
    app.salesforce.delete_many(Candidate.API_NAME, [gone])
    rollup.run(app)
    assert clicks(app) == [(world["people"]["K2"], 1)]
    assert "total.refused" not in capsys.readouterr().err
    assert rollup.run(app) == 0


def test_an_older_date_never_overwrites_a_newer_one_of_the_same_run(app, world):  # noqa: F811
    other = app.salesforce.create(RecruitingCampaign.API_NAME, {"Name": "D", RecruitingCampaign.KIND: "Blast"})
    late = click(world, "K1", 40)
    receive(app, [late, click({**world, "campaign": min(other, other)}, "K1", 20)])
    rollup.run(app)
    where = soql.equals(Candidate.CANDIDATE_KEY, "K1")
    [row] = app.salesforce.query(soql.select(Candidate.API_NAME, [Candidate.LAST_ENGAGED_AT], where=where))
    assert row[Candidate.LAST_ENGAGED_AT].startswith(late.at[:16])


def test_an_older_date_never_overwrites_what_the_record_knows(app, world):  # noqa: F811
    candidate = world["people"]["K1"]
    later = {Candidate.LAST_ENGAGED_AT: "2030-01-01T00:00:00+00:00"}
    app.salesforce.update(Candidate.API_NAME, candidate, later)
    receive(app, [click(world, "K1", 40), click(world, "K2", 40)])
    rollup.run(app)
    told = {key: app.salesforce.get(Candidate.API_NAME, world["people"][key], list(later)) for key in ("K1", "K2")}
    assert str(told["K1"][Candidate.LAST_ENGAGED_AT]).startswith("2030-01-01T00:00")
    assert told["K2"][Candidate.LAST_ENGAGED_AT]
    assert (candidate, 1) in clicks(app)


def test_totals_wait_when_the_days_calls_run_out(app, org, world, capsys):  # noqa: F811
    receive(app, [click(world, "K1", 10)])
    org.app.usage.maximum = 1
    assert rollup.run(app) == 0
    assert "totals.wait" in capsys.readouterr().err
    org.app.usage.maximum = 15_000
    assert rollup.run(app) == 1


def test_a_run_without_time_leaves_the_rest_to_the_next(app, world):  # noqa: F811
    receive(app, a_story(world))
    dirty = len({shard_of(key) for key in world["people"]})
    left = iter([240_000, 240_000] + [0] * 100)
    first = rollup.run(app, lambda: next(left))
    assert 0 < first < dirty
    assert first + rollup.run(app) == dirty
    c = RecruitingCampaign
    [row] = app.salesforce.query(soql.select(c.API_NAME, [c.DELIVERED, c.HUMAN_CLICKS]))
    assert list(row.values()) == [3, 1]


class Cut(TryAgain):
    """The run is over here."""


@pytest.mark.parametrize("many", [False, True], ids=["collections", "jobs"])
def test_i5_a_run_that_is_cut_off_anywhere_ends_in_the_recount(app, org, world, monkeypatch, many):  # noqa: F811
    """Every run is cut off two steps later than the one before; events come in any order, and twice."""
    monkeypatch.setattr(flushing, "MOST_BY_COLLECTIONS", 0 if many else 2_000)
    chance = random.Random(7)
    sent = [an_event(world, Kind.DELIVERY, key) for key in world["people"]]
    for at in range(1, 60, 2):
        minutes = 10 + at
        sent += [click(world, chance.choice(list(world["people"])), minutes)]
        receive(app, [*chance.sample(sent, k=min(3, len(sent))), sent[-1]])
        if not cut_off(app, monkeypatch, at):
            break
    else:
        pytest.fail("no run came to its end")
    for _ in range(4):
        rollup.run(app)
    assert rollup.run(app) == 0
    assert list(app.data.keys("rollup/loads/")) == []
    counted = fold(sent, now=app.clock.now()).people
    numbers = {world["people"][key]: one.counts["human_clicks"] for key, one in counted.items()}
    expected = sorted((record_id, number) for record_id, number in numbers.items() if number)
    assert clicks(app) == expected
    [row] = app.salesforce.query(soql.select(RecruitingCampaign.API_NAME, [RecruitingCampaign.HUMAN_CLICKS]))
    assert row[RecruitingCampaign.HUMAN_CLICKS] == len(expected)


def cut_off(app, monkeypatch, at):
    """Whether a run was cut off before its `at`-th step, a step being whatever it writes."""
    left = iter(range(at))

    def counted(method):
        def wrapped(*args, **kwargs):
            if next(left, None) is None:
                raise Cut("cut off")
            return method(*args, **kwargs)

        return wrapped

    with monkeypatch.context() as steps:
        for part, name in ((app.data, "write"), (app.data, "delete"), (app.claims, "update"), (app.sends, "update"),
                           (app.queues, "send_many"), (app.salesforce, "save_together"), (app.salesforce, "upload"),
                           (app.salesforce, "begin")):  # fmt: skip
            steps.setattr(part, name, counted(getattr(part, name)))
        try:
            rollup.run(app)
        except Cut:
            return True
    return False
