"""From events on the queue to totals on the records, against the embedded org and an empty AWS account."""

from datetime import UTC, datetime, timedelta

import pytest

from integration import events, rollup, soql
from integration.model.event import Event, Kind
from integration.model.ledger import State, ledger_pk
from integration.model.vocabulary import CampaignKind, ChannelKind, SpendKind
from integration.ports import Queue
from integration.records import (
    CampaignEnrollment,
    CampaignLink,
    CampaignStep,
    Candidate,
    Channel,
    Consent,
    ExchangeRate,
    RecruitingCampaign,
    SourceResult,
    SourceSpend,
    Touchpoint,
)
from integration.registration import worker
from tests.app_fixture import app_queue_messages

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (X11; Linux) Firefox/140.0"


@pytest.fixture
def world(app):
    """A campaign with one step, a channel, and three candidates."""
    org = app.salesforce
    channel = org.create(Channel.API_NAME, {"Name": "Mails", Channel.KEY: "mail", Channel.KIND: ChannelKind.EMAIL})
    campaign = org.create(RecruitingCampaign.API_NAME, {"Name": "C", RecruitingCampaign.KIND: CampaignKind.BLAST})
    step = org.create(CampaignStep.API_NAME, {CampaignStep.CAMPAIGN: campaign, CampaignStep.ORDER: 1})
    people = {
        key: org.create(
            Candidate.API_NAME, {Candidate.FIRST_NAME: key, Candidate.LAST_NAME: "X", Candidate.CANDIDATE_KEY: key}
        )
        for key in ("K1", "K2", "K3")
    }
    plan = {
        "pk": f"campaign#{campaign}",
        "sk": "plan",
        "audience": 3,
        "chunks": 1,
        "steps": [{"id": step, "version": "1"}],
    }
    app.sends.put(plan)
    app.clock.move(days=1)  # what happens in the stories below is settled
    return {"channel": channel, "campaign": campaign, "step": step, "people": people}


def an_event(world, kind, candidate, minutes=0.0, **values):
    at = START + timedelta(minutes=minutes)
    defaults = {"campaign": world["campaign"], "step": world["step"], "version": "1", "channel": world["channel"],
                "method": "GET", "user_agent": BROWSER}  # fmt: skip
    number = values.get("link", "")
    return Event(id=f"{kind}{candidate}{minutes}{number}", kind=kind, at=at.isoformat(), candidate=candidate,
                 **{**defaults, **values})  # fmt: skip


def a_story(world):
    sends = [an_event(world, kind, key) for key in world["people"] for kind in (Kind.SEND, Kind.DELIVERY)]
    return [
        *sends,
        an_event(world, Kind.OPEN, "K1", 10),
        an_event(world, Kind.OPEN, "K1", 20),
        an_event(world, Kind.CLICK, "K1", 11, link="1", target="https://jobs.example/1", source_month="2026-03"),
        an_event(world, Kind.CLICK, "K2", 0.7, link="1", target="https://jobs.example/1", source_month="2026-03"),
        an_event(world, Kind.CLICK, "K2", 0.71, link="2", target="https://jobs.example/2", source_month="2026-03"),
        an_event(world, Kind.UNSUBSCRIBE, "K3", 30),
    ]


def receive(app, story):
    assert events.receive(app, [(event.id, event) for event in story]) == []


def only(app, object_name, fields):
    [row] = app.salesforce.query(soql.select(object_name, fields))
    return [row[field] for field in fields]


def test_totals_stand_on_the_campaign(app, world):
    receive(app, a_story(world))
    rollup.run(app)
    c = RecruitingCampaign
    fields = [c.AUDIENCE_SIZE, c.SENT, c.DELIVERED, c.HUMAN_OPENS, c.HUMAN_CLICKS, c.MACHINE_CLICKS, c.UNSUBSCRIBED,
              c.PENDING]  # fmt: skip
    assert only(app, c.API_NAME, fields) == [3, 3, 3, 1, 1, 2, 1, 0]


