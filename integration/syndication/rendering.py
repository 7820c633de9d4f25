"""What a channel's feed is made of: which postings, in which state, and how each is written."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration.model.feed import Entry, Form, problems
from integration.model.feed.pieces import Rendered
from integration.model.google_jobs import advice
from integration.model.posting import Finding, Job
from integration.ports import Record
from integration.records import JobLocation, JobPosting, JobRequisition, parent
from integration.soql import both, equals, is_in, select
from integration.syndication import reading
from integration.syndication.entries import Terms, entries_of

if TYPE_CHECKING:
    from integration.app import App

FORM_VERSION = "1"
"""Another number when the writing of jobs changes, so that every job is rendered again."""
_SETTLED = timedelta(minutes=2)
"""A record can change twice within the second that its stamp tells: younger ones are rendered again next time."""
_STAMPS = (
    parent(JobPosting.REQUISITION, JobRequisition.STAMP),
    parent(JobPosting.LOCATION, JobLocation.STAMP),
    JobPosting.STAMP,
)
_LIGHT = (JobPosting.ID, JobPosting.REQUISITION, *_STAMPS)


class Rendering:
    """One rebuild of one feed; notes what boards refuse on the way."""

    def __init__(self, app: App, channel_id: str, adapter: str, form: Form, terms: Terms, company: str) -> None:
        self._app, self._channel, self._adapter, self._form, self._terms = app, channel_id, adapter, form, terms
        self._company = company
        self._today = app.clock.now().date()
        self._places = reading.places(app)
        self.rendered = 0
        self.blocked: dict[str, str] = {}
        """Posting id -> why no board may show it."""
        self.taken: list[str] = []
        """Postings of a form of the recruiters' own."""
        self.findings: dict[str, str] = {}
        """Posting id -> its findings, where they have changed."""

    def wanted(self) -> Iterator[tuple[str, str]]:
        """(posting, signature of all that it is made of, or empty) of each public posting, in the order of the feed."""
        settled = self._app.clock.now() - _SETTLED
        where = both(equals(JobPosting.CHANNEL, self._channel), reading.public(self._today))
        order = [JobPosting.REQUISITION, JobPosting.ID]
        common = (FORM_VERSION, self._adapter, self._terms, self._company, self._today if self._form.is_dated else "")
        prefix = hashlib.sha256(repr(common).encode())
        for row in self._app.salesforce.rows(select(JobPosting.API_NAME, _LIGHT, where=where, order_by=order)):
            stamps = [str(row[name] or "") for name in _STAMPS]
            places = self._places.get(str(row[JobPosting.REQUISITION]), ())
            signature = prefix.copy()
            signature.update(repr((stamps, places)).encode())
            is_settled = all(not stamp or datetime.fromisoformat(stamp) < settled for stamp in stamps)
            yield str(row[JobPosting.ID]), signature.hexdigest()[:16] if is_settled else ""

    def render(self, posting_ids: Sequence[str]) -> Mapping[str, Rendered]:
        """What each posting has in the feed; one that has nothing there is missing."""
        made = {}
        for row in reading.postings(self._app, is_in(JobPosting.ID, posting_ids)):
            self.rendered += 1
            posting_id = str(row[JobPosting.ID])
            job = reading.job_of(row, self._places, self._company)
            found = advice(job, self._today, url=f"{self._terms.base_url}/jobs/{row[JobPosting.REFERENCE]}")
            if any(finding.blocks for finding in found):
                self.blocked[posting_id] = findings_text(found)
                continue
            piece, refused = self._piece(job, row)
            made[posting_id] = piece
            text = findings_text([*found, *refused])
            if text != str(row[JobPosting.FINDINGS] or ""):
                self.findings[posting_id] = text
        return made

    def entries(self) -> Iterator[Entry]:
        """Every entry that a board may show, for a form of the recruiters' own."""
        where = both(equals(JobPosting.CHANNEL, self._channel), reading.public(self._today))
        for row in reading.postings(self._app, where):
            job = reading.job_of(row, self._places, self._company)
            found = advice(job, self._today, url=f"{self._terms.base_url}/jobs/{row[JobPosting.REFERENCE]}")
            if any(finding.blocks for finding in found):
                self.blocked[str(row[JobPosting.ID])] = findings_text(found)
                continue
            self.taken.append(str(row[JobPosting.ID]))
            self.rendered += 1
            yield from entries_of(job, row, self._terms)

    def _piece(self, job: Job, row: Record) -> tuple[Rendered, list[Finding]]:
        """The posting's entries that the board takes, and why it would not take the others."""
        taken, refused = [], []
        for entry in entries_of(job, row, self._terms):
            reasons = self._form.refusals(entry, self._today)
            refused += [Finding("Channel", reason) for reason in reasons]
            if not reasons:
                taken.append((entry, job))
        if not taken:
            return Rendered(b"", 0, ""), refused
        data = self._form.render(taken)
        # Read back as the board would, before it can spoil the feed.
        whole = self._form.opening + data + self._form.closing(len(taken), taken[0][0].date)
        if faults := problems(self._adapter, io.BytesIO(whole)):
            refused += [Finding("Channel", f"Not in the feed: {fault.message}.") for fault in faults]
            return Rendered(b"", 0, ""), refused
        return Rendered(data, len(taken), max(entry.date for entry, _ in taken)), refused


def findings_text(found: Sequence[Finding]) -> str:
    """As they stand on the posting, each once."""
    return "\n".join(dict.fromkeys(finding.message for finding in found))
