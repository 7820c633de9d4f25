"""Nothing follows from a click until it is sure that a person clicked, and a later classifier puts history right."""

import random
from collections import Counter

import pytest

from integration import events, rejudging, rollup, soql
from integration.drips.hearing import HEARD
from integration.drips.plan import STATE, enrollment_pk
from integration.model import fold as folding
from integration.model.event import Kind
from integration.model.fold import added, fold
from integration.model.ledger import all_shards
from integration.model.vocabulary import CampaignKind, EnrollmentState
from integration.records import CampaignEnrollment, CampaignLink, CampaignStep, RecruitingCampaign, Touchpoint
from integration.rollup import folding as rolling
from integration.sending.recovery import RUNNING
from tests.unit.track.test_rollup import BROWSER, START, a_story, an_event, receive, world  # noqa: F401

TOTALS = [RecruitingCampaign.SENT, RecruitingCampaign.HUMAN_OPENS, RecruitingCampaign.HUMAN_CLICKS,
          RecruitingCampaign.MACHINE_CLICKS]  # fmt: skip


def totals(app):
    [row] = app.salesforce.query(soql.select(RecruitingCampaign.API_NAME, TOTALS))
    return [row[field] for field in TOTALS]


def at(app, minutes):
    app.clock.at = START
    app.clock.move(minutes=minutes)


def click(world, minutes, link="1", candidate="K1", **values):  # noqa: F811
    return an_event(world, Kind.CLICK, candidate, minutes, link=link, target=f"https://jobs.example/{link}", **values)


@pytest.fixture
def heard(app, world):  # noqa: F811
    """What the drip of the campaign heard of K1, who is in it."""
    campaign = world["campaign"]
    plan = app.sends.get(f"campaign#{campaign}", "plan")
    step = {"id": world["step"], "version": "1", "day": 0}
    app.sends.put({**plan, "kind": CampaignKind.DRIP, "steps": [step], "included": [], "excluded": []})
    app.sends.put({"pk": RUNNING, "sk": campaign})
    place = enrollment_pk(campaign, "K1")
    state = {"campaign": campaign, "candidate": "K1", "candidate_id": "", "state": EnrollmentState.ACTIVE, "step": 0}
    app.due.put({"pk": place, "sk": STATE, **state})

    def told():
        return sorted((item["kind"], item["at"][11:16], item["link"]) for item in app.due.query(place, prefix=HEARD))

    return told


def test_a_click_counts_only_when_no_burst_can_follow_any_more(app, world, heard):  # noqa: F811
    receive(app, [an_event(world, Kind.DELIVERY, "K1"), click(world, 10)])
    at(app, 11)
    assert rollup.run(app) == 1
    assert (totals(app)[2], heard(), app.salesforce.count(soql.count(Touchpoint.API_NAME))) == (0, [], 0)
    at(app, 11.5)
    assert rollup.run(app) == 0
    at(app, 12)
    assert rollup.run(app) == 1
    assert (totals(app)[2], app.salesforce.count(soql.count(Touchpoint.API_NAME))) == (1, 1)
    assert heard() == [("clicked", "09:10", "1")]
    assert rollup.run(app) == 0


def test_a_gateways_burst_triggers_nothing_and_the_persons_own_click_does(app, world, heard):  # noqa: F811
    receive(app, [an_event(world, Kind.DELIVERY, "K1"), click(world, 0.7)])
    at(app, 1)
    rollup.run(app)
    receive(app, [click(world, 0.701, "2"), click(world, 0.702, "3")])
    at(app, 30)
    rollup.run(app)
    assert (totals(app), heard()) == ([1, 0, 0, 3], [])
    receive(app, [click(world, 40, network="86.40.1.0/24")])
    at(app, 50)
    rollup.run(app)
    assert (totals(app), heard()) == ([1, 0, 1, 3], [("clicked", "09:40", "1")])


