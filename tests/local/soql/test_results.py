"""Records as the REST API shows them."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def filled(small_org):
    pool = small_org.add("Pool__c", Name="Games", Private__c=1, Member_Count__c=3.0)
    person = small_org.add(
        "Person__c",
        Name="Ada",
        Stage__c="New",
        Seen_At__c="2026-11-23T00:50:51.000Z",
        Geo__Latitude__s=51.9,
        Geo__Longitude__s=-8.5,
    )
    small_org.add("Person__c", Name="Bob")
    small_org.add("Member__c", Name="M-2", Pool__c=pool, Person__c=person)
    small_org.add("Member__c", Name="M-1", Person__c=person)
    return small_org


def one(org, text):
    return next(iter(org.query(text)))


def test_record_has_type_url_and_canonical_names(filled):
    result = filled.query("SELECT id, NAME, seen_at__c, do_not_contact__c FROM person__c WHERE name = 'Ada'")
    record = next(iter(result))
    assert record == {
        "attributes": {"type": "Person__c", "url": f"/services/data/v63.0/sobjects/Person__c/{record['Id']}"},
        "Id": record["Id"],
        "Name": "Ada",
        "Seen_At__c": "2026-11-23T00:50:51.000+0000",
        "Do_Not_Contact__c": False,
    }


def test_only_selected_fields_are_shown(filled):
    assert list(one(filled, "SELECT Name FROM Pool__c")) == ["attributes", "Name"]


def test_parent_is_nested_and_missing_parent_is_null(filled):
    text = "SELECT Name, Pool__r.Name, Pool__r.Owner.Name, Person__r.Name FROM Member__c ORDER BY Name"
    first, second = filled.query(text)
    assert first["Pool__r"] is None
    assert second["Pool__r"]["Name"] == "Games"
    assert second["Pool__r"]["attributes"]["type"] == "Pool__c"
    assert second["Pool__r"]["Owner"] is None
    assert second["Person__r"]["Name"] == "Ada"


def test_formula_reaches_through_parents(filled):
    text = "SELECT Open__c, Pool__r.Score__c FROM Member__c WHERE Open__c = false"
    assert [(each["Open__c"], each["Pool__r"]["Score__c"]) for each in filled.query(text)] == [(False, 6.0)]


def test_children_are_listed_and_none_is_null(filled):
    text = "SELECT Name, (SELECT Name, Pool__r.Name FROM Memberships__r ORDER BY Name) FROM Person__c ORDER BY Name"
    ada, bob = filled.query(text)
    children = ada["Memberships__r"]
    assert (children["totalSize"], children["done"]) == (2, True)
    assert [each["Name"] for each in children["records"]] == ["M-1", "M-2"]
    assert bob["Memberships__r"] is None


def test_limit_of_a_subquery_counts_per_parent(small_org):
    for name in ("Ada", "Bob"):
        person = small_org.add("Person__c", Name=name)
        for number in range(3):
            small_org.add("Member__c", Name=f"M-{number}", Person__c=person, State__c="Member")
    text = """SELECT Name, (SELECT Name FROM Memberships__r WHERE State__c = 'Member' ORDER BY Name DESC LIMIT 2)
              FROM Person__c"""
    for record in small_org.query(text):
        assert [each["Name"] for each in record["Memberships__r"]["records"]] == ["M-2", "M-1"]


def test_geolocation_is_an_object(filled):
    ada, bob = filled.query("SELECT Geo__c FROM Person__c ORDER BY Name")
    assert ada["Geo__c"] == {"latitude": 51.9, "longitude": -8.5}
    assert bob["Geo__c"] is None


def test_label_of_a_picklist_value(filled):
    record = one(filled, "SELECT toLabel(Stage__c) stage FROM Person__c WHERE Name = 'Ada'")
    assert record["stage"] == "New!"


def test_nulls_come_first_unless_told_otherwise(filled):
    def stages(order):
        return [each["Stage__c"] for each in filled.query(f"SELECT Stage__c FROM Person__c ORDER BY Stage__c {order}")]

    assert stages("") == stages("DESC") == [None, "New"]
    assert stages("NULLS LAST") == stages("DESC NULLS LAST") == ["New", None]


def test_order_ignores_case(small_org):
    for name in ("b", "A", "a1", "B1"):
        small_org.add("Person__c", Name=name)
    assert [each["Name"] for each in small_org.query("SELECT Name FROM Person__c ORDER BY Name")] == [
        "A", "a1", "b", "B1",
    ]  # fmt: skip


def test_limit_and_offset(filled):
    text = "SELECT Name FROM Person__c ORDER BY Name LIMIT 1 OFFSET 1"
    assert [each["Name"] for each in filled.query(text)] == ["Bob"]
    assert filled.query("SELECT Name FROM Person__c LIMIT 0").total_size == 0
    assert filled.query("SELECT Name FROM Person__c OFFSET 1").total_size == 1


def test_all_fields_need_a_limit(filled):
    record = one(filled, "SELECT FIELDS(ALL) FROM Person__c WHERE Name = 'Ada' LIMIT 200")
    assert {"Id", "Name", "Stage__c", "Label__c", "SystemModstamp"} <= record.keys()
    assert "Stage__c" not in one(filled, "SELECT FIELDS(STANDARD) FROM Person__c")
    assert "Name" not in one(filled, "SELECT FIELDS(CUSTOM) FROM Person__c LIMIT 1")
    for text in ("SELECT FIELDS(ALL) FROM Person__c", "SELECT FIELDS(CUSTOM) FROM Person__c LIMIT 201"):
        with pytest.raises(SoqlError, match="must have a LIMIT of at most 200"):
            filled.query(text)


def test_pages_of_one_result(small_org):
    for number in range(5):
        small_org.add("Person__c", Name=f"P{number}")
    result = small_org.query("SELECT Name FROM Person__c ORDER BY Name")
    assert result.total_size == 5
    assert [each["Name"] for each in result.page(2, 2)] == ["P2", "P3"]


def test_field_that_the_user_cannot_see_does_not_exist(filled):
    filled.asker = type(filled.asker)(hidden=frozenset({"Person__c.Stage__c", "Member__c.Pool__c"}))
    for text, code in (
        ("SELECT Stage__c FROM Person__c", "INVALID_FIELD"),
        ("SELECT Id FROM Person__c WHERE Stage__c = 'New'", "INVALID_FIELD"),
        ("SELECT Pool__r.Name FROM Member__c", "INVALID_FIELD"),
        ("SELECT Id, (SELECT Id FROM Members__r) FROM Pool__c", "INVALID_TYPE"),
    ):
        with pytest.raises(SoqlError) as refused:
            filled.query(text)
        assert refused.value.code == code
    assert "Stage__c" not in one(filled, "SELECT FIELDS(ALL) FROM Person__c LIMIT 1")


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("SELECT Id FROM XYZZY", "INVALID_TYPE", "sObject type 'XYZZY' is not supported. If you are attempting to use"),
        ("SELECT Nope FROM Person__c", "INVALID_FIELD", "No such column 'Nope' on entity 'Person__c'. If you are"),
        ("SELECT Nope__r.Id FROM Person__c", "INVALID_FIELD", "Didn't understand relationship 'Nope__r' in field path"),
        (
            "SELECT (SELECT Id FROM Nope__r) FROM Person__c",
            "INVALID_TYPE",
            "Didn't understand relationship 'Nope__r' in FROM part of query call",
        ),
        ("SELECT Id, id FROM Person__c", "MALFORMED_QUERY", "duplicate field selected: Id"),
        ("SELECT Name n FROM Person__c", "MALFORMED_QUERY", "only aggregate expressions use field aliasing"),
        (
            "SELECT Id FROM Person__c ORDER BY Bio__c",
            "INVALID_FIELD",
            "field 'Bio__c' can not be sorted in a query call",
        ),
        ("SELECT Id FROM Person__c ORDER BY Topics__c", "INVALID_FIELD", "can not be sorted"),
        ("SELECT Id FROM Person__c OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000"),
        ("SELECT CALENDAR_YEAR(CreatedDate) FROM Person__c", "MALFORMED_QUERY", "only valid in a query with GROUP BY"),
        ("SELECT convertCurrency(Pay__c) FROM Person__c", "MALFORMED_QUERY", "only supported in organizations with"),
        ("SELECT FORMAT(convertCurrency(Pay__c)) FROM Person__c", "MALFORMED_QUERY", "only supported in organizations"),
        ("SELECT convertTimezone(CreatedDate) FROM Person__c", "MALFORMED_QUERY", "only be used in a date function"),
        (
            "SELECT FIELDS(STANDARD) f FROM Person__c",
            "MALFORMED_QUERY",
            "only aggregate expressions use field aliasing",
        ),
        ("SELECT Id FROM Person__c ORDER BY toLabel(Stage__c)", "MALFORMED_QUERY", "not allowed in ORDER BY"),
    ],
)
def test_refusal_has_code_and_reason(small_org, text, code, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.query(text)
    assert refused.value.code == code
    assert reason in refused.value.message


def test_path_through_more_than_five_parents_is_refused(small_org):
    path = "Owner.CreatedBy.CreatedBy.CreatedBy.CreatedBy"
    assert small_org.query(f"SELECT {path}.Name FROM Pool__c").total_size == 0
    with pytest.raises(SoqlError, match="Didn't understand relationship"):
        small_org.query(f"SELECT {path}.CreatedBy.Name FROM Pool__c")


def test_picklist_is_sorted_as_its_values_stand(small_org):
    for stage in ("interested", "Elsewhere", "New", None, "Contacted"):
        small_org.add("Person__c", Name="Ada", Stage__c=stage)
    found = small_org.query("SELECT Stage__c FROM Person__c ORDER BY Stage__c")
    assert [each["Stage__c"] for each in found] == [None, "New", "Contacted", "interested", "Elsewhere"]


def test_condition_on_the_label_of_a_picklist_value(filled):
    assert filled.names("toLabel(Stage__c) = 'new!'") == ["Ada"]
    assert filled.names("toLabel(Stage__c) IN ('New')") == []


def test_subqueries_stand_in_subqueries_since_version_58(filled):
    text = "SELECT Name, (SELECT Name, (SELECT Id FROM Tasks__r) FROM Memberships__r) FROM Person__c"
    with pytest.raises(SoqlError, match="more than 1 level away from the root entity object"):
        filled.query(text, version="57.0")
    with pytest.raises(SoqlError, match="Didn't understand relationship 'Tasks__r'"):
        filled.query(text, version="58.0")
