"""Job feeds as XML: every value a CDATA section of literal characters, complete, in constant memory.

Indeed's form: https://docs.indeed.com/sponsored-jobs-api/shared-resources/xml-job-feed-format (CDATA, no HTML entities,
ISO 8601 dates, a reference number for each location that never changes).

Entries are formatted by one template each and cleaned as bytes, a batch at a time; only an entry with a `]` in it is
written value by value. That is why it is fast.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

BATCH = 200
MOST_SITEMAP_URLS = 50_000

_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_NONCHARACTERS = ("\ufffe", "\uffff")
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_KEPT_APART = {"<": "‹", ">": "›", "\u00a0": " "}


class Entry(NamedTuple):
    """One job at one place, as text, ready for any feed."""

    title: str
    date: str
    reference: str
    requisition: str
    url: str
    company: str
    street: str
    city: str
    region: str
    country: str
    postal_code: str
    description: str
    salary: str
    job_type: str
    category: str
    expires: str
    remote: str


@dataclass(frozen=True)
class Dialect:
    """How one kind of board spells the same entry: (element, field of Entry), always written or only when filled."""

    root: str
    item: str
    required: tuple[tuple[str, str], ...]
    optional: tuple[tuple[str, str], ...] = ()


INDEED = Dialect(
    root="source",
    item="job",
    required=(
        ("title", "title"),
        ("date", "date"),
        ("referencenumber", "reference"),
        ("requisitionid", "requisition"),
        ("url", "url"),
        ("company", "company"),
        ("city", "city"),
        ("state", "region"),
        ("country", "country"),
        ("description", "description"),
    ),
    optional=(
        ("streetaddress", "street"),
        ("postalcode", "postal_code"),
        ("salary", "salary"),
        ("jobtype", "job_type"),
        ("category", "category"),
        ("expirationdate", "expires"),
        ("remotetype", "remote"),
    ),
)

GENERIC = Dialect(
    root="jobs",
    item="job",
    required=(
        ("id", "reference"),
        ("title", "title"),
        ("url", "url"),
        ("company", "company"),
        ("city", "city"),
        ("region", "region"),
        ("country", "country"),
        ("published", "date"),
        ("description", "description"),
    ),
    optional=(
        ("zip", "postal_code"),
        ("salary", "salary"),
        ("contract", "job_type"),
        ("category", "category"),
        ("expires", "expires"),
        ("remote", "remote"),
    ),
)

DIALECTS = {"indeed": INDEED, "generic": GENERIC}
"""By Channel__c.Adapter__c."""


def literal(description: str) -> str:
    """HTML with characters in place of entities; an escaped bracket stays a character and never becomes a tag."""

    def one(match: re.Match[str]) -> str:
        character = html.unescape(match.group())
        return _KEPT_APART.get(character, character)

    text = _ENTITY.sub(one, description)
    # `&amp;lt;` is now `&lt;`: until nothing is left that a reader would take for an entity.
    return text if text == description else literal(text)


def write(dialect: Dialect, entries: Iterable[Entry], *, publisher: str, publisher_url: str) -> Iterator[bytes]:
    """The whole feed in pieces of a few hundred kilobytes. Values that XML cannot hold lose those characters."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' + f"<{dialect.root}>\n"
    head += "".join(
        f"<{name}>{_section(_clean(value))}</{name}>\n"
        for name, value in (("publisher", publisher), ("publisherurl", publisher_url))
    )
    yield head.encode()
    render = _renderer(dialect)
    remaining = iter(entries)
    while batch := list(islice(remaining, BATCH)):
        yield render(batch)
    yield f"</{dialect.root}>\n".encode()


def _renderer(dialect: Dialect) -> Callable[[list[Entry]], bytes]:
    """The writer of one batch. Templates are made once for each combination of optional elements that occurs."""
    required = [Entry._fields.index(field) for _, field in dialect.required]
    optional = [Entry._fields.index(field) for _, field in dialect.optional]
    optional_of = itemgetter(*optional)
    made: dict[tuple[bool, ...], tuple[str, Callable[[Entry], tuple[str, ...]]]] = {}

    def make(filled: tuple[bool, ...]) -> tuple[str, Callable[[Entry], tuple[str, ...]]]:
        extra = [pair for pair, there in zip(dialect.optional, filled, strict=True) if there]
        elements = "".join(f"<{name}><![CDATA[%s]]></{name}>\n" for name, _ in (*dialect.required, *extra))
        picked = [*required, *(index for index, there in zip(optional, filled, strict=True) if there)]
        return f"<{dialect.item}>\n{elements}</{dialect.item}>\n", itemgetter(*picked)

    def render(batch: list[Entry]) -> bytes:
        pieces = []
        for entry in batch:
            filled = tuple(map(bool, optional_of(entry)))
            template, pick = made.get(filled) or made.setdefault(filled, make(filled))
            values = pick(entry)
            # Without a `]` in any value no section can end early, whatever the cleaning below takes out.
            pieces.append(_carefully(dialect, entry) if "]" in "".join(values) else template % values)
        return _without_illegal("".join(pieces))

    return render


def _carefully(dialect: Dialect, entry: Entry) -> str:
    required = {name: getattr(entry, field) for name, field in dialect.required}
    optional = {name: getattr(entry, field) for name, field in dialect.optional if getattr(entry, field)}
    elements = "".join(f"<{name}>{_section(_clean(value))}</{name}>\n" for name, value in (required | optional).items())
    return f"<{dialect.item}>\n{elements}</{dialect.item}>\n"


def _section(value: str) -> str:
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _clean(value: str) -> str:
    return _without_illegal(value).decode()


def _without_illegal(text: str) -> bytes:
    """UTF-8 without what XML 1.0 forbids: control characters, halves of surrogate pairs, U+FFFE and U+FFFF."""
    for character in _NONCHARACTERS:
        if character in text:
            text = text.replace(character, "")
    return text.encode(errors="ignore").translate(None, _CONTROLS)


def sitemap(urls: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """One sitemap file from (address, last change as a W3C date); at most 50,000 addresses."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for address, changed in urls:
        yield f"<url><loc>{html.escape(address)}</loc><lastmod>{html.escape(changed)}</lastmod></url>\n".encode()
    yield b"</urlset>\n"


def sitemap_index(addresses: Iterable[str]) -> bytes:
    """The file that names the sitemap files."""
    lines = "".join(f"<sitemap><loc>{html.escape(address)}</loc></sitemap>\n" for address in addresses)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    )
    return f"{head}{lines}</sitemapindex>\n".encode()
