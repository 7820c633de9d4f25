"""Cuts a typed query into tokens and notes what was read otherwise than it stands there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from integration.model.boolean_query import NotAWord, Words
from integration.model.boolean_query.fields import FIELDS, known, nearest
from integration.model.boolean_query.tree import FARTHEST, NEAREST
from integration.prospecting.query.faults import BadQuery

LONGEST = 2000
_LIKE_QUOTES = "“”„‟«»″〝〞＂"
_LIKE_APOSTROPHES = "‘’‚‛′＇"
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys(_LIKE_QUOTES, '"'),
        **dict.fromkeys(_LIKE_APOSTROPHES, "'"),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("（［", "("),
        **dict.fromkeys("）］", ")"),
        **dict.fromkeys("，、；；", ","),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", " "),
        "：": ":",
        "＊": "*",
        "？": "?",
        "＋": "+",
        "｜": "|",
    }
)
"""What word processors and Asian keyboards write instead; one character each, so that places stay."""

_SPACE = re.compile(r"[\s,;]+")
_TERM = re.compile(r'[^\s(),;"|]+')
_FIELD = re.compile(r"([^\W\d_][\w-]*):(?!//)\s*")
_NEAR = re.compile(r"(o?)near(?:/(\d*))?", re.IGNORECASE)
_SINGLE = re.compile(r"'([^'\"]+)'(?!\w)")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_OTHER_WORDS = {"|": "OR", "||": "OR", "&": "AND", "&&": "AND"}


@dataclass(frozen=True)
class Piece:
    """One token: `kind` is a terminal of the grammar."""

    kind: str
    at: int
    text: str
    words: Words | None = None
    distance: int = NEAREST


@dataclass
class Lexer:
    typed: str
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.typed) > LONGEST:
            message = (
                f"The query has {len(self.typed):,} characters; at most {LONGEST:,} are read. Search in two parts."
            )
            raise BadQuery(message, LONGEST, self.typed)
        self._text = self.typed.translate(_LOOKALIKES)
        self._at = 0

    def pieces(self) -> Iterator[Piece]:
        while self._at < len(self._text):
            before = self._at
            piece = self._next()
            if piece is not None:
                yield piece
            assert self._at > before  # noqa: S101  a piece that takes nothing would never end

    def _next(self) -> Piece | None:
        space = _SPACE.match(self._text, self._at)
        if space:
            self._at = space.end()
            if set(space.group()) & {",", ";"}:
                self._note("read a comma as AND; write OR where either will do")
            return None
        character = self._text[self._at]
        if character in "()":
            return self._take(1, "LPAR" if character == "(" else "RPAR")
        if character == '"':
            return self._phrase()
        single = _SINGLE.match(self._text, self._at)
        if single and any(each.isalnum() for each in single.group(1)):
            self._note(f"read '{single.group(1)}' as a phrase")
            return self._words(single.group(1), len(single.group()))
        if character == "|":
            bars = "||" if self._text.startswith("||", self._at) else "|"
            self._note(f"read {bars} as OR")
            return self._take(len(bars), "OR")
        return self._sign() if character in "-!+" else self._term()

    def _sign(self) -> Piece | None:
        """A sign in front of a term; one that stands alone says nothing."""
        sign = self._text[self._at]
        after = self._text[self._at + 1 : self._at + 2]
        if not after or after.isspace() or after in ",;)|":
            self._note(f"left out a lone {sign}" + ("; write -word to exclude a word" if sign == "-" else ""))
            return self._take(1, "")
        if sign == "+":
            self._note("left out +: every word must occur unless OR says otherwise")
            return self._take(1, "")
        if sign == "!":
            self._note("read ! as NOT")
        return self._take(1, "NOT")

    def _take(self, length: int, kind: str) -> Piece | None:
        piece = Piece(kind, self._at, self.typed[self._at : self._at + length])
        self._at += length
        return piece if kind else None

    def _phrase(self) -> Piece:
        start = self._at
        end = self._text.find('"', start + 1)
        if end < 0:
            raise self._bad("This quotation mark is never closed. Add the second one, or take it away.", start)
        inner = self._text[start + 1 : end]
        if not inner.strip():
            raise self._bad("There is nothing between these quotation marks. Write a phrase there, or take them away.")
        if self._text.startswith("~", end + 1):
            raise self._bad('"a b"~5 is not part of this language. Write a NEAR/5 b instead.', end + 1)
        return self._words(inner, end + 1 - start)

    def _words(self, text: str, length: int) -> Piece:
        try:
            words = Words.of(text)
        except NotAWord as fault:
            raise self._bad(f"“{' '.join(text.split())[:40]}” {fault}.") from fault
        piece = Piece("WORDS", self._at, text, words)
        self._at += length
        return piece

    def _term(self) -> Piece | None:
        named = _FIELD.match(self._text, self._at)
        if named:
            return self._field(named)
        address = _ADDRESS.match(self._text, self._at)
        if address:
            self._at = address.end()
            return None
        match = _TERM.match(self._text, self._at)
        term = match.group() if match else self._text[self._at]
        operator = self._operator(term)
        if operator:
            return operator
        if not any(each.isalnum() or each in "*?" for each in term):
            self._note(f"left out {term[:10]}, which has no letter or digit")
            return self._take(len(term), "")
        return self._words(term, len(term))

    def _field(self, named: re.Match[str]) -> Piece:
        typed, name = named.group(1), known(named.group(1))
        if name is None:
            meant = nearest(typed)
            hint = f"Did you mean {meant}:?" if meant else f"There are {', '.join(FIELDS)}."
            quoted = f'To search for the text itself, quote it: "{typed}:…".'
            raise self._bad(f"There is no field “{typed[:30]}”. {hint} {quoted}")
        piece = Piece("FIELD", self._at, name)
        self._at = named.end()
        return piece

    def _operator(self, term: str) -> Piece | None:
        kind = _OTHER_WORDS.get(term) or (term.upper() if term.upper() in ("AND", "OR", "NOT") else "")
        if kind:
            if term != kind:
                quoting = "" if term in _OTHER_WORDS else "; quote it to search the word"
                self._note(f"read ‘{term}’ as {kind}{quoting}")
            return self._take(len(term), kind)
        near = _NEAR.fullmatch(term)
        if not near:
            return None
        if near.group(2) is None and term not in ("NEAR", "ONEAR"):
            self._note(f"read ‘{term}’ as a word; write {term.upper()} for the operator")
            return None
        if term != term.upper():
            self._note(f"read ‘{term}’ as {term.upper()}; quote it to search the word")
        return self._nearness(term, "ONEAR" if near.group(1) else "NEAR", near.group(2))

    def _nearness(self, term: str, kind: str, number: str | None) -> Piece:
        distance = NEAREST if number is None else int(number[:6] or 0)
        if not 1 <= distance <= FARTHEST:
            example = f"{kind}/5"
            raise self._bad(
                f"{term[:20]} needs a number of words from 1 to {FARTHEST} after the slash, as in {example}."
            )
        piece = Piece("NEAR", self._at, kind, distance=distance)
        self._at += len(term)
        return piece

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _bad(self, message: str, at: int | None = None) -> BadQuery:
        return BadQuery(message, self._at if at is None else at, self.typed)


def lexed(typed: str) -> tuple[list[Piece], list[str]]:
    """The tokens and the notes. Raises BadQuery."""
    lexer = Lexer(typed)
    return list(lexer.pieces()), lexer.notes
