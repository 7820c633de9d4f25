"""What an ATS tells us: stages, hires, results by source; what cannot be placed waits and is shown."""

import itertools

import pytest

from integration import ats
from integration.candidates import Origin, Person, find_or_create
from integration.model.ats_event import BadEvent, parse
from integration.model.event import Kind
from integration.model.identity import Name, email
from integration.model.vocabulary import Stage
from integration.ports import Queue
from integration.records import Application, ATSConnection, Candidate, Channel, JobRequisition, Touchpoint
from integration.soql import select
from tests.app_fixture import app_queue_messages

CONNECTION = [ATSConnection.RECEIVED, ATSConnection.APPLIED_COUNT, ATSConnection.FAILED_COUNT, ATSConnection.HEALTH]


def event(kind="candidate.hired", **data):
    fields = {"requisition_id": "R-1", "email": "Ann@a.example", "at": "2026-03-20T10:00:00Z", **data}
    return {"type": kind, "timestamp": "2026-03-20T10:00:00Z", "data": fields}


@pytest.fixture
def story(app):
    """A requisition, a connection, a channel, and Ann, whom the channel brought in March."""
    salesforce = app.salesforce
    channel = salesforce.create(Channel.API_NAME, {"Name": "Board", "Kind__c": "Job board", "Key__c": "board"})
    requisition = salesforce.create(JobRequisition.API_NAME, {"Name": "Job", "Title__c": "Tester", "ATS_Id__c": "R-1"})
    connection = salesforce.create(
        ATSConnection.API_NAME, {"Name": "Generic", "Key__c": "generic", "Kind__c": "Generic"}
    )
    origin = Origin(app.clock.now(), channel=channel)
    [ann] = find_or_create(app, [Person("r1", Name("Ann", "Lee"), (email("ann@a.example"),))], origin)
    app_queue_messages(app, Queue.CHANGES)
    return {"channel": channel, "requisition": requisition, "connection": connection, "ann": ann}


def receive(app, payload, number="m1"):
    ats.receive(app, "generic", number, payload)


def application(app):
    fields = [Application.STAGE, Application.HIRED_AT, Application.FIRST_SOURCE]
    rows = app.salesforce.query(select(Application.API_NAME, fields))
    return rows[0] if rows else None


def connection(app, story):
    return app.salesforce.get(ATSConnection.API_NAME, story["connection"], CONNECTION)


def test_a_hire_is_written_everywhere(app, story):
    receive(app, event())
    row = application(app)
    assert (row[Application.STAGE], row[Application.HIRED_AT][:10]) == ("Hired", "2026-03-20")
    assert row[Application.FIRST_SOURCE] == story["channel"]
    ann = app.salesforce.get(Candidate.API_NAME, story["ann"].id, [Candidate.LIFECYCLE])
    assert ann[Candidate.LIFECYCLE] == "Employee"
    assert app.salesforce.query(select(Touchpoint.API_NAME, [Touchpoint.KIND])) == [{Touchpoint.KIND: "Hired"}]
    [sent] = app_queue_messages(app, Queue.EVENTS)
    assert sent["kind"] == Kind.HIRED
    assert (sent["channel"], sent["requisition"]) == (story["channel"], story["requisition"])
    assert sent["source_month"] == "2026-03"
    assert connection(app, story) == {
        ATSConnection.RECEIVED: 1,
        ATSConnection.APPLIED_COUNT: 1,
        ATSConnection.FAILED_COUNT: 0,
        ATSConnection.HEALTH: "Healthy",
    }


def test_our_own_requisition_id_will_do(app, story):
    receive(app, event(requisition_id=story["requisition"]))
    assert application(app)[Application.STAGE] == "Hired"


def test_a_person_is_found_by_ats_id(app, story):
    app.salesforce.update(Candidate.API_NAME, story["ann"].id, {Candidate.ATS_ID: "C-7"})
    receive(app, event(email="other@x.example", candidate_id="C-7"))
    assert application(app)[Application.STAGE] == "Hired"


def test_the_same_webhook_twice_changes_nothing(app, story):
    for _ in range(3):
        receive(app, event())
    assert len(app_queue_messages(app, Queue.EVENTS)) == 1
    assert connection(app, story)[ATSConnection.RECEIVED] == 1


def test_two_webhooks_of_one_hire_have_one_event_id(app, story):
    receive(app, event(), "m1")
    receive(app, event(), "m2")
    first, second = app_queue_messages(app, Queue.EVENTS)
    assert first["id"] == second["id"]
    assert app.salesforce.count("SELECT COUNT() FROM Touchpoint__c") == 1


def test_stages_in_any_order_end_with_the_newest(app, story):
    moves = [
        event("application.stage_changed", stage="On-site", at="2026-03-10T10:00:00Z"),
        event("application.stage_changed", stage="Offer", at="2026-03-15T10:00:00Z"),
        event("candidate.hired", at="2026-03-20T10:00:00Z"),
    ]
    for number, order in enumerate(itertools.permutations(moves)):
        app.salesforce.delete_many(
            Application.API_NAME,
            [row["Id"] for row in app.salesforce.query(select(Application.API_NAME, ["Id"]))],
        )
        for place, move in enumerate(order):
            receive(app, move, f"{number}-{place}")
        assert application(app)[Application.STAGE] == "Hired"


class Overtaken:
    """The org, in which another worker places a webhook before this one's write to `object_name`."""

    def __init__(self, salesforce, object_name, place):
        self._salesforce, self._object_name, self._place = salesforce, object_name, place

    def __getattr__(self, name):
        return getattr(self._salesforce, name)

    def update(self, object_name, record_id, values):
        if object_name == self._object_name and self._place is not None:
            place, self._place = self._place, None
            place()
        self._salesforce.update(object_name, record_id, values)


