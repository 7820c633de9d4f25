"""From touchpoints in the org to attributed numbers on Source_Result__c, against a recount of the org's records."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest

from integration import ats, attribution, commands, events, rollup, soql
from integration.attribution import journeys
from integration.candidates import Origin, Person, find_or_create
from integration.model.attribution import Rule
from integration.model.attribution import Touch as Contact
from integration.model.event import Event, Kind
from integration.model.identity import Name, email
from integration.model.vocabulary import AttributionModel, CampaignKind, ChannelKind, Touch
from integration.records import (
    Application,
    ATSConnection,
    Candidate,
    Channel,
    JobRequisition,
    Operations,
    RecruitingCampaign,
    SourceResult,
    Touchpoint,
)
from tests.unit.track.credit import by_other_means

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
MOMENTS = (Application.APPLIED_AT, Application.QUALIFIED_AT, Application.INTERVIEW_AT, Application.OFFER_AT,
           Application.HIRED_AT)  # fmt: skip
MODELS = [
    {Operations.ATTRIBUTION_MODEL: "First touch", Operations.ATTRIBUTION_WINDOW_DAYS: 0},
    {Operations.ATTRIBUTION_MODEL: "Last touch"},
    {Operations.ATTRIBUTION_MODEL: "Linear", Operations.ATTRIBUTION_WINDOW_DAYS: 30},
    {Operations.ATTRIBUTION_MODEL: "Position-based", Operations.FIRST_TOUCH_PERCENT: 50,
     Operations.LAST_TOUCH_PERCENT: 20},
    {Operations.ATTRIBUTION_MODEL: "Time decay", Operations.HALF_LIFE_DAYS: 5},
]  # fmt: skip


def spelled(at):
    return at.isoformat(timespec="seconds")


@pytest.fixture
def places(app):
    """Channels, campaigns of the first of them and of none, and requisitions."""
    make = app.salesforce.create
    channels = [
        make(Channel.API_NAME, {"Name": key, Channel.KEY: key, Channel.KIND: ChannelKind.JOB_BOARD})
        for key in ("mail", "board", "fair")
    ]
    kind = {RecruitingCampaign.KIND: CampaignKind.BLAST}
    campaigns = [
        make(RecruitingCampaign.API_NAME, {"Name": "A", RecruitingCampaign.CHANNEL: channels[0], **kind}),
        make(RecruitingCampaign.API_NAME, {"Name": "B", **kind}),
    ]
    titles = [{JobRequisition.NAME: title, JobRequisition.TITLE: title} for title in ("Nurse", "Cook")]
    requisitions = [make(JobRequisition.API_NAME, values) for values in titles]
    return SimpleNamespace(channels=channels, campaigns=campaigns, requisitions=requisitions)


def written(app, object_name, rows):
    outcomes = app.salesforce.create_many(object_name, rows)
    assert all(outcome.success for outcome in outcomes), [o.message for o in outcomes if not o.success][:3]
    return [outcome.id for outcome in outcomes]


def played(app, places, number, seed=3):
    """Journeys of so many people, written as the workers write them."""
    rng = random.Random(seed)
    when = {n: START + timedelta(minutes=rng.randrange(60 * 24 * 100)) for n in range(number)}
    people = written(
        app, Candidate.API_NAME,
        [{Candidate.LAST_NAME: f"P{n}", Candidate.CANDIDATE_KEY: f"K{n}",
          Candidate.FIRST_SOURCE: rng.choice([None, *places.channels]), Candidate.COLLECTED_AT: spelled(when[n])}
         for n in range(number)],
    )  # fmt: skip
    touches, applications = [], []
    for n, person in enumerate(people):
        for k in range(rng.randrange(6)):
            kind = rng.choice(list(Touch))
            mail = kind is Touch.FIRST_CLICK
            later = rng.choice([0, rng.randrange(-100, 2_000), rng.randrange(-100, 2_000)])  # some in one moment
            touches.append({
                Touchpoint.CANDIDATE: person, Touchpoint.KEY: f"{n}-{k}", Touchpoint.KIND: kind.value,
                Touchpoint.AT: spelled(when[n] + timedelta(hours=later)),
                Touchpoint.CHANNEL: None if mail else rng.choice([None, *places.channels]),
                Touchpoint.CAMPAIGN: rng.choice(places.campaigns) if mail else None,
                Touchpoint.REQUISITION: rng.choice([None, *places.requisitions]),
            })  # fmt: skip
        if rng.random() < 0.6:
            at, stages = when[n] + timedelta(hours=rng.randrange(2_200)), rng.randrange(1, 6)
            requisition = rng.choice(places.requisitions)
            applications.append({
                Application.CANDIDATE: person, Application.REQUISITION: requisition,
                Application.KEY: f"{person}|{requisition}",
                **{moment: spelled(at + timedelta(days=3 * s)) for s, moment in enumerate(MOMENTS[:stages])},
            })  # fmt: skip
    written(app, Touchpoint.API_NAME, touches)
    written(app, Application.API_NAME, applications)


def recounted(org, rule):
    """What each source should hold, from the records by SOQL."""
    channel_of = {row["Id"]: row["Channel__c"] for row in org.rows("SELECT Id, Channel__c FROM Recruiting_Campaign__c")}
    touches = {}
    for row in org.rows("SELECT Id, Candidate__c, Kind__c, At__c, Channel__c, Campaign__c, Requisition__c "
                        "FROM Touchpoint__c"):  # fmt: skip
        touches.setdefault(row["Candidate__c"], []).append(row)
    people = {row["Id"]: row for row in org.rows("SELECT Id, First_Source__c, Collected_At__c FROM Candidate__c")}
    outcomes = [
        (row["Candidate__c"], field, row[field], row["Requisition__c"])
        for row in org.rows(f"SELECT Candidate__c, Requisition__c, {', '.join(MOMENTS)} FROM Application__c")
        for field in MOMENTS
        if row[field]
    ]
    outcomes += [
        (person, "registered", row["At__c"], row["Requisition__c"])
        for person, rows in touches.items()
        for row in rows
        if row["Kind__c"] == "Registered"
    ]
    places = dict(zip(["registered", *MOMENTS], journeys.FIELDS, strict=True))
    found = Counter()
    for person, outcome, at, requisition in outcomes:
        path = {row["Id"]: row for row in touches.get(person, ())
                if row["Kind__c"] not in ("Called", "Interviewed", "Hired")}  # fmt: skip
        known = people[person]
        if known["First_Source__c"] and all(row["At__c"] > known["Collected_At__c"] for row in path.values()):
            path["source"] = {"At__c": known["Collected_At__c"], "Channel__c": known["First_Source__c"],
                              "Campaign__c": None}  # fmt: skip
        contacts = [Contact(key, datetime.fromisoformat(row["At__c"])) for key, row in path.items()]
        shares = by_other_means(contacts, datetime.fromisoformat(at), rule)
        for key, share in shares.items():
            row = path[key]
            channel = row["Channel__c"] or channel_of.get(row["Campaign__c"])
            result = "|".join([channel or "-", row["Campaign__c"] or "-", requisition or "-", row["At__c"][:7]])
            found[result, places[outcome]] += share
        if not shares:
            found["|".join(["-", "-", requisition or "-", at[:7]]), places[outcome]] += 1
    return {key: share for key, share in found.items() if share > 1e-9}


def stored(app):
    rows = app.salesforce.query(soql.select(SourceResult.API_NAME, [SourceResult.KEY, *journeys.FIELDS]))
    return {(row[SourceResult.KEY], field): row[field] for row in rows for field in journeys.FIELDS if row[field]}


def settled(app, values=None):
    """Writes the settings and lets the next run of the totals notice them."""
    app.salesforce.upsert_many(Operations.API_NAME, Operations.KEY, [{Operations.KEY: "service", **(values or {})}])
    rollup.run(app)


def rule_of(values):
    return Rule(
        AttributionModel(values[Operations.ATTRIBUTION_MODEL]),
        values.get(Operations.ATTRIBUTION_WINDOW_DAYS, 90),
        Fraction(values.get(Operations.FIRST_TOUCH_PERCENT, 40), 100),
        Fraction(values.get(Operations.LAST_TOUCH_PERCENT, 40), 100),
        Fraction(values.get(Operations.HALF_LIFE_DAYS, 7)),
    )


BLANK = {Operations.ATTRIBUTION_WINDOW_DAYS: 90, Operations.FIRST_TOUCH_PERCENT: 40, Operations.LAST_TOUCH_PERCENT: 40,
         Operations.HALF_LIFE_DAYS: 7}  # fmt: skip


@pytest.mark.parametrize("number", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_journeys_under_all_models_equal_a_recount_by_soql(app, org, places, monkeypatch, number):
    monkeypatch.setattr(journeys, "PAGE", 50)
    monkeypatch.setattr("integration.attribution.walking.PAGE", 50)
    played(app, places, number)
    for values in MODELS:
        settled(app, {**BLANK, **values})
        found, expected = stored(app), recounted(org, rule_of(values))
        assert {**dict.fromkeys(expected, 0), **found} == pytest.approx({**dict.fromkeys(found, 0), **expected},
                                                                        abs=1e-4)  # fmt: skip
        for field, moment in zip(journeys.FIELDS[1:], MOMENTS, strict=True):
            whole = app.salesforce.count(soql.count(Application.API_NAME, soql.compare(moment, "!=", None)))
            assert round(sum(share for (_, name), share in found.items() if name == field), 4) == whole


def one_journey(app, places):
    """Somebody clicked in January, registered in February and applied in March."""
    [person] = written(app, Candidate.API_NAME, [{Candidate.LAST_NAME: "P", Candidate.CANDIDATE_KEY: "K"}])
    rows = [
        ("a", Touch.FIRST_CLICK, 10, None, places.campaigns[0]),
        ("b", Touch.REGISTERED, 40, places.channels[1], None),
        ("c", Touch.APPLIED, 70, places.channels[1], None),
    ]
    written(app, Touchpoint.API_NAME, [
        {Touchpoint.CANDIDATE: person, Touchpoint.KEY: key, Touchpoint.KIND: kind.value, Touchpoint.CAMPAIGN: campaign,
         Touchpoint.AT: spelled(START + timedelta(days=day)), Touchpoint.CHANNEL: channel}
        for key, kind, day, channel, campaign in rows
    ])  # fmt: skip
    at = spelled(START + timedelta(days=70))
    written(app, Application.API_NAME, [{Application.CANDIDATE: person, Application.APPLIED_AT: at,
                                         Application.REQUISITION: places.requisitions[0],
                                         Application.KEY: f"{person}|{places.requisitions[0]}"}])  # fmt: skip
    return person


def test_a_change_of_the_model_alone_computes_everything_anew(app, places):
    one_journey(app, places)
    settled(app)
    field = SourceResult.ATTRIBUTED_APPLICATIONS
    mail, board, nurse = places.channels[0], places.channels[1], places.requisitions[0]
    click = f"{mail}|{places.campaigns[0]}|{nurse}|2026-01", field
    joined, applied = ((f"{board}|-|{nurse}|2026-{month}", field) for month in ("02", "03"))
    assert {key: share for key, share in stored(app).items() if key[1] == field} == pytest.approx(
        {click: 0.3334, joined: 0.3333, applied: 0.3333}, abs=1e-4
    )
    assert sum(share for key, share in stored(app).items() if key[1] == field) == 1
    settled(app, {Operations.ATTRIBUTION_MODEL: "Last touch"})
    assert {key: share for key, share in stored(app).items() if key[1] == field} == {applied: 1}
    settled(app, {Operations.ATTRIBUTION_MODEL: "First touch", Operations.ATTRIBUTION_WINDOW_DAYS: 45})
    assert {key: share for key, share in stored(app).items() if key[1] == field} == {joined: 1}


def test_nothing_new_is_not_computed_and_what_is_new_is(app, places, monkeypatch):
    person = one_journey(app, places)
    settled(app)
    pages = []
    real = journeys.count_page
    monkeypatch.setattr("integration.attribution.walking.count_page", lambda *a: pages.append(1) or real(*a))
    rollup.run(app)
    assert pages == []
    app.clock.move(minutes=5)
    written(app, Application.API_NAME, [{Application.CANDIDATE: person, Application.APPLIED_AT: spelled(START),
                                         Application.REQUISITION: places.requisitions[1],
                                         Application.KEY: f"{person}|{places.requisitions[1]}"}])  # fmt: skip
    rollup.run(app)
    unknown = f"-|-|{places.requisitions[1]}|2026-01", SourceResult.ATTRIBUTED_APPLICATIONS
    assert pages
    assert stored(app)[unknown] == 1


def test_a_run_without_time_goes_on_where_it_stood(app, org, places, monkeypatch):
    monkeypatch.setattr(journeys, "PAGE", 10)
    monkeypatch.setattr("integration.attribution.walking.PAGE", 10)
    played(app, places, 30)
    for _ in range(50):
        left = iter([100_000] * 1)
        note = attribution.go_on(app, lambda left=left: next(left, 0))
        if note.stage == "done":
            break
        assert stored(app) == {}
    expected = recounted(org, Rule(AttributionModel.LINEAR, 90))
    assert stored(app) == pytest.approx(expected, abs=1e-4)


def test_what_the_org_refuses_is_written_by_the_next_run(app, org, places):
    one_journey(app, places)
    fault = {"kind": "partial", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "object": SourceResult.API_NAME}
    org.app.faults.add(fault)
    settled(app)
    missing = stored(app)
    settled(app)
    found = stored(app)
    assert len(missing) < len(found)
    assert sum(share for (_, name), share in found.items() if name == SourceResult.ATTRIBUTED_APPLICATIONS) == 1


def test_the_command_tells_how_it_went(app, org, places):
    one_journey(app, places)
    settled(app)
    manager = org.client("admin").Operations__c
    record = org.rows("SELECT Id FROM Operations__c")[0]["Id"]
    manager.update(record, {"Command__c": "Recompute attribution", "Attribution_Model__c": "Time decay"})
    [row] = org.rows("SELECT Id FROM Recruiting_Command__c")
    commands.run(app, row["Id"])
    [told] = org.rows("SELECT Status__c, Progress__c, Message__c, Attributed_At__c FROM Operations__c")
    assert (told["Status__c"], told["Progress__c"]) == ("Ready", 100)
    assert told["Message__c"] == (
        "Attribution (Time decay, half-life 7 days; touches of the 90 days before): "
        "2 records with outcomes are credited."
    )
    assert told["Attributed_At__c"]


def test_a_click_of_a_machine_is_credited_with_nothing(app, places):
    app.clock.move(days=1)
    kind = {"campaign": places.campaigns[0], "step": "", "version": "1", "method": "GET"}
    [person] = written(app, Candidate.API_NAME, [{Candidate.LAST_NAME: "P", Candidate.CANDIDATE_KEY: "K"}])
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    machine = [Event(id=f"m{n}", kind=Kind.CLICK, at=spelled(at + timedelta(seconds=n / 9)), candidate="K",
                     user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0", link=str(n), target="https://x.example",
                     **kind)
               for n in range(4)]  # fmt: skip
    send = Event(id="s", kind=Kind.SEND, at=spelled(at), candidate="K", **kind)
    assert events.receive(app, [(one.id, one) for one in [send, *machine]]) == []
    written(app, Application.API_NAME, [{Application.CANDIDATE: person, Application.APPLIED_AT: "2026-03-02T20:00:00Z",
                                         Application.REQUISITION: places.requisitions[0],
                                         Application.KEY: f"{person}|{places.requisitions[0]}"}])  # fmt: skip
    rollup.run(app)
    field = SourceResult.ATTRIBUTED_APPLICATIONS
    assert stored(app) == {(f"-|-|{places.requisitions[0]}|2026-03", field): 1}


def test_stages_from_the_applicant_tracking_system_are_shared_with_their_times(app, places):
    """The whole way: webhooks move an application, its stages have times, and each outcome is credited."""
    mail, nurse = places.channels[0], places.requisitions[0]
    app.salesforce.update(JobRequisition.API_NAME, nurse, {JobRequisition.ATS_ID: "R-1"})
    connection = {ATSConnection.NAME: "A", ATSConnection.KEY: "generic", ATSConnection.KIND: "Generic"}
    app.salesforce.create(ATSConnection.API_NAME, connection)
    origin = Origin(app.clock.now(), channel=mail)
    find_or_create(app, [Person("r1", Name("Ann", "Lee"), (email("ann@a.example"),))], origin)
    moves = [("application.created", 3, {}), ("application.stage_changed", 5, {"stage": "Phone screen"}),
             ("application.stage_changed", 7, {"stage": "Interview"}), ("candidate.hired", 9, {})]  # fmt: skip
    for number, (kind, day, data) in enumerate(moves):
        at = spelled(app.clock.now() + timedelta(days=day))
        payload = {"type": kind, "timestamp": at, "data": {"requisition_id": "R-1", "email": "ann@a.example", "at": at}}
        payload["data"] |= data
        ats.receive(app, "generic", f"m{number}", payload)
    [row] = app.salesforce.query(soql.select(Application.API_NAME, MOMENTS))
    assert [str(row[moment] or "")[:10] for moment in MOMENTS] == ["2026-03-05", "2026-03-07", "2026-03-09", "",
                                                                  "2026-03-11"]  # fmt: skip
    app.clock.move(days=20)
    rollup.run(app)
    found = stored(app)
    assert {key[0] for key in found} == {f"{mail}|-|{nurse}|2026-03"}
    assert sorted(field for _, field in found) == sorted(
        [SourceResult.ATTRIBUTED_APPLICATIONS, SourceResult.ATTRIBUTED_QUALIFIED, SourceResult.ATTRIBUTED_INTERVIEWS,
         SourceResult.ATTRIBUTED_HIRES]
    )  # fmt: skip
    assert set(found.values()) == {1}
