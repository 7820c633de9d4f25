"""package.xml and destructiveChanges.xml: which components a deployment is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from integration.local.org.deploying.archive import BadArchive
from integration.metadata.source import Node, children, text, xml_parser

DESTRUCTIVE = ("destructiveChangesPre.xml", "destructiveChanges.xml", "destructiveChangesPost.xml")


@dataclass(frozen=True)
class Manifest:
    """Members by metadata type."""

    members: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def names(self, kind: str, name: str) -> bool:
        """Whether a component is listed, by its name or by a star."""
        listed = self.members.get(kind, frozenset())
        return name in listed or "*" in listed

    def pairs(self) -> list[tuple[str, str]]:
        """Every (type, name) that is listed by name."""
        return [(kind, name) for kind, names in self.members.items() for name in sorted(names - {"*"})]


def read_manifest(name: str, content: bytes) -> Manifest:
    """One of the files that list components."""
    try:
        root = etree.fromstring(content, xml_parser())
    except etree.XMLSyntaxError as wrong:
        raise BadArchive(f"{name}:{wrong.lineno or 1}: is not well-formed XML: {wrong.msg}") from wrong
    return manifest_of(root)


def manifest_of(root: Node) -> Manifest:
    """The types and members below an element; a folder of reports is listed with a slash behind its name."""
    members: dict[str, frozenset[str]] = {}
    for each in children(root, "types"):
        kind = text(each, "name")
        members[kind] = members.get(kind, frozenset()) | {
            text(member).rstrip("/") for member in children(each, "members")
        }
    return Manifest(members)