def test_links_people_and_sources_follow(app, world):
    receive(app, a_story(world))
    rollup.run(app)
    links = app.salesforce.query(
        soql.select(
            CampaignLink.API_NAME, [CampaignLink.HUMAN_CLICKS, CampaignLink.MACHINE_CLICKS], order_by=[CampaignLink.KEY]
        )
    )
    assert [list(row.values()) for row in links] == [[1, 1], [0, 1]]
    enrolled = app.salesforce.query(soql.select(CampaignEnrollment.API_NAME, [CampaignEnrollment.CANDIDATE]))
    assert {row[CampaignEnrollment.CANDIDATE] for row in enrolled} == {world["people"]["K1"], world["people"]["K3"]}
    assert only(app, SourceResult.API_NAME, [SourceResult.CLICKS, SourceResult.MACHINE_CLICKS]) == [1, 2]
    assert only(app, Touchpoint.API_NAME, [Touchpoint.CANDIDATE]) == [world["people"]["K1"]]


def test_everything_twice_and_in_pieces_changes_nothing(app, world):
    story = a_story(world)
    receive(app, story)
    rollup.run(app)
    before = app.salesforce.query(soql.select(SourceResult.API_NAME, [SourceResult.CLICKS, SourceResult.KEY]))
    for event in reversed(story):
        receive(app, [event])
    rollup.run(app)
    assert app.salesforce.query(soql.select(SourceResult.API_NAME, [SourceResult.CLICKS, SourceResult.KEY])) == before
    assert app.salesforce.count(soql.count(CampaignEnrollment.API_NAME)) == 2


def test_engagement_stands_on_the_ledger(app, world):
    receive(app, a_story(world))
    rollup.run(app)
    row = app.sends.get(ledger_pk(world["campaign"], world["step"], "1", "K1"), "K1")
    assert (row["state"], row["engagement"]) == (State.SETTLED, {"human_opens": 2, "human_clicks": 1})


def test_an_unsubscribe_stops_mail_at_once_and_reaches_the_org_by_the_queue(app, world):
    receive(app, [an_event(world, Kind.UNSUBSCRIBE, "K3")])
    assert app.people.get("person#K3", "suppression")["reason"] == "unsubscribed"
    [wish] = app_queue_messages(app, Queue.REGISTRATIONS)
    assert (wish["kind"], wish["candidate"]) == ("preferences", "K3")
    worker.receive(app, wish)
    withdrawn = app.salesforce.query(soql.select(Consent.API_NAME, [Consent.STATE, Consent.CANDIDATE]))
    assert {(row[Consent.STATE], row[Consent.CANDIDATE]) for row in withdrawn} == {("Withdrawn", world["people"]["K3"])}


def test_a_quiet_shard_is_not_folded_again(app, world):
    receive(app, a_story(world))
    assert rollup.run(app) > 0
    assert rollup.run(app) == 0


def test_many_small_files_are_compacted_without_loss(app, world):
    for number in range(60):
        receive(app, [an_event(world, Kind.OPEN, "K1", 10 + number / 10)])
    rollup.run(app)
    receive(app, [an_event(world, Kind.CLICK, "K1", 60, link="1")])
    rollup.run(app)
    row = app.salesforce.query(
        soql.select(CampaignEnrollment.API_NAME, [CampaignEnrollment.HUMAN_OPENS, CampaignEnrollment.HUMAN_CLICKS])
    )
    assert list(row[0].values()) == [60, 1]


def spend(app, world, key, amount, currency, kind=SpendKind.ACTUAL):
    return app.salesforce.create(
        SourceSpend.API_NAME,
        {
            SourceSpend.KEY: key,
            SourceSpend.CHANNEL: world["channel"],
            SourceSpend.MONTH: "2026-03-01",
            SourceSpend.AMOUNT: amount,
            SourceSpend.CURRENCY_ISO: currency,
            SourceSpend.KIND: kind,
        },
    )


def test_cost_per_click_and_hire_stand_on_the_result(app, world):
    app.salesforce.create(
        ExchangeRate.API_NAME,
        {
            ExchangeRate.KEY: "USD-2026-01",
            ExchangeRate.CURRENCY_ISO: "USD",
            ExchangeRate.MONTH: "2026-01-01",
            ExchangeRate.RATE: 0.5,
        },
    )
    spend(app, world, "s1", 100, "EUR")
    second = spend(app, world, "s2", 50.02, "USD")
    clicks = [an_event(world, Kind.CLICK, "", n, campaign="site", step="", source_month="2026-03") for n in range(4)]
    hire = an_event(world, Kind.HIRED, "K1", campaign="site", step="", source_month="2026-03")
    receive(app, [*clicks, hire])
    rollup.run(app)
    fields = [SourceResult.SPEND_HOME, SourceResult.CLICKS, SourceResult.COST_PER_CLICK, SourceResult.COST_PER_HIRE,
              SourceResult.COST_PER_APPLICATION]  # fmt: skip
    assert only(app, SourceResult.API_NAME, fields) == [125.01, 4, pytest.approx(31.2525), 125.01, None]
    app.salesforce.delete_many(SourceSpend.API_NAME, [second])
    rollup.run(app)
    assert only(app, SourceResult.API_NAME, [SourceResult.SPEND_HOME]) == [100]


