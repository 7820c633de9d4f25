"""Text search: statements, the words they look for, what they return, and the same by parameters."""

import pytest

from integration.local.org import sosl
from integration.local.org.soql import SoqlError


@pytest.fixture
def stocked(small):
    rows = [
        {"Name": "Gameplay Engineers", "Mail__c": "lead@games.example", "Text__c": "C++ and Unreal; knows <b>Lua</b>"},
        {"Name": "Engine Engineer", "Legacy__c": "ENG-77", "Text__c": "Übersetzer für Straße"},
        {"Name": "Artists", "Text__c": "Senior concept artist, no engineer at all"},
        {"Name": "Deleted engineer"},
    ]
    ids = [small.sf.Pool__c.create({**row, "Code__c": str(number)})["id"] for number, row in enumerate(rows)]
    small.sf.Member__c.create({"Pool__c": ids[0], "Note__c": "engineer"})
    small.sf.Pool__c.delete(ids[3])
    return small


def names(small, statement):
    answer = small.call("GET", "search", params={"q": statement})
    assert answer.status_code == 200, answer.text
    return sorted(row.get("Name") or row["Note__c"] for row in answer.json()["searchRecords"])


POOLS = "RETURNING Pool__c(Name)"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("engineer", ["Artists", "Engine Engineer"]),
        ("ENGINEERS", ["Gameplay Engineers"]),
        ("engine*", ["Artists", "Engine Engineer", "Gameplay Engineers"]),
        ("engineer?", ["Gameplay Engineers"]),
        ("e*r AND artist", ["Artists"]),
        ("concept engineer", ["Artists"]),
        ('"concept engineer"', []),
        ('"concept artist"', ["Artists"]),
        ("gameplay OR artist", ["Artists", "Gameplay Engineers"]),
        ("engineer AND NOT artist", ["Engine Engineer"]),
        ("(gameplay OR artist) AND NOT unreal", ["Artists"]),
        ("gameplay OR artist AND unreal", ["Gameplay Engineers"]),
        ("übersetzer", ["Engine Engineer"]),
        ("STRAßE", ["Engine Engineer"]),
        ("lead@games.example", ["Gameplay Engineers"]),
        ("eng-77", ["Engine Engineer"]),
        (r"C\+\+ unreal", ["Gameplay Engineers"]),
        ("deleted", []),
        ("Gameplay Engineers lead", ["Gameplay Engineers"]),
        ('"Engineers lead"', []),
    ],
)
def test_words_are_found(stocked, words, found):
    assert names(stocked, f"FIND {{{words}}} IN ALL FIELDS {POOLS}") == found


@pytest.mark.parametrize(
    ("group", "found"),
    [
        ("ALL", ["Artists", "Engine Engineer"]),
        ("NAME", ["Engine Engineer"]),
        ("EMAIL", []),
        ("PHONE", []),
        ("SIDEBAR", ["Engine Engineer"]),
    ],
)
def test_group_of_fields_narrows_the_search(stocked, group, found):
    assert names(stocked, f"FIND {{engineer}} IN {group} FIELDS {POOLS}") == found
    assert names(stocked, f"FIND {{games}} IN EMAIL FIELDS {POOLS}") == ["Gameplay Engineers"]


def test_every_searchable_object_is_searched_unless_named(stocked):
    records = stocked.call("GET", "search", params={"q": "FIND {engineer}"}).json()["searchRecords"]
    assert sorted(row["attributes"]["type"] for row in records) == ["Member__c", "Pool__c", "Pool__c"]
    assert all(set(row) == {"attributes", "Id"} for row in records)
    both = names(stocked, "FIND {engineer} RETURNING Member__c(Note__c), Pool__c(Name ORDER BY Name DESC)")
    assert both == ["Artists", "Engine Engineer", "engineer"]


def test_returned_rows_are_filtered_sorted_and_limited(stocked):
    statement = "FIND {engine*} RETURNING Pool__c(Name, toLabel(Kind__c) WHERE Name != 'Artists' ORDER BY Name {})"
    first = stocked.call("GET", "search", params={"q": statement.replace("{}", "DESC LIMIT 1")}).json()["searchRecords"]
    assert [row["Name"] for row in first] == ["Gameplay Engineers"]
    assert first[0]["Kind__c"] == "Static"
    after = stocked.call("GET", "search", params={"q": statement.replace("{}", "LIMIT 5 OFFSET 1")}).json()
    assert [row["Name"] for row in after["searchRecords"]] == ["Gameplay Engineers"]


