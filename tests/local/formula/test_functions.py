"""What each function and operator gives."""

from datetime import UTC, date, datetime

import pytest


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('LEFT("abc", 2)', "ab"),
        ('LEFT("abc", 9)', "abc"),
        ('LEFT("abc", -1)', None),
        ('RIGHT("abc", 2)', "bc"),
        ('RIGHT("abc", 9)', "abc"),
        ('RIGHT("abc", 0)', None),
        ('MID("abcdef", 2, 3)', "bcd"),
        ('TRIM("  a b ")', "a b"),
        ('UPPER("aé")', "AÉ"),
        ('LOWER("AÉ")', "aé"),
        ('LEN("abc")', 3),
        ("LEN(Text__c)", 0),
        ('CONTAINS("abc", "b")', True),
        ('CONTAINS("abc", "B")', False),
        ('BEGINS("abc", "ab")', True),
        ('SUBSTITUTE("a-b-c", "-", "+")', "a+b+c"),
        ('FIND("c", "abc")', 3),
        ('FIND("a", "aba", 2)', 3),
        ('FIND("x", "abc")', 0),
        ('TEXT(12) & "|" & TEXT(1.5)', "12|1.5"),
        ("TEXT(DATE(2026, 1, 2))", "2026-01-02"),
        ("TEXT(NOW())", "2026-11-23 23:30:15Z"),
        ('VALUE("12.5")', 12.5),
        ('VALUE("x")', None),
        ('REGEX("AB12", "[A-Z]{2}\\\\d+")', True),
        ('REGEX("AB12x", "[A-Z]{2}\\\\d+")', False),
        ('CASESAFEID("00D000000000001")', "00D000000000001EAA"),
        ('CASESAFEID("not an id")', "not an id"),
        ('"a" & Text__c & "b"', "ab"),
        ('"a" + "b"', "ab"),
        ("1 + 2 * 3 - 4 / 2", 5),
        ("(1 + 2) * 3", 9),
        ("2 ^ 3 ^ 1", 8),
        ("-2 * -3", 6),
        ("1 / 0", None),
        ("ROUND(2.5, 0)", 3),
        ("ROUND(-2.5, 0)", -3),
        ("ROUND(1.005, 2)", 1.01),
        ("FLOOR(2.9)", 2),
        ("FLOOR(-2.9)", -2),
        ("CEILING(2.1)", 3),
        ("CEILING(-2.1)", -3),
        ("ABS(-2)", 2),
        ("MOD(7, 3)", 1),
        ("MOD(7, 0)", None),
        ("MIN(3, 1, 2)", 1),
        ("MAX(3, 1, 2)", 3),
        ("AND(true, 1 = 1)", True),
        ("OR(false, 1 = 2)", False),
        ("true && !false || false", True),
        ("NOT(1 <> 1)", True),
        ("1 == 1", True),
        ("1 != 1", False),
        ('IF(1 > 2, "a", "b")', "b"),
        ('CASE(2, 1, "one", 2, "two", "many")', "two"),
        ('CASE(9, 1, "one", "many")', "many"),
        ('BLANKVALUE(Text__c, "x")', "x"),
        ("BLANKVALUE(Number__c, 7)", 7),
        ("NULLVALUE(Number__c, 7)", 7),
        ("ISBLANK(Text__c)", True),
        ("ISNULL(Text__c)", False),
        ("ISNULL(Number__c)", True),
        ("DATE(2026, 2, 30)", None),
        ("DATE(2026, 3, 1) - 1", date(2026, 2, 28)),
        ("DATE(2026, 3, 1) - DATE(2026, 2, 1)", 28),
        ("1 + DATE(2026, 3, 1)", date(2026, 3, 2)),
        ("NOW() + 0.5", datetime(2026, 11, 24, 11, 30, 15, tzinfo=UTC)),
        ("TODAY()", date(2026, 11, 24)),
        ("YEAR(TODAY()) * 100 + MONTH(TODAY())", 202611),
        ("ADDMONTHS(DATE(2026, 1, 31), 1)", date(2026, 2, 28)),
        ("ADDMONTHS(DATE(2026, 2, 28), 1)", date(2026, 3, 31)),
        ('DATEVALUE("2026-05-06")', date(2026, 5, 6)),
        ("DATEVALUE(NOW())", date(2026, 11, 24)),
        ("$Permission.Service", True),
        ("$Permission.Other", False),
        ("$User.Id", "005000000000001AAA"),
        ("$Organization.Id", "00D000000000001"),
        ("$Label.Hello", "Hello there"),
        ('/* why */ "a" /* more */', "a"),
        (r'"it\"s"', 'it"s'),
        ("'single'", "single"),
    ],
)
def test_formula_gives(evaluate, text, result):
    assert evaluate(text) == result


