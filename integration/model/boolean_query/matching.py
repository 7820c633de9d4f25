"""The meaning of a query: whether a document, a mapping of field to text, is asked for. Compiled once per query."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from integration.model.boolean_query.fields import BY_NAME_ONLY, INSTEAD, WHERE
from integration.model.boolean_query.tree import And, In, Near, Node, Not, Or, Words
from integration.model.boolean_query.words import Word, fold, folded_words
from integration.model.countries import COUNTRIES

Document = Mapping[str, str]
Predicate = Callable[["Indexed"], bool]


class Field:
    """Where each word stands in one text, which is cut into words only once it may hold one that is sought."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self._places: dict[str, list[int]] | None = None
        self._signs: dict[int, tuple[str, str]] = {}

    @property
    def places(self) -> dict[str, list[int]]:
        if self._places is None:
            self._places = {}
            for place, word in enumerate(folded_words(self.folded)):
                core = word if isinstance(word, str) else word.core
                self._places.setdefault(core, []).append(place)
                if not isinstance(word, str) and (word.before or word.after):
                    self._signs[place] = (word.before, word.after)
        return self._places

    @property
    def signs(self) -> dict[int, tuple[str, str]]:
        """By place; complete once `places` was asked."""
        return self._signs


class Indexed:
    """A document whose fields are cut into words when first asked for."""

    def __init__(self, document: Document) -> None:
        self.texts = {name: text for name, text in document.items() if text}
        self.country = country_code(self.texts.get("country", ""))
        if self.texts.get("country", "").upper() == self.country:
            self.texts.pop("country", None)  # IT and IN are words far more often than countries
        self._fields: dict[str, Field] = {}

    def fields(self, name: str) -> Iterator[Field]:
        """What must be looked through for a field of a query, "" for anywhere."""
        for each in self._names(name):
            if each not in self._fields:
                self._fields[each] = Field(self.texts[each])
            yield self._fields[each]

    def _names(self, name: str) -> list[str]:
        if not name:
            return [each for each in self.texts if each not in BY_NAME_ONLY]
        present = [each for each in WHERE.get(name, (name,)) if each in self.texts]
        instead = INSTEAD.get(name, "")
        return present or [each for each in WHERE.get(instead, (instead,)) if each in self.texts]


def compiled(node: Node) -> Callable[[Document], bool]:
    """The test of one document. A missing field holds nothing, so NOT finds the document that lacks it."""
    test = _node(node, "")
    return lambda document: test(Indexed(document))


def _node(node: Node, name: str) -> Predicate:
    match node:
        case Words():
            return _words(node, name)
        case Near():
            return _near(node, name)
        case In():
            return _node(node.part, node.field)
        case Not():
            inner = _node(node.part, name)
            return lambda document: not inner(document)
        case And():
            tests = [_node(part, name) for part in node.parts]
            return lambda document: all(test(document) for test in tests)
        case Or():
            tests = [_node(part, name) for part in node.parts]
            return lambda document: any(test(document) for test in tests)


def _words(node: Words, name: str) -> Predicate:
    starts = _starts(node)
    country = country_meant(node, name)

    def test(document: Indexed) -> bool:
        if country and document.country == country:
            return True
        return any(next(starts(field), None) is not None for field in document.fields(name))

    return test


def _near(node: Near, name: str) -> Predicate:
    left, right = _starts(node.left), _starts(node.right)
    left_length, right_length = len(node.left.words), len(node.right.words)

    def close(one: int, others: list[int]) -> bool:
        """Only the nearest on each side can be near enough."""
        after = bisect_left(others, one + left_length)
        if after < len(others) and others[after] - one - left_length <= node.distance:
            return True
        before = bisect_right(others, one - right_length) - 1
        return not node.in_order and before >= 0 and one - others[before] - right_length <= node.distance

    def test(document: Indexed) -> bool:
        for field in document.fields(name):
            ones, others = list(left(field)), sorted(right(field))
            if others and any(close(one, others) for one in ones):
                return True
        return False

    return test


def _starts(node: Words) -> Callable[[Field], Iterator[int]]:
    """The places in a field where the word or phrase begins."""
    first, *others = [_places(word) for word in node.words]
    runs = [run for word in node.words for run in re.split(r"[*?]+", word.core) if run]

    def starts(field: Field) -> Iterator[int]:
        if not all(run in field.folded for run in runs):
            return
        begun = first(field)
        if not others or not begun:
            yield from begun
            return
        follow = [frozenset(places(field)) for places in others]
        for place in begun:
            if all(place + ahead in found for ahead, found in enumerate(follow, start=1)):
                yield place

    return starts


def _places(word: Word) -> Callable[[Field], list[int]]:
    if word.has_wildcard:
        is_like = _glob(word.core)
        if word.is_any:
            return lambda field: [place for places in field.places.values() for place in places]
        return lambda field: [
            place
            for core, places in field.places.items()
            if is_like(core)
            for place in places
            if _agrees(word, *field.signs.get(place, ("", "")))
        ]

    def places_of(field: Field) -> list[int]:
        places = field.places.get(word.core, [])
        if not places or (not field.signs and not word.before and not word.after):
            return places
        return [place for place in places if _agrees(word, *field.signs.get(place, ("", "")))]

    return places_of


def _glob(core: str) -> Callable[[str], bool]:
    """A test with wildcards whose time stays in proportion to the word, however many stars there are."""
    pieces = [re.compile(re.escape(piece).replace(r"\?", ".")) for piece in core.split("*")]
    lengths = [len(piece) for piece in core.split("*")]
    if len(pieces) == 1:
        return lambda word: pieces[0].fullmatch(word) is not None
    first, *middle, last = pieces

    def test(word: str) -> bool:
        end = len(word) - lengths[-1]
        if end < lengths[0] or not first.match(word) or not last.match(word, end):
            return False
        at = lengths[0]
        for piece in middle:
            found = piece.search(word, at, end)
            if found is None:
                return False
            at = found.end()
        return True

    return test


def _agrees(word: Word, before: str, after: str) -> bool:
    """Signs that the query names must stand there; a single letter allows none that it does not name."""
    if word.before or word.after:
        return word.before in ("", before) and word.after in ("", after)
    return len(word.core) > 1 or (not after and before != "&")


def country_meant(node: Words, name: str) -> str:
    """The code of the country that a term names; codes themselves are read as such after country: alone."""
    if name not in ("", "location", "country") or any(word.has_wildcard for word in node.words):
        return ""
    code = country_code(node.text)
    return "" if code == node.text.strip().upper() and name != "country" else code


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The two-letter code of a country's name or code; "" for what is neither."""
    upper = text.strip().upper()
    return upper if upper in _CODES else _NAMES.get(_key(text), "")


def country_name(code: str) -> str:
    """The first name of a country, for a source that knows no codes."""
    return _FIRST.get(code, code)


def _key(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").replace(".", " ").split())


_NAMES = {_key(name): code for name, code in COUNTRIES.items()}
_CODES = frozenset(COUNTRIES.values())
_FIRST = {code: name.title() for name, code in reversed(COUNTRIES.items())}
