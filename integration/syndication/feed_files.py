"""The files of a feed in the site's bucket: plain, packed, and the index of what it is made of."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from integration.model import snapshot
from integration.model.feed import Form
from integration.model.feed.pieces import Piece, to_line

if TYPE_CHECKING:
    from integration.app import App

_PIECE = 256 * 1024


def keep(
    app: App, key: str, file: IO[bytes], digest: str, size: int, standing: dict[str, Any] | None, form: Form
) -> dict[str, Any]:
    """Uploads the feed, plain and packed, unless the very same bytes stand there; the one before last goes."""
    if standing and standing["etag"] == digest:
        return standing
    plain, packed = (snapshot.feed_file(key, digest, f"{form.ending}{packing}") for packing in ("", ".gz"))
    app.site.write_stream(plain, _read(file), content_type=form.media)
    with TemporaryFile() as squeezed:
        with gzip.GzipFile(fileobj=squeezed, mode="wb", mtime=0) as packer:
            for piece in _read(file):
                packer.write(piece)
        packed_size = squeezed.tell()
        app.site.write_stream(packed, _read(squeezed), content_type="application/gzip")
    before = [standing["file"], standing["packed"], *filter(None, [standing.get("index")])] if standing else []
    if standing:
        app.site.delete([name for name in standing["previous"] if name not in {plain, packed, *before}])
    return {
        "etag": digest,
        "file": plain,
        "size": size,
        "packed": packed,
        "packed_size": packed_size,
        "media": form.media,
        "previous": before,
    }


def put_index(app: App, key: str, digest: str, pieces: Sequence[Piece]) -> str:
    """Writes down what the feed is made of, for the next one to copy from; its key."""
    name = snapshot.feed_file(key, digest, "index")
    app.site.write_stream(name, map(to_line, pieces), content_type="application/x-ndjson")
    return name


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
