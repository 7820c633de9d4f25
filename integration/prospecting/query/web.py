"""X-ray links: the query as addresses of web engines, for a recruiter to open. Nothing is fetched.

Google reads 32 words and not one more, so that a query with many alternatives becomes several links.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus

from integration.model.boolean_query import And, In, Near, Node, Not, Or, Query, Words, both, leaves
from integration.prospecting.query import spelling
from integration.prospecting.query.widening import told

MOST_WORDS = 32
MOST_LINKS = 8
SITES = ("linkedin.com/in", "github.com", "stackoverflow.com/users", "xing.com/profile", "researchgate.net/profile")
DEFAULT_SITE = SITES[0]
_ENGINES = {
    "Google": ("https://www.google.com/search?q=", " AROUND({}) "),
    "Bing": ("https://www.bing.com/search?q=", " NEAR:{} "),
    "DuckDuckGo": ("https://duckduckgo.com/?q=", ""),
}
"""Name -> address, and how it writes nearness."""


@dataclass(frozen=True)
class Link:
    engine: str
    text: str
    """What the engine is asked."""
    losses: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return _ENGINES[self.engine][0] + quote_plus(self.text)


def links(query: Query, site: str = DEFAULT_SITE) -> list[Link]:
    """The query for each engine, with as many links as the engine's words need."""
    return [link for engine in _ENGINES for link in _of_engine(query, engine, site)]


def _of_engine(query: Query, engine: str, site: str) -> Iterator[Link]:
    losses: list[str] = []
    sites = [words.text for name, words in leaves(query.root) if name == "site" and isinstance(words, Words)]
    root = _without_sites(query.root)
    parts = _split(root, MOST_WORDS - 2 - max(1, len(sites))) if root else [None]
    if len(parts) > MOST_LINKS:
        losses.append(f"Only the first {MOST_LINKS} of {len(parts)} links are shown; shorten the query.")
    places = " OR ".join(f"site:{each}" for each in sites or [site])
    for part in parts[:MOST_LINKS]:
        own = list(losses)
        text = _text(part, engine, own) if part else ""
        asked = f"{places} {text}".strip() if len(sites) < 2 else f"({places}) {text}".strip()
        if _count(asked) > MOST_WORDS:
            own.append(f"{engine} reads the first {MOST_WORDS} words only; shorten the query.")
        yield Link(engine, asked, tuple(dict.fromkeys(own)))


def _without_sites(node: Node) -> Node | None:
    if isinstance(node, In) and node.field == "site":
        return None
    if isinstance(node, And):
        parts = [part for part in node.parts if not (isinstance(part, In) and part.field == "site")]
        return both(parts) if parts else None
    return node


def _split(node: Node, most: int) -> list[Node | None]:
    """The query in parts that together mean the same and fit each: its longest group of alternatives is halved."""
    if _size(node) <= most:
        return [node]
    parts = node.parts if isinstance(node, And) else (node,)
    groups = [part for part in parts if isinstance(_inner(part), Or)]
    if not groups:
        return [node]
    longest = max(groups, key=_size)
    halves: list[Node | None] = []
    for half in _halves(longest):
        halves += _split(both(half if part is longest else part for part in parts), most)
    return halves


def _inner(node: Node) -> Node:
    return node.part if isinstance(node, In) else node


def _halves(node: Node) -> Iterator[Node]:
    inner = _inner(node)
    assert isinstance(inner, Or)  # noqa: S101
    middle = len(inner.parts) // 2
    for half in (inner.parts[:middle], inner.parts[middle:]):
        part = half[0] if len(half) == 1 else Or(half)
        yield In(node.field, part) if isinstance(node, In) else part


def _size(node: Node) -> int:
    """Words as the engines count them: all but operators and signs."""
    return sum(
        len(leaf.words) if isinstance(leaf, Words) else len(leaf.left.words) + len(leaf.right.words) + 1
        for _, leaf in leaves(node)
    )


def _count(text: str) -> int:
    return sum(1 for word in text.split() if word not in ("OR", "(", ")"))


def _text(node: Node, engine: str, losses: list[str], name: str = "") -> str:
    match node:
        case Words():
            return _term(node, losses)
        case Near():
            return _near(node, engine, losses)
        case In():
            losses.append(f"{told(node.field, node.part)}: a web page has no fields; it is looked for anywhere.")
            return _text(node.part, engine, losses, node.field)
        case Not():
            return _negated(node.part, engine, losses, name)
        case And():
            return " ".join(filter(None, (_grouped(part, engine, losses, name) for part in node.parts)))
        case Or():
            texts = [_grouped(part, engine, losses, name) for part in node.parts]
            return "(" + " OR ".join(texts) + ")" if all(texts) else ""


def _grouped(node: Node, engine: str, losses: list[str], name: str) -> str:
    text = _text(node, engine, losses, name)
    return f"({text})" if isinstance(node, And) and text else text


def _term(words: Words, losses: list[str]) -> str:
    if not spelling.has_wildcard(words):
        return f'"{words.text}"' if len(words.words) > 1 or not words.text.isalnum() else words.text
    losses.append(f"“{words.text}”: engines know no wildcards within words; the start of the word is looked for.")
    stems = [word.core.split("*")[0].split("?")[0] for word in words.words]
    return " ".join(stem for stem in stems if len(stem) > 2)


def _near(node: Near, engine: str, losses: list[str]) -> str:
    nearness = _ENGINES[engine][1]
    if not nearness:
        losses.append(f"{told('', node)}: {engine} knows no nearness; both are looked for.")
    return (nearness or " ").format(node.distance).join((_term(node.left, losses), _term(node.right, losses)))


def _negated(node: Node, engine: str, losses: list[str], name: str) -> str:
    """NOT before a term alone, and only where it means the page as a whole."""
    if isinstance(node, Or):
        return " ".join(filter(None, (_negated(part, engine, losses, name) for part in node.parts)))
    if isinstance(node, Words) and not name and not spelling.has_wildcard(node):
        return f"-{_term(node, losses)}"
    losses.append(f"NOT {told(name, node)} is left out.")
    return ""
