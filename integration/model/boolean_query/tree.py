"""A Boolean query as values. Made by the functions `both`, `either` and `without`, which keep one form per meaning."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from integration.model.boolean_query.words import Word, query_words

NEAREST = 10
"""How many words NEAR allows between when it names no number."""
FARTHEST = 100


@dataclass(frozen=True)
class Words:
    """A word, or several that follow one another."""

    words: tuple[Word, ...]
    text: str = field(compare=False)
    """As it was typed, without quotes."""

    @classmethod
    def of(cls, text: str) -> "Words":
        """Raises NotAWord."""
        return cls(query_words(text), " ".join(text.split()))

    @property
    def is_one(self) -> bool:
        return len(self.words) == 1


@dataclass(frozen=True)
class Near:
    """Two within `distance` words between them, in one field."""

    left: Words
    right: Words
    distance: int = NEAREST
    in_order: bool = False


@dataclass(frozen=True)
class In:
    """What must stand in one field."""

    field: str
    part: "Node"


@dataclass(frozen=True)
class Not:
    part: "Node"


@dataclass(frozen=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Node", ...]


Node = Words | Near | In | Not | And | Or


def both(parts: Iterable[Node]) -> Node:
    """AND, flat."""
    flat = tuple(_flat(And, parts))
    return flat[0] if len(flat) == 1 else And(flat)


def either(parts: Iterable[Node]) -> Node:
    """OR, flat."""
    flat = tuple(_flat(Or, parts))
    return flat[0] if len(flat) == 1 else Or(flat)


def without(part: Node) -> Node:
    """NOT; twice is not at all."""
    return part.part if isinstance(part, Not) else Not(part)


def _flat(kind: type[And] | type[Or], parts: Iterable[Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def leaves(node: Node, field_name: str = "") -> Iterator[tuple[str, Words | Near]]:
    """Each word, phrase and NEAR with the field it must stand in, "" for anywhere."""
    match node:
        case Words() | Near():
            yield field_name, node
        case In():
            yield from leaves(node.part, node.field)
        case Not():
            yield from leaves(node.part, field_name)
        case And() | Or():
            for part in node.parts:
                yield from leaves(part, field_name)
