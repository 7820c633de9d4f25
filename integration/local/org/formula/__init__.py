"""Salesforce formulas: text to a tree, to closures for rules and flows, to SQL for formula fields in queries."""

from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.evaluate import Formulas, compile_node
from integration.local.org.formula.frame import Context, Frame
from integration.local.org.formula.names import RecordNames
from integration.local.org.formula.parser import parse
from integration.local.org.formula.sorts import Compiled, plain, to_stored

__all__ = [
    "Compiled",
    "Context",
    "FormulaError",
    "Formulas",
    "Frame",
    "RecordNames",
    "compile_node",
    "parse",
    "plain",
    "to_stored",
]
