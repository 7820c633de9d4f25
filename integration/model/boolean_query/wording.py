"""A query as text: canonical, which parses to the same query, and in words for the recruiter."""

import re

from integration.model.boolean_query.fields import FIELDS
from integration.model.boolean_query.tree import And, In, Near, Node, Not, Or, Words

_BARE = re.compile(r"[^\W_](?:[^\W_]|[.+#&*?'’/@-])*")
_OPERATORS = re.compile(r"and|or|not|o?near(/.*)?", re.IGNORECASE)


def as_text(node: Node) -> str:
    """The query with every parenthesis written; reading it again gives an equal query."""
    return _outermost(_text(node))


def _outermost(text: str) -> str:
    return text[1:-1] if text.startswith("(") else text


def _text(node: Node) -> str:
    match node:
        case Words():
            return quoted(node)
        case Near():
            operator = f"{'O' if node.in_order else ''}NEAR/{node.distance}"
            return f"({quoted(node.left)} {operator} {quoted(node.right)})"
        case In():
            return f"{node.field}:{_text(node.part)}"
        case Not():
            return f"(NOT {_text(node.part)})"
        case And():
            return f"({' AND '.join(_text(part) for part in node.parts)})"
        case Or():
            return f"({' OR '.join(_text(part) for part in node.parts)})"


def quoted(words: Words) -> str:
    """A term as it may stand in a query."""
    bare = _BARE.fullmatch(words.text) and not _OPERATORS.fullmatch(words.text)
    return words.text if bare else f'"{words.text}"'


def in_words(node: Node) -> str:
    """How the recruiter is shown what was understood."""
    return _outermost(_said(node))


def _said(node: Node) -> str:
    match node:
        case Words():
            return f"“{node.text}”"
        case Near():
            how = "followed, at most" if node.in_order else "at most"
            between = f"{node.distance} word{'' if node.distance == 1 else 's'}"
            tail = "later, by" if node.in_order else "away from"
            return f"(“{node.left.text}” {how} {between} {tail} “{node.right.text}”)"
        case In():
            return f"({node.field} has {_said(node.part)})"
        case Not():
            return f"(not {_said(node.part)})"
        case And():
            return f"({' and '.join(_said(part) for part in node.parts)})"
        case Or():
            return f"({' or '.join(_said(part) for part in node.parts)})"


def field_said(name: str) -> str:
    """A field for messages: `title (the job title)`."""
    return f"{name} ({FIELDS[name]})"
