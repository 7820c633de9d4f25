"""Jobs to the outside: postings on channels, feeds, job pages, listing and sitemap."""

from integration.syndication.postings import close, publish
from integration.syndication.requisitions import close_requisition, open_requisition
from integration.syndication.upkeep import publish_due, refresh

__all__ = ["close", "close_requisition", "open_requisition", "publish", "publish_due", "refresh"]