@pytest.mark.parametrize(
    ("text", "record", "result"),
    [
        ('Text__c = "a"', {"Text__c": "a"}, True),
        ('Text__c = "A"', {"Text__c": "a"}, False),
        ('Text__c = ""', {"Text__c": None}, True),
        ("Text__c = null", {"Text__c": ""}, True),
        ('Text__c <> "a"', {"Text__c": None}, True),
        ("Number__c > 1", {"Number__c": None}, False),
        ("Number__c <= 1", {"Number__c": None}, False),
        ("Number__c + 1", {"Number__c": None}, None),
        ("Number__c = null", {"Number__c": None}, True),
        ("Number__c = 0", {"Number__c": None}, False),
        ("Share__c", {"Share__c": 25.0}, 0.25),
        ("NOT(Flag__c)", {"Flag__c": None}, True),
        ("Flag__c = false", {"Flag__c": None}, True),
        ('ISPICKVAL(Stage__c, "New")', {"Stage__c": "New"}, True),
        ('ISPICKVAL(Stage__c, "")', {"Stage__c": None}, True),
        ('TEXT(Stage__c) & "!"', {"Stage__c": "New"}, "New!"),
        ('CASE(Stage__c, "New", 1, "Done", 2, 0)', {"Stage__c": "Done"}, 2),
        ('INCLUDES(Topics__c, "b")', {"Topics__c": "a;b"}, True),
        ("Day__c + 7", {"Day__c": "2026-11-23"}, date(2026, 11, 30)),
        ("Until__c - Day__c", {"Day__c": "2026-11-23", "Until__c": "2026-12-01"}, 8),
        ("Until__c - Day__c", {"Day__c": None, "Until__c": "2026-12-01"}, None),
        ("Day__c < TODAY()", {"Day__c": "2026-11-23"}, True),
        ("At__c > NOW()", {"At__c": "2026-11-24T00:00:00.000Z"}, True),
        ("TEXT(At__c)", {"At__c": "2026-11-24T00:00:00.000Z"}, "2026-11-24 00:00:00Z"),
        ("TEXT(Time__c)", {"Time__c": "09:30:00.000Z"}, "09:30:00.000"),
        ("$Record.Text__c", {"Text__c": "a"}, "a"),
        ("{!$Record.Text__c}", {"Text__c": "a"}, "a"),
    ],
)
def test_field_is_read(evaluate, text, record, result):
    assert evaluate(text, **record) == result


def test_only_the_chosen_branch_runs(evaluate):
    assert evaluate("IF(Number__c = 0, 0, 10 / Number__c)", Number__c=0.0) == 0


def test_path_reads_the_parent(evaluate):
    evaluate.rows["a01"] = {"Private__c": True, "Size__c": 4.0}
    assert evaluate("Pool__r.Private__c", Pool__c="a01") is True
    assert evaluate("Pool__r.Size__c * 2", Pool__c="a01") == 8
    assert evaluate("Pool__r.Private__c", Pool__c=None) is False
    assert evaluate("ISBLANK(Pool__r.Size__c)", Pool__c=None) is True


def test_changes_are_seen_against_the_earlier_record(evaluate):
    before = {"Stage__c": "New", "Number__c": 1.0}
    assert evaluate("ISCHANGED(Stage__c)", before, Stage__c="Done") is True
    assert evaluate("ISCHANGED(Stage__c)", before, Stage__c="New") is False
    assert evaluate("ISCHANGED(Count__c)", before, Count__c=0.0) is True
    assert evaluate("ISCHANGED(Text__c)", before, Text__c="") is False
    assert evaluate("PRIORVALUE(Number__c) + 1", before, Number__c=9.0) == 2
    assert evaluate("ISNEW()", before) is False
    assert evaluate('ISPICKVAL(PRIORVALUE(Stage__c), "New")', before, Stage__c="Done") is True
    assert evaluate("$Record__Prior.Number__c", before, Number__c=9.0) == 1


def test_new_record_has_no_changes_and_is_its_own_past(evaluate):
    assert evaluate("ISNEW()") is True
    assert evaluate("ISCHANGED(Stage__c)", Stage__c="Done") is False
    assert evaluate("PRIORVALUE(Number__c)", Number__c=9.0) == 9
    assert evaluate("ISBLANK($Record__Prior.Number__c)", Number__c=9.0) is True
