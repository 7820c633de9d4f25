"""The part of Jinja that a template may use, and no more.

Values are plain strings. There are no calls, attributes, assignments or macros, and loops run over short lists, so the
time and the output of a template are bounded by its length. The sandbox and the limits of the child process stand
behind this, they are not the first line.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.lexer import Lexer
from jinja2.sandbox import ImmutableSandboxedEnvironment

from integration.messages.findings import Finding, nearest
from integration.model.message import Slot

FILTERS = frozenset({"default", "upper", "lower", "title", "capitalize", "trim", "truncate", "lines"})
LOOP_WORDS = frozenset({"first", "last", "index"})
LONGEST_LIST = 50
DEEPEST_LOOP = 2
_PARTS = 3  # subject, body, text
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class _Lexer(Lexer):
    """Keeps its reading of a source for the next time, once: it is checked first and cut at its marks after, and lexing
    is what costs in both."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._kept: dict[str, list[tuple[int, str, str]]] = {}

    def tokeniter(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Iterator[tuple[int, str, str]]:
        if (kept := self._kept.pop(source, None)) is not None:
            yield from kept
            return
        tokens = []
        for token in super().tokeniter(source, name, filename, state):
            tokens.append(token)
            yield token
        if len(self._kept) == _PARTS:
            self._kept.clear()
        self._kept[source] = tokens


class _Environment(ImmutableSandboxedEnvironment):
    @cached_property
    def lexer(self) -> Lexer:
        return _Lexer(self)


def environment(*, escape: bool) -> Environment:
    """The engine for templates written by people."""
    made = _Environment(autoescape=escape, undefined=StrictUndefined, keep_trailing_newline=True)
    kept = {name: function for name, function in made.filters.items() if name in FILTERS}
    made.filters = {**kept, "lines": _lines}
    made.tests = {name: test for name, test in made.tests.items() if name == "defined"}
    made.globals = {}
    return made


def _lines(value: str) -> list[str]:
    """The lines of a value that are not empty, for a loop."""
    return [line.strip() for line in str(value).splitlines() if line.strip()][:LONGEST_LIST]


ENGINE = environment(escape=True)


@dataclass(frozen=True)
class Segment:
    """A stretch of source: `data`, `expression` (inside {{ }}) or `tag` (inside {% %})."""

    kind: str
    text: str
    line: int


def check(source: str, part: str, known: Iterable[str]) -> list[Finding]:
    """Everything in a source that a template may not say, with its line."""
    try:
        tree = ENGINE.parse(source)
    except TemplateSyntaxError as error:
        return [Finding(part, error.lineno, _in_words(error.message or "it is not a template"))]
    except RecursionError:
        return [Finding(part, 0, "it is nested too deeply. Use fewer blocks inside each other.")]
    return list(_forbidden(tree, part, frozenset(known), frozenset(), 0))


def is_harmless(source: str) -> bool:
    """Whether a block keeps to the language, whatever names it uses."""
    try:
        return not [finding for finding in check(source, "", ()) if "is not a known word" not in finding.text]
    except RecursionError:
        return False


def segments(source: str) -> Iterator[Segment]:
    """The source cut at its Jinja marks; comments are dropped. Only for a source that passed check()."""
    inside: list[str] = []
    kind, start = "data", 1
    for line, mark, value in ENGINE.lex(source):
        if mark == "data":
            yield Segment("data", value, line)
        elif mark in {"variable_begin", "block_begin"}:
            kind, start, inside = ("expression" if mark == "variable_begin" else "tag"), line, []
        elif mark in {"variable_end", "block_end"}:
            yield Segment(kind, "".join(inside).strip(), start)
        elif not mark.startswith("comment"):
            inside.append(value)


@lru_cache(maxsize=256)
def as_slot(expression: str) -> Slot | None:
    """`name`, `name or "there"` and `name|default("there")` need no engine."""
    output = ENGINE.parse("{{" + expression + "}}").body[0]
    node: Any = output.nodes[0] if isinstance(output, nodes.Output) and len(output.nodes) == 1 else None
    default: nodes.Node | None = None
    if isinstance(node, nodes.Or):
        node, default = node.left, node.right
    elif isinstance(node, nodes.Filter) and node.name == "default" and node.args and node.node is not None:
        node, default = node.node, node.args[0]
    if not isinstance(node, nodes.Name) or not (default is None or _is_text(default)):
        return None
    return Slot(node.name, default.value if isinstance(default, nodes.Const) else "")


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _forbidden(
    node: nodes.Node, part: str, known: frozenset[str], loops: frozenset[str], depth: int
) -> Iterator[Finding]:
    children: Iterable[nodes.Node] = node.iter_child_nodes()
    reason = ""
    if isinstance(node, nodes.Name):
        if node.name not in known | loops:
            hint = nearest(node.name, known) or f" Use one of: {', '.join(sorted(known))}."
            yield Finding(part, node.lineno, f"{node.name} is not a known word.{hint}")
    elif isinstance(node, nodes.For):
        reason = _loop_fault(node, depth)
        if not reason and isinstance(node.target, nodes.Name):
            yield from _forbidden(node.iter, part, known, loops, depth)
            loops, depth, children = loops | {node.target.name, "loop"}, depth + 1, [*node.body, *node.else_]
    elif isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            reason = f"the filter {node.name} is not available.{nearest(node.name, FILTERS)}"
    elif isinstance(node, nodes.Test):
        if node.name != "defined":
            reason = f"the test {node.name} is not available"
    elif isinstance(node, nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "loop" and node.attr in LOOP_WORDS:
            return
        reason = f".{node.attr} is not available: a word has no parts"
    elif isinstance(node, nodes.Const):
        if not isinstance(node.value, str | int | bool | None):
            reason = "only texts and whole numbers may stand here"
    elif isinstance(node, nodes.List | nodes.Tuple):
        if len(node.items) > LONGEST_LIST or not all(isinstance(item, nodes.Const) for item in node.items):
            reason = f"a list holds at most {LONGEST_LIST} texts"
    elif not isinstance(node, (*_PLAIN, nodes.Keyword)):
        reason = f"{type(node).__name__.lower()} is not available in a template"
    if reason:
        yield Finding(part, node.lineno, reason if reason.endswith("?") else f"{reason.rstrip('.')}. Take it out.")
        return
    for child in children:
        yield from _forbidden(child, part, known, loops, depth)


def _loop_fault(node: nodes.For, depth: int) -> str:
    if depth >= DEEPEST_LOOP:
        return f"loops may stand inside each other {DEEPEST_LOOP} deep"
    if node.recursive or node.test is not None or not isinstance(node.target, nodes.Name):
        return "a loop has one variable, and neither a condition nor recursion"
    if not _NAME.fullmatch(node.target.name):
        return f"{node.target.name} cannot be the name of a loop's variable"
    over_lines = isinstance(node.iter, nodes.Filter) and node.iter.name == "lines"
    if not over_lines and not isinstance(node.iter, nodes.List | nodes.Tuple):
        return "a loop runs over a list of texts or over the lines of a word (word|lines)"
    return ""


def _in_words(message: str) -> str:
    return f"the template cannot be read: {message.rstrip('.')}. Check the braces and the end of each block."
