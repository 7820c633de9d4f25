"""Metadata that the embedded org cannot serve, told all at once and by place."""

import os
from collections.abc import Sequence
from pathlib import Path

from integration.metadata.source import Finding


class UnsupportedMetadata(ValueError):
    """What the metadata asks for and the embedded org cannot do; it refuses to start, or to take the deployment."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        lines = [f"{shown(each.path)}:{each.line}: {each.message}" for each in findings]
        super().__init__("\n".join(["this metadata cannot be served:", *lines]))
        self.findings = tuple(findings)


def shown(path: Path) -> str:
    """A path as a person wants to read it: from here, unless it lies elsewhere."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
