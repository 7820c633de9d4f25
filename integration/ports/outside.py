"""Web sites, boards, networks and sources of prospects."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol


class LinkCheck(Protocol):
    def fault(self, url: str) -> str:
        """Why nobody can open an address of the web, completing “the link … ”; blank when it opens.

        Never asks a server inside a private network.
        """


@dataclass(frozen=True)
class Hit:
    """One person whom a source found: only what the source said, never a guess. What it did not say is empty."""

    source: str
    """The source's name in the picklist of `Prospect_Search__c.Sources__c`."""
    source_id: str
    """The source's own stable id of the person: the same person found twice has the same id."""
    url: str = ""
    """Where a recruiter can look at it."""
    full_name: str = ""
    first: str = ""
    last: str = ""
    title: str = ""
    employer: str = ""
    location: str = ""
    """As the source wrote it."""
    country: str = ""
    """The two-letter code, where the source gave one."""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    """Addresses of the person's pages on networks, the one in `url` included when it is such a page."""
    skills: tuple[str, ...] = ()
    text: str = ""
    """Everything else that can be searched: biography, publications, a résumé's text."""
    seen_at: str = ""
    """When the source was asked, in ISO 8601."""


@dataclass(frozen=True)
class Translation:
    """A Boolean query in the words of one source."""

    source: str
    query: str
    """What a recruiter is shown as sent, and what goes into the source's search box where it has one."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What else the request carries, by the source's own names."""
    losses: tuple[str, ...] = ()
    """What the source cannot express, in plain words; the results are filtered again for these."""
    is_exact: bool = True


@dataclass(frozen=True)
class Download:
    """A file of the web that is being read."""

    etag: str
    content_type: str
    pieces: Iterator[bytes]


class Web(Protocol):
    """Files at addresses that people give: never inside a private network, never against a robots.txt."""

    @property
    def directory(self) -> str:
        """The address of the operator's own directory; empty where there is none."""

    def read(self, url: str, *, most: int, etag: str = "") -> AbstractContextManager[Download | None]:
        """The file, streamed, or None when it is still the one of `etag`. Raises Rejected or TryAgain."""


@dataclass(frozen=True)
class Announcement:
    """A job that opened, changed or closed, as others are told of it."""

    page: str
    """Its address without tracking."""
    link: str
    """Its tracked address."""
    title: str
    text: str
    """What a post says, without the link."""
    summary: str = ""
    is_closed: bool = False


class Announcer(Protocol):
    """A place that is told of jobs, one at a time."""

    @property
    def a_day(self) -> int:
        """How many it takes in a day."""

    @property
    def proof(self) -> str:
        """A key that the place wants to find on our site; empty for most."""

    def tell(self, announcement: Announcement) -> str:
        """One attempt; the place's id of what was posted, or empty. Raises TryAgain or Rejected."""


class PublicSite(Protocol):
    """Our own site as the public reads it."""

    def get(self, address: str) -> tuple[int, bytes]:
        """(status, body). Raises TryAgain when the site does not answer."""


class ProspectSource(Protocol):
    """One place to look for people."""

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        """At most `limit` people in the source's order, fetched page by page as they are taken.

        Raises Rejected for a query that the source refuses and TryAgain, with its seconds, for a spent quota or rate;
        what was yielded before stays found.
        """

    @property
    def notes(self) -> Sequence[str]:
        """What a recruiter should know of the search, complete when it has ended: caps met, parts missing, spend."""
