"""Query text to tokens."""

import re
from dataclasses import dataclass

from integration.local.org.soql.errors import located, unexpected

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<string>'(?:\\.|[^'\\])*')
    | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<time>\d\d:\d\d:\d\d(?:\.\d+)?Z)
    | (?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+))
    | (?P<name>[A-Za-z]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)
    | (?P<operator><=|>=|!=|<>|=|<|>)
    | (?P<mark>[(),:])""",
    re.VERBOSE | re.ASCII | re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int


def tokenize(text: str) -> list[Token]:
    """The tokens of a query, the last of kind `end`."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = match.lastgroup or ""
        if kind == "name":
            tokens.append(Token(kind, "".join(match.group().split()), position))
        elif kind != "space":
            tokens.append(Token(kind, match.group(), position))
        position = match.end()
    tokens.append(Token("end", "<EOF>", len(text)))
    return tokens


def _unreadable(text: str, position: int) -> Exception:
    if text[position] == "'":
        return located("MALFORMED_QUERY", text, position, "line 1: unterminated string literal")
    return unexpected(text, position, text[position])


def unquote(text: str, token: Token) -> tuple[str, str]:
    """A string token's value, and the same as a LIKE pattern that escapes with a backslash."""
    value: list[str] = []
    pattern: list[str] = []
    position = 0
    body = token.text[1:-1]
    for match in _ESCAPE.finditer(body):
        plain = body[position : match.start()]
        value.append(plain)
        pattern.append(plain)
        character = _escaped(text, token, match.group(1))
        value.append(character)
        pattern.append("\\" + character if character in "%_\\" else character)
        position = match.end()
    value.append(body[position:])
    pattern.append(body[position:])
    return _characters(text, token, value), _characters(text, token, pattern)


def _characters(text: str, token: Token, parts: list[str]) -> str:
    r"""\ud83d\ude00 is one character; half of one is none."""
    try:
        return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        reason = f"Illegal character sequence in string literal '{token.text}'"
        raise located("MALFORMED_QUERY", text, token.at, reason) from None


def _escaped(text: str, token: Token, code: str) -> str:
    if len(code) == 5:
        return chr(int(code[1:], 16))
    if code in "'\"\\%_":
        return code
    if code.lower() in _CONTROL:
        return _CONTROL[code.lower()]
    raise located(
        "MALFORMED_QUERY", text, token.at, f"Illegal character sequence '\\{code}' in string literal '{token.text}'"
    )
