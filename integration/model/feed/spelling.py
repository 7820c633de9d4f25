"""An entry in a board's words, and why the board would refuse it."""

from collections.abc import Iterator
from datetime import date, timedelta

from integration.model.feed.dialect import Dialect
from integration.model.feed.entry import Entry
from integration.model.posting import plain

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WORDS = {
    "title": "a title",
    "url": "an address",
    "company": "a company",
    "city": "a city",
    "country": "a country",
    "description": "a description",
    "date": "the day it was posted (Opened on)",
    "reference": "a reference",
    "requisition": "a requisition number",
    "location": "a location",
    "account": "our account there: fill in “Account at the board” on the channel",
    "contact": "a contact: fill in “Contact e-mail” on the channel",
}


def spelled(dialect: Dialect, entry: Entry) -> Entry:
    """The entry with dates, words and codes as the board writes them."""
    atom = dialect.item == "entry"
    return entry._replace(
        date=_day(dialect.dates, entry.date),
        expires=_day(dialect.dates, entry.expires),
        job_type=dialect.job_types.get(entry.job_type, ""),
        remote=dialect.remote[bool(entry.remote)],
        reference=f"urn:warmbench:{entry.reference}" if atom else entry.reference,
        **dialect.constants,
    )


def _day(form: str, iso: str) -> str:
    """A day in the board's form, with English names whatever the locale."""
    if not iso:
        return ""
    day = date.fromisoformat(iso[:10])
    form = form.replace("%a", _DAYS[day.weekday()]).replace("%b", _MONTHS[day.month - 1])
    return day.strftime(form) if day.year >= 1000 else iso


def refusals(dialect: Dialect, entry: Entry, today: date) -> list[str]:
    """Why the board would not take this entry, in words a recruiter can act on; empty when it would."""
    return [f"Not in the feed: {dialect.name} {why}" for why in _reasons(dialect, entry, today)]


def _reasons(dialect: Dialect, entry: Entry, today: date) -> Iterator[str]:
    for name in dialect.filled:
        if not getattr(entry, name).strip():
            yield f"wants {_WORDS[name]}."
    length = len(plain(entry.description))
    if 0 < length < dialect.shortest_description:
        yield f"wants at least {dialect.shortest_description} characters of description; it has {length}."
    if dialect.longest_title and len(entry.title) > dialect.longest_title:
        yield f"takes titles up to {dialect.longest_title} characters; this one has {len(entry.title)}."
    if dialect.longest_reference and len(entry.reference) > dialect.longest_reference:
        yield f"takes references up to {dialect.longest_reference} characters; {entry.reference} is longer."
    if dialect.oldest_days and entry.date:
        posted = date.fromisoformat(entry.date[:10])
        if posted < today - timedelta(days=dialect.oldest_days):
            yield f"takes jobs of the last {dialect.oldest_days} days; this one is of {posted.isoformat()}."
