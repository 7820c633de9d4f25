"""Events in the embedded org, people who register, and the minute that passes."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from integration import gatherings
from integration.model.registration import Kind, Registration
from integration.ports import Queue
from integration.records import Brand, Candidate, EventAttendance, RecruitingEvent, parent
from integration.registration.worker import receive
from integration.sending import send_chunk
from integration.soql import equals, select
from tests.app_fixture import app_queue_messages
from tests.unit.mail.letters import BRAND, plenty

STARTS = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
ENDS = datetime(2026, 3, 12, 19, 0, tzinfo=UTC)


NUMBERS = count(1)


class Fair:
    """One event by short calls."""

    def __init__(self, app, **fields):
        self.app = app
        if not app.salesforce.query(select(Brand.API_NAME, ["Id"])):
            app.salesforce.create(Brand.API_NAME, {"Name": "Kestrel", Brand.KEY: "kestrel", **BRAND})
        values = {
            "Name": "Open day at the mill",
            RecruitingEvent.SLUG: "open-day",
            RecruitingEvent.STARTS_AT: STARTS.isoformat(),
            RecruitingEvent.ENDS_AT: ENDS.isoformat(),
            RecruitingEvent.TIME_ZONE: "Europe/Dublin",
            RecruitingEvent.PLACE: "1 Mill Lane, Cork",
            RecruitingEvent.DESCRIPTION: "Look around and talk to us.",
            RecruitingEvent.CONSENT_TEXT: "We keep your details for two years.",
        }
        self.id = app.salesforce.create(RecruitingEvent.API_NAME, values | fields)

    def publish(self):
        return gatherings.publish(self.app, self.id)

    def form(self, name, kind=Kind.PLACE, **changes):
        number = next(NUMBERS)
        self.app.clock.move(seconds=1)
        sent = Registration(
            id=f"01FORM{number:020}",
            kind=kind,
            at=self.app.clock.now().isoformat(),
            event=self.id,
            fields={"first_name": name, "last_name": "Tester", "email": f"{name.lower()}@people.example"},
            evidence="Form",
        )
        return replace(sent, **changes)

    def registers(self, name, **changes):
        sent = self.form(name, **changes)
        receive(self.app, sent.as_message())
        return sent

    def gives_up(self, name):
        receive(self.app, self.form(name, Kind.PLACE_GIVEN_UP, candidate=self.person(name)["key"]).as_message())

    def person(self, name):
        fields = [
            EventAttendance.ID,
            EventAttendance.CANDIDATE,
            EventAttendance.STATE,
            parent(EventAttendance.CANDIDATE, Candidate.CANDIDATE_KEY),
        ]
        where = equals(parent(EventAttendance.CANDIDATE, Candidate.EMAIL), f"{name.lower()}@people.example")
        [row] = self.app.salesforce.query(select(EventAttendance.API_NAME, fields, where=where))
        return {
            "id": row[EventAttendance.ID],
            "candidate": row[EventAttendance.CANDIDATE],
            "key": row[fields[-1]],
            "state": row[EventAttendance.STATE],
        }

    def states(self):
        name = parent(EventAttendance.CANDIDATE, Candidate.FIRST_NAME)
        fields = [EventAttendance.STATE, name]
        rows = self.app.salesforce.query(
            select(EventAttendance.API_NAME, fields, where=equals(EventAttendance.EVENT, self.id))
        )
        return {row[name]: row[EventAttendance.STATE] for row in rows}

    def read(self, *fields):
        row = self.app.salesforce.get(RecruitingEvent.API_NAME, self.id, fields)
        return row[fields[0]] if len(fields) == 1 else row

    def update(self, **fields):
        self.app.salesforce.update(RecruitingEvent.API_NAME, self.id, fields)


def post(app):
    """Sends what waits in the mail queue."""
    for message in app_queue_messages(app, Queue.MAIL):
        send_chunk(app, message, plenty)
