"""Formula fields in queries give what the evaluator gives."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.local.org.catalog import build
from integration.local.org.formula import Formulas, Frame, to_stored
from integration.local.org.soql import SoqlError, run
from integration.metadata.read import read
from integration.metadata.schema import Field

from .conftest import CONTEXT, catalog


class Asker:
    id = CONTEXT.user_id
    time_zone = CONTEXT.time_zone

    def can_query(self, object_name):
        return True

    def sees(self, info, table, bind):
        return ""

    def can_read(self, object_name, field_name):
        return True


def tables(known):
    connection = sqlite3.connect(":memory:")
    for info in known.objects.values():
        if not info.is_event:
            columns = ", ".join(f'"{each.name}" {each.column_type}' for each in info.stored)
            connection.execute(f'CREATE TABLE "{info.name}" ({columns})')
    return connection


def both(formula, kind, record, *, blanks_as_zero=True):
    """The field's value by SQL and by the evaluator."""
    known = catalog(Field("Result__c", "Result", kind, formula=formula, blanks_as_zero=blanks_as_zero))
    thing = known.objects["Thing__c"]
    connection = tables(known)
    pools = {"a00000000000001AAA": {"Id": "a00000000000001AAA", "Private__c": 1, "Size__c": 4.0, "IsDeleted": 0}}
    row = {"Id": "a01000000000001AAA", "IsDeleted": 0, "Flag__c": 0} | record
    for table, values in (("Thing__c", row), ("Pool__c", pools["a00000000000001AAA"])):
        names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
        connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(values.values()))
    result = run(connection, known, "SELECT Result__c FROM Thing__c", user=Asker(), now=CONTEXT.now)
    info = thing.fields["Result__c"]
    context = replace(CONTEXT, load=lambda object_name, record_id: pools.get(record_id))
    evaluated = Formulas(known).field(thing, info).value(Frame(row, None, context))
    shown = next(iter(result))["Result__c"]
    stored = to_stored(info, evaluated)
    return shown, stored.replace("Z", "+0000") if kind == "DateTime" and stored else stored


FULL = {
    "Text__c": "Ab c", "Other__c": "b", "Number__c": -2.5, "Count__c": 3.0, "Share__c": 25.0, "Flag__c": 1,
    "Stage__c": "New", "Topics__c": "a;b", "Day__c": "2026-11-23", "Until__c": "2026-12-24",
    "At__c": "2026-11-23T22:00:00.000Z", "Time__c": "09:30:00.000Z", "Pool__c": "a00000000000001AAA",
}  # fmt: skip

FORMULAS = [
    ("Text", 'Text__c & "-" & Other__c & TEXT(Stage__c)'),
    ("Text", 'LEFT(Text__c, 2) & RIGHT(Text__c, 2) & MID(Text__c, 2, 2)'),
    ("Text", 'SUBSTITUTE(UPPER(Text__c), "B", "x") & LOWER(TRIM("  Q "))'),
    ("Text", 'IF(CONTAINS(Text__c, "b"), "has", "has not") & IF(BEGINS(Text__c, "a"), "a", "A")'),
    ("Text", 'CASE(Stage__c, "New", "n", "Done", "d", "?") & CASE(Count__c, 3, "three", "other")'),
    ("Text", 'TEXT(Number__c) & TEXT(Count__c) & TEXT(Day__c) & TEXT(At__c) & TEXT(Time__c)'),
    ("Text", 'BLANKVALUE(Text__c, "none") & NULLVALUE(Other__c, "none")'),
    ("Text", 'CASESAFEID(Pool__c) & $User.Id'),
    ("Text", 'IF(ISPICKVAL(Stage__c, "New") && INCLUDES(Topics__c, "b"), "it\'s", "no")'),
    ("Number", "Number__c + Count__c * 2 - 1"),
    ("Number", "IF(Count__c > 0, Number__c / Count__c, null)"),
    ("Number", "ROUND(Number__c, 0) + FLOOR(Number__c) + CEILING(Number__c) + ABS(Number__c)"),
    ("Number", "MOD(Count__c, 2) + MIN(Count__c, 1) + MAX(Count__c, 5) + MIN(Number__c)"),
    ("Number", 'LEN(Text__c) + FIND("b", Text__c) + FIND("c", Text__c, 2)'),
    ("Number", "Until__c - Day__c"),
    ("Number", "(At__c - NOW()) * 24"),
    ("Number", "YEAR(Day__c) + MONTH(Day__c) + DAY(Day__c)"),
    ("Number", "BLANKVALUE(Number__c, 7)"),
    ("Number", "Share__c * 100"),
    ("Percent", "IF(Count__c = 0, 0, 1 / Count__c)"),
    ("Percent", "Share__c"),
    ("Checkbox", "NOT(Pool__r.Private__c)"),
    ("Checkbox", "Pool__r.Size__c > 3 || ISBLANK(Text__c)"),
    ("Checkbox", "Day__c <= TODAY()"),
    ("Checkbox", "ISNULL(Number__c)"),
    ("Checkbox", 'Text__c = "ab C"'),
    ("Checkbox", 'Text__c <> Other__c'),
    ("Date", "Day__c + 30"),
    ("Date", "DATE(2026, Count__c, 31)"),
    ("Date", "TODAY()"),
    ("DateTime", "At__c + 0.25"),
    ("DateTime", "NOW() - 1"),
]  # fmt: skip


