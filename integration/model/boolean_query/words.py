"""Words as a search compares them: without case and accents, cut alike in the query and in the text that is searched.

A word is a run of letters and digits. C++, C# and .NET keep their signs and R&D its joint, so that the letter C does
not find C++; longer words ignore signs (`network` finds Network+). Scripts without spaces count each character a word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Letters that Unicode does not take apart though readers do.
_APART = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u20d0-\u20f0]+")
_MARKS = "".join(
    chr(code) for code in range(0x0900, 0x1200) if unicodedata.category(chr(code)) in ("Mc", "Mn")
)  # vowel signs of South Asian scripts, which belong to their word
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_RUN = rf"(?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])+"
_CUT = rf"[{_UNSPACED}]|(\.|&\s?)?({{run}})((?<=[^\W\d_])(?:\+\+|#|\+(?![^\W_])))?"
_TEXT = re.compile(_CUT.format(run=_RUN))
_QUERY = re.compile(_CUT.format(run=rf"(?:{_RUN}|[*?])+"))
_PLAIN = re.compile(r"[a-z0-9]+")
_SIGNED = re.compile(r"[.&+#]")


@dataclass(frozen=True)
class Word:
    """One word of a query or text; a query's `core` may hold the wildcards `*` and `?`."""

    core: str
    before: str = ""
    """`.` as in .NET, `&` as in the D of R&D."""
    after: str = ""
    """`+`, `++` or `#` as in C#, `&` as in the R of R&D."""

    @property
    def has_wildcard(self) -> bool:
        return "*" in self.core or "?" in self.core

    @property
    def is_any(self) -> bool:
        """Whether it stands for any one word, as in "director * engineering"."""
        return self.core.strip("*") == ""

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the letters matters, so that any search engine means the same by it."""
        return not self.has_wildcard and not self.before and not self.after and len(self.core) > 1


class NotAWord(ValueError):
    """A piece of a query that cannot be looked for; the message says why."""


def fold(text: str) -> str:
    """The letters that are compared."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_APART)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", bare)))


def is_unspaced(core: str) -> bool:
    """Whether a word belongs to a script without spaces."""
    return _IS_UNSPACED.search(core) is not None


def folded_words(folded: str) -> Sequence[Word | str]:
    """The words of a folded text in order; plain strings where none has a sign."""
    if folded.isascii() and not _SIGNED.search(folded):
        return _PLAIN.findall(folded)
    return list(_cut(_TEXT, folded))


def query_words(text: str) -> tuple[Word, ...]:
    """The words of a term or phrase of a query, with wildcards."""
    words = tuple(_cut(_QUERY, fold(text), in_query=True))
    if not words:
        raise NotAWord("has neither a letter nor a digit")
    if words[0].is_any or words[-1].is_any:
        raise NotAWord("has a * that stands alone; write the start of the word before it")
    for word in words:
        if word.core[0] in "*?" and not word.is_any:
            raise NotAWord("begins with a wildcard, which no source can look up; write the start of the word before it")
    return words


def _cut(pattern: re.Pattern[str], folded: str, *, in_query: bool = False) -> Iterator[Word]:
    """A word is given out once the next is known, since `&` marks the words on both its sides."""
    held: Word | None = None
    for match in pattern.finditer(folded):
        before, core, after = match.groups()
        before = (before or "").strip()
        if before == "&" and (held is None or not _touches(folded, match.start())):
            before = ""
        if before == "." and in_query and match.start() and not folded[match.start() - 1].isspace():
            before = ""  # node.js asks for no point, so that it finds "Node JS" as well
        if held is not None:
            yield Word(held.core, held.before, held.after or "&") if before == "&" else held
        held = Word(core or match.group(), before, after or "")
    if held is not None:
        yield held


def _touches(folded: str, at: int) -> bool:
    """Whether a word ends where `&` begins, but for one space."""
    previous = folded[at - 1]
    return not previous.isspace() or (at > 1 and not folded[at - 2].isspace())
