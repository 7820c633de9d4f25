"""Small real pictures, and a web that has them at some addresses."""

import struct
import zlib
from contextlib import contextmanager

from integration.errors import Rejected
from integration.ports import Download


def png(width=3, height=2):
    """A grey picture that any program can read."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = (b"\x00" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


class WebOf:
    """ports.Web over a few files; what is not among them is not there."""

    directory = ""

    def __init__(self, **files):
        self.files = files
        self.asked = []

    @contextmanager
    def read(self, url, *, most, etag=""):
        self.asked.append(url)
        name = url.rpartition("/")[2].partition(".")[0]
        if name not in self.files:
            raise Rejected(f"There is no file at {url}. Correct the address.", field="url", value=url)
        yield Download("", "text/html", iter([self.files[name][: most + 1]]))
