"""Whether the links of a mail lead to something that is published: those to our own pages, without a request."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from integration.errors import shortened
from integration.messages.findings import Finding
from integration.model import snapshot
from integration.model.message import Message

if TYPE_CHECKING:
    from integration.app import App


def own_links(app: "App", message: Message) -> list[Finding]:
    """Errors for links to pages of ours that nobody can open."""
    return [
        Finding("Body", 0, f"the link {shortened(one.target)} leads to {what} that is not published. {remedy}")
        for one in message.links
        for what, key, remedy in _pages(app, one.target)
        if app.site.read(key) is None
    ]


def _pages(app: "App", target: str) -> list[tuple[str, str, str]]:
    base = f"{app.config.public_base_url}/"
    if not target.startswith(base):
        return []
    kind, _, name = urlsplit(target).path.strip("/").partition("/")
    name = name.partition("/")[0]
    if kind == "jobs" and snapshot.REFERENCE.fullmatch(name):
        return [("a job", snapshot.job(name), "Publish its posting, or take the link out.")]
    if kind == "p" and snapshot.SLUG.fullmatch(name):
        return [("a landing page", snapshot.page(name), "Publish the page, or take the link out.")]
    return []
