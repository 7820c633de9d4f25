"""S3: whatever stands in a value, a name or an order, a query stays the one query that was meant."""

import ast
import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.adapters.salesforce.names import Names
from integration.local.org.soql import parse
from integration.local.org.soql.tree import Value
from integration.soql import both, checked, compare, count, count_by, either, equals, found_as, is_in, select

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = [
    "x' OR Id != null OR City__c = '",
    "x\\' OR Id != null --",
    "\\",
    "\\\\'",
    "'",
    "''",
    '"',
    "x'; SELECT Id FROM User",
    "x') UNION SELECT Id FROM User --",
    "x' LIMIT 1 OFFSET 2000",
    "x' ORDER BY Name",
    "x' ALL ROWS",
    "x' FOR UPDATE",
    "x' WITH SECURITY_ENFORCED",
    "%' OR Name LIKE '%",
    "\n' OR Id != null",
    "\r\n",
    "\t\b\f",
    "\\n' OR '",
    "{!Id}",
    ":literal",
    "\u2019 OR 1=1",
    "\uff07 OR 1=1",
    "null",
    "IN ()",
    "SELECT__c",
]
NAMES = ["", " ", "Id, Name", "Id FROM User --", "Id) OR (Id != null", "(SELECT Id FROM Contacts)", "COUNT()", "Id;",
         "Id'", "City__c = 'x' OR Id", "a..b", ".a", "a.", "1a", "Ädresse", "Id\n", "FIELDS(ALL)",
         "-Id", "Id DESC NULLS LAST"]  # fmt: skip


def asked(value):
    """A query in whose every place for a value this one stands."""
    where = both(
        either(equals("City__c", value), compare("Title__c", "LIKE", value)),
        is_in("Email__c", [value]),
        compare("Region__c", "!=", value),
    )
    return select("Candidate__c", ["Id", "Pool__r.Name"], where=where, order_by=["-Name", "Id"], limit=5)


def shape(query, value):
    """The parsed query without its values and places, and the values as they were read."""
    read = []

    def walked(node):
        if isinstance(node, Value):
            read.append((node.kind, node.text))
            return "VALUE"
        if isinstance(node, tuple):
            return [walked(each) for each in node]
        if not dataclasses.is_dataclass(node):
            return node
        parts = {one.name: walked(getattr(node, one.name)) for one in dataclasses.fields(node)}
        return type(node).__name__, {name: part for name, part in parts.items() if not name.endswith("at")}

    return walked(parse(query)), read == [("string", value)] * 4


PLAIN = shape(asked("plain-value"), "plain-value")


@pytest.mark.parametrize("value", HOSTILE)
def test_S3_a_value_stays_one_value_of_the_same_query(value):
    assert PLAIN[1]
    assert shape(asked(value), value) == PLAIN


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_S3_any_text_stays_one_value_of_the_same_query(value):
    assert shape(asked(value), value) == PLAIN


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("namespace", ["", "wb"])
def test_S3_the_namespace_is_put_on_names_and_never_into_values(value, namespace):
    sent = Names(namespace).outgoing_soql(asked(value))
    tree, is_kept = shape(sent, value)
    assert is_kept
    assert str(tree).replace("wb__", "") == str(PLAIN[0])
    assert ("wb__City__c" in str(tree)) is bool(namespace)


@pytest.mark.parametrize("name", NAMES)
def test_S3_nothing_but_a_name_stands_where_a_name_stands(name):
    for make in (
        lambda: checked(name),
        lambda: select(name, ["Id"]),
        lambda: select("Candidate__c", [name]),
        lambda: select("Candidate__c", ["Id"], order_by=[f"-{name}"]),
        lambda: equals(name, "x"),
        lambda: is_in(name, ["x"]),
        lambda: count(name),
        lambda: count_by("Candidate__c", [name]),
        lambda: found_as("Candidate__c", [name], limit=1),
    ):
        with pytest.raises(ValueError, match="is not a field or object name"):
            make()


@pytest.mark.parametrize("operator", ["", "OR", "= 'x' OR Id =", "IN", "LIKE '%' OR Name LIKE"])
def test_S3_only_comparisons_stand_where_a_comparison_stands(operator):
    with pytest.raises(ValueError, match="is not a SOQL comparison"):
        compare("City__c", operator, "x")


def test_S3_a_limit_is_a_number():
    with pytest.raises(ValueError, match="invalid literal"):
        select("Candidate__c", ["Id"], limit="1 OFFSET 5")


DEPLOYED = [
    path
    for folder in ("integration", "lambdas")
    for path in (ROOT / folder).rglob("*.py")
    if not {"local", "bench", "demo"} & set(path.relative_to(ROOT).parts)
]
QUERY = re.compile(r"\b(SELECT\b.*\bFROM\b|FIND\s*\{|UPDATE\b.*\bSET\b|INSERT\s+INTO|DELETE\s+FROM)", re.DOTALL)


def glued(source):
    """Lines on which text of a query is put together with something else."""
    if not re.search(r"SELECT|FIND|UPDATE|INSERT|DELETE", source):
        return
    for node in filter(_is_glue, ast.walk(ast.parse(source))):
        constants = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
        if QUERY.search(" ".join(each for each in constants if isinstance(each, str))):
            yield node.lineno


def _is_glue(node):
    match node:
        case ast.JoinedStr() | ast.BinOp(op=ast.Add() | ast.Mod()):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "format_map" | "join")):
            return True
    return False


def test_S3_queries_are_put_together_in_one_place_only():
    found = {str(path.relative_to(ROOT)) for path in DEPLOYED if list(glued(path.read_text()))}
    assert found == {"integration/soql.py"}


@pytest.mark.parametrize(
    "source",
    [
        'f"SELECT Id FROM {x}"',
        '"SELECT Id FROM A WHERE b = \'" + x',
        '"SELECT %s FROM A" % x',
        '"SELECT {} FROM A".format(x)',
    ],
)
def test_S3_a_query_that_is_put_together_elsewhere_would_be_found(source):
    assert list(glued(f"y = {source}"))
