"""What is wrong with a formula is told when it is loaded."""

import pytest

from integration.local.org.catalog import FieldInfo
from integration.local.org.formula import FormulaError, Formulas, parse
from integration.metadata.schema import Field

from .conftest import catalog


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("VLOOKUP(Text__c)", "the function VLOOKUP is not known"),
        ("LEFT(Text__c)", "LEFT takes 2 arguments, not 1"),
        ("TODAY(1)", "TODAY takes 0 arguments, not 1"),
        ("Nope__c", "Thing__c has no field Nope__c"),
        ("Nope__r.Name", "Thing__c has no parent Nope__r"),
        ("$Permission.Nope", "there is no custom permission of that name"),
        ("$Setup.X", r"\$Setup.X is not known here"),
        ('Text__c & 1', "& expects text, received number"),
        ("Number__c + Flag__c", "expects number, received boolean"),
        ('Stage__c = "New"', "does not take a picklist; use ISPICKVAL"),
        ('ISPICKVAL(Text__c, "x")', "ISPICKVAL expects a picklist, received text"),
        ("Text__c = 1", "= compares text with number"),
        ("Flag__c > false", "does not take a checkbox"),
        ("IF(Text__c, 1, 2)", "IF expects boolean, received text"),
        ('IF(Flag__c, 1, "a")', "IF mixes number and text"),
        ("ISBLANK(Flag__c)", "ISBLANK does not take a checkbox"),
        ("CASE(1, 2, 3, 4, 5)", "CASE expects an expression, pairs of value and result"),
        ("ISCHANGED(1)", "ISCHANGED takes a field"),
        ("ISCHANGED(Pool__r.Size__c)", "is not a field of Thing__c"),
        ("Geo__c", "a field of type Location cannot be used"),
        ('REGEX(Text__c, "(")', r"REGEX pattern '\('"),
        ("REGEX(Text__c, Other__c)", "REGEX expects its pattern as a text in quotes"),
        ("Day__c + At__c", r"\+ does not combine date with datetime"),
        ("1 +", "unexpected 'end' at character 4"),
        ("1 ~ 2", "unexpected '~' at character 3"),
        ("(1", "unexpected 'end'"),
        ("1 2", "unexpected '2' at character 3"),
    ],
)  # fmt: skip
def test_fault_is_named(evaluate, text, reason):
    with pytest.raises(FormulaError, match=reason):
        evaluate(text)


def test_formula_field_of_another_type_is_refused():
    known = catalog(Field("Wrong__c", "Wrong", "Number", formula="Text__c"))
    thing = known.objects["Thing__c"]
    with pytest.raises(FormulaError, match="Wrong__c is of type number, its formula gives text"):
        Formulas(known).field(thing, thing.fields["Wrong__c"])


def test_formula_field_that_refers_to_itself_is_refused():
    known = catalog(
        Field("A__c", "A", "Number", formula="B__c + 1"),
        Field("B__c", "B", "Number", formula="A__c + 1"),
    )
    thing = known.objects["Thing__c"]
    with pytest.raises(FormulaError, match="A__c refers to itself"):
        Formulas(known).field(thing, thing.fields["A__c"])


def test_formula_field_may_use_another():
    known = catalog(
        Field("Double__c", "Double", "Number", formula="Count__c * 2"),
        Field("Four__c", "Four", "Number", formula="Double__c * 2"),
    )
    thing = known.objects["Thing__c"]
    info: FieldInfo = thing.fields["Four__c"]
    assert Formulas(known).field(thing, info).sort == "number"
    assert parse(info.formula)
