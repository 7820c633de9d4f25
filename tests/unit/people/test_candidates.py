"""Finding and making candidates in the embedded org."""

from datetime import UTC, datetime

import pytest

from integration.candidates import Origin, Person, State, find_or_create
from integration.candidates.completion import complete
from integration.model.identity import Name, email, phone, profile
from integration.ports import Queue
from integration.records import Candidate, ContactPoint
from integration.soql import equals, select
from tests.app_fixture import app_queue_messages

ORIGIN = Origin(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), collected_from="A test")


def person(cause, first, last, *addresses, **facts):
    return Person(cause, Name(first, last), addresses, facts)


def ann(cause="r1", *more, **facts):
    return person(cause, "Ann", "Lee", email("ann@a.example"), *more, **facts)


def people(app):
    return app.salesforce.count("SELECT COUNT() FROM Candidate__c")


def points(app):
    fields = [ContactPoint.KEY, ContactPoint.CANDIDATE, ContactPoint.PRIMARY, ContactPoint.ID]
    return {row[ContactPoint.KEY]: row for row in app.salesforce.query(select(ContactPoint.API_NAME, fields))}


def test_a_new_person_gets_key_contact_points_and_primaries(app):
    [found] = find_or_create(app, [ann("r1", phone("+353861234567"))], ORIGIN)
    assert found.state is State.CREATED
    row = app.salesforce.get(Candidate.API_NAME, found.id, [Candidate.EMAIL, Candidate.PHONE, Candidate.CANDIDATE_KEY])
    assert row == {
        Candidate.EMAIL: "ann@a.example",
        Candidate.PHONE: "+353861234567",
        Candidate.CANDIDATE_KEY: found.key,
    }
    assert {key: row[ContactPoint.PRIMARY] for key, row in points(app).items()} == {
        "email:ann@a.example": True,
        "phone:+353861234567": True,
    }


def test_the_same_cause_twice_is_created_once_and_says_so_twice(app):
    first, second = (find_or_create(app, [ann()], ORIGIN)[0] for _ in range(2))
    assert first == second
    assert people(app) == 1


def test_another_cause_finds_and_fills(app):
    find_or_create(app, [ann()], ORIGIN)
    [found] = find_or_create(app, [ann("r2", profile("linkedin.com/in/ann"), Title__c="Tester")], ORIGIN)
    assert found.state is State.UPDATED
    assert find_or_create(app, [ann("r3", Title__c="Baker")], ORIGIN)[0].state is State.UNCHANGED
    [by_profile] = find_or_create(app, [person("r4", "A", "L", profile("linkedin.com/in/ann"))], ORIGIN)
    assert by_profile.id == found.id
    assert people(app) == 1


def test_a_batch_folds_its_repetitions(app):
    found = find_or_create(app, [ann("r1"), person("r2", "Bob", "May", email("b@b.example")), ann("r3")], ORIGIN)
    assert [one.state for one in found] == [State.CREATED, State.CREATED, State.REPEATED]
    assert found[0].id == found[2].id


def test_a_shared_phone_matches_only_a_compatible_name(app):
    number = phone("+353861234567")
    father, son, again, initial = (
        find_or_create(app, [person(cause, first, "Lee", number)], ORIGIN)[0]
        for cause, first in (("r1", "Ann"), ("r2", "Bob"), ("r3", "Bob"), ("r4", "A."))
    )
    assert father.id != son.id
    assert again.id == son.id
    assert initial.id == father.id
    assert set(points(app)) == {"phone:+353861234567", "phone:+353861234567|bob lee"}


def test_an_address_of_somebody_else_stays_there(app):
    [bob] = find_or_create(app, [person("r1", "Bob", "May", profile("github.com/bob"))], ORIGIN)
    find_or_create(app, [ann("r2")], ORIGIN)
    [found] = find_or_create(app, [ann("r3", profile("github.com/bob"))], ORIGIN)
    assert found.conflict
    assert points(app)["profile:github.com/bob"][ContactPoint.CANDIDATE] == bob.id


