"""Results become candidates, once each; a load can be taken back."""

import pytest

from integration.candidates import Origin, Person, find_or_create
from integration.candidates.parsing import email
from integration.errors import Rejected
from integration.model.identity import Name
from integration.model.vocabulary import MembershipState
from integration.privacy.erasing import erase
from integration.prospecting import searches
from integration.prospecting.searches import loading
from integration.records import (
    Candidate,
    Channel,
    ContactPoint,
    PoolMembership,
    PrivacyRequest,
    ProspectResult,
    TalentPool,
)
from integration.soql import equals, select
from tests.unit.people.searching import (
    Outside,
    decide,
    member,
    new_search,
    outside,
    results,
    run,
    shown,
    with_directory,
)


@pytest.fixture
def world(app):
    with outside() as mocked:
        with_directory(app)
        yield Outside(mocked)


@pytest.fixture
def pool(app):
    return app.salesforce.create(TalentPool.API_NAME, {"Name": "Bench", TalentPool.KIND: "Static"})


ADA = member(
    "Ada",
    "Lovelace",
    id="ada",
    jobTitle="Nurse",
    employer="Harbour Hospital",
    city="Cork",
    country="Ireland",
    email="ada@people.example",
    phone="+353 86 123 4567",
    skills=["Triage"],
    bio="Twenty years in intensive care",
)
BEN = member("Ben", "Byrne", id="ben", jobTitle="Nurse", email="ben@people.example")


def people(app):
    return app.salesforce.count("SELECT COUNT() FROM Candidate__c")


def members(app, pool):
    fields = [PoolMembership.CANDIDATE, PoolMembership.ADDED_BY, PoolMembership.STATE]
    return app.salesforce.query(select(PoolMembership.API_NAME, fields, where=equals(PoolMembership.POOL, pool)))


def by_name(app, record):
    return {row["Name"]: row for row in results(app, record)}


def test_ticked_results_become_candidates_in_the_pool(app, world, pool):
    channel = app.salesforce.create(Channel.API_NAME, {"Name": "Sourcing", "Key__c": "sourcing", "Kind__c": "Sourcing"})
    world.directory = [ADA, BEN]
    record = new_search(app, "nurse", "Directory", pool=pool, channel=channel)
    run(app, record)
    assert people(app) == 0
    decide(app, by_name(app, record)["Ada Lovelace"], "Ticked")
    assert searches.load_ticked(app, record) == "Loaded 1: 1 new, 0 known already."
    row = by_name(app, record)["Ada Lovelace"]
    assert (row[ProspectResult.DECISION], row[ProspectResult.NOTE]) == ("Loaded", "Made a new candidate.")
    fields = [
        Candidate.TITLE,
        Candidate.EMPLOYER,
        Candidate.CITY,
        Candidate.COUNTRY,
        Candidate.EMAIL,
        Candidate.PHONE,
        Candidate.RESUME_TEXT,
        Candidate.FIRST_SOURCE,
    ]
    made = app.salesforce.get(Candidate.API_NAME, row[ProspectResult.CANDIDATE], fields)
    assert made == {
        Candidate.TITLE: "Nurse",
        Candidate.EMPLOYER: "Harbour Hospital",
        Candidate.CITY: "Cork",
        Candidate.COUNTRY: "IE",
        Candidate.EMAIL: "ada@people.example",
        Candidate.PHONE: "+353861234567",
        Candidate.RESUME_TEXT: "Skills: Triage\n\nTwenty years in intensive care",
        Candidate.FIRST_SOURCE: channel,
    }
    [one] = members(app, pool)
    assert (one[PoolMembership.CANDIDATE], one[PoolMembership.ADDED_BY]) == (row[ProspectResult.CANDIDATE], "Search")
    assert shown(app, record, "loaded", "new", "status") == (1, 1, "Done")


def test_every_sourced_person_carries_where_from_when_lawful_basis_and_notice_due_date(app, world):
    world.directory = [{**ADA, "url": "https://people.example/ada"}]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    searches.load_all_new(app, record)
    [row] = results(app, record)
    fields = [Candidate.COLLECTED_FROM, Candidate.COLLECTED_AT, Candidate.LAWFUL_BASIS, Candidate.NOTICE_DUE_ON]
    made = app.salesforce.get(Candidate.API_NAME, row[ProspectResult.CANDIDATE], fields)
    assert made[Candidate.COLLECTED_FROM] == "Search: Directory: https://people.example/ada"
    assert made[Candidate.COLLECTED_AT][:19] == "2026-03-02T09:00:00"
    assert (made[Candidate.LAWFUL_BASIS], made[Candidate.NOTICE_DUE_ON]) == ("Legitimate interest", "2026-04-01")


