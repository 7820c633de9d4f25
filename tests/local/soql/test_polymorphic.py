"""Relationships to records of several objects: paths through them, and TYPEOF."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def tasks(small_org):
    pool = small_org.add("Pool__c", Name="Games", Member_Count__c=3.0)
    person = small_org.add("Person__c", Name="Ada", Email__c="ada@x.org")
    member = small_org.add("Member__c", Name="M-1", Pool__c=pool, Person__c=person)
    for subject, what in (("a", pool), ("b", person), ("c", None), ("d", member)):
        small_org.add("Task", Subject=subject, WhatId=what)
    return small_org


def shown(org, text):
    return [each["What"] for each in org.query(text)]


def test_path_shows_what_all_objects_have(tasks):
    pool, person, nothing, member = shown(tasks, "SELECT What.Name, What.Type FROM Task ORDER BY Subject")
    assert pool["attributes"]["type"] == "Name"
    assert "/sobjects/Pool__c/" in pool["attributes"]["url"]
    assert (pool["Name"], pool["Type"]) == ("Games", "Pool__c")
    assert (person["Name"], person["Type"]) == ("Ada", "Person__c")
    assert (member["Name"], member["Type"]) == ("M-1", "Member__c")
    assert nothing is None


@pytest.mark.parametrize(
    ("where", "subjects"),
    [
        ("What.Name = 'GAMES'", ["a"]),
        ("What.Type IN ('pool__c', 'Person__c')", ["a", "b"]),
        ("What.Type = null", ["c"]),
        ("What.Name LIKE '%a%'", ["a", "b"]),
        ("What.Id != null", ["a", "b", "d"]),
    ],
)
def test_condition_on_such_a_path(tasks, where, subjects):
    found = tasks.query(f"SELECT Subject FROM Task WHERE {where} ORDER BY Subject")
    assert [each["Subject"] for each in found] == subjects


def test_order_by_such_a_path(tasks):
    found = tasks.query("SELECT Subject FROM Task WHERE WhatId != null ORDER BY What.Name")
    assert [each["Subject"] for each in found] == ["b", "a", "d"]


def test_typeof_shows_each_object_its_way(tasks):
    text = """SELECT Subject, TYPEOF What WHEN Pool__c THEN Member_Count__c, Name WHEN Person__c THEN Email__c
              ELSE Name END FROM Task ORDER BY Subject"""
    pool, person, nothing, member = shown(tasks, text)
    assert {key: value for key, value in pool.items() if key != "attributes"} == {
        "Member_Count__c": 3.0,
        "Name": "Games",
    }
    assert pool["attributes"]["type"] == "Pool__c"
    assert person["Email__c"] == "ada@x.org"
    assert "Name" not in person
    assert member["Name"] == "M-1"
    assert nothing is None


def test_typeof_without_else_shows_nothing_of_other_objects(tasks):
    assert shown(tasks, "SELECT TYPEOF What WHEN Pool__c THEN Id END FROM Task WHERE Subject = 'b'") == [None]


def test_typeof_reaches_parents(tasks):
    text = "SELECT TYPEOF What WHEN Member__c THEN Pool__r.Name, Person__r.Email__c END FROM Task WHERE Subject = 'd'"
    (member,) = shown(tasks, text)
    assert (member["Pool__r"]["Name"], member["Person__r"]["Email__c"]) == ("Games", "ada@x.org")


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("SELECT TYPEOF Owner WHEN User THEN Name END FROM Pool__c", "MALFORMED_QUERY", "relationship to several"),
        ("SELECT TYPEOF Nope WHEN User THEN Name END FROM Task", "INVALID_FIELD", "relationship 'Nope' in field path"),
        ("SELECT TYPEOF What WHEN Nope__c THEN Name END FROM Task", "INVALID_TYPE", "'Nope__c' is not supported"),
        ("SELECT TYPEOF What WHEN Pool__c THEN Nope END FROM Task", "INVALID_FIELD", "No such column 'Nope'"),
        ("SELECT TYPEOF What WHEN Pool__c THEN Id ELSE Score__c END FROM Task", "INVALID_FIELD", "on entity 'Name'"),
        (
            "SELECT TYPEOF What WHEN Pool__c THEN Id WHEN pool__c THEN Name END FROM Task",
            "MALFORMED_QUERY",
            "duplicate WHEN",
        ),
        ("SELECT What.Name, TYPEOF What WHEN Pool__c THEN Id END FROM Task", "MALFORMED_QUERY", "duplicate field"),
        ("SELECT What.Score__c FROM Task", "INVALID_FIELD", "No such column 'Score__c' on entity 'Name'"),
        ("SELECT What.Pool__r.Name FROM Task", "INVALID_FIELD", "relationship 'Pool__r' in field path"),
    ],
)
def test_what_is_refused(small_org, text, code, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.query(text)
    assert refused.value.code == code
    assert reason in refused.value.message


def test_person_who_is_a_contact_or_a_lead(small_org):
    for subject, name, kind in (("a", "Ada", "Contact"), ("b", "Bob", "Lead")):
        who = small_org.add(kind, LastName=name, FirstName="X", Name=f"X {name}")
        small_org.add("Task", Subject=subject, WhoId=who)
    text = """SELECT Subject, TYPEOF Who WHEN Contact THEN LastName ELSE FirstName, Type END FROM Task
              WHERE Who.FirstName = 'x' ORDER BY Who.Name"""
    contact, lead = small_org.query(text)
    assert contact["Who"]["LastName"] == "Ada"
    assert (lead["Who"]["FirstName"], lead["Who"]["Type"]) == ("X", "Lead")
    with pytest.raises(SoqlError, match="'User' is not an object that 'Who' can lead to"):
        small_org.query("SELECT TYPEOF Who WHEN User THEN Name END FROM Task")
