"""What stands beside the object: further objects, USING SCOPE, WITH."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def members(small_org):
    for name, owner in (("Games", "005000000000001AAA"), ("Films", "005000000000002AAA")):
        pool = small_org.add("Pool__c", Name=name, OwnerId=owner)
        small_org.add("Member__c", Name=f"in {name}", Pool__c=pool)
    return small_org


def test_alias_of_a_parent(members):
    text = "SELECT m.Name, p.Name FROM Member__c m, m.Pool__r p WHERE p.Name = 'games'"
    (record,) = members.query(text)
    assert record["Name"] == "in Games"
    assert record["Pool__r"]["Name"] == "Games"


def test_alias_of_a_parents_parent(members):
    text = "SELECT COUNT() FROM Member__c m, m.Pool__r p, p.CreatedBy u WHERE u.Name = null"
    assert members.query(text).total_size == 2


def test_parent_without_an_alias(members):
    text = "SELECT Name FROM Member__c, Member__c.Pool__r WHERE Pool__r.Name = 'Films'"
    assert members.query(text).total_size == 1


def test_unknown_relationship_after_from(members):
    with pytest.raises(SoqlError, match=r"relationship 'm\.Nope' in FROM part") as refused:
        members.query("SELECT Id FROM Member__c m, m.Nope p")
    assert refused.value.code == "INVALID_TYPE"


def test_scope_mine_keeps_the_users_own(members):
    assert [each["Name"] for each in members.query("SELECT Name FROM Pool__c USING SCOPE Mine")] == ["Games"]
    assert members.query("SELECT Name FROM Pool__c USING SCOPE everything").total_size == 2
    assert members.query("SELECT COUNT() FROM Pool__c USING SCOPE mine WHERE Name = 'Films'").total_size == 0


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("SELECT Id FROM Member__c USING SCOPE mine", "INVALID_QUERY_SCOPE", "'Member__c' does not support the scope"),
        ("SELECT Id FROM Pool__c USING SCOPE team", "INVALID_QUERY_SCOPE", "does not support the scope team"),
        ("SELECT Id FROM Pool__c USING SCOPE mru", "NOT_IMPLEMENTED", "does not implement the scope mru"),
        ("SELECT Id FROM Pool__c USING SCOPE nonsense", "MALFORMED_QUERY", "unexpected token: 'nonsense'"),
        ("SELECT Id FROM Pool__c WITH DATA CATEGORY a__c AT b__c", "MALFORMED_QUERY", "not support data categories"),
        ("SELECT Id FROM Person__c WHERE Pay__c > USD5", "MALFORMED_QUERY", "unexpected token: 'USD5'"),
    ],
)
def test_what_is_refused(small_org, text, code, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.query(text)
    assert refused.value.code == code
    assert reason in refused.value.message
