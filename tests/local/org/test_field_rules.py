"""What the org accepts in a field and how it words what it refuses."""

import pytest


def test_missing_required_fields_are_named_together(small):
    code, message, fields = small.refusal("Member__c", {})
    assert (code, message) == ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Pool__c, Note__c]")
    assert fields == ["Pool__c", "Note__c"]


def test_record_without_a_name_is_named_after_its_id(small):
    record_id = small.sf.Pool__c.create({})["id"]
    assert small.sf.Pool__c.get(record_id)["Name"] == record_id[:15]


@pytest.mark.parametrize(
    ("values", "code", "message", "field"),
    [
        ({"Key__c": "x" * 21}, "STRING_TOO_LONG", f"Key: data value too large: {'x' * 21} (max length=20)", "Key__c"),
        (
            {"Kind__c": "Odd"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Kind: bad value for restricted picklist field: Odd",
            "Kind__c",
        ),
        (
            {"Tags__c": "Red;Odd"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Tags: bad value for restricted picklist field: Odd",
            "Tags__c",
        ),
        ({"Mail__c": "a@b"}, "INVALID_EMAIL_ADDRESS", "Mail: invalid email address: a@b", "Mail__c"),
        ({"Mail__c": "a..b@c.de"}, "INVALID_EMAIL_ADDRESS", "Mail: invalid email address: a..b@c.de", "Mail__c"),
        (
            {"Size__c": 1000},
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Size: value outside of valid range on numeric field: 1000",
            "Size__c",
        ),
        (
            {"Geo__Latitude__s": 91},
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Geo (Latitude): value outside of valid range on numeric field: 91",
            "Geo__Latitude__s",
        ),
        ({"Parent__c": "abc"}, "MALFORMED_ID", "Parent: id value of incorrect type: abc", "Parent__c"),
        ({"Size__c": 101}, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Keep it small.", "Size__c"),
    ],
)
def test_bad_value_is_refused_in_the_orgs_words(small, values, code, message, field):
    assert small.refusal("Pool__c", {"Name": "x", **values}) == (code, message, [field])


@pytest.mark.parametrize("name", ["CreatedDate", "IsDeleted", "Label__c", "SystemModstamp"])
def test_fields_of_the_system_cannot_be_written(small, name):
    code, message, fields = small.refusal("Pool__c", {name: None})
    assert (code, fields) == ("INVALID_FIELD_FOR_INSERT_UPDATE", [name])
    assert message.startswith(f"Unable to create/update fields: {name}. ")


def test_unknown_field_is_refused(small):
    wanted = ("INVALID_FIELD", "No such column 'Foo__c' on sobject of type Pool__c", None)
    assert small.refusal("Pool__c", {"Foo__c": 1}) == wanted


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Size__c", "abc"),
        ("Size__c", True),
        ("Size__c", [1]),
        ("Size__c", 10**400),
        ("Closes_On__c", "31.02.2026"),
        ("Closes_On__c", "2026-02-31"),
        ("Seen_At__c", "yesterday"),
        ("Seen_At__c", "2026-02-28T25:00:00Z"),
        ("From__c", "9 o'clock"),
        ("Open__c", "perhaps"),
        ("Open__c", "true"),
        ("open__c", "FALSE"),
        ("Open__c", 1),
    ],
)
def test_value_of_the_wrong_type_is_no_json_for_the_org(small, field, value):
    code, message, _ = small.refusal("Pool__c", {field: value})
    assert code == "JSON_PARSER_ERROR"
    assert message.startswith("Cannot deserialize instance of ")
    assert field.lower() in message.lower()


@pytest.mark.parametrize(
    ("field", "given", "held"),
    [
        ("Key__c", "  k  ", "k"),
        ("Key__c", "", None),
        ("Key__c", 12, "12"),
        ("Text__c", " kept \n", " kept \n"),
        ("Text__c", "\ud800 half", "? half"),
        ("Name", "Zo\u00eb\0 \U0001f642 \u202e", "Zo\u00eb \U0001f642 \u202e"),
        ("Size__c", "12.345", 12.35),
        ("Size__c", 3, 3.0),
        ("Size__c", 0.125, 0.13),
        ("Size__c", -0.125, -0.13),
        ("Open__c", None, False),
        ("Tags__c", "Red; Green;", "Red;Green"),
        ("Colour__c", "Any", "Any"),
        ("Seen_At__c", "2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00.000+0000"),
        ("Seen_At__c", "2026-03-01T12:00:00.987+0000", "2026-03-01T12:00:00.000+0000"),
        ("Seen_At__c", "2026-03-01", "2026-03-01T00:00:00.000+0000"),
        ("Closes_On__c", "2026-03-01", "2026-03-01"),
        ("Closes_On__c", None, None),
        ("From__c", "09:30:00", "09:30:00.000Z"),
        ("Kind__c", None, None),
    ],
)
def test_value_is_held_as_the_org_holds_it(small, field, given, held):
    assert small.value(field, {field: given}) == held


def test_geolocation_is_written_in_parts_and_read_whole(small):
    parts = {"Geo__Latitude__s": 51.9, "Geo__Longitude__s": -8.47}
    assert small.value("Geo__c", parts) == {"latitude": 51.9, "longitude": -8.47}


def test_defaults_fill_what_is_left_out(small):
    small.app.set_clock(0)
    read = small.sf.Pool__c.get(small.sf.Pool__c.create({"Name": "x"})["id"])
    assert (read["Kind__c"], read["Open__c"]) == ("Static", True)
    assert read["Closes_On__c"] > read["CreatedDate"][:10]


def test_automatic_numbers_count_on(small):
    pool = small.sf.Pool__c.create({"Name": "x"})["id"]
    made = [small.sf.Member__c.create({"Pool__c": pool, "Note__c": "n"})["id"] for _ in range(2)]
    names = [small.sf.Member__c.get(record_id)["Name"] for record_id in made]
    assert names == ["M-0001", "M-0002"]


def test_unique_value_ignores_case_unless_told(small):
    first = small.sf.Pool__c.create({"Name": "x", "Key__c": "abc", "Code__c": "abc"})["id"]
    message = f"duplicate value found: Key__c duplicates value on record with id: {first[:15]}"
    assert small.refusal("Pool__c", {"Key__c": "ABC"}) == ("DUPLICATE_VALUE", message, ["Key__c"])
    assert small.sf.Pool__c.create({"Code__c": "ABC"})["success"]
    assert small.refusal("Pool__c", {"Code__c": "abc"})[0] == "DUPLICATE_VALUE"


def test_unique_value_of_a_deleted_record_is_free_again(small):
    small.sf.Pool__c.delete(small.sf.Pool__c.create({"Key__c": "abc"})["id"])
    assert small.sf.Pool__c.create({"Key__c": "abc"})["success"]


def test_record_may_keep_its_own_unique_value(small):
    record_id = small.sf.Pool__c.create({"Name": "x", "Key__c": "abc"})["id"]
    assert small.sf.Pool__c.update(record_id, {"Name": "y", "Key__c": "abc"}) == 204


def test_rule_sees_what_was_before(small):
    record_id = small.sf.Pool__c.create({"Code__c": "abc"})["id"]
    answer = small.call("PATCH", f"sobjects/Pool__c/{record_id}", json={"Code__c": "new"})
    error = {"message": "The code stays.", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": []}
    assert (answer.status_code, answer.json()) == (400, [error])
