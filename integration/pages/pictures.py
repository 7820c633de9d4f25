"""Copies the pictures of a page into the site's own bucket, so that a version shows for ever what was published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from integration.errors import Rejected
from integration.model import picture, snapshot
from integration.model.blocks import SALESFORCE_FILE, Block, pictures
from integration.model.page import short

if TYPE_CHECKING:
    from integration.app import App


def keep(app: App, blocks: Iterable[Block]) -> list[str]:
    """Key: the picture's bytes. Changes each picture to its own address, with its size; what is wrong, in words."""
    problems = []
    for number, block in enumerate(blocks, start=1):
        for place, name in list(pictures(block)):
            try:
                _keep_one(app, place, name)
            except Rejected as rejected:
                problems.append(f"Block {number} ({block['type']}), field “{name}”: {rejected.message}")
    return problems


def _keep_one(app: App, place: dict[str, Any], name: str) -> None:
    address = str(place[name])
    is_ours = address.startswith("/")
    data = _own(app, address) if is_ours else b"".join(_pieces(app, address))
    try:
        found = picture.read(data)
    except picture.NoPicture as reason:
        raise Rejected(f"the picture “{short(address)}” {reason}.", field=name, value=address) from reason
    if not is_ours:
        file = f"{sha256(data).hexdigest()[:32]}.{found.kind}"
        app.site.write(snapshot.media(file), data, content_type=picture.KINDS[found.kind], unless_exists=True)
        place[name] = f"/media/{file}"
    place[f"{name}_size"] = [found.width, found.height]


def _own(app: App, address: str) -> bytes:
    file = address.removeprefix("/media/")
    data = app.site.read(snapshot.media(file)) if snapshot.MEDIA.fullmatch(file) else None
    if data is None:
        raise Rejected(f"there is no picture at “{short(address)}”. Give its https address.", value=address)
    return data


def _pieces(app: App, address: str) -> Iterator[bytes]:
    """At most a little more than may be kept, wherever it comes from."""
    if SALESFORCE_FILE.fullmatch(address):
        yield from _at_most(app.salesforce.read_file(address))
        return
    with app.web.read(address, most=picture.LARGEST_BYTES) as download:
        if download is not None:
            yield from download.pieces


def _at_most(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        yield piece
        size += len(piece)
        if size > picture.LARGEST_BYTES:
            return
