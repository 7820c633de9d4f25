"""A package that came in: its components held against its manifests, and what it makes of a source tree."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from integration.local.org.deploying.archive import BadArchive
from integration.local.org.deploying.components import CHILDREN, Component, components_of
from integration.local.org.deploying.judging import Problem
from integration.local.org.deploying.manifest import DESTRUCTIVE, read_manifest
from integration.local.org.deploying.overlay import Files, overlaid, places

_ENTRIES = {
    "CustomLabels": ("CustomLabel",),
    "SharingRules": ("SharingCriteriaRule", "SharingOwnerRule", "SharingGuestRule", "SharingTerritoryRule"),
}
"""Types whose files are listed by their entries as well."""
_PARTS = frozenset(kind for kind, _, _ in CHILDREN.values())


class Package:
    """The files of one package."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._manifest = read_manifest("package.xml", files["package.xml"])
        found = components_of({name: each for name, each in files.items() if "/" in name})
        self.components = [each for each in found if not self._only_around(each, found)]
        self._destructive = {name: read_manifest(name, files[name]) for name in DESTRUCTIVE if name in files}
        for name, manifest in self._destructive.items():
            if any("*" in names for names in manifest.members.values()):
                raise BadArchive(f"{name}: a star cannot be deleted")

    def _only_around(self, component: Component, found: Sequence[Component]) -> bool:
        """Whether an object comes along only because its parts cannot be sent without it."""
        if component.type != "CustomObject" or self._manifest.names("CustomObject", component.name):
            return False
        parts = (each for each in found if each.file == component.file and each is not component)
        return any(self._manifest.names(each.type, each.name) for each in parts)

    @cached_property
    def removed(self) -> list[tuple[str, str, str]]:
        """Type, name and manifest of everything to be deleted."""
        return [(*pair, name) for name, manifest in self._destructive.items() for pair in manifest.pairs()]

    def applied(self, present: Files, components: Sequence[Component]) -> dict[str, bytes]:
        """The tree without what is deleted and with these components."""
        files = _without(present, [each for each in self.removed if each[2] != DESTRUCTIVE[2]])
        files = overlaid(files, components)
        return _without(files, [each for each in self.removed if each[2] == DESTRUCTIVE[2]])

    def problems(self, present: Files) -> list[Problem]:
        """What is wrong before any rule is asked."""
        return [*self._unplaced(), *self._unlisted(), *self._unfound(), *self._undeletable(present)]

    def _unplaced(self) -> Iterator[Problem]:
        times = Counter((each.type, each.name) for each in self.components)
        for each in self.components:
            twice = "stands more than once in the package" if times[each.type, each.name] > 1 else ""
            if each.problem or twice:
                yield Problem(each.type, each.name, each.file, each.problem or twice, each.line)

    def _unlisted(self) -> Iterator[Problem]:
        for each in self.components:
            parent = each.name.partition(".")[0]
            # A folder of reports is listed as a report.
            listed = self._manifest.names(each.type.removesuffix("Folder"), each.name)
            listed |= each.type in _PARTS and self._manifest.names("CustomObject", parent)
            listed |= any(kind in self._manifest.members for kind in _ENTRIES.get(each.type, ()))
            if not listed and not each.problem:
                yield Problem(each.type, each.name, each.file, "Not in package.xml", each.line)

    def _unfound(self) -> Iterator[Problem]:
        found = {(each.type, each.name) for each in self.components}
        found |= {(each.type.removesuffix("Folder"), each.name) for each in self.components}
        found |= {("CustomObject", each.name.partition(".")[0]) for each in self.components}
        entries = {kind for kinds in _ENTRIES.values() for kind in kinds}
        for kind, name in self._manifest.pairs():
            if (kind, name) not in found and kind not in entries:
                text = (
                    f"An object '{name}' of type {kind} was named in package.xml, but was not found in zipped directory"
                )
                yield Problem(kind, name, "package.xml", text)

    def _undeletable(self, present: Files) -> Iterator[Problem]:
        for kind, name, file in self.removed:
            if not places(kind, name, present):
                yield Problem(kind, name, file, f"No {kind} named: {name} found", advice=True)


def _without(present: Files, removed: Sequence[tuple[str, str, str]]) -> dict[str, bytes]:
    gone = {path for kind, name, _ in removed for path in places(kind, name, present)}
    return {path: content for path, content in present.items() if path not in gone}
