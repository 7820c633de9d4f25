"""Jobs whose feeds are known to the byte."""

from datetime import date

from integration.model.feed import ADAPTERS, Publisher, form_of
from integration.model.posting import Job, Place
from integration.records import JobPosting
from integration.syndication.entries import Terms, entries_of

TODAY = date(2026, 3, 2)
PUBLISHER = Publisher("Lee & Sons", "https://jobs.example", "https://jobs.example/feeds/board.xml")
TERMS = Terms("https://jobs.example", "4711", "careers@lee.example")
CORK = Place("a0L000000000001AAA", "Cork", "Munster", "T12 X00", "IE", "1 Quay Street")
BERLIN = Place("a0L000000000002AAA", "Berlin", "", "", "DE")
NIGHTS = Job(
    requisition="R-1",
    title="Night nurse (m/f/d) & team lead",
    description="<p>You look after our patients at night, together with two colleagues &amp; a doctor.</p>"
    "<ul><li>Rounds</li><li>Medication &lt;24 h]]&gt;</li></ul><p>Two years on a ward are a must.</p>",
    company="Lee & Sons",
    department='Nursing "A" & <B>',
    employment_type="FULL_TIME",
    salary_min=40_000,
    salary_max=52_500.5,
    salary_currency="EUR",
    salary_unit="YEAR",
    posted_on=date(2026, 2, 20),
    valid_through=date(2026, 4, 30),
    places=(CORK, BERLIN),
)
PLAIN = Job(
    requisition="R-2",
    title="Remote coder",
    description="<p>You write programs from home, alone or with others, for as long as it is fun. Write to us, "
    "whoever you are and wherever you live: we hire for what you can do.</p>",
    company="Lee & Sons",
    remote=True,
    posted_on=date(2026, 3, 1),
    places=(Place("a0L000000000003AAA", "Limerick", "Munster", "", "IE"),),
)


def row(reference, location=None):
    return {
        JobPosting.REFERENCE: reference,
        JobPosting.LOCATION: location,
        JobPosting.TRACKED_URL: f"https://jobs.example/c/k1.{reference}.sig?a=1&b=2",
    }


def pairs():
    found = [(entry, NIGHTS) for entry in entries_of(NIGHTS, row("jnights"), TERMS)]
    return found + [(entry, PLAIN) for entry in entries_of(PLAIN, row("jplain", "a0L000000000003AAA"), TERMS)]


def feed(adapter, given=None):
    form = form_of(adapter, PUBLISHER)
    given = pairs() if given is None else given
    latest = max((entry.date for entry, _ in given), default="")
    pieces = form.separator.join(form.render([pair]) for pair in given)
    return form.opening + pieces + form.closing(len(given), latest)


if __name__ == "__main__":
    from pathlib import Path

    for name in ADAPTERS:
        (Path(__file__).parent / "golden" / name).write_bytes(feed(name))
