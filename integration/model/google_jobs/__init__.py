"""Whether Google for Jobs will show a posting, by Google's published rules; each finding says in plain words why not.

https://developers.google.com/search/docs/appearance/structured-data/job-posting, as others mirrored it in 2026.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from integration.model.google_jobs.content import description_findings, title_findings
from integration.model.google_jobs.page import Page, page_findings, read_page
from integration.model.google_jobs.terms import date_findings, place_findings, rest_findings, salary_findings
from integration.model.posting import Finding, Job, findings, json_ld

__all__ = ["Page", "advice", "check", "page_findings", "read_page"]


def check(posting: Mapping[str, Any], today: date) -> list[Finding]:
    """What Google would find in a JobPosting; what keeps it from showing comes first."""
    found = [
        *_kind(posting),
        *title_findings(posting),
        *description_findings(posting),
        *date_findings(posting, today),
        *place_findings(posting),
        *salary_findings(posting),
        *rest_findings(posting),
    ]
    return sorted(found, key=lambda finding: not finding.blocks)


def _kind(posting: Mapping[str, Any]) -> Iterator[Finding]:
    if posting.get("@type") != "JobPosting":
        yield Finding("Markup", "Will not show in Google for Jobs because the markup is no JobPosting.", True)
    if "schema.org" not in str(posting.get("@context", "")):
        yield Finding("Markup", "Will not show in Google for Jobs because the markup does not name schema.org.", True)


def advice(job: Job, today: date, *, url: str) -> list[Finding]:
    """Everything to put right about a job: what boards refuse, then what Google and others dislike.

    A finding that `blocks` keeps the posting in; what only Google would not show goes out all the same.
    """
    own = findings(job, today)
    if any(finding.blocks for finding in own):
        return own
    google = [
        Finding(finding.field, finding.message) for finding in check(json_ld(job, url=url, identifier="-"), today)
    ]
    return [*google, *own]
