"""The statements of the fidelity gate, without the parsers that judge it."""

import random

import pytest

from integration.local.fidelity._check import Check
from integration.local.fidelity.soql import accepted
from integration.local.fidelity.soql.accepted import Case, collected, is_whole, judged
from integration.local.fidelity.soql.generator import Generator
from integration.local.fidelity.soql.mutations import MUTATIONS
from integration.local.fidelity.soql.oracles import Verdicts
from integration.local.fidelity.soql.rules import is_accepted, rule_for
from integration.local.fidelity.soql.unparse import words


def test_the_collection_is_large():
    assert len(collected("valid")) >= 300
    assert len(collected("invalid")) >= 120


@pytest.mark.parametrize(("name", "expected"), [("valid", True), ("invalid", False)])
def test_collected_statements_are_judged_as_a_real_org_does(name, expected):
    assert [text for text in collected(name) if is_accepted(text) is not expected] == []


def test_what_is_accepted_is_understood_whole():
    assert [text for text in collected("valid") if not is_whole(text)] == []


def test_a_word_that_is_lost_is_noticed():
    assert words("SELECT Id FROM A WHERE x = 'a'") != words("SELECT Id FROM A WHERE x = 'b'")
    assert words("SELECT Id FROM A LIMIT 1") != words("SELECT Id FROM A")


def test_generated_statements_are_the_same_each_time():
    first, second = Generator(7), Generator(7)
    assert [first.statement() for _ in range(20)] == [second.statement() for _ in range(20)]


@pytest.mark.parametrize("name", MUTATIONS)
def test_any_text_can_be_damaged(name):
    for text in ("", " ", "x", "SELECT Id FROM Account WHERE Name = 'it\\'s'"):
        for seed in range(20):
            assert isinstance(MUTATIONS[name](text, random.Random(seed)), str)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("SELECT Id FROM A group WHERE x = 1", "GROUP as an alias"),
        ("SELECT Id FROM A WHERE x = ('a', 'b') AND y = 1", "a list or subquery after a comparison"),
        ("SELECT Id FROM A WHERE x = (SELECT Id FROM B)", "a list or subquery after a comparison"),
        ("SELECT Id FROM A WHERE x IN 'a'", "a single value after IN, INCLUDES or EXCLUDES"),
        ("SELECT Id FROM A WHERE x IN 2026-11-26T10:20:30Z", "a single value after IN, INCLUDES or EXCLUDES"),
        ("SELECT Id FROM A WHERE x INCLUDES (SELECT Id FROM B)", "a single value after IN, INCLUDES or EXCLUDES"),
        ("SELECT I\u2028d FROM A", "U+2028 outside quotes"),
    ],
)
def test_difference_is_put_down_to_its_rule(text, rule):
    found = rule_for(text)
    assert found is not None
    assert found.name == rule


def test_other_faults_in_the_same_statement_are_not_put_down_to_a_rule():
    assert rule_for("SELECT Id FROM A group WHERE x = = 1") is None


BOTH, ONE, NONE = Verdicts(True, True), Verdicts(True, False), Verdicts(False, False)


@pytest.mark.parametrize(
    ("case", "verdict", "failed"),
    [
        (Case("SELECT Id FROM A", ("a",)), BOTH, []),
        (Case("SELECT Id FROM A", ("a",)), ONE, []),
        (Case("SELECT Id FROM A", ("a",)), NONE, ["a"]),
        (Case("SELECT Id FROM", ("a",)), BOTH, ["a"]),
        (Case("SELECT Id FROM A group", ("a",)), BOTH, ["rule: GROUP as an alias"]),
        (Case("SELECT Id FROM A", ("a",), expected=False), BOTH, ["a"]),
        (Case("SELECT Id FROM", ("a",), expected=True), ONE, ["a"]),
    ],
)
def test_the_org_must_agree_with_a_parser_and_with_what_is_known(case, verdict, failed):
    assert [check.id for check in judged([case], [verdict]) if not check.passed] == failed


def test_checks_are_named_by_construct():
    ids = {check for case in accepted._generated() for check in case.checks}
    assert {"generated: TYPEOF", "generated: semi-join", "mutated: token deleted"} <= ids
    assert len(ids) < 60
    assert all(isinstance(check, Check) for check in judged([], []))
