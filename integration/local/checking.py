"""`warmbench check`: the metadata; `warmbench check posting FILE|URL`: whether Google for Jobs would show a job."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from integration.adapters.searches.addresses import checked_url, origin_of, session
from integration.errors import Rejected
from integration.metadata import check as metadata
from integration.model.google_jobs import Page, check, page_findings, read_page
from integration.model.posting import Finding

MOST_BYTES = 5 * 1024 * 1024
_GONE = (404, 410)


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when something would keep the job from showing, 2 when it cannot be read."""
    if argv[:1] != ["posting"]:
        return metadata.main(argv)
    parser = argparse.ArgumentParser(prog="warmbench check posting", description=__doc__)
    parser.add_argument("source", help="an HTML page, a JSON-LD file, or the address of a job's page")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date(), help="default: today")
    options = parser.parse_args(list(argv[1:]))
    try:
        found = look_at(options.source, options.today)
    except (Rejected, OSError) as fault:
        print(f"{options.source} cannot be read: {fault}", file=sys.stderr)
        return 2
    for finding in found:
        print(f"{'!' if finding.blocks else '-'} {finding.field}: {finding.message}")
    blocking = sum(finding.blocks for finding in found)
    verdict = "Google for Jobs would not show it" if blocking else "Google for Jobs can show it"
    print(f"{verdict}: {blocking} to put right, {len(found) - blocking} hints.")
    return 1 if blocking else 0


def look_at(source: str, today: date) -> list[Finding]:
    """All findings about a file or an address. Raises Rejected or OSError."""
    text, status = _fetched(source) if source.startswith(("http://", "https://")) else (Path(source).read_text(), 200)
    if status in _GONE:
        return [Finding("Page", f"Will not show in Google for Jobs because the page is gone ({status}).", True)]
    if status >= 300:
        return [Finding("Page", f"Will not show in Google for Jobs because the page answers {status}.", True)]
    if text.lstrip().startswith(("{", "[")):
        page = Page(postings=read_page(f'<script type="application/ld+json">{text}</script>').postings)
        around = [] if page.postings else list(page_findings(page))
    else:
        page = read_page(text)
        around = list(page_findings(page))
    found = around + [finding for posting in page.postings for finding in check(posting, today)]
    return sorted(dict.fromkeys(found), key=lambda finding: not finding.blocks)


def _fetched(url: str) -> tuple[str, int]:
    """The operator has typed the address, so a page of the local stack may be read too; no redirect is followed."""
    import requests

    checked_url(url)
    try:
        with session([origin_of(url)], "Warmbench check").get(
            url, timeout=(5, 20), allow_redirects=False, stream=True
        ) as answer:
            data = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            if len(data) > MOST_BYTES:
                raise Rejected(f"it is larger than {MOST_BYTES // 1024 // 1024} MB.")
            return data.decode(answer.encoding or "utf-8", "replace"), answer.status_code
    except requests.RequestException as fault:
        raise Rejected(f"no answer ({type(fault).__name__}).") from None
