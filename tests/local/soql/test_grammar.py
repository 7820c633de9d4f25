"""What the grammar takes and refuses, by the platform's rules."""

import pytest

from integration.local.org.soql import SoqlError, parse
from integration.local.org.soql.tree import Column, Comparison, Group, Not, Path
from integration.soql import quote

ACCEPTED = [
    "SELECT Id FROM Account",
    "select id from account where name = 'x' order by name desc nulls last limit 10 offset 5",
    "SELECT a.Name FROM Account a WHERE a.Name LIKE 'A%'",
    "SELECT Id FROM Account order",
    "SELECT Id FROM Account offset WHERE x = 1 OFFSET 5",
    "SELECT foo1, abc1 FROM Account WHERE foo1 = 'USD5'",
    "SELECT Group, Order, Limit FROM Account",
    "SELECT Id FROM Account WHERE x = 1 AND (NOT y > 0)",
    "SELECT Id FROM Account WHERE NOT x = 1",
    "SELECT Id FROM Account WHERE NOT (x = 1 AND y = 2)",
    "SELECT Id FROM Account WHERE (a = 1 AND b = 2) OR (c = 3)",
    "SELECT Id FROM Account WHERE x IN ('a', 'b') AND y NOT IN (1, -2.5, +3, .5)",
    "SELECT Id FROM Account WHERE x INCLUDES ('a;b', 'c') OR x EXCLUDES ('d')",
    "SELECT Id, (SELECT Id FROM Contacts) FROM Account FOR VIEW",
    "SELECT Id FROM Account WITH USER_MODE LIMIT 1 FOR UPDATE",
    "SELECT Id FROM Account WITH SECURITY_ENFORCED ORDER BY Name ASC NULLS FIRST FOR REFERENCE UPDATE TRACKING",
    "SELECT COUNT() FROM Account ALL ROWS",
    "SELECT FIELDS(STANDARD) FROM Account",
    "SELECT Stage, COUNT(Id) n FROM Account GROUP BY Stage HAVING COUNT(Id) > 1",
    "SELECT Id FROM Account WHERE d = LAST_N_DAYS:30 AND e >= N_MONTHS_AGO:2 AND f < NEXT_FISCAL_QUARTER",
    "SELECT Id FROM Account WHERE d = 2026-11-23 AND e = 2026-11-23T10:00:00Z AND t = 10:00:00.000Z",
    "SELECT Id FROM Account WHERE e > 2026-11-23T10:00:00.000+01:00",
    "SELECT TYPEOF What WHEN Account THEN Name, Phone WHEN Lead THEN Id ELSE Name END FROM Event",
    "SELECT Id FROM Account USING SCOPE Mine WHERE x = 1",
    "SELECT Id FROM Contact c, c.Account a, a.Owner WHERE a.Name = 'x'",
    "SELECT Title FROM Question WITH DATA CATEGORY Place__c AT Cork__c AND Topic__c ABOVE (A__c, B__c) LIMIT 1",
    "SELECT a, GROUPING(a), COUNT(Id) FROM Account GROUP BY ROLLUP(a, b) HAVING COUNT(Id) > 1",
    "SELECT a, COUNT(Id) FROM Account GROUP BY CUBE(a)",
    "SELECT Id, DISTANCE(Geo__c, GEOLOCATION(1, -1.5), 'mi') d FROM A WHERE DISTANCE(Geo__c, Other__c, 'km') < 5",
    "SELECT FORMAT(Amount) f, FORMAT(convertCurrency(Amount)) c, FORMAT(MIN(x)) FROM Account",
    "SELECT Id FROM Account WHERE x = USD5000 AND y IN (EUR10.50, usd-3)",
    "SELECT Id FROM Account WHERE d = LAST_N_DAYS:-3",
    "SELECT TYPEOF, FIELDS, COUNT FROM Account",
    r"SELECT Id FROM Account WHERE n = 'it\'s \"q\" \\ \n \u00e9'",
]

