"""Feeds in a form of the recruiters' own: a Jinja template on the channel, held to a small language, rendered apart."""

from integration.syndication.own_feeds.language import check
from integration.syndication.own_feeds.making import make

__all__ = ["check", "make"]
