"""Names of the published files in the site's bucket. Snapshots are immutable; only the small `live` files change."""

import re

LISTING = "pages/listing.json"
"""Open jobs and live pages: for the front page, and for jobs like one that closed."""
SITEMAP = "pages/sitemap.xml"
REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{2,60}", re.ASCII)
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)
MEDIA = re.compile(r"[0-9a-f]{32}\.(png|jpg|gif|webp)", re.ASCII)
CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)


def job(reference: str) -> str:
    return f"pages/jobs/{reference}/live.json"


def page(slug: str) -> str:
    """Points at the version of a landing page that is live."""
    return f"pages/p/{slug}/live.json"


def page_version(slug: str, version: int) -> str:
    return f"pages/p/{slug}/{version}.json"


def languages(slug: str) -> str:
    """The slugs of a page's live translations by language, and which of them is the original."""
    return f"pages/p/{slug}/languages.json"


def media(file: str) -> str:
    """A picture of a page, named by its own bytes."""
    return f"pages/media/{file}"


def preview(page_id: str) -> str:
    return f"pages/preview/{page_id}.json"


def consent(version: str) -> str:
    """The words of a consent text, kept for as long as somebody's consent refers to them."""
    return f"pages/consent/{version}.json"


def short(code: str) -> str:
    """Where the short link of a channel or campaign leads."""
    return f"pages/short/{code}.json"


def event(slug: str) -> str:
    """Points at the version of an event's page that is live."""
    return f"pages/events/{slug}/live.json"


def event_version(slug: str, version: str) -> str:
    return f"pages/events/{slug}/{version}.json"


def seats(slug: str) -> str:
    """Whether an event has a place left."""
    return f"pages/events/{slug}/seats.json"


def feed(channel: str) -> str:
    """Points at the file that a channel's feed is served from."""
    return f"feeds/{channel}/live.json"


def feed_file(channel: str, digest: str, ending: str) -> str:
    return f"feeds/{channel}/{digest}.{ending}"


PROOF = re.compile(r"[a-zA-Z0-9-]{8,128}", re.ASCII)


def proof(key: str) -> str:
    """A key that a search engine looks for on the site, to know that it is ours."""
    return f"pages/proof/{key}.txt"


def sitemap_part(number: int) -> str:
    return f"pages/sitemap-{number}.xml"