def test_limit_of_the_whole_is_shared_out(stocked):
    statement = "FIND {engineer} RETURNING Pool__c(Id), Member__c(Id) LIMIT 2"
    records = stocked.call("GET", "search", params={"q": statement}).json()["searchRecords"]
    assert [row["attributes"]["type"] for row in records] == ["Pool__c", "Member__c"]


def test_old_versions_answer_a_bare_list(stocked):
    params = {"q": f"FIND {{gameplay}} {POOLS}"}
    old = stocked.call("GET", "/services/data/v36.0/search", params=params).json()
    assert [row["Name"] for row in old] == ["Gameplay Engineers"]
    assert old[0]["attributes"]["url"].startswith("/services/data/v36.0/sobjects/Pool__c/")


def test_stock_client_searches(stocked):
    assert len(stocked.sf.quick_search("gameplay")["searchRecords"]) == 1
    assert stocked.sf.search("FIND {nothing such}")["searchRecords"] == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (None, "MALFORMED_SEARCH"),
        ("", "MALFORMED_SEARCH"),
        ("engineer", "MALFORMED_SEARCH"),
        ("FIND engineer", "MALFORMED_SEARCH"),
        ("FIND {", "MALFORMED_SEARCH"),
        ("FIND {engineer", "MALFORMED_SEARCH"),
        ("FIND {}", "MALFORMED_SEARCH"),
        ("FIND {a}", "INVALID_SEARCH"),
        ("FIND {a*}", "INVALID_SEARCH"),
        ("FIND {*}", "INVALID_SEARCH"),
        ("FIND {*gineer}", "INVALID_SEARCH"),
        ("FIND {+-}", "INVALID_SEARCH"),
        (r"FIND {C\+\+}", "INVALID_SEARCH"),
        ("FIND {" + "x" * 10_001 + "}", "INVALID_SEARCH"),
        ("FIND {AND engineer}", "MALFORMED_SEARCH"),
        ("FIND {engineer AND}", "MALFORMED_SEARCH"),
        ("FIND {engineer OR OR artist}", "MALFORMED_SEARCH"),
        ("FIND {NOT engineer}", "MALFORMED_SEARCH"),
        ("FIND {(engineer}", "MALFORMED_SEARCH"),
        ("FIND {engineer)}", "MALFORMED_SEARCH"),
        ("FIND {" + "(" * 60 + "ab" + ")" * 60 + "}", "MALFORMED_SEARCH"),
        ('FIND {"engineer}', "MALFORMED_SEARCH"),
        ("FIND {engi~neer}", "MALFORMED_SEARCH"),
        ("FIND {{engineer}}", "MALFORMED_SEARCH"),
        ("FIND {engineer} IN SOME FIELDS", "MALFORMED_SEARCH"),
        ("FIND {engineer} IN ALL", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c(", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c()", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c(Id), Pool__c(Name)", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c(COUNT(Id))", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c(Id WHERE Id IN (SELECT Pool__c FROM Member__c))", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c(Id WHERE Text__c = 'x')", "INVALID_FIELD"),
        ("FIND {engineer} RETURNING Pool__c(Nope__c)", "INVALID_FIELD"),
        ("FIND {engineer} RETURNING Nope__c(Id)", "INVALID_TYPE"),
        ("FIND {engineer} RETURNING Changed__e(Id)", "INVALID_TYPE"),
        ("FIND {engineer} RETURNING Guard__c(Id)", "INVALID_TYPE_FOR_OPERATION"),
        ("FIND {engineer} RETURNING Pool__c(Id USING ListView = Recent)", "NOT_IMPLEMENTED"),
        ("FIND {engineer} WITH SNIPPET", "NOT_IMPLEMENTED"),
        ("FIND {engineer} WITH SPELL_CORRECTION", "MALFORMED_SEARCH"),
        ("FIND {engineer} LIMIT 0", "MALFORMED_SEARCH"),
        ("FIND {engineer} LIMIT 2001", "MALFORMED_SEARCH"),
        ("FIND {engineer} LIMIT 1 LIMIT 1", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c(Id LIMIT x)", "MALFORMED_SEARCH"),
        ("FIND {engineer} RETURNING Pool__c(Id LIMIT 1 OFFSET 2001)", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("FIND {engineer} UPDATE NOTHING", "MALFORMED_SEARCH"),
        ("FIND {" + "engineer} " + " " * 100_000, "MALFORMED_SEARCH"),
    ],
)
def test_bad_statement_is_refused(small, statement, code):
    if statement and len(statement) > 10_000:  # longer than an address may be
        with pytest.raises(SoqlError) as refusal:
            sosl.parse(statement)
        assert refusal.value.code == code
        return
    answer = small.call("GET", "search", params={"q": statement} if statement is not None else {})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code), answer.text