def test_a_filter_of_several_mailboxes_is_found_across_shards(app, world):  # noqa: F811
    mine = {"network": "198.51.100.0/24"}
    one_by_one = [click(world, 60 + n / 100, candidate=key, **mine) for n, key in enumerate(("K1", "K2", "K3"))]
    for event in one_by_one:
        receive(app, [event])
        rollup.run(app)
    assert totals(app) == [0, 0, 0, 3]
    assert app.salesforce.count(soql.count(CampaignEnrollment.API_NAME)) == 2  # of those who were believed at first
    fields = [CampaignEnrollment.HUMAN_CLICKS, CampaignEnrollment.MACHINE_EVENTS]
    rows = app.salesforce.query(soql.select(CampaignEnrollment.API_NAME, fields))
    assert [list(row.values()) for row in rows] == [[0, 1]] * 2
    assert app.salesforce.count(soql.count(Touchpoint.API_NAME)) == 0


def older(events, **options):
    """What an older classifier made of it: it believed everybody."""
    del options
    return fold([event if event.kind is not Kind.CLICK else _plain(event) for event in events])


def _plain(event):
    import dataclasses

    return dataclasses.replace(event, at=f"2026-03-02T{9 + int(event.link or 0)}:30:00+00:00", user_agent=BROWSER)


def test_a_new_classifier_puts_the_totals_of_history_right(app, world, monkeypatch):  # noqa: F811
    with monkeypatch.context() as before:
        for module in (folding, rejudging):
            before.setattr(module, "CLASSIFIER", "1")
        before.setattr(rolling, "fold", older)
        receive(app, a_story(world))
        rollup.run(app)
        assert totals(app) == [3, 1, 2, 0]
    monkeypatch.setattr(rejudging, "_A_PART", 1)
    for _ in range(5):
        rollup.run(app)
    assert totals(app) == [3, 1, 1, 2]
    assert app.salesforce.count(soql.count(Touchpoint.API_NAME)) == 1
    stored = [rolling.stored(app, world["campaign"], shard) for shard in all_shards()]
    recount = fold(event for shard in all_shards() for event in rollup.raw_events(app, world["campaign"], shard))
    assert {one["totals"]["classifier"] for one in stored if one} == {"2"}
    assert nonzero(added(one["totals"] for one in stored if one)) == nonzero(added([recount.without_people()]))
    assert rollup.run(app) == 0


def nonzero(whole):
    return {name: {key: +Counter(counts) for key, counts in whole[name].items() if +Counter(counts)}
            for name in ("steps", "links", "results", "pages")}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_i7_totals_in_the_org_equal_a_recount_of_the_raw_events(app, world, seed):  # noqa: F811
    """Any order, any copies, any batches, with runs of the rollup between them."""
    chance = random.Random(seed)
    story = a_story(world) + [click(world, chance.uniform(20, 600), str(n % 3), f"K{1 + n % 3}") for n in range(9)]
    arriving = story + chance.choices(story, k=10)
    chance.shuffle(arriving)
    while arriving:
        size = chance.randint(1, 6)
        batch = {event.id: event for event in arriving[:size]}
        arriving = arriving[size:]
        receive(app, list(batch.values()))
        if chance.random() < 0.4:
            rollup.run(app)
    rollup.run(app)
    recount = fold(event for shard in all_shards() for event in rollup.raw_events(app, world["campaign"], shard))
    whole = recount.steps[""]
    assert totals(app) == [whole[name] for name in ("sent", "human_opens", "human_clicks", "machine_clicks")]
    links = app.salesforce.query(soql.select(CampaignLink.API_NAME, [CampaignLink.KEY, CampaignLink.HUMAN_CLICKS]))
    assert {row[CampaignLink.KEY]: row[CampaignLink.HUMAN_CLICKS] for row in links} == {
        key: counts["human_clicks"] for key, counts in recount.links.items()
    }
    [step] = app.salesforce.query(soql.select(CampaignStep.API_NAME, [CampaignStep.HUMAN_CLICKS]))
    assert step[CampaignStep.HUMAN_CLICKS] == recount.steps[world["step"]]["human_clicks"]
    assert events.DIRTY
