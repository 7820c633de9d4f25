"""Seeding one fault into a copy of the metadata tree, and asking where it was found."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from integration.metadata.check import check

SOURCE = Path(__file__).parents[2] / "sf_metadata" / "main" / "default"


@dataclass(frozen=True)
class Fault:
    """`old` replaced by `new` in one file, and the finding it must lead to."""

    file: str
    old: str
    new: str
    message: str
    at: str = ""
    """A text of the line that the finding must name; without one the top of the file."""


def without(file, element, message):
    """A fault that leaves out one element of a file."""
    line = next(line for line in (SOURCE / file).read_text().splitlines(True) if f"<{element}>" in line)
    return Fault(file, line, "", message)


def cases(**faults):
    """Named parameters for a test over faults."""
    return pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in faults.items()])


def copy_of_the_tree(tmp_path):
    """A copy of the source folder that may be broken."""
    return Path(shutil.copytree(SOURCE, tmp_path / "default"))


def replace(path, old, new):
    """Put `new` in the place of the first `old`, which must be there."""
    before = path.read_text()
    assert old in before, f"{old!r} is not in {path}"
    path.write_text(before.replace(old, new, 1))


def assert_found(tmp_path, fault):
    """The fault is found in its file, at its line."""
    folder = copy_of_the_tree(tmp_path)
    path = folder / fault.file
    replace(path, fault.old, fault.new)
    lines = path.read_text().splitlines()
    wanted = next(number for number, line in enumerate(lines, 1) if fault.at in line) if fault.at else 2
    found = [(finding.line, finding.message) for finding in check(folder).findings if finding.path == path]
    assert any(line == wanted and fault.message in message for line, message in found), found
