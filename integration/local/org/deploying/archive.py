"""A stranger's zip as files by name: too many, too large, or with names that lead elsewhere are refused."""

import io
import zipfile
import zlib
from collections.abc import Mapping

MOST_PACKED = 39_000_000
MOST_FILES = 10_000
MOST_UNPACKED = 200_000_000
"""A real org takes 400 MB; this one keeps them in memory."""


class BadArchive(Exception):
    """The message says why the zip is not taken."""


def unpacked(data: bytes) -> Mapping[str, bytes]:
    """The files below the package's root, which is the zip's own or the one folder in it."""
    if len(data) > MOST_PACKED:
        raise BadArchive(f"the zip has {len(data):,} bytes, {MOST_PACKED:,} are allowed")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _below_root(_files(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadArchive(f"the zip cannot be read: {error}") from error


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [each for each in archive.infolist() if not each.is_dir()]
    if len(entries) > MOST_FILES:
        raise BadArchive(f"the zip has {len(entries):,} files, {MOST_FILES:,} are allowed")
    files: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for entry in entries:
        _check_name(entry.filename)
        if entry.filename in files:
            raise BadArchive(f"the zip holds {entry.filename} twice")
        with archive.open(entry) as file:
            # What the zip says of its sizes is not believed.
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BadArchive(f"the zip unpacks to more than {MOST_UNPACKED:,} bytes")
        files[entry.filename] = content
    return files


def _check_name(name: str) -> None:
    parts = name.split("/")
    odd = any(part in ("", ".", "..") or len(part.encode()) > 200 for part in parts)
    if odd or len(parts) > 8 or "\\" in name or ":" in parts[0] or not name.isprintable():
        raise BadArchive(f"the zip holds a file of an unacceptable name: {name[:100]!r}")


def _below_root(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    if "package.xml" in files:
        return files
    roots = {name.partition("/")[0] for name in files}
    root = next(iter(roots)) if len(roots) == 1 else ""
    if f"{root}/package.xml" not in files:
        raise BadArchive("No package.xml found")
    return {name.removeprefix(f"{root}/"): content for name, content in files.items()}