@pytest.mark.parametrize("address", [email("ann@a.example"), phone("+353861234567"), email("info@a.example")])
def test_two_workers_with_one_new_person_meet(app, address):
    def other_worker(changes):
        if not others:
            others.append(None)
            others[0] = find_or_create(app, [person("r2", "Ann", "Lee", address)], ORIGIN)[0]

    others = []
    [mine] = find_or_create(app, [person("r1", "Ann", "Lee", address)], ORIGIN, before_write=other_worker)
    assert mine.id == others[0].id
    assert people(app) == 1
    assert len(points(app)) == 1


def test_a_race_for_a_shared_phone_keeps_two_people(app):
    def other_worker(changes):
        if not others:
            others.append(None)
            others[0] = find_or_create(app, [person("r2", "Bob", "Lee", phone("+353861234567"))], ORIGIN)[0]

    others = []
    [mine] = find_or_create(app, [ann("r1", phone("+353861234567"))], ORIGIN, before_write=other_worker)
    assert mine.id != others[0].id
    assert set(points(app)) == {"email:ann@a.example", "phone:+353861234567", "phone:+353861234567|ann lee"}


def test_a_candidate_deleted_in_between_is_made_anew(app):
    [first] = find_or_create(app, [ann()], ORIGIN)

    def deleting(changes):
        app.salesforce.delete_many(Candidate.API_NAME, [first.id])

    [found] = find_or_create(app, [ann("r2", Title__c="Tester")], ORIGIN, before_write=deleting)
    assert found.id != first.id
    assert people(app) == 1


def test_a_refused_row_leaves_nothing_and_hurts_nobody(app):
    bad = ann("r1", Lifecycle__c="Legend")
    refused, good = find_or_create(app, [bad, person("r2", "Bob", "May", email("b@b.example"))], ORIGIN)
    assert (refused.state, refused.field) == (State.REFUSED, "Lifecycle__c")
    assert good.state is State.CREATED
    assert people(app) == 1


def test_changed_candidates_are_announced(app):
    [found] = find_or_create(app, [ann()], ORIGIN)
    find_or_create(app, [ann("r2")], ORIGIN)
    assert app_queue_messages(app, Queue.CHANGES) == [{"candidates": [found.id]}]


def test_a_candidate_made_by_hand_gets_key_and_contact_points(app, org):
    made = org.client("recruiter").Candidate__c.create(
        {"First_Name__c": "Ann", "Last_Name__c": "Lee", "Email__c": "Ann@A.example", "Phone__c": "+353 86 123 4567"}
    )["id"]
    for _ in range(2):
        complete(app, [made])
    assert set(points(app)) == {"email:ann@a.example", "phone:+353861234567"}
    assert len(app.salesforce.get(Candidate.API_NAME, made, [Candidate.CANDIDATE_KEY])[Candidate.CANDIDATE_KEY]) == 26
    [found] = find_or_create(app, [ann("r9")], ORIGIN)
    assert found.id == made


def test_a_changed_email_becomes_the_primary_one(app, org):
    [found] = find_or_create(app, [ann()], ORIGIN)
    org.client("recruiter").Candidate__c.update(found.id, {"Email__c": "lee@a.example"})
    complete(app, [found.id])
    assert {key: row[ContactPoint.PRIMARY] for key, row in points(app).items()} == {
        "email:ann@a.example": False,
        "email:lee@a.example": True,
    }


def test_an_address_typed_for_two_people_moves_nobody(app, org):
    [found] = find_or_create(app, [ann()], ORIGIN)
    twin = org.client("recruiter").Candidate__c.create({"Last_Name__c": "Lee", "Email__c": "ann@a.example"})["id"]
    complete(app, [twin])
    assert points(app)["email:ann@a.example"][ContactPoint.CANDIDATE] == found.id
    where = equals(ContactPoint.CANDIDATE, twin)
    assert app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.ID], where=where)) == []
