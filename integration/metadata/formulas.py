"""The names in formulas: fields, functions and global values that must exist."""

import re
from collections.abc import Iterator

from integration.metadata.names import field_of, knows, picklist_words
from integration.metadata.schema import Schema
from integration.metadata.source import Document, Finding, Node, Tree, child, text

FUNCTIONS = frozenset({
    "AND", "OR", "NOT", "IF", "ISBLANK", "BLANKVALUE", "ISNEW", "ISCHANGED", "PRIORVALUE", "ISPICKVAL", "TEXT", "LEN",
    "LEFT", "TRIM", "REGEX", "TODAY", "NOW", "CASESAFEID",
})  # fmt: skip
"""What the embedded org evaluates. A formula that needs more needs the evaluator to learn it first."""
_WORDS = frozenset({"TRUE", "FALSE", "NULL"})
_GLOBAL_VALUES = frozenset({"$User.Id", "$Organization.Id"})
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_MERGE_FIELD = re.compile(r"\{!([^}]*)\}")
_NAME = re.compile(r"\$?[A-Za-z][\w.]*")
_PICKLIST_WORD = re.compile(r'ISPICKVAL\(\s*(?:\{!\$Record\.)?(\w+)\}?\s*,\s*"([^"]*)"')


def check(tree: Tree, schema: Schema) -> Iterator[Finding]:
    """Formulas of validation rules and formula fields."""
    for document in tree.of("ValidationRule"):
        yield from _of_object(document, child(document.root, "errorConditionFormula"), schema)
    for document in tree.of("CustomField"):
        yield from _of_object(document, child(document.root, "formula"), schema)


def _of_object(document: Document, node: Node | None, schema: Schema) -> Iterator[Finding]:
    """A formula that names the fields of its own object."""
    if node is None:
        return
    formula = text(node)
    yield from words(document, node, document.object_name, schema)
    for function, name in _names(formula):
        if function:
            yield from _function(document, node, name)
        elif name.startswith("$"):
            yield from global_value(document, node, name, schema)
        elif name.upper() not in _WORDS and not knows(schema, document.object_name, name):
            yield document.find(f"{document.object_name} has no field {name}", node)


def merge_fields(formula: str) -> Iterator[str]:
    """The names between {! and } of a flow's formula."""
    yield from _MERGE_FIELD.findall(formula)


def functions(document: Document, node: Node) -> Iterator[Finding]:
    """Functions of a flow's formula that the embedded org does not evaluate."""
    for function, name in _names(_MERGE_FIELD.sub(" ", text(node))):
        if function:
            yield from _function(document, node, name)
        elif name.upper() not in _WORDS:
            yield document.find(f"{name} stands outside {{!…}} in a flow's formula", node)


def words(document: Document, node: Node, object_name: str, schema: Schema) -> Iterator[Finding]:
    """Words that ISPICKVAL compares with and the picklist does not have."""
    for name, word in _PICKLIST_WORD.findall(text(node)):
        field = field_of(schema, object_name, name)
        if field and field.picklist and word not in picklist_words(field):
            yield document.find(f"{object_name}.{name} has no value {word!r}", node)


def global_value(document: Document, node: Node, name: str, schema: Schema) -> Iterator[Finding]:
    """$Permission.X, $User.Id and $Organization.Id."""
    kind, _, permission = name.partition(".")
    if kind == "$Permission":
        if permission not in schema.custom_permissions:
            yield document.find(f"there is no custom permission {permission}", node)
    elif name not in _GLOBAL_VALUES:
        yield document.find(f"{name} is not a value that formulas here may use", node)


def _function(document: Document, node: Node, name: str) -> Iterator[Finding]:
    if name.upper() not in FUNCTIONS:
        yield document.advise(f"{name} is not a function the embedded org evaluates", node)


def _names(formula: str) -> Iterator[tuple[bool, str]]:
    """Every name outside quotes, with whether it is called as a function."""
    bare = _TEXT.sub('""', formula)
    for match in _NAME.finditer(bare):
        yield bare[match.end() :].lstrip().startswith("("), match.group()
