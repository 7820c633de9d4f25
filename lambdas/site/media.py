"""The pictures of published pages, from the site's own bucket."""

from flask import Flask, Response, abort

from integration.model import picture, snapshot
from lambdas.site.snapshots import Snapshots


def add_routes(web: Flask, snapshots: Snapshots) -> None:
    @web.get("/media/<file>")
    def media(file: str) -> Response:
        # Read past the cache of snapshots: pictures are large, and who asked keeps them for ever.
        data = snapshots.files.read(snapshot.media(file)) if snapshot.MEDIA.fullmatch(file) else None
        if data is None:
            abort(404)
        response = Response(data, mimetype=picture.KINDS[file.rpartition(".")[2]])
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Content-Disposition"] = f'inline; filename="{file}"'
        return response
