"""Every field knows its source, and nobody who is trusted less replaces it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.candidates import Origin, Person, State, find_or_create
from integration.model import provenance
from integration.model.identity import Name, email
from integration.model.provenance import Source, Trust, fact, may_replace, source_of
from integration.records import Candidate

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
IMPORT = Origin(AT, collected_from="Import Fair: talents.csv")


def origin(trust, at=LATER, collected_from=""):
    return Origin(at, collected_from=collected_from or trust.word, trust=trust)


def load(app, origin, cause="r1", overwrite=False, **facts):
    person = Person(cause, Name("Ann", "Lee"), (email("ann@a.example"),), facts)
    return find_or_create(app, [person], origin, overwrite=overwrite)[0]


def fields(app, candidate_id, *names):
    return app.salesforce.get(Candidate.API_NAME, candidate_id, names)


def title(app, candidate_id):
    return fields(app, candidate_id, Candidate.TITLE)[Candidate.TITLE]


def test_every_field_knows_its_source_import_and_time(app, org):
    found = load(app, IMPORT, Title__c="Baker", City__c="Cork")
    load(app, origin(Trust.SEARCH, LATER, "Search Bakers"), "r2", Employer__c="Mill")
    text = fields(app, found.id, Candidate.FIELD_SOURCES)[Candidate.FIELD_SOURCES]
    first, second = text.splitlines()
    assert first.startswith("Import, 2026-03-02, Import Fair: talents.csv — City ")
    assert second.startswith("Search, 2026-03-09, Search Bakers — Employer ")
    assert set(provenance.read(text)) == {
        Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.EMAIL, Candidate.TITLE, Candidate.CITY, Candidate.EMPLOYER
    }  # fmt: skip


@pytest.mark.parametrize("lower", [trust for trust in Trust if trust < Trust.CANDIDATE])
def test_a_lower_trust_source_never_overwrites_what_a_candidate_entered(app, org, lower):
    found = load(app, origin(Trust.CANDIDATE, AT), Title__c="Baker")
    assert load(app, origin(lower), "r2", overwrite=True, Title__c="Cook").state is State.UNCHANGED
    assert title(app, found.id) == "Baker"


def test_the_order_of_trust(app, org):
    found = load(app, origin(min(Trust), AT), Title__c="Title 0")
    for number, trust in enumerate(sorted(Trust), start=1):
        load(app, origin(trust), f"r{number}", overwrite=True, Title__c=f"Title {number}")
        assert title(app, found.id) == f"Title {number}", trust


def test_an_import_of_the_same_trust_overwrites_when_asked(app, org):
    found = load(app, IMPORT, Title__c="Baker")
    load(app, IMPORT, "r2", Title__c="Cook")
    assert title(app, found.id) == "Baker"
    load(app, IMPORT, "r3", overwrite=True, Title__c="Cook")
    assert title(app, found.id) == "Cook"


def test_what_a_recruiter_changed_by_hand_stays(app, org):
    found = load(app, IMPORT, Title__c="Baker")
    app.salesforce.update(Candidate.API_NAME, found.id, {Candidate.TITLE: "Head baker"})
    load(app, IMPORT, "r2", overwrite=True, Title__c="Baker", City__c="Cork")
    assert title(app, found.id) == "Head baker"
    load(app, origin(Trust.CANDIDATE), "r3", overwrite=True, Title__c="Owner of a bakery")
    assert title(app, found.id) == "Owner of a bakery"


def test_the_same_value_from_a_better_source_is_trusted_more(app, org):
    found = load(app, IMPORT, Title__c="Baker")
    load(app, origin(Trust.CANDIDATE), "r2", Title__c="Baker")
    assert load(app, IMPORT, "r3", overwrite=True, Title__c="Cook").state is State.UNCHANGED
    assert title(app, found.id) == "Baker"


def test_the_same_file_again_changes_nothing(app, org):
    load(app, IMPORT, Title__c="Baker")
    assert load(app, IMPORT, "again", overwrite=True, Title__c="Baker").state is State.UNCHANGED


@pytest.mark.parametrize(
    ("origin_of", "basis", "due"),
    [
        (IMPORT, "Legitimate interest", "2026-04-01"),
        (origin(Trust.SEARCH, AT), "Legitimate interest", "2026-04-01"),
        (origin(Trust.REFERRAL, AT), "Legitimate interest", "2026-04-01"),
        (origin(Trust.RECRUITER, AT), "Legitimate interest", "2026-04-01"),
        (origin(Trust.ATS, AT), "Legitimate interest", "2026-04-01"),
        (Origin(AT), "Legitimate interest", "2026-04-01"),
        (Origin(AT, lawful_basis="Contract", trust=Trust.CANDIDATE), "Contract", None),
    ],
)
def test_every_sourced_person_carries_where_from_when_basis_and_notice(app, org, origin_of, basis, due):
    found = load(app, origin_of)
    row = fields(
        app, found.id,
        Candidate.COLLECTED_FROM, Candidate.COLLECTED_AT, Candidate.LAWFUL_BASIS, Candidate.NOTICE_DUE_ON,
    )  # fmt: skip
    assert row[Candidate.COLLECTED_FROM]
    assert row[Candidate.COLLECTED_AT][:19] == "2026-03-02T09:00:00"
    assert (row[Candidate.LAWFUL_BASIS], row[Candidate.NOTICE_DUE_ON]) == (basis, due)


NAMES = st.sampled_from([Candidate.TITLE, Candidate.CITY, Candidate.ATS_ID, Candidate.DESIRED_ROLE, Candidate.EMAIL])
SOURCES = st.builds(Source.of, st.sampled_from(Trust), st.datetimes(), st.text())


@given(st.dictionaries(NAMES, st.tuples(SOURCES, st.text()), max_size=5))
def test_what_is_written_is_read_back(given_facts):
    facts = {name: fact(source, value) for name, (source, value) in given_facts.items()}
    assert provenance.read(provenance.write(facts)) == facts
    for name, (source, value) in given_facts.items():
        assert source_of(facts, name, value) == source


@given(SOURCES, SOURCES)
def test_only_as_much_trust_replaces(one, other):
    assert may_replace(one, other) is (one.trust >= other.trust)


def test_a_line_that_nobody_can_read_tells_nothing():
    assert provenance.read("garbage\nImport, yesterday, x — Title 1234\nNobody, 2026-03-02, x — Title 12") == {}