def test_the_budget_stands_beside_what_was_spent(app, world):
    spend(app, world, "s1", 100, "EUR")
    spend(app, world, "b1", 250.5, "EUR", SpendKind.BUDGET)
    rollup.run(app)
    assert only(app, SourceResult.API_NAME, [SourceResult.SPEND_HOME, SourceResult.BUDGET_HOME]) == [100, 250.5]


def test_every_cost_is_the_spend_over_its_number_and_blank_without_one(app, world):
    spend(app, world, "s1", 100, "EUR")
    month = {"campaign": "site", "step": "", "source_month": "2026-03"}
    kinds = {
        Kind.REGISTERED: SourceResult.COST_PER_REGISTRATION, Kind.APPLIED: SourceResult.COST_PER_APPLICATION,
        Kind.QUALIFIED: SourceResult.COST_PER_QUALIFIED, Kind.INTERVIEWED: SourceResult.COST_PER_INTERVIEW,
        Kind.OFFERED: SourceResult.COST_PER_OFFER, Kind.HIRED: SourceResult.COST_PER_HIRE,
    }  # fmt: skip
    rollup.run(app)
    assert only(app, SourceResult.API_NAME, list(kinds.values())) == [None] * 6
    for number, kind in enumerate(kinds, start=1):
        receive(app, [an_event(world, kind, "K1", n, **month) for n in range(number)])
    rollup.run(app)
    expected = [pytest.approx(100 / number) for number in range(1, 7)]
    assert only(app, SourceResult.API_NAME, list(kinds.values())) == expected


def test_a_sum_that_the_org_refuses_is_written_by_the_next_run(app, org, world):
    spend(app, world, "s1", 100, "EUR")
    org.app.faults.add(
        {"kind": "partial", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "object": SourceResult.API_NAME}
    )
    rollup.run(app)
    assert app.salesforce.count(soql.count(SourceResult.API_NAME)) == 0
    rollup.run(app)
    assert only(app, SourceResult.API_NAME, [SourceResult.SPEND_HOME]) == [100]


def test_an_application_through_a_campaign_leaves_the_counts_of_its_source_alone(app, world):
    month = {"source_month": "2026-03"}
    receive(app, [an_event(world, Kind.CLICK, "", 1, campaign="site", step="", **month)])
    rollup.run(app)
    receive(app, [an_event(world, Kind.APPLIED, "K1", 9, **month)])
    rollup.run(app)
    assert only(app, SourceResult.API_NAME, [SourceResult.CLICKS, SourceResult.APPLICATIONS]) == [1, 1]


def test_the_row_of_a_link_is_the_one_that_the_launch_made(app, world):
    key = f"{world['step']}|1"
    app.salesforce.create(CampaignLink.API_NAME, {CampaignLink.KEY: key, CampaignLink.CAMPAIGN: world["campaign"]})
    receive(app, a_story(world))
    rollup.run(app)
    where = soql.equals(CampaignLink.KEY, key)
    [row] = app.salesforce.query(soql.select(CampaignLink.API_NAME, [CampaignLink.HUMAN_CLICKS], where=where))
    assert row[CampaignLink.HUMAN_CLICKS] == 1
    assert app.salesforce.count(soql.count(CampaignLink.API_NAME)) == 2


def test_one_bad_partition_does_not_hold_up_the_others(app, world):
    good = an_event(world, Kind.OPEN, "K1", 10)
    bad = an_event(world, Kind.OPEN, "K2", 10, campaign="x" * 3_000)  # longer than a key of S3 may be
    assert events.receive(app, [("m1", good), ("m2", bad)]) == ["m2"]
    assert rollup.run(app) == 1