REFUSED = {
    "": "<EOF>",
    "SELECT FROM Account": "FROM",
    "SELECT Id FROM Account WHERE": "<EOF>",
    "SELECT Id, FROM Account": "FROM",
    "SELECT Id FROM Account LIMIT -1": "-1",
    "SELECT Id FROM Account LIMIT 'a'": "'a'",
    "SELECT Id FROM Account WHERE a = 1 AND b = 2 OR c = 3": "OR",
    "SELECT Id FROM Account WHERE a = 1 OR b = 2 AND c = 3": "AND",
    "SELECT Id FROM Account WHERE x = 1 AND NOT (y > 0)": "NOT",
    "SELECT Id FROM Account WHERE NOT x = 1 AND y = 2": "AND",
    "SELECT Id FROM Account WHERE NOT NOT x = 1": "NOT",
    "SELECT Id FROM Account WHERE x IN ()": ")",
    "SELECT Id FROM Account WHERE x == 1": "=",
    "SELECT Id FROM Account AS a": "AS",
    "SELECT Id FROM Account group": "<EOF>",
    "SELECT null FROM Account": "null",
    "SELECT SUM(SUM(x)) FROM Account": "(",
    "SELECT Id FROM Account WHERE x = 1e3": "e3",
    "SELECT Id FROM Account WHERE x = USD": "USD",
    "SELECT Id FROM Account WHERE x = USD 5": "USD",
    "SELECT Id FROM Account UPDATE TRACKING FOR VIEW": "FOR",
    "SELECT (SELECT Id FROM Contacts ALL ROWS) FROM Account": "ALL",
    "SELECT Id FROM Account WHERE x = LAST_N_DAYS": "LAST_N_DAYS",
    "SELECT Id FROM Account WHERE x = TODAY:3": ":",
    "SELECT Id FROM Account ORDER Name": "Name",
    "SELECT Id FROM Account LIMIT 1 WHERE x = 1": "WHERE",
    "SELECT Id FROM Account; DROP TABLE Account": ";",
    "SELECT UNKNOWN(Id) FROM Account": "UNKNOWN",
    'SELECT Id FROM Account WHERE x = "a"': '"',
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_query_is_accepted(text):
    assert parse(text).items


@pytest.mark.parametrize(("text", "token"), REFUSED.items())
def test_unexpected_token_is_named(text, token):
    with pytest.raises(SoqlError) as refused:
        parse(text)
    assert refused.value.code == "MALFORMED_QUERY"
    assert refused.value.message.endswith(f"\nunexpected token: '{token}'")


def test_error_points_at_row_and_column():
    with pytest.raises(SoqlError) as refused:
        parse("SELECT Id\nFROM Account\nWHERE LIMIT 1")
    snippet, pointer = refused.value.message.split("\n")[1:3]
    assert "ERROR at Row:3:Column:13\n" in refused.value.message
    assert snippet[pointer.index("^") :].startswith("1")


def test_unterminated_string_is_refused():
    with pytest.raises(SoqlError, match="unterminated string"):
        parse("SELECT Id FROM Account WHERE Name = 'x")


def test_unknown_escape_is_refused():
    with pytest.raises(SoqlError, match="Illegal character sequence"):
        parse(r"SELECT Id FROM Account WHERE Name = '\q'")


def test_query_of_more_than_100000_characters_is_refused():
    with pytest.raises(SoqlError, match="cannot be longer than 100000"):
        parse(f"SELECT Id FROM Account WHERE Name = '{'x' * 100_000}'")


def test_conditions_keep_their_structure():
    where = parse("SELECT Id FROM A WHERE (a = 1 OR b <> 2) AND (NOT c LIKE 'x')").where
    assert isinstance(where, Group)
    assert where.operator == "AND"
    either, negated = where.conditions
    assert isinstance(either, Group)
    assert isinstance(either.conditions[1], Comparison)
    assert either.conditions[1].operator == "!="
    assert isinstance(negated, Not)


def test_a_name_of_letters_and_digits_is_a_field():
    item = parse("SELECT foo1 FROM A").items[0]
    assert isinstance(item, Column)
    assert isinstance(item.expression, Path)
    assert item.expression.names == ("foo1",)


@pytest.mark.parametrize("number", [1e-05, 1e16, -2.5, 7])
def test_numbers_of_the_products_builder_are_numbers(number):
    where = parse(f"SELECT Id FROM A WHERE x = {quote(number)}").where
    assert isinstance(where, Comparison)
    assert float(where.right.text) == number


@pytest.mark.parametrize("end", ["WHERE x = :bound", "WHERE x IN :bound", "LIMIT :bound"])
def test_bind_variable_is_refused_by_name(end):
    with pytest.raises(SoqlError, match="Bind variables only allowed in Apex code"):
        parse(f"SELECT Id FROM Account {end}")
