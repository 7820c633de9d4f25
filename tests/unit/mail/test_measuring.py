"""The effect of a blast with a hold-out, as it stands on the campaign."""

import random
from datetime import timedelta

import pytest

from integration import campaigns, rollup
from integration.campaigns import measuring
from integration.campaigns.audience import is_held_out
from integration.records import Application, Candidate, JobRequisition, PoolMembership, RecruitingCampaign
from tests.unit.mail.story import campaign, pool, record

PEOPLE = 200


@pytest.fixture
def blast(app, org):
    """(campaign, candidates): a launched blast to two hundred people, a quarter of them held out."""
    in_pool = pool(app)
    people = app.salesforce.create_many(
        Candidate.API_NAME,
        [{Candidate.LAST_NAME: f"L{n}", Candidate.EMAIL: f"p{n}@people.example", Candidate.CANDIDATE_KEY: f"K{n:03}"}
         for n in range(PEOPLE)],
    )  # fmt: skip
    ids = [one.id for one in people]
    app.salesforce.create_many(
        PoolMembership.API_NAME,
        [{PoolMembership.POOL: in_pool, PoolMembership.CANDIDATE: one, PoolMembership.STATE: "Member"} for one in ids],
    )
    made = campaign(app, in_pool, **{RecruitingCampaign.HOLD_OUT_PERCENT: 25})
    campaigns.launch(app, made)
    return made, ids


def applied(app, people, **values):
    job = app.salesforce.create(JobRequisition.API_NAME, {"Name": "Nurse", JobRequisition.TITLE: "Nurse"})
    at = (app.clock.now() + timedelta(days=1)).isoformat()
    rows = [{Application.CANDIDATE: one, Application.REQUISITION: job, Application.APPLIED_AT: at,
             Application.KEY: f"{one}|{job}", **values} for one in people]  # fmt: skip
    assert all(one.success for one in app.salesforce.create_many(Application.API_NAME, rows))


@pytest.mark.parametrize("search", [0, 1_000])
def test_both_sides_are_counted_whatever_people_applied_through(app, blast, monkeypatch, search):
    monkeypatch.setattr(measuring, "_SEARCH", search)
    made, people = blast
    held = [one for one in people if is_held_out(made, one, 25)]
    chosen = [one for one in people if one not in set(held)]
    assert 30 < len(held) < 70
    random.Random(1).shuffle(chosen)
    applied(app, [*chosen[:40], held[0]])
    app.clock.move(days=3)
    rollup.run(app)
    effect = record(app, made)["Effect__c"].splitlines()
    assert effect[0].startswith(
        f"Applications: {40 / len(chosen):.1%} of {len(chosen)} people chosen, "
        f"{1 / len(held):.1%} of {len(held)} people held out. About "
    )
    assert effect[1].startswith("Hires: 0.0% of")
    assert "No difference is shown" in effect[1]


def test_what_came_before_the_launch_is_no_effect(app, blast):
    made, people = blast
    applied(app, people[:50], **{Application.APPLIED_AT: "2026-01-01T00:00:00Z"})
    rollup.run(app)
    assert record(app, made)["Effect__c"].startswith("Applications: 0.0% of")


def test_a_campaign_is_measured_once_an_hour(app, blast, monkeypatch):
    rollup.run(app)
    measured = []
    monkeypatch.setattr(measuring, "_effect", lambda *_: measured.append(1) or "")
    rollup.run(app)
    assert measured == []
    app.clock.move(hours=1)
    rollup.run(app)
    assert measured == [1]
