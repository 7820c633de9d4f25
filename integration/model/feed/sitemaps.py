"""Sitemaps: https://www.sitemaps.org/protocol.html."""

import html
from collections.abc import Iterable, Iterator

MOST_SITEMAP_URLS = 50_000


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
