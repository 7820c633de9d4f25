"""People, tags and pools in the embedded org, and the changes queue worked off as its function does."""

import json

from integration.ports import Queue
from integration.records import Candidate, CandidateTag, PoolMembership, Tag
from integration.soql import both, equals, select
from lambdas import pools as handler
from tests.app_fixture import app_queue_messages
from tests.unit.people.importing import new_pool

CORK = {"field": "City__c", "is": "equals", "value": "Cork"}


def person(app, **values):
    return app.salesforce.create(Candidate.API_NAME, {Candidate.LAST_NAME: "Lee", **values})


def tag(app, candidate, name, kind="Tag"):
    made = app.salesforce.create(Tag.API_NAME, {"Name": name, "Key__c": name.lower(), "Kind__c": kind})
    return app.salesforce.create(CandidateTag.API_NAME, {CandidateTag.CANDIDATE: candidate, CandidateTag.TAG: made})


def dynamic(app, rule, name="Bench", **values):
    return new_pool(app, name, kind="Dynamic", Rule__c=json.dumps(rule), **values)


def members(app, pool, state="Member"):
    where = both(equals(PoolMembership.POOL, pool), equals(PoolMembership.STATE, state))
    return {
        row[PoolMembership.CANDIDATE]
        for row in app.salesforce.query(select(PoolMembership.API_NAME, [PoolMembership.CANDIDATE], where=where))
    }


def membership(app, pool, candidate):
    fields = [PoolMembership.ID, PoolMembership.STATE, PoolMembership.JOINED_AT, PoolMembership.LEFT_AT]
    fields += [PoolMembership.STAGE, PoolMembership.RATING]
    where = equals(PoolMembership.KEY, f"{pool}|{candidate}")
    [row] = app.salesforce.query(select(PoolMembership.API_NAME, fields, where=where))
    return row


def work_off(handled):
    """Hands every waiting message of the changes queue to its function, until none is left."""
    while messages := app_queue_messages(handled, Queue.CHANGES):
        for message in messages:
            records = [{"messageId": "1", "body": json.dumps(message)}]
            assert handler.handler({"Records": records}, None) == {"batchItemFailures": []}
