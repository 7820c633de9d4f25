"""L4: fifty thousand events of the mail provider in one minute, through the events worker and the rollup.

A twenty-fifth of them here, in that part of the time: what an event costs does not depend on how many there are.
"""

import math
import random
import time
from datetime import timedelta

import pytest

from integration import events, rollup, soql
from integration.model.event import Event, Kind
from integration.model.fold import added, fold
from integration.model.ledger import State, all_shards, ledger_pk
from integration.records import CampaignEnrollment, CampaignStep, Candidate, RecruitingCampaign
from integration.rollup.folding import raw_events
from tests.unit.track.test_rollup import START, world  # noqa: F401

NUMBER = 2_000
WITHIN = 2 * 300.0 / 25
"""Seconds of processor time, emulated AWS and org included, of two workers at once; the queue allows four."""
BATCH = 100
"""Messages a function is handed at once."""
FEW = 4


def flood(world, people):  # noqa: F811
    """Send and delivery or bounce of everybody, four in ten of the events twice, in no order."""
    chance = random.Random(4)
    common = {"campaign": world["campaign"], "step": world["step"], "version": "1", "channel": world["channel"]}
    once = []
    for number in range(people):
        key, at = f"F{number:06}", START + timedelta(milliseconds=number * 1.6)
        bounced = number % 50 == 0
        kind, detail = (Kind.BOUNCE, "Permanent General") if bounced else (Kind.DELIVERY, "")
        mail = {**common, "candidate": key, "message_id": f"m{number}"}
        once.append(Event(f"s{number}", Kind.SEND, at.isoformat(), **mail))
        once.append(Event(f"d{number}", kind, (at + timedelta(seconds=5)).isoformat(), detail=detail, **mail))
    told = once + chance.sample(once, k=len(once) * 2 // 5)
    chance.shuffle(told)
    return once, told


@pytest.mark.slow
def test_l4_a_flood_of_events_drains_in_time_and_costs_few_calls(app, org, world):  # noqa: F811
    once, told = flood(world, math.ceil(NUMBER / 2.8))
    bounced = [one.candidate for one in once if one.kind is Kind.BOUNCE]
    rows = [{Candidate.LAST_NAME: key, Candidate.CANDIDATE_KEY: key} for key in bounced]
    made = app.salesforce.create_many(Candidate.API_NAME, rows)
    ids = dict(zip(bounced, (one.id for one in made), strict=True))
    app.sends.put_many(
        {
            "pk": ledger_pk(world["campaign"], world["step"], "1", one.candidate),
            "sk": one.candidate,
            "state": State.ACCEPTED,
            "candidate_id": ids.get(one.candidate, ""),
        }
        for one in once[::2]
    )
    begun, calls = time.process_time(), org.app.usage.total()
    for start in range(0, len(told), BATCH):
        assert events.receive(app, [(one.id, one) for one in told[start : start + BATCH]]) == []
    rollup.tally(app)
    assert rollup.tally(app) == 0
    taken, calls = time.process_time() - begun, org.app.usage.total() - calls
    print(f"{len(told):,} events in {taken:.0f} s of processor time, {calls} calls")
    assert taken < WITHIN
    assert calls <= math.ceil((len(bounced) + 3) / 200) + FEW
    assert_equals_the_recount(app, world, once)
    assert app.salesforce.count(soql.count(CampaignEnrollment.API_NAME)) == len(bounced)


def assert_equals_the_recount(app, world, once):  # noqa: F811
    """I5 and I7: what is stored is the fold of the unique events, and what the org shows is that."""
    counted = fold(once).without_people()["steps"]
    stored = added(fold(raw_events(app, world["campaign"], shard)).without_people() for shard in all_shards())["steps"]
    assert stored == {step: dict(counts) for step, counts in counted.items()}
    for object_name, fields, step in (
        (RecruitingCampaign.API_NAME, [RecruitingCampaign.DELIVERED, RecruitingCampaign.BOUNCED], ""),
        (CampaignStep.API_NAME, [CampaignStep.SENT, CampaignStep.DELIVERED], world["step"]),
    ):
        [row] = app.salesforce.query(soql.select(object_name, fields))
        names = ("delivered", "bounced") if not step else ("sent", "delivered")
        assert list(row.values()) == [counted[step][name] for name in names]
