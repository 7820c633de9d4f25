"""What a picture is by its own bytes: kind and size. Names and headers of strangers decide nothing."""

import struct
from dataclasses import dataclass

LARGEST_BYTES = 2_000_000
LARGEST_SIDE = 6_000
KINDS = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
"""Endings and types that pages show. SVG is not among them: it is a document that may hold scripts."""


class NoPicture(Exception):
    """The message says what is wrong, as the end of a sentence about the picture."""


@dataclass(frozen=True)
class Picture:
    kind: str
    """An ending of KINDS."""
    width: int
    height: int


def read(data: bytes) -> Picture:
    """Raises NoPicture."""
    if len(data) > LARGEST_BYTES:
        raise NoPicture(f"has {len(data):,} bytes; at most {LARGEST_BYTES:,} load quickly. Save it smaller")
    for reader in (_png, _gif, _webp, _jpeg):
        try:
            found = reader(data)
        except (struct.error, IndexError):
            found = None
        if found is not None:
            break
    else:
        raise NoPicture("is no PNG, JPEG, GIF or WebP. Save it as one of these")
    if not (0 < found.width <= LARGEST_SIDE and 0 < found.height <= LARGEST_SIDE):
        raise NoPicture(
            f"is {found.width} × {found.height} pixels; at most {LARGEST_SIDE:,} a side fit. Save it smaller"
        )
    return found


def _png(data: bytes) -> Picture | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    return Picture("png", *struct.unpack(">II", data[16:24]))


def _gif(data: bytes) -> Picture | None:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    return Picture("gif", *struct.unpack("<HH", data[6:10]))


def _webp(data: bytes) -> Picture | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    form = data[12:16]
    if form == b"VP8X":
        return Picture("webp", *(1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27)))
    if form == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return Picture("webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return Picture("webp", width & 0x3FFF, height & 0x3FFF)
    return None


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _jpeg(data: bytes) -> Picture | None:
    """Walks from marker to marker to the frame, which tells the size."""
    if data[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Picture("jpg", width, height)
        at += 1 if marker == 0xFF else 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None
