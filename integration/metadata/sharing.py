"""Reading sharingRules/: to whom records are opened beyond the organisation-wide default of their object."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from integration.metadata.schema import Criterion, SharingRule
from integration.metadata.xml import flag, line_of, root, text

_SUFFIX = ".sharingRules-meta.xml"
_KINDS = {
    "sharingCriteriaRules": "criteria",
    "sharingOwnerRules": "owner",
    "sharingGuestRules": "guest",
    "sharingTerritoryRules": "territory",
}


def read_sharing_rules(folder: Path) -> tuple[SharingRule, ...]:
    """Every rule of a source folder, of whatever kind."""
    return tuple(rule for path in sorted(folder.glob(f"sharingRules/*{_SUFFIX}")) for rule in _rules(path))


def _rules(path: Path) -> Iterator[SharingRule]:
    for entry in root(path):
        if entry.tag in _KINDS:
            yield _rule(path, entry)


def _rule(path: Path, entry: Element) -> SharingRule:
    return SharingRule(
        object=path.name.removesuffix(_SUFFIX),
        name=text(entry, "fullName"),
        kind=_KINDS[entry.tag],
        access=text(entry, "accessLevel"),
        shared_to=tuple(each.tag for each in entry.iterfind("sharedTo/*")),
        criteria=tuple(
            Criterion(text(each, "field"), text(each, "operation"), text(each, "value"))
            for each in entry.iterfind("criteriaItems")
        ),
        boolean_filter=text(entry, "booleanFilter"),
        owned_by_all=flag(entry, "includeRecordsOwnedByAll", default=True),
        source=path,
        line=line_of(entry),
    )
