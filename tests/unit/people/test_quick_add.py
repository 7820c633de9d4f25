"""Quick-add: possible duplicates are shown first, in the embedded org."""

import pytest

from integration.candidates import Origin, Person, find_or_create
from integration.candidates.parsing import email, phone, profile
from integration.errors import Rejected
from integration.model.identity import Name
from integration.prospecting import quick_add
from integration.records import Candidate, PoolMembership, QuickAdd, TalentPool
from integration.soql import equals, select


@pytest.fixture
def ann(app):
    """A candidate of the org."""
    who = Person(
        "r1",
        Name("Ann", "Lee"),
        (email("ann.lee@a.example"), phone("+353861234567"), profile("linkedin.com/in/annlee")),
        {Candidate.TITLE: "Nurse", Candidate.EMPLOYER: "Harbour Hospital"},
    )
    [found] = find_or_create(app, [who], Origin(app.clock.now(), collected_from="A test"))
    return found.id


def new(app, name="Ann Lee", **values):
    fields = {getattr(QuickAdd, field.upper()): value for field, value in values.items()}
    return app.salesforce.create(QuickAdd.API_NAME, {QuickAdd.FULL_NAME: name, **fields})


def row(app, record):
    fields = [QuickAdd.STATUS, QuickAdd.CANDIDATE, QuickAdd.MATCHES]
    return app.salesforce.get(QuickAdd.API_NAME, record, fields)


def people(app):
    return app.salesforce.count("SELECT COUNT() FROM Candidate__c")


def test_somebody_new_is_added_with_where_from_and_notice_due(app):
    record = new(app, "Bo Chu", email="bo@b.example", source_url="https://b.example/team", title="Cook")
    assert quick_add.check(app, record) == "Nobody like this is here yet. Choose Add."
    assert people(app) == 0
    assert quick_add.add(app, record) == "Added."
    shown = row(app, record)
    assert shown[QuickAdd.STATUS] == "Added"
    fields = [Candidate.LAST_NAME, Candidate.EMAIL, Candidate.TITLE, Candidate.COLLECTED_FROM, Candidate.LAWFUL_BASIS]
    assert app.salesforce.get(Candidate.API_NAME, shown[QuickAdd.CANDIDATE], fields) == {
        Candidate.LAST_NAME: "Chu",
        Candidate.EMAIL: "bo@b.example",
        Candidate.TITLE: "Cook",
        Candidate.COLLECTED_FROM: "Quick add: https://b.example/team",
        Candidate.LAWFUL_BASIS: "Legitimate interest",
    }
    due = app.salesforce.get(Candidate.API_NAME, shown[QuickAdd.CANDIDATE], [Candidate.NOTICE_DUE_ON])
    assert due[Candidate.NOTICE_DUE_ON]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"email": "ANN.LEE@A.Example"}, "Same e-mail address: ann.lee@a.example."),
        ({"phone": "(086) 123 4567", "country": "Ireland"}, "Same phone number: +353861234567."),
        ({"profile_url": "https://www.LinkedIn.com/in/AnnLee/de?trk=x"}, "Same profile: linkedin.com/in/annlee."),
    ],
    ids=["other case", "phone format", "profile format"],
)
def test_quick_add_knows_the_same_person_in_another_spelling(app, ann, values, reason):
    record = new(app, **values)
    told = quick_add.check(app, record)
    assert told.startswith("Ann Lee is this person: ")
    shown = row(app, record)
    assert reason in shown[QuickAdd.MATCHES]
    assert "surely the same" in shown[QuickAdd.MATCHES]
    assert shown[QuickAdd.CANDIDATE] == ann
    quick_add.add(app, record)
    assert people(app) == 1


def test_quick_add_shows_possible_duplicates_first(app, ann):
    """Another tag of the same mailbox is no proof, but a reason to look."""
    record = new(app, "A. Lee", email="ann.lee+jobs@a.example")
    assert quick_add.check(app, record).startswith("1 candidate may be this person")
    shown = row(app, record)
    assert "Ann Lee (Nurse, Harbour Hospital)" in shown[QuickAdd.MATCHES]
    assert "Same mailbox apart from the part after +: ann.lee@a.example." in shown[QuickAdd.MATCHES]
    assert ann in shown[QuickAdd.MATCHES]
    with pytest.raises(Rejected, match="Nobody was added: 1 candidate may be this person"):
        quick_add.add(app, record)
    assert people(app) == 1
    assert row(app, record)[QuickAdd.STATUS] == "Checked"
    assert quick_add.add_anyway(app, record) == "Added."
    assert people(app) == 2


def test_a_tag_in_the_org_is_found_from_the_plain_address(app):
    tagged = Person("r1", Name("Ann", "Lee"), (email("ann+cv@a.example"),))
    find_or_create(app, [tagged], Origin(app.clock.now(), collected_from="A test"))
    record = new(app, email="ann@a.example")
    quick_add.check(app, record)
    assert "Same mailbox apart from the part after +" in row(app, record)[QuickAdd.MATCHES]


def test_the_same_phone_under_another_name_is_shown_and_not_merged(app, ann):
    record = new(app, "Tom Lee", phone="+353 86 123 4567")
    quick_add.check(app, record)
    assert "Same phone number" in row(app, record)[QuickAdd.MATCHES]
    assert row(app, record)[QuickAdd.CANDIDATE] is None


def test_a_namesake_with_other_facts_does_not_stop_the_adding(app, ann):
    record = new(app, "Zoe Lee", email="zoe@c.example", title="Pilot", employer="Air Example")
    assert quick_add.add(app, record) == "Added."


def test_adding_twice_makes_one_candidate_and_one_membership(app, ann):
    pool = app.salesforce.create(TalentPool.API_NAME, {"Name": "Bench", TalentPool.KIND: "Static"})
    record = new(app, "Bo Chu", email="bo@b.example", pool=pool)
    assert [quick_add.add(app, record) for _ in range(2)] == ["Added.", "Added."]
    assert people(app) == 2
    members = app.salesforce.query(
        select(PoolMembership.API_NAME, [PoolMembership.ADDED_BY], where=equals(PoolMembership.POOL, pool))
    )
    assert [member[PoolMembership.ADDED_BY] for member in members] == ["Manual"]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("", {}, "The person has no name. Write it in Full name."),
        ("Ann Lee", {"phone": "086 123 4567"}, "has no country code"),
        ("Ann Lee", {"country": "Narnia"}, "“Narnia” is not a country"),
        ("Ann Lee", {"profile_url": "http://nope"}, "is not a web address"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(app, name, values, words):
    record = new(app, name, **values)
    with pytest.raises(Rejected, match=words):
        quick_add.add(app, record)
    assert row(app, record)[QuickAdd.STATUS] == "Failed"
    assert people(app) == 0
