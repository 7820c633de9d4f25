"""What WHERE keeps."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def people(small_org):
    add = small_org.add
    add("Person__c", Name="Ada", Rating__c=5.0, Stage__c="New", Topics__c="Art;Games", Do_Not_Contact__c=1)
    add("Person__c", Name="bob", Rating__c=2.5, Stage__c="Contacted", Topics__c="Games", Code__c="aB")
    add("Person__c", Name="Cyd", Key__c="k|1", Email__c="cyd@x.org", Window__c="09:30:00.000Z")
    return small_org


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Name = 'ADA'", ["Ada"]),
        ("Name != 'ada'", ["Cyd", "bob"]),
        ("Stage__c != 'New'", ["Cyd", "bob"]),
        ("Stage__c = null", ["Cyd"]),
        ("Stage__c = ''", ["Cyd"]),
        ("Stage__c != null", ["Ada", "bob"]),
        ("Rating__c > 2.5", ["Ada"]),
        ("Rating__c >= 2.5", ["Ada", "bob"]),
        ("Rating__c < 3", ["bob"]),
        ("Rating__c <= 5", ["Ada", "bob"]),
        ("NOT Rating__c > 3", ["Cyd", "bob"]),
        ("NOT Stage__c = 'New'", ["Cyd", "bob"]),
        ("Name IN ('ada', 'BOB')", ["Ada", "bob"]),
        ("Stage__c IN ('New', null)", ["Ada", "Cyd"]),
        ("Stage__c NOT IN ('New')", ["Cyd", "bob"]),
        ("Stage__c NOT IN ('New', null)", ["bob"]),
        ("Name LIKE 'a%'", ["Ada"]),
        ("Name LIKE '_O_'", ["bob"]),
        ("NOT Name LIKE '%d%'", ["bob"]),
        ("Topics__c INCLUDES ('games')", ["Ada", "bob"]),
        ("Topics__c INCLUDES ('Art;Games')", ["Ada"]),
        ("Topics__c INCLUDES ('Gam')", []),
        ("Topics__c EXCLUDES ('Art')", ["Cyd", "bob"]),
        ("Topics__c = 'Games'", ["bob"]),
        ("Do_Not_Contact__c = true", ["Ada"]),
        ("Do_Not_Contact__c = null", ["Cyd", "bob"]),
        ("Do_Not_Contact__c != null", ["Ada"]),
        ("Do_Not_Contact__c IN (false)", ["Cyd", "bob"]),
        ("Window__c > 09:00:00Z", ["Cyd"]),
        ("Window__c = 09:30:00.000Z", ["Cyd"]),
        ("Code__c = 'aB'", ["bob"]),
        ("Code__c = 'ab'", []),
        ("Key__c = 'K|1'", ["Cyd"]),
        ("Label__c = 'ada (new)'", ["Ada"]),
        ("Label__c LIKE '%(contacted)'", ["bob"]),
        ("CALENDAR_YEAR(CreatedDate) = 2026 AND Name = 'Ada'", ["Ada"]),
        ("Person__c.Name = 'Ada'", ["Ada"]),
        ("(Name = 'Ada' OR Name = 'bob') AND Rating__c > 3", ["Ada"]),
    ],
)
def test_condition_keeps(people, where, names):
    assert people.names(where) == names


@pytest.mark.parametrize(
    "where",
    ["Name = 'ZOË'", "Name IN ('x', 'zOË')", "Name LIKE '%OË%'", "NOT Name != 'ZOË'", "Topics__c INCLUDES ('É')"],
)
def test_case_is_ignored_beyond_ascii(small_org, where):
    small_org.add("Person__c", Name="Zoë", Topics__c="a;é")
    assert small_org.names(where) == ["Zoë"]


def test_percent_sign_can_be_escaped(small_org):
    small_org.add("Person__c", Name="100% sure_ly")
    small_org.add("Person__c", Name="1000 surely")
    assert small_org.names(r"Name LIKE '100\% sure\_ly'") == ["100% sure_ly"]


def test_backslash_in_a_pattern_is_itself(small_org):
    small_org.add("Person__c", Name=r"a\b")
    assert small_org.names(r"Name LIKE 'a\\b'") == [r"a\b"]


def test_id_is_found_by_15_or_18_characters(small_org):
    record_id = small_org.add("Person__c", Name="Ada")
    assert small_org.names(f"Id = '{record_id[:15]}'") == ["Ada"]
    assert small_org.names(f"Id IN ('{record_id}')") == ["Ada"]


def test_no_id_at_all_is_refused(small_org):
    with pytest.raises(SoqlError, match="invalid ID field: Ada") as refused:
        small_org.names("Id = 'Ada'")
    assert refused.value.code == "INVALID_QUERY_FILTER_OPERATOR"


def test_deleted_rows_are_shown_only_on_demand(small_org):
    small_org.add("Person__c", Name="Gone", IsDeleted=1)
    assert small_org.query("SELECT Id FROM Person__c").total_size == 0
    assert small_org.query("SELECT Id FROM Person__c ALL ROWS").total_size == 1
    assert small_org.query("SELECT Id FROM Person__c", include_deleted=True).total_size == 1


def test_missing_parent_is_null_and_its_checkbox_false(small_org):
    person = small_org.add("Person__c", Name="Ada")
    small_org.add("Member__c", Name="M-1", Person__c=person)
    found = "SELECT Name FROM Member__c WHERE Pool__r.Name = null AND Pool__r.Private__c = false"
    assert small_org.query(found).total_size == 1
    assert small_org.query("SELECT Id FROM Member__c WHERE Pool__r.Name != null").total_size == 0


def test_key_lookup_uses_the_index(small_org):
    small_org.connection.execute('CREATE INDEX by_key ON "Person__c" ("Key__c")')
    for where in ("Key__c = 'a'", "Key__c IN ('a', 'b')"):
        statement = small_org.query(f"SELECT Id FROM Person__c WHERE {where}").statement
        plan = small_org.connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters).fetchall()
        assert "USING INDEX by_key" in str(plan)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("Name = 1", "field 'Name' must be of type string and should be enclosed in quotes"),
        ("Stage__c = TODAY", "field 'Stage__c' must be of type string and should be enclosed in quotes"),
        ("Rating__c = '1'", "field 'Rating__c' must be of type double and should not be enclosed in quotes"),
        ("Do_Not_Contact__c = 'x'", "must be of type boolean and should not be enclosed in quotes"),
        ("Due_On__c = '2026-01-01'", "field 'Due_On__c' must be of type date and should not be enclosed in quotes"),
        ("Due_On__c = 2026-01-01T00:00:00Z", "must be of type date and should not be enclosed in quotes"),
        ("Seen_At__c = 2026-01-01", "field 'Seen_At__c' must be of type dateTime and should not be"),
        ("Name IN ('a', 1)", "must be of type string"),
        ("Bio__c = 'x'", "field 'Bio__c' can not be filtered in a query call"),
        ("Bio__c LIKE 'x'", "field 'Bio__c' can not be filtered in a query call"),
        ("Geo__c = 'x'", "field 'Geo__c' can not be filtered in a query call"),
        ("Nope__c = 'x'", "No such column 'Nope__c' on entity 'Person__c'"),
        ("Nope__r.Name = 'x'", "Didn't understand relationship 'Nope__r' in field path"),
    ],
)
def test_wrong_field_or_literal_is_refused(small_org, where, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.names(where)
    assert refused.value.code == "INVALID_FIELD"
    assert reason in refused.value.message
    assert "ERROR at Row:1:Column:" in refused.value.message


@pytest.mark.parametrize(
    "where",
    ["Rating__c LIKE '1%'", "Do_Not_Contact__c > true", "Topics__c < 'a'", "Topics__c LIKE 'a'", "Name INCLUDES ('a')"],
)
def test_operator_that_the_type_does_not_have_is_refused(small_org, where):
    with pytest.raises(SoqlError) as refused:
        small_org.names(where)
    assert refused.value.code == "INVALID_QUERY_FILTER_OPERATOR"


def test_day_that_is_none_is_refused(small_org):
    with pytest.raises(SoqlError, match="Invalid date: 2026-02-30"):
        small_org.names("Due_On__c = 2026-02-30")


def test_aggregate_in_where_is_refused(small_org):
    with pytest.raises(SoqlError, match="not allowed in WHERE"):
        small_org.query("SELECT Id FROM Person__c WHERE (NOT (COUNT(Id) > 1))")


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        (["PHONE:1|JOSÉ", "phone:2", "none"], ["José", "plain"]),
        (["phone:1|josé", "phone:1|joså"], ["José"]),
        (["phone:1|josę"], []),
        (["é"], ["É"]),
        (["PHONE:1|JOSÉ", "éa", "é"], ["José", "É"]),
    ],
)
def test_keys_beyond_ascii_are_found_in_a_list(small_org, keys, names):
    for name, key in (("José", "phone:1|josé"), ("Josh", "phone:1|josh"), ("plain", "Phone:2"), ("É", "É")):
        small_org.add("Person__c", Name=name, Key__c=key)
    listed = ", ".join(f"'{key}'" for key in keys)
    assert small_org.names(f"Key__c IN ({listed})") == names
    others = sorted({"José", "Josh", "plain", "É"} - set(names))
    assert small_org.names(f"Key__c NOT IN ({listed})") == others