@pytest.mark.parametrize("overtaken", [Application.API_NAME, Candidate.API_NAME])
@pytest.mark.parametrize("interview_at", ["2026-03-19T10:00:00Z", "2026-03-20T10:00:00Z"])
def test_an_interview_overtaken_by_the_hire_undoes_nothing(app, story, overtaken, interview_at):
    app.salesforce = Overtaken(app.salesforce, overtaken, lambda: receive(app, event(), "hire"))
    receive(app, event("application.stage_changed", stage="Interview", at=interview_at), "interview")
    assert application(app)[Application.STAGE] == "Hired"
    ann = app.salesforce.get(Candidate.API_NAME, story["ann"].id, [Candidate.LIFECYCLE])
    assert ann[Candidate.LIFECYCLE] == "Employee"


@pytest.mark.parametrize(
    ("word", "stage"), [("Phone Screen", "Qualified"), ("face-to-face", "Interview"), ("offer_sent", "Offer")]
)
def test_stages_by_the_words_of_systems(app, story, word, stage):
    receive(app, event("application.stage_changed", stage=word))
    assert application(app)[Application.STAGE] == stage


def test_a_rejection_counts_nothing(app, story):
    receive(app, event("candidate.rejected"))
    assert application(app)[Application.STAGE] == "Rejected"
    assert app_queue_messages(app, Queue.EVENTS) == []


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (event(requisition_id="R-99"), "no requisition has the ATS id “R-99”"),
        (event(email="nobody@x.example"), "no candidate has"),
        (event(email="not an address"), "is not an e-mail address"),
        (event("candidate.promoted"), "“candidate.promoted” is not an event we know"),
        (event("application.stage_changed", stage="Limbo"), "“Limbo” is not a stage"),
        (event(at="soon"), "“soon” is not a time"),
        (event(requisition_id={"id": 1}), "“requisition_id” is not a text"),
        ({"type": "candidate.hired"}, "not an object with"),
        ([], "not an object with"),
    ],
)
def test_what_cannot_be_placed_is_kept_and_shown(app, story, payload, told):
    receive(app, payload)
    row = app.salesforce.get(ATSConnection.API_NAME, story["connection"], [*CONNECTION, ATSConnection.MESSAGE])
    assert told in row[ATSConnection.MESSAGE]
    assert row[ATSConnection.FAILED_COUNT] == 1
    assert row[ATSConnection.HEALTH] == "Failing"
    assert "1 still wait" in ats.sync(app, story["connection"])


def test_what_waited_is_placed_when_the_person_is_known(app, story):
    receive(app, event(email="bob@b.example"))
    ats.retry_all(app)
    assert application(app) is None
    find_or_create(app, [Person("r2", Name("Bob", "May"), (email("bob@b.example"),))], Origin(app.clock.now()))
    ats.retry_all(app)
    assert application(app)[Application.STAGE] == "Hired"
    assert connection(app, story) == {
        ATSConnection.RECEIVED: 1,
        ATSConnection.APPLIED_COUNT: 1,
        ATSConnection.FAILED_COUNT: 0,
        ATSConnection.HEALTH: "Healthy",
    }


def test_a_webhook_of_an_unknown_connection_is_placed_all_the_same(app, story):
    ats.receive(app, "gone", "m1", event())
    assert application(app)[Application.STAGE] == "Hired"


def test_a_quiet_connection_is_late(app, story):
    receive(app, event())
    app.clock.move(days=8)
    assert ats.sync(app, story["connection"]).startswith("Health: Late.")


@pytest.mark.parametrize("number", [17, "17"])
def test_ids_may_be_numbers(number):
    assert parse(event(requisition_id=number)).requisition == "17"


def test_a_time_without_a_zone_is_utc():
    assert parse(event(at="2026-03-20T10:00:00")).at.isoformat() == "2026-03-20T10:00:00+00:00"


def test_nobody_is_named():
    with pytest.raises(BadEvent, match="must name the person"):
        parse(event(email=""))


def test_hired_by_type_whatever_the_stage_says():
    assert parse(event(stage="Limbo")).stage is Stage.HIRED


def test_two_webhooks_at_once_are_two(app, story):
    """The second worker does all of its work between the first one's reading of the connection and its counting."""
    query, others = app.salesforce.query, iter(["m2", "m3"])

    def interleaved(soql):
        rows = query(soql)
        if ATSConnection.API_NAME in soql and (other := next(others, "")):
            receive(app, event(requisition_id="R-9") if other == "m3" else event(), other)
        return rows

    app.salesforce.query = interleaved
    receive(app, event(), "m1")
    row = connection(app, story)
    assert (row[ATSConnection.RECEIVED], row[ATSConnection.APPLIED_COUNT]) == (3, 2)


def test_a_worker_that_writes_late_does_not_write_older_counts(app, story):
    update, others = app.salesforce.update, iter(["m2"])

    def interleaved(object_name, record_id, values):
        if object_name == ATSConnection.API_NAME and (other := next(others, "")):
            receive(app, event(), other)
        return update(object_name, record_id, values)

    app.salesforce.update = interleaved
    receive(app, event(), "m1")
    row = connection(app, story)
    assert (row[ATSConnection.RECEIVED], row[ATSConnection.APPLIED_COUNT]) == (2, 2)


def test_a_webhook_counts_once_although_its_worker_died_behind_the_counting(app, story):
    def dies(*_):
        raise KeyboardInterrupt

    update, app.salesforce.update = app.salesforce.update, dies
    with pytest.raises(KeyboardInterrupt):
        receive(app, event(kind="candidate.unheard"), "m1")
    app.salesforce.update = update
    receive(app, event(kind="candidate.unheard"), "m1")
    assert connection(app, story)[ATSConnection.RECEIVED] == 1
