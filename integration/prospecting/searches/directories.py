"""The directory of one search: a public file that a recruiter names, in place of the operator's.

What stands here is what can be said before anybody is asked. Whether the host lies in the open Internet is seen where
the connection is opened, because a name can change its mind in between.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from urllib.parse import urlsplit

from integration.errors import Rejected, shortened
from integration.model.boolean_query import Query
from integration.model.vocabulary import SearchSource
from integration.ports import Record, Translation
from integration.prospecting.query import translate
from integration.records import ProspectSearch

_LABEL = "Directory address"


def address_in(record: Record, sources: Collection[str]) -> str:
    """The address on the record where the source Directory is chosen; raises Rejected for one that cannot be read."""
    url = str(record[ProspectSearch.DIRECTORY_URL] or "").strip()
    if not url or SearchSource.DIRECTORY.value not in sources:
        return ""
    try:
        parts = urlsplit(url)
        host, names_user = parts.hostname, parts.username is not None or parts.password is not None
    except ValueError:
        raise _refused(url, "is no web address") from None
    if parts.scheme.lower() != "https" or not host:
        raise _refused(url, "does not begin with https://")
    if names_user:
        raise _refused(url, "holds a user or password, which everybody who sees the search could read")
    return url


def question(query: Query, source: str, directory_url: str) -> Translation:
    """The query in the words of a source, with the address to read it from."""
    asked = translate(query, source)
    if source != SearchSource.DIRECTORY or not directory_url:
        return asked
    return replace(asked, parameters={**asked.parameters, "url": directory_url})


def _refused(url: str, why: str) -> Rejected:
    shown = shortened(url.rpartition("@")[2])
    return Rejected(
        f"The directory address “{shown}” {why}. Enter the https:// address of a public CSV or JSON file, or leave it "
        "empty for your company’s directory.",
        field=_LABEL,
        value=shown,
    )
