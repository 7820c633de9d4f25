"""Files of a source tree that remember which line of the package each of their lines was."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from integration.metadata.source import Node

_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_DECLARED = f' xmlns="{_NAMESPACE}"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True)
class Source:
    """A file of a source tree."""

    path: str
    content: bytes
    lines: tuple[int, ...] = ()
    """The package's line of each line; empty: the same."""

    def line(self, number: int) -> int:
        """The line of the package's file that a line of this one was."""
        if not self.lines:
            return number
        return self.lines[min(max(number, 1), len(self.lines)) - 1]


def whole(path: str, content: bytes) -> Source:
    """A file that is the same in a package and in a source tree."""
    return Source(path, content)


def excerpt(path: str, kind: str, root: Node, nodes: Sequence[Node]) -> Source:
    """Some elements of a package's file as a file of their own, with a root of the given type."""
    text = [_HEAD, f"<{kind}{_DECLARED}>"]
    lines = [root.sourceline, root.sourceline]
    for node in nodes:
        part = etree.tostring(node, encoding="unicode", with_tail=False).replace(_DECLARED, "", 1).split("\n")
        text += [f"    {part[0]}", *part[1:]]
        lines += [node.sourceline + number for number in range(len(part))]
    text.append(f"</{kind}>")
    lines.append(lines[-1])
    return Source(path, "\n".join([*text, ""]).encode(), tuple(lines))
