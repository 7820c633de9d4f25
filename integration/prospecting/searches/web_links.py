"""The query for web engines, as links on the search's record."""

from collections.abc import Iterator, Sequence
from html import escape

from integration.model.boolean_query import Query
from integration.prospecting.query import Link, links

LENGTH = 32_000


def web_links(query: Query) -> str:
    """HTML: a link for each engine, or several where it reads too few words, and what it cannot express."""
    found = links(query)
    engines = dict.fromkeys(link.engine for link in found)
    return _whole(
        [line for engine in engines for line in _of_engine(engine, [link for link in found if link.engine == engine])]
    )


def _of_engine(engine: str, mine: Sequence[Link]) -> Iterator[str]:
    for part, link in enumerate(mine, 1):
        name = engine if len(mine) == 1 else f"{engine}, part {part} of {len(mine)}"
        yield f'<p><a href="{escape(link.url)}" target="_blank">{escape(name)}</a></p>'
    losses = dict.fromkeys(loss for link in mine for loss in link.losses)
    if losses:
        yield f"<ul>{''.join(f'<li>{escape(loss)}</li>' for loss in losses)}</ul>"


def _whole(lines: Sequence[str]) -> str:
    """As many as fit into the field: half a tag would spoil the rest of the page."""
    kept: list[str] = []
    room = LENGTH
    for line in lines:
        if len(line) > room:
            break
        kept.append(line)
        room -= len(line)
    return "".join(kept)
