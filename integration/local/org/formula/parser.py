"""Formula text to a tree."""

import re

from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.tree import Binary, Call, Literal, Node, Reference, Unary

_TOKEN = re.compile(
    r"""(?P<space>\s+|/\*.*?\*/)
    | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | \{!(?P<merge>\s*[$\w.]+\s*)\}
    | (?P<name>\$?[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)
    | (?P<operator><=|>=|<>|!=|==|&&|\|\||[-+*/^&=<>!(),])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_SAME = {"==": "=", "!=": "<>"}

_LEVELS = (("||",), ("&&",), ("=", "<>"), ("<", "<=", ">", ">="), ("+", "-", "&"), ("*", "/"), ("^",))
"""Binary operators from the loosest to the tightest."""

Token = tuple[str, str, int]


def parse(text: str) -> Node:
    """The formula as a tree; raises FormulaError with the place of the fault."""
    reader = _Reader(text)
    node = reader.binary(0)
    if reader.kind != "end":
        raise reader.unexpected()
    return node


def _tokenize(text: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaError(f"unexpected {text[position]!r} at character {position + 1} of: {text}")
        kind = match.lastgroup or ""
        if kind != "space":
            word = match.group(kind)
            tokens.append((kind, _SAME.get(word, word) if kind == "operator" else word, position))
        position = match.end()
    tokens.append(("end", "", len(text)))
    return tokens


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokenize(text)
        self._index = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._index][0]

    @property
    def word(self) -> str:
        return self._tokens[self._index][1]

    def unexpected(self) -> FormulaError:
        place = self._tokens[self._index][2] + 1
        return FormulaError(f"unexpected {self.word or 'end'!r} at character {place} of: {self._text}")

    def _take(self) -> str:
        self._index += 1
        return self._tokens[self._index - 1][1]

    def _accept(self, *operators: str) -> str:
        return self._take() if self.kind == "operator" and self.word in operators else ""

    def _expect(self, operator: str) -> None:
        if not self._accept(operator):
            raise self.unexpected()

    def binary(self, level: int) -> Node:
        """Operators of one level, from left to right."""
        if level == len(_LEVELS):
            return self._unary()
        node = self.binary(level + 1)
        while operator := self._accept(*_LEVELS[level]):
            node = Binary(operator, node, self.binary(level + 1))
        return node

    def _unary(self) -> Node:
        if operator := self._accept("-", "+", "!"):
            return Unary(operator, self._unary())
        return self._primary()

    def _primary(self) -> Node:
        if self._accept("("):
            node = self.binary(0)
            self._expect(")")
            return node
        if self.kind == "text":
            return Literal(_unquote(self._take()))
        if self.kind == "number":
            return Literal(float(self._take()))
        if self.kind == "merge":
            return Reference(tuple(self._take().strip().split(".")))
        if self.kind != "name":
            raise self.unexpected()
        return self._named(self._take())

    def _named(self, name: str) -> Node:
        if name.lower() in _WORDS:
            return Literal(_WORDS[name.lower()])
        if not self._accept("("):
            return Reference(tuple(name.split(".")))
        arguments: list[Node] = []
        if not self._accept(")"):
            arguments.append(self.binary(0))
            while self._accept(","):
                arguments.append(self.binary(0))
            self._expect(")")
        return Call(name.upper(), tuple(arguments))


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1], flags=re.DOTALL)