@pytest.mark.parametrize("blanks_as_zero", [True, False])
@pytest.mark.parametrize("record", [FULL, {}], ids=["full", "empty"])
@pytest.mark.parametrize(("kind", "formula"), FORMULAS)
def test_query_and_evaluator_agree(kind, formula, record, blanks_as_zero):
    shown, evaluated = both(formula, kind, record, blanks_as_zero=blanks_as_zero)
    assert shown == pytest.approx(evaluated) if isinstance(evaluated, float) else shown == evaluated


NUMBERS = st.recursive(
    st.sampled_from(["Number__c", "Count__c", "Share__c", "1", "0", "2.5", "LEN(Text__c)", "null"]),
    lambda inner: (
        st.tuples(st.sampled_from("+-*/"), inner, inner).map(lambda each: f"({each[1]} {each[0]} {each[2]})")
        | st.tuples(st.sampled_from(["MIN", "MAX", "BLANKVALUE", "MOD"]), inner, inner).map(
            lambda each: f"{each[0]}({each[1]}, {each[2]})"
        )
        | st.tuples(st.sampled_from(["FLOOR", "CEILING", "ABS", "-"]), inner).map(lambda each: f"{each[0]}({each[1]})")
    ),
    max_leaves=5,
)
TESTS = st.recursive(
    st.tuples(NUMBERS, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), NUMBERS).map(" ".join)
    | st.sampled_from(["Flag__c", "ISBLANK(Text__c)", "Text__c = Other__c", "Pool__r.Private__c", "Day__c < Until__c"]),
    lambda inner: (
        st.tuples(st.sampled_from(["AND", "OR"]), inner, inner).map(lambda each: f"{each[0]}({each[1]}, {each[2]})")
        | inner.map(lambda each: f"NOT({each})")
    ),
    max_leaves=4,
)
TEXTS = st.none() | st.text("aAb", min_size=1, max_size=2)
RECORDS = st.fixed_dictionaries(
    {
        "Text__c": TEXTS,
        "Other__c": TEXTS,
        "Number__c": st.none() | st.sampled_from([-2.5, 0.0, 1.0, 4.0]),
        "Count__c": st.none() | st.sampled_from([0.0, 1.0, 3.0]),
        "Share__c": st.none() | st.sampled_from([0.0, 50.0]),
        "Flag__c": st.sampled_from([0, 1]),
        "Day__c": st.none() | st.just("2026-11-23"),
        "Until__c": st.none() | st.just("2026-12-24"),
        "Pool__c": st.none() | st.just("a00000000000001AAA"),
    }
)


@settings(max_examples=60, deadline=None)
@given(test=TESTS, record=RECORDS, blanks_as_zero=st.booleans())
def test_random_conditions_agree(test, record, blanks_as_zero):
    shown, evaluated = both(test, "Checkbox", record, blanks_as_zero=blanks_as_zero)
    assert shown == evaluated


@pytest.mark.parametrize("formula", ['REGEX(Text__c, "a+")', "Number__c ^ 2 > 1", "$Permission.Service"])
def test_what_sql_cannot_compute_is_refused(formula):
    with pytest.raises(SoqlError, match=r"The formula of Thing__c\.Result__c cannot be used") as refused:
        both(formula, "Checkbox", FULL)
    assert refused.value.code == "NOT_IMPLEMENTED"


def test_every_formula_field_of_the_metadata_can_be_queried():
    known = build(read(Path(__file__).parents[3] / "sf_metadata/main/default"))
    connection = tables(known)
    computed = [
        (info.name, each.name) for info in known.objects.values() for each in info.fields.values() if each.formula
    ]
    for object_name, field_name in computed:
        text = f"SELECT {field_name} FROM {object_name}"
        assert run(connection, known, text, user=Asker(), now=CONTEXT.now).total_size == 0
