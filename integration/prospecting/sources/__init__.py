"""Sources of a prospect search that need nothing but our own ports: the org, its applicants, a file of a directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from integration.model.vocabulary import SearchSource
from integration.ports import ProspectSource

if TYPE_CHECKING:
    from integration.app import App


def own(app: App, name: str) -> ProspectSource | None:
    """The source of this name, for one search; None for one outside."""
    from integration.prospecting.sources import applicants, directory, org

    makers: dict[SearchSource, Callable[[App], ProspectSource]] = {
        SearchSource.ORG: org.OrgSource,
        SearchSource.APPLICANTS: applicants.ApplicantSource,
        SearchSource.DIRECTORY: directory.DirectorySource,
    }
    maker = next((make for source, make in makers.items() if source == name), None)
    return maker(app) if maker is not None else None
