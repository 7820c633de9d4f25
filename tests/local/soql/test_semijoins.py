"""Semi-joins and anti-joins, and the platform's limits on them."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def members(small_org):
    pool = small_org.add("Pool__c", Name="Games")
    for name in ("Ada", "Bob"):
        person = small_org.add("Person__c", Name=name)
        if name == "Ada":
            small_org.add("Member__c", Name="M-1", Pool__c=pool, Person__c=person, State__c="Member")
    small_org.add("Member__c", Name="M-2", Pool__c=pool)
    return small_org


def test_semijoin_keeps_the_members(members):
    assert members.names("Id IN (SELECT Person__c FROM Member__c WHERE Pool__r.Name = 'games')") == ["Ada"]


def test_antijoin_ignores_blank_keys_inside(members):
    assert members.names("Id NOT IN (SELECT Person__c FROM Member__c)") == ["Bob"]


def test_blank_reference_is_in_no_list(members):
    outside = "SELECT Name FROM Member__c WHERE Person__c NOT IN (SELECT Id FROM Person__c WHERE Name = 'Ada')"
    assert [each["Name"] for each in members.query(outside)] == ["M-2"]


def test_two_semijoins_joined_by_and(members):
    where = """Id IN (SELECT Person__c FROM Member__c WHERE State__c = 'Member')
               AND Id NOT IN (SELECT Person__c FROM Member__c WHERE State__c = 'Left')"""
    assert members.names(where) == ["Ada"]


def test_semijoin_in_parentheses_of_its_own(members):
    assert members.names("(Id IN (SELECT Person__c FROM Member__c)) AND (Name LIKE 'A%')") == ["Ada"]


def test_semijoin_inside_a_subquery(members):
    text = """SELECT Name, (SELECT Id FROM Memberships__r WHERE Pool__c IN (SELECT Id FROM Pool__c WHERE Name = 'x'))
              FROM Person__c WHERE Name = 'Ada'"""
    assert next(iter(members.query(text)))["Memberships__r"] is None


INNER = "Id IN (SELECT Person__c FROM Member__c)"


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (f"{INNER} OR Name = 'x'", "Semi join sub-selects are not allowed with the 'OR' operator"),
        (
            f"Name = 'x' AND ({INNER} OR Name = 'y')",
            "only allowed at the top level WHERE expressions and not in nested",
        ),
        (f"Name = 'x' AND ({INNER} AND Name = 'y')", "only allowed at the top level WHERE expressions"),
        (f"NOT ({INNER})", "only allowed at the top level WHERE expressions"),
        ("CreatedBy.Id IN (SELECT OwnerId FROM Pool__c)", "should be an id field, cannot use: 'Id'"),
        (f"{INNER} AND {INNER} AND {INNER}", "Maximum 2 semi join sub-selects are allowed."),
        (
            "Id IN (SELECT Person__c FROM Member__c WHERE Pool__c IN (SELECT Id FROM Pool__c))",
            "Nesting of semi join sub-selects is not supported",
        ),
        ("Name IN (SELECT Person__c FROM Member__c)", "should be an id field, cannot use: 'Name'"),
        ("Id IN (SELECT Name FROM Member__c)", "The selected field 'Name' in the semi join sub-select"),
        ("Id IN (SELECT Pool__r.OwnerId FROM Member__c)", "in the semi join sub-select should be"),
        ("Id IN (SELECT Id FROM Person__c)", "The inner and outer selects should not be on the same object type"),
        ("Id IN (SELECT Person__c FROM Member__c LIMIT 1)", "LIMIT is not allowed in a semi join sub-select"),
        ("Id IN (SELECT Person__c FROM Member__c ORDER BY Name)", "ORDER BY is not allowed in a semi join"),
        ("Id IN (SELECT Person__c, Id FROM Member__c)", "selects exactly one field"),
    ],
)
def test_what_a_real_org_refuses(small_org, where, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.names(where)
    assert refused.value.code == "MALFORMED_QUERY"
    assert reason in refused.value.message
