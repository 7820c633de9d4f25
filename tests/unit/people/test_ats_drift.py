"""A twentieth of the webhooks is lost, others come twice and out of order: one pull leaves no difference."""

import json
import random

import pytest

from integration import ats
from integration.records import Application
from tests.unit.people import ats_world as world
from tests.unit.people.ats_world import connection, vendor

__all__ = ["connection", "vendor"]
STAGES = {
    "Application Review": "Applied",
    "Phone Screen": "Qualified",
    "Face to Face": "Interview",
    "Offer": "Offer",
}
ENDS = ({"status": "rejected", "rejection_reason_id": 1}, {"status": "hired"})


def seed(app, vendor, people):
    """So many people with an application each, the same on both sides."""
    job = world.requisition(app)
    ids = app.salesforce.create_many(
        "Candidate__c",
        [
            {"Candidate_Key__c": f"k{n}", "Last_Name__c": f"Lee{n}", "ATS_Id__c": f"gh:{n}"}
            for n in range(1, people + 1)
        ],
    )
    rows = []
    for number, one in enumerate(ids, 1):
        vendor.add_candidate(email=world.address(number), number=number)
        vendor.add_application(number, 7, number=10_000 + number)
        row = {"Candidate__c": one.id, "Requisition__c": job, "Key__c": f"{one.id}|{job}", "Stage__c": "Applied"}
        rows.append(row | {"ATS_Id__c": f"gh:{10_000 + number}", "Applied_At__c": app.clock.now().isoformat()})
    assert all(one.success for one in app.salesforce.create_many(Application.API_NAME, rows))


def move(app, vendor, chance, number):
    app.clock.move(seconds=chance.randint(1, 40))
    change = chance.choice(ENDS) if chance.random() < 0.2 else {"stage_name": chance.choice(list(STAGES))}
    reset = {"status": "in_process", "rejection_reason_id": None}
    vendor.move(number, **reset | change)
    return vendor.told(number)[1]


@pytest.mark.parametrize(("people", "moves"), [(12, 20), pytest.param(300, 300, marks=pytest.mark.slow)])
def test_lost_webhooks_heal_by_one_pull(app, vendor, connection, people, moves):
    chance = random.Random(people)
    seed(app, vendor, people)
    ats.sync(app, connection)
    app.clock.move(minutes=10)
    sent = [move(app, vendor, chance, 10_000 + chance.randint(1, people)) for _ in range(moves)]
    lost = set(chance.sample(range(moves), max(1, moves // 20)))
    arriving = [(n, body) for n, body in enumerate(sent) if n not in lost]
    arriving += chance.sample(arriving, moves // 10)  # doubled
    chance.shuffle(arriving)
    for number, body in arriving:
        ats.receive(app, "gh", f"h{number}", json.loads(body))
    last = 10_000 + chance.randint(1, people)  # a move of which nothing is heard
    was_hired = vendor.applications[last]["status"] == "hired"
    app.clock.move(seconds=30)
    vendor.move(last, **({"status": "in_process", "stage_name": "Offer"} if was_hired else {"status": "hired"}))
    here, there = world.in_org(app), world.in_ats(vendor, STAGES)
    assert here != there
    assert len(here) == len(there) == people
    ats.retry_all(app)
    assert world.in_org(app) == there
    app.clock.move(minutes=10)
    assert "0 changes written" in ats.sync(app, connection)