def test_auto_load_brings_everybody_new_at_once(app, world, pool):
    world.directory = [ADA, BEN]
    record = new_search(app, "nurse", "Directory", pool=pool, auto_load=True)
    run(app, record)
    assert people(app) == 2
    assert len(members(app, pool)) == 2
    assert "Loaded 2: 2 new" in shown(app, record, "message")
    assert shown(app, record, "new", "loaded", "status") == (0, 2, "Done")


def test_somebody_known_is_completed_and_not_made_twice(app, world):
    standing = Person("r1", Name("Ada", "Lovelace"), (email("ada@people.example"),))
    [found] = find_or_create(app, [standing], Origin(app.clock.now(), collected_from="A form"))
    world.directory = [ADA]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    decide(app, results(app, record)[0], "Ticked")
    assert searches.load_ticked(app, record) == "Loaded 1: 0 new, 1 known already."
    made = app.salesforce.get(Candidate.API_NAME, found.id, [Candidate.TITLE, Candidate.COLLECTED_FROM])
    assert made == {Candidate.TITLE: "Nurse", Candidate.COLLECTED_FROM: "A form"}
    assert people(app) == 1


def test_rejected_results_are_never_loaded(app, world):
    world.directory = [ADA, BEN]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    decide(app, by_name(app, record)["Ben Byrne"], "Rejected")
    searches.load_all_new(app, record)
    assert people(app) == 1
    with pytest.raises(Rejected, match="There is nothing new to load"):
        searches.load_all_new(app, record)
    with pytest.raises(Rejected, match="Nothing is ticked"):
        searches.load_ticked(app, record)


@pytest.mark.parametrize("dies_in", ["pools", "update", "write"])
def test_a_load_that_dies_goes_on_and_makes_each_person_once(app, world, pool, monkeypatch, dies_in):
    world.directory = [member("Nora", f"Example {n}", id=str(n), jobTitle="Nurse") for n in range(5)]
    record = new_search(app, "nurse", "Directory", pool=pool)
    run(app, record)
    monkeypatch.setattr(loading, "PART", 2)
    with monkeypatch.context() as broken:
        _break(broken, app, dies_in)
        with pytest.raises(Killed):
            searches.load_all_new(app, record)
    assert searches.load_all_new(app, record) == "Loaded 5: 5 new, 0 known already."
    assert (people(app), len(members(app, pool))) == (5, 5)


class Killed(BaseException):
    """The worker ended here."""


def _break(broken, app, where):
    """Kills the second call: the first part stands, the second is half done."""
    calls = []

    def killing(real):
        def call(*arguments, **options):
            calls.append(1)
            if len(calls) == 2:
                raise Killed
            return real(*arguments, **options)

        return call

    if where == "pools":
        broken.setattr(loading.pools, "join", killing(loading.pools.join))
    elif where == "update":
        broken.setattr(app.salesforce, "update_many", killing(app.salesforce.update_many))
    else:
        broken.setattr(loading.loads, "write", killing(loading.loads.write))


def test_undo_removes_whom_the_load_made_and_lists_them_again(app, world, pool):
    standing = Person("r1", Name("Ada", "Lovelace"), (email("ada@people.example"),))
    [known] = find_or_create(app, [standing], Origin(app.clock.now(), collected_from="A form"))
    world.directory = [ADA, BEN]
    record = new_search(app, "nurse", "Directory", pool=pool)
    run(app, record)
    decide(app, by_name(app, record)["Ada Lovelace"], "Ticked")
    searches.load_all_new(app, record)
    assert people(app) == 2
    assert searches.undo(app, record) == "Undone: 1 candidate removed, 1 restored."
    assert people(app) == 1
    assert app.salesforce.get(Candidate.API_NAME, known.id, [Candidate.TITLE])[Candidate.TITLE] is None
    assert [row[PoolMembership.STATE] for row in members(app, pool)] == []
    rows = by_name(app, record)
    assert (rows["Ada Lovelace"][ProspectResult.DECISION], rows["Ben Byrne"][ProspectResult.DECISION]) == (
        "Known",
        "New",
    )
    with pytest.raises(Rejected, match="nothing to undo"):
        searches.undo(app, record)
    searches.load_all_new(app, record)
    assert people(app) == 2


