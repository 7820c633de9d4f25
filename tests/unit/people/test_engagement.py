"""How warm people are: their own signs fade, machines weigh nothing, and the bands are worked out from the history."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from integration import rollup, sweep
from integration.candidates import engaging
from integration.model.engagement import HIGHLY, HORIZON, Seen, Sign, band, of_mail, score
from integration.model.event import Kind
from integration.model.vocabulary import EngagementBand
from integration.ports import Queue
from integration.records import CampaignEnrollment, Candidate, Touchpoint
from tests.app_fixture import app_queue_messages
from tests.unit.mail.story import campaign, person, pool
from tests.unit.track.test_rollup import an_event, receive, world  # noqa: F401

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BANDS = [EngagementBand.INACTIVE, EngagementBand.ENGAGED, EngagementBand.HIGHLY_ENGAGED]
FIELDS = [Candidate.ENGAGEMENT_BAND, Candidate.LAST_ENGAGED_AT]
SIGNS = st.lists(
    st.builds(
        Seen,
        st.sampled_from(list(Sign)),
        st.timedeltas(timedelta(0), timedelta(days=300)).map(lambda age: NOW - age),
        st.integers(1, 50),
    ),
    max_size=12,
)


@given(SIGNS)
def test_sixty_days_of_silence_cost_a_band(signs):
    before, after = (BANDS.index(band(signs, at)) for at in (NOW, NOW + timedelta(days=60)))
    assert after <= max(before - 1, 0)


@given(SIGNS, SIGNS)
def test_silence_never_warms_and_a_new_sign_never_cools(signs, more):
    assert score(signs, NOW + timedelta(days=1)) <= score(signs, NOW)
    fresh = [Seen(one.sign, NOW, one.times) for one in more]
    assert BANDS.index(band([*signs, *fresh], NOW)) >= BANDS.index(band(signs, NOW))


def test_what_is_old_or_in_the_future_weighs_nothing():
    assert score([Seen(Sign.APPLIED, NOW - HORIZON - timedelta(days=1)), Seen(Sign.APPLIED, NOW + HORIZON)], NOW) == 0


def test_opening_alone_never_makes_anybody_highly_engaged():
    assert score(of_mail(10_000, 0, NOW), NOW) < HIGHLY
    assert of_mail(0, 0, NOW) == []


def touch(app, candidate, kind, at):
    values = {Touchpoint.CANDIDATE: candidate, Touchpoint.KEY: f"{candidate}|{kind}|{at}", Touchpoint.KIND: kind}
    app.salesforce.create(Touchpoint.API_NAME, {**values, Touchpoint.AT: at.isoformat()})


def seen(app, candidate):
    return tuple(app.salesforce.get(Candidate.API_NAME, candidate, FIELDS).values())


def test_bands_follow_the_history_and_fall_with_silence(app, org):
    ann, _ = person(app, 1)
    bo, _ = person(app, 2)
    called, _ = person(app, 3)
    now = app.clock.now()
    touch(app, ann, "Applied", now - timedelta(days=1))
    touch(app, ann, "Replied", now - timedelta(days=2))
    touch(app, bo, "Registered", now)
    touch(app, called, "Called", now)
    assert engaging.judge(app) == 2
    assert seen(app, ann)[0] == "Highly engaged"
    assert seen(app, ann)[1].startswith((now - timedelta(days=1)).isoformat()[:16])
    assert seen(app, bo)[0] == "Engaged"
    assert seen(app, called) == (None, None)
    told = [one for body in app_queue_messages(app, Queue.CHANGES) for one in body["candidates"]]
    assert sorted(told) == sorted([ann, bo]), "pools that name the band judge these"
    before = org.app.usage.total()
    assert engaging.judge(app) == 0
    assert org.app.usage.total() - before <= 3
    app.clock.move(days=60)
    assert engaging.judge(app) == 2
    assert (seen(app, ann)[0], seen(app, bo)[0]) == ("Engaged", "Inactive")


def test_mail_counts_by_its_last_human_moment_which_is_never_set_back(app, org):
    bench = pool(app)
    ann, _ = person(app, 1, bench, Last_Engaged_At__c="2026-03-01T09:00:00Z")
    key = f"{campaign(app, bench)}|{ann}"
    values = {CampaignEnrollment.KEY: key, CampaignEnrollment.CANDIDATE: ann, CampaignEnrollment.CAMPAIGN: key[:18]}
    counts = {CampaignEnrollment.HUMAN_OPENS: 3, CampaignEnrollment.HUMAN_CLICKS: 2}
    app.salesforce.create(CampaignEnrollment.API_NAME, {**values, **counts, CampaignEnrollment.MACHINE_EVENTS: 900})
    touch(app, ann, "Registered", app.clock.now() - timedelta(days=100))
    engaging.judge(app)
    assert seen(app, ann)[0] == "Engaged"
    assert seen(app, ann)[1].startswith("2026-03-01T09:00")


def test_a_storm_of_scanners_changes_nothing(app, org, world):  # noqa: F811
    people = list(world["people"].values())
    touch(app, people[0], "Registered", app.clock.now())
    engaging.judge(app)
    before = [seen(app, one) for one in people]
    links = [
        an_event(world, Kind.CLICK, "K1", 10 + link / 600, link=str(link), target=f"https://jobs.example/{link}")
        for link in range(1, 30)
    ]
    receive(app, links)
    rollup.run(app)
    engaging.judge(app)
    assert [seen(app, one) for one in people] == before


def test_the_sweep_asks_once_a_day(app, org):
    sweep.sweep(app)
    sweep.sweep(app)
    assert [body for body in app_queue_messages(app, Queue.CHANGES) if "engagement" in body] == [
        {"engagement": "2026-03-02"}
    ]
    app.clock.move(days=1)
    sweep.sweep(app)
    assert len([body for body in app_queue_messages(app, Queue.CHANGES) if "engagement" in body]) == 1