def test_refusal_shows_the_place(small):
    (error,) = small.call("GET", "search", params={"q": "FIND {engineer}\nIN SOME FIELDS"}).json()
    assert error["message"].endswith("ERROR at Row:2:Column:4\nunexpected token: 'SOME'")
    assert "FIND {engineer}" in error["message"]


@pytest.mark.parametrize(
    "statement",
    [
        "find {engineer} in all fields returning pool__c(name) limit 5",
        "FIND{engineer}RETURNING Pool__c(Name)WITH SPELL_CORRECTION = false LIMIT 5 UPDATE VIEWSTAT",
        "FIND {engineer} RETURNING Pool__c(Name ORDER BY Size__c DESC NULLS LAST, Name)",
    ],
)
def test_spelling_of_a_statement_is_free(stocked, statement):
    assert names(stocked, statement) == ["Artists", "Engine Engineer"]


def test_search_by_parameters_in_the_address(stocked):
    params = [
        ("q", "engine*"),
        ("sobject", "Pool__c"),
        ("sobject", "Member__c"),
        ("fields", "Id"),
        ("Pool__c.fields", "Name, Legacy__c"),
        ("Pool__c.where", "Name LIKE 'Engine%'"),
        ("Pool__c.limit", "5"),
        ("in", "ALL"),
        ("spellCorrection", "true"),
    ]
    records = stocked.call("GET", "parameterizedSearch", params=params).json()["searchRecords"]
    assert [set(row) - {"attributes"} for row in records] == [{"Name", "Legacy__c"}, {"Id"}]


def test_search_by_parameters_in_the_body(stocked):
    body = {
        "q": "engineer",
        "fields": ["Name"],
        "sobjects": [{"name": "Pool__c", "orderBy": "Name DESC"}, {"name": "Member__c", "fields": ["Note__c"]}],
        "in": "ALL",
        "overallLimit": 100,
        "defaultLimit": 10,
    }
    records = stocked.call("POST", "parameterizedSearch", json=body).json()["searchRecords"]
    assert [row.get("Name") or row["Note__c"] for row in records] == ["Engine Engineer", "Artists", "engineer"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "MISSING_ARGUMENT"),
        ([], 400, "JSON_PARSER_ERROR"),
        ({"q": 5}, 400, "MISSING_ARGUMENT"),
        ({"q": "a"}, 400, "INVALID_SEARCH"),
        ({"q": "ab AND"}, 400, "MALFORMED_SEARCH"),
        ({"q": "ab", "in": "SOME"}, 400, "INVALID_SEARCH_SCOPE"),
        ({"q": "ab", "in": ["ALL"]}, 400, "INVALID_SEARCH_SCOPE"),
        ({"q": "ab", "fields": ["Id"]}, 400, "MISSING_ARGUMENT"),
        ({"q": "ab", "sobjects": "Pool__c"}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [1]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [{}]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [{"name": "Pool__c(Id)"}]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [{"name": "Nope__c"}]}, 400, "INVALID_TYPE"),
        ({"q": "ab", "sobjects": [{"name": "Pool__c", "fields": []}]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [{"name": "Pool__c", "fields": [5]}]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [{"name": "Pool__c", "where": 5}]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [{"name": "Pool__c", "where": "Name ="}]}, 400, "MALFORMED_SEARCH"),
        ({"q": "ab", "sobjects": [{"name": "Pool__c", "limit": 0}]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "sobjects": [{"name": "Pool__c", "odd": 0}]}, 400, "INVALID_INPUT"),
        ({"q": "ab", "overallLimit": 2001}, 400, "INVALID_INPUT"),
        ({"q": "ab", "overallLimit": True}, 400, "INVALID_INPUT"),
        ({"q": "ab", "odd": 1}, 400, "INVALID_INPUT"),
        ({"q": "ab", "snippet": "target_length:120"}, 501, "FUNCTIONALITY_NOT_ENABLED"),
    ],
)
def test_bad_parameters_are_refused(small, body, status, code):
    answer = small.call("POST", "parameterizedSearch", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code), answer.text