def test_undo_keeps_whom_somebody_has_worked_with(app, org, world):
    world.directory = [ADA, BEN]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    searches.load_all_new(app, record)
    worked_with = by_name(app, record)["Ada Lovelace"][ProspectResult.CANDIDATE]
    org.client("recruiter").Candidate__c.update(worked_with, {Candidate.RATING: "3"})
    assert searches.undo(app, record).startswith("Undone: 1 candidate removed, 0 restored. 1 was left as it is")
    assert by_name(app, record)["Ada Lovelace"][ProspectResult.DECISION] == "Loaded"


def test_who_was_rejected_for_the_pool_stays_out_of_it(app, world, pool):
    standing = Person("r1", Name("Ada", "Lovelace"), (email("ada@people.example"),))
    [known] = find_or_create(app, [standing], Origin(app.clock.now(), collected_from="A form"))
    row = {PoolMembership.POOL: pool, PoolMembership.CANDIDATE: known.id, PoolMembership.STATE: "Rejected"}
    app.salesforce.create(PoolMembership.API_NAME, row)
    world.directory = [ADA]
    record = new_search(app, "nurse", "Directory", pool=pool)
    run(app, record)
    decide(app, results(app, record)[0], "Ticked")
    searches.load_ticked(app, record)
    assert [one[PoolMembership.STATE] for one in members(app, pool)] == [MembershipState.REJECTED]
    assert "Not added to the pool" in results(app, record)[0][ProspectResult.NOTE]


def test_all_addresses_of_a_result_become_contact_points(app, world):
    world.directory = [{**ADA, "email": ["ada@people.example", "ada@home.example"]}]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    searches.load_all_new(app, record)
    keys = app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.KEY]))
    assert {row[ContactPoint.KEY] for row in keys} == {
        "email:ada@people.example",
        "email:ada@home.example",
        "phone:+353861234567",
    }


@pytest.fixture
def erase_ada(app):
    """Ada is a candidate and has her data erased."""

    def erased():
        [found] = find_or_create(
            app,
            [Person("r1", Name("Ada", "Lovelace"), (email("ada@people.example"),))],
            Origin(app.clock.now(), collected_from="A form"),
        )
        asked = {PrivacyRequest.CANDIDATE: found.id, PrivacyRequest.KIND: "Erasure"}
        erase(app, app.salesforce.create(PrivacyRequest.API_NAME, asked))

    return erased


def test_an_erased_person_is_not_even_listed_by_a_search(app, world, erase_ada):
    erase_ada()
    world.directory = [ADA, BEN]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    assert list(by_name(app, record)) == ["Ben Byrne"]
    assert "1 had their data erased and are not listed." in shown(app, record, "message")
    assert shown(app, record, "found", "refused") == (1, 1)


def test_results_of_an_erased_person_go_with_the_candidate(app, world, erase_ada):
    world.directory = [ADA, BEN]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    erase_ada()
    assert list(by_name(app, record)) == ["Ben Byrne"]


def test_an_erased_person_cannot_be_loaded_and_nothing_of_them_stays(app, world, erase_ada):
    """Listed under an address that we did not know, then ticked."""
    erase_ada()
    world.directory = [{**ADA, "email": "other@people.example", "phone": ""}]
    record = new_search(app, "nurse", "Directory")
    run(app, record)
    [row] = results(app, record)
    addresses = {ProspectResult.ADDRESSES: "E-mail: ada@people.example"}
    app.salesforce.update(ProspectResult.API_NAME, row["Id"], {ProspectResult.DECISION: "Ticked", **addresses})
    assert (
        searches.load_ticked(app, record) == "Loaded 0: 0 new, 0 known already. 1 refused: they had their data erased."
    )
    [row] = results(app, record)
    assert (row["Name"], row[ProspectResult.DECISION], row[ProspectResult.EMAIL]) == ("Erased", "Erased", None)
    assert people(app) == 0
