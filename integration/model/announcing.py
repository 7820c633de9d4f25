"""Telling others of jobs: which adapters do, in what order and pace, and what a post says."""

from datetime import timedelta

SEARCH_ENGINES = ("google-indexing", "indexnow")
"""Told of every job's page, opened, changed or closed."""
NETWORKS = ("linkedin-posts", "x-posts", "facebook-page", "webhook")
"""Told of the open postings of their own channel."""
ANNOUNCERS = (*SEARCH_ENGINES, *NETWORKS)
"""Words of Channel__c.Adapter__c without a feed."""


POSTS_PER_DAY = 5


def slot(per_day: int) -> timedelta:
    """The least time between two posts on a network, so that a day's posts are spread over the day."""
    return timedelta(days=1) / max(1, per_day)


def place_in_line(posting: str, *, is_closed: bool, at: str) -> str:
    """Closings come before openings, the older before the younger."""
    return f"{0 if is_closed else 1}#{at}#{posting}"


def post_text(title: str, company: str, places: list[str], salary: str) -> str:
    """`Night nurse at Lee Hospitals (Cork, IE). EUR 40,000 a year.`"""
    where = f" ({places[0]}{' and elsewhere' if len(places) > 1 else ''})" if places else ""
    return f"{title} at {company}{where}." + (f" {salary}." if salary else "")
