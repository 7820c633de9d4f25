"""Job feeds: one entry of a job at a place, spelled for each board, written, and read back as the board would."""

from integration.model.feed.boards import ADZUNA, DIALECTS, GENERIC, INDEED
from integration.model.feed.dialect import Dialect
from integration.model.feed.entry import Entry, literal
from integration.model.feed.form import Form, form_of
from integration.model.feed.json_feed import JSON_FEED
from integration.model.feed.sitemaps import MOST_SITEMAP_URLS, sitemap, sitemap_index
from integration.model.feed.spelling import refusals, spelled
from integration.model.feed.validating import Problem, problems
from integration.model.feed.writing import BATCH, Publisher, renderer, write

ADAPTERS = (*DIALECTS, JSON_FEED)
"""What Channel__c.Adapter__c may hold for a channel with a feed."""

__all__ = [
    "ADAPTERS",
    "ADZUNA",
    "BATCH",
    "DIALECTS",
    "GENERIC",
    "INDEED",
    "JSON_FEED",
    "MOST_SITEMAP_URLS",
    "Dialect",
    "Entry",
    "Form",
    "Problem",
    "Publisher",
    "form_of",
    "literal",
    "problems",
    "refusals",
    "renderer",
    "sitemap",
    "sitemap_index",
    "spelled",
    "write",
]
